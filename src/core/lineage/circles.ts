/**
 * Circles in a graph. Which nodes stand on one is exact: the strongly connected parts, by Tarjan's algorithm without
 * recursion. Of each part enough circles are spelled out for people to break it. It must never report a node that
 * stands on no circle.
 */
import type { Arcs, Graph } from "./graph.ts";

/** Nodes that all reach each other. */
export interface Tangle {
  /** In ascending order; a single node that names itself is one, too. */
  readonly nodes: readonly number[];
  /** Short circles that together hold each node where there are few; each begins and ends at the same node. */
  readonly circles: readonly (readonly number[])[];
}

/** Every tangle of a graph, in order of their first nodes. */
export function tanglesIn(graph: Graph): readonly Tangle[] {
  const { up } = graph;
  return partsOf(graph).map((nodes) => ({ nodes, circles: circlesOf(nodes, up) }));
}

/** How many circles of one tangle are spelled out at most. */
const ENOUGH = 20;

/**
 * The strongly connected parts that hold a circle. Nodes that nothing circular is above are taken away first, in one
 * pass; in a registry without circles that leaves nothing to search.
 */
export function partsOf({ nodes, up, down }: Graph): readonly (readonly number[])[] {
  const missing = new Uint32Array(nodes);
  const order = new Uint32Array(nodes);
  let count = 0;
  for (let node = 0; node < nodes; node++) {
    missing[node] = up.start[node + 1]! - up.start[node]!;
    if (missing[node] === 0) order[count++] = node;
  }
  for (let at = 0; at < count; at++) {
    const node = order[at]!;
    for (let slot = down.start[node]!, end = down.start[node + 1]!; slot < end; slot++) {
      const other = down.ends[slot]!;
      if (--missing[other]! === 0) order[count++] = other;
    }
  }
  if (count === nodes) return [];
  const left: number[] = [];
  for (let node = 0; node < nodes; node++) if (missing[node] !== 0) left.push(node);
  return connected(nodes, left, up);
}

/** Tarjan's algorithm over the nodes that are left; what was taken away is never entered. */
function connected(
  nodes: number,
  left: readonly number[],
  { start, ends }: Arcs,
): readonly (readonly number[])[] {
  // 0 = not met. A node that is finished with gets the highest number, so that it lowers nobody.
  const DONE = 0xffff_ffff;
  const low = new Uint32Array(nodes).fill(DONE);
  for (const node of left) low[node] = 0;
  const next = new Uint32Array(nodes);
  const met = new Uint32Array(nodes);
  const calls = new Uint32Array(left.length);
  const waiting = new Uint32Array(left.length);
  const found: number[][] = [];
  let waits = 0;
  let counter = 0;
  for (const root of left) {
    if (low[root] !== 0) continue;
    let depth = 0;
    calls[0] = root;
    met[root] = low[root] = ++counter;
    next[root] = start[root]!;
    waiting[waits++] = root;
    for (;;) {
      const node = calls[depth]!;
      const slot = next[node]!;
      if (slot < start[node + 1]!) {
        next[node] = slot + 1;
        const other = ends[slot]!;
        const reached = low[other]!;
        if (reached === 0) {
          met[other] = low[other] = ++counter;
          next[other] = start[other]!;
          waiting[waits++] = other;
          calls[++depth] = other;
        } else if (reached < low[node]!) low[node] = reached;
        continue;
      }
      const lowest = low[node]!;
      if (lowest === met[node]) {
        const part: number[] = [];
        for (let member = -1; member !== node;) {
          member = waiting[--waits]!;
          low[member] = DONE;
          part.push(member);
        }
        if (part.length > 1 || namesItself(node)) found.push(part.sort((a, b) => a - b));
      }
      if (depth === 0) break;
      const caller = calls[--depth]!;
      if (lowest < low[caller]!) low[caller] = lowest;
    }
  }
  return found.sort((a, b) => a[0]! - b[0]!);

  function namesItself(node: number): boolean {
    for (let slot = start[node]!; slot < start[node + 1]!; slot++) if (ends[slot] === node) return true;
    return false;
  }
}

/** Shortest circles of one part: through its first node, then through the first that is on none yet. */
function circlesOf(nodes: readonly number[], arcs: Arcs): readonly (readonly number[])[] {
  const members = new Set(nodes);
  const open = new Set(nodes);
  const circles: number[][] = [];
  while (open.size > 0 && circles.length < ENOUGH) {
    const [first] = open;
    if (first === undefined) break;
    const circle = shortestThrough(first, members, arcs);
    for (const node of circle) open.delete(node);
    circles.push(fromLeast(circle));
  }
  return circles;
}

/** By breadth from a node back to it, within its part. */
function shortestThrough(origin: number, members: ReadonlySet<number>, { start, ends }: Arcs): number[] {
  const from = new Map<number, number>();
  const open = [origin];
  for (let at = 0; at < open.length; at++) {
    const node = open[at]!;
    for (let slot = start[node]!; slot < start[node + 1]!; slot++) {
      const other = ends[slot]!;
      if (other === origin) {
        const circle = [origin];
        for (let back = node; back !== origin; back = from.get(back)!) circle.push(back);
        circle.push(origin);
        return circle.reverse();
      }
      if (!members.has(other) || from.has(other)) continue;
      from.set(other, node);
      open.push(other);
    }
  }
  throw new Error("a node of a strongly connected part leads back to itself");
}

/** The same circle, begun at its least node. */
function fromLeast(circle: readonly number[]): number[] {
  const nodes = circle.slice(1);
  const at = nodes.indexOf(Math.min(...nodes));
  return [...nodes.slice(at), ...nodes.slice(0, at), nodes[at]!];
}
