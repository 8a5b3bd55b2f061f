/**
 * The part of a lineage that one entry is about: everything it comes from, everything that comes from it, as deep as
 * asked. What was replaced is shown beside what replaced it and not followed: a predecessor's data are none of its
 * successor's. Two views of different moments make one that says what came and what went.
 */
import { compareBytes } from "../model/json.ts";
import { walker, type Arcs, type Met } from "./graph.ts";
import { relationsAbove, type Lineage, type LineageNode } from "./lineage.ts";
import { relationTypes, type Relation } from "./relations.ts";

export type Direction = "up" | "down" | "both";

/** What a difference says of a node or an edge; `same` where no difference was asked for. */
export type ViewChange = "same" | "added" | "removed";

export interface ViewNode extends LineageNode {
  /** Steps from the entry asked about: negative towards what it comes from. */
  readonly distance: number;
  readonly change: ViewChange;
}

export interface ViewEdge extends Relation {
  readonly change: ViewChange;
}

export interface View {
  readonly root: string;
  readonly direction: Direction;
  readonly depth: number | null;
  /** In byte order of references. */
  readonly nodes: readonly ViewNode[];
  /** By `below`, `above`, type, then by where they are declared. */
  readonly edges: readonly ViewEdge[];
  /** The circles that touch this view, each with its first node at both ends. */
  readonly cycles: readonly (readonly string[])[];
}

export interface ViewRequest {
  readonly direction: Direction;
  readonly depth?: number | undefined;
}

/** What one entry comes from and goes into. Undefined when lineage knows no such entry. */
export function viewOf(lineage: Lineage, root: string, { direction, depth }: ViewRequest): View | undefined {
  const origin = lineage.indexOf(root);
  if (origin === undefined) return undefined;
  const { carrying, nodes } = lineage;
  const walk = walker(carrying.nodes);
  const distances = new Map<number, number>([[origin, 0]]);
  const edges = new Set<Relation>();
  const take = (arcs: Arcs, sign: 1 | -1): void => {
    const met = walk(arcs, [origin], { depth });
    const inside = new Set(met.order);
    forEachMet(met, (node, distance) => {
      if (!distances.has(node)) distances.set(node, distance * sign);
    });
    for (const node of inside)
      for (const [relation, above] of relationsAbove(lineage, node))
        if (relationTypes[relation.type].carries && inside.has(above)) edges.add(relation);
  };
  if (direction !== "down") take(carrying.up, -1);
  if (direction !== "up") take(carrying.down, 1);
  addReplaced(lineage, origin, direction, distances, edges);
  const touching = lineage
    .tangles()
    .flatMap(({ circles }) => circles)
    .filter((circle) => circle.some((node) => distances.has(node)));
  return {
    root,
    direction,
    depth: depth ?? null,
    nodes: [...distances]
      .map(([node, distance]): ViewNode => ({ ...nodes[node]!, distance, change: "same" }))
      .sort((a, b) => compareBytes(a.ref, b.ref)),
    edges: [...edges].map((relation): ViewEdge => ({ ...relation, change: "same" })).sort(compareEdges),
    cycles: touching.map((circle) => circle.map((node) => nodes[node]!.ref)),
  };
}

/** Calls with each node of a walk and how many steps away it is. */
export function forEachMet(
  { order, count, levels }: Met,
  call: (node: number, distance: number) => void,
): void {
  let distance = 0;
  for (let at = 0; at < count; at++) {
    while (distance + 1 < levels.length && at >= levels[distance + 1]!) distance++;
    call(order[at]!, distance);
  }
}

/** Successors and predecessors: of the entry itself always, of others where both are in the view. */
function addReplaced(
  lineage: Lineage,
  origin: number,
  direction: Direction,
  distances: Map<number, number>,
  edges: Set<Relation>,
): void {
  const { down } = lineage.graph;
  if (direction !== "down") {
    for (const [{ type }, above] of relationsAbove(lineage, origin))
      if (type === "replaces" && !distances.has(above)) distances.set(above, -1);
  }
  if (direction !== "up") {
    for (const below of down.ends.subarray(down.start[origin], down.start[origin + 1])) {
      const replaced = relationsAbove(lineage, below).some(
        ([{ type }, above]) => type === "replaces" && above === origin,
      );
      if (replaced && !distances.has(below)) distances.set(below, 1);
    }
  }
  for (const node of distances.keys())
    for (const [relation, above] of relationsAbove(lineage, node))
      if (relation.type === "replaces" && distances.has(above)) edges.add(relation);
}

/** What came and what went between two views of one entry; either may be missing, not both. */
export function differenceOf(before: View | undefined, after: View | undefined): View | undefined {
  const newer = after ?? before;
  if (newer === undefined) return undefined;
  const nodes = joined(before?.nodes ?? [], after?.nodes ?? [], ({ ref }) => ref);
  const edges = joined(before?.edges ?? [], after?.edges ?? [], edgeKey);
  return {
    ...newer,
    nodes: nodes.sort((a, b) => compareBytes(a.ref, b.ref)),
    edges: edges.sort(compareEdges),
  };
}

function joined<T extends { readonly change: ViewChange }>(
  before: readonly T[],
  after: readonly T[],
  keyOf: (item: T) => string,
): T[] {
  const old = new Set(before.map(keyOf));
  const now = new Set(after.map(keyOf));
  const kept = after.map((item): T => ({ ...item, change: old.has(keyOf(item)) ? "same" : "added" }));
  const gone = before
    .filter((item) => !now.has(keyOf(item)))
    .map((item): T => ({ ...item, change: "removed" }));
  return [...kept, ...gone];
}

function edgeKey({ below, above, type, declaredBy, field }: Relation): string {
  return [below, above, type, declaredBy, field].join(" ");
}

function compareEdges(a: Relation, b: Relation): number {
  return compareBytes(edgeKey(a), edgeKey(b));
}
