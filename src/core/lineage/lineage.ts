/**
 * The lineage of a registry: its entries as nodes of a graph, what they declare about each other as edges. What is
 * named and missing is a node as well, so that a broken reference can be seen. It must never judge; impact.ts does.
 */
import { compareBytes } from "../model/json.ts";
import type { KindName } from "../model/kind.ts";
import type { Entry, Registry } from "../model/registry.ts";
import { parseRef } from "../source/reference.ts";
import { tanglesIn, type Tangle } from "./circles.ts";
import { graphOf, type Graph } from "./graph.ts";
import { isLineageKind, relationsOf, relationTypes, type Relation } from "./relations.ts";

export interface LineageNode {
  readonly ref: string;
  readonly kind: KindName;
  readonly title: string | null;
  readonly state: string | null;
  readonly owner: string | null;
  /** Something names it and there is no such entry. */
  readonly missing: boolean;
}

export interface Lineage {
  /** In byte order of references. */
  readonly nodes: readonly LineageNode[];
  /** By the numbers of their lower ends: the relation at a place is the edge at that place of `graph.up`. */
  readonly relations: readonly Relation[];
  /** All relations, for circles and for what stands beside each other. */
  readonly graph: Graph;
  /** Only those by which a change above reaches what is below. */
  readonly carrying: Graph;
  /** The number of a node; undefined when lineage knows no such entry. */
  indexOf(ref: string): number | undefined;
  /** Every circle, over all edges; looked for when first asked. */
  tangles(): readonly Tangle[];
}

/** Reads the lineage off a registry. */
export function lineageOf(registry: Registry): Lineage {
  const declared = registry.entries.flatMap((entry) => relationsOf(entry, registry));
  const refs = new Set<string>();
  for (const entry of registry.entries) if (isLineageKind(entry.kind)) refs.add(entry.ref);
  for (const { below, above } of declared) refs.add(below).add(above);
  const names = [...refs].sort(compareBytes);
  const index = new Map(names.map((ref, at) => [ref, at]));
  const numberOf = (ref: string): number => index.get(ref)!;
  const relations = declared.sort((a, b) => numberOf(a.below) - numberOf(b.below));
  const graph = (edges: readonly Relation[]): Graph =>
    graphOf(
      names.length,
      Uint32Array.from(edges, ({ below }) => numberOf(below)),
      Uint32Array.from(edges, ({ above }) => numberOf(above)),
    );
  const whole = graph(relations);
  let tangles: readonly Tangle[] | undefined;
  return {
    nodes: names.map((ref) => nodeOf(ref, registry.get(ref))),
    relations,
    graph: whole,
    carrying: graph(relations.filter(({ type }) => relationTypes[type].carries)),
    indexOf: (ref) => index.get(ref),
    tangles: () => (tangles ??= tanglesIn(whole)),
  };
}

/** The relations of a node with what is above it, and the numbers of those nodes. */
export function relationsAbove(
  { graph: { up }, relations }: Lineage,
  node: number,
): readonly (readonly [relation: Relation, above: number])[] {
  const found: [Relation, number][] = [];
  for (let slot = up.start[node]!; slot < up.start[node + 1]!; slot++)
    found.push([relations[slot]!, up.ends[slot]!]);
  return found;
}

function nodeOf(ref: string, entry: Entry | undefined): LineageNode {
  if (entry === undefined) {
    const kind = parseRef(ref)?.kind ?? "Model";
    return { ref, kind, title: null, state: null, owner: null, missing: true };
  }
  return {
    ref,
    kind: entry.kind,
    title: textAt(entry, "title"),
    state: textAt(entry, "state"),
    owner: textAt(entry, "owner"),
    missing: false,
  };
}

function textAt(entry: Entry, key: string): string | null {
  const value: unknown = (entry.value as Readonly<Record<string, unknown>>)[key];
  return typeof value === "string" ? value : null;
}
