/**
 * A directed graph as typed arrays (compressed sparse rows), for registries of a million entries: who is upstream of
 * whom, everything a node reaches, and every circle. Nodes and edges are numbers. Every walk here is iterative, so that
 * no depth is a danger, and costs at most one visit of each node and edge. It must never know what a node means.
 */

/** The neighbours of each node: node n's are `ends[start[n]]` up to `ends[start[n + 1]]`. */
export interface Arcs {
  readonly start: Uint32Array;
  readonly ends: Uint32Array;
}

export interface Graph {
  /** How many there are; nodes are 0 up to this. */
  readonly nodes: number;
  /** From what is made to what it is made of. Edges stand in the order of the lists that the graph was built from. */
  readonly up: Arcs;
  /** From what is made of something to what that is used in. */
  readonly down: Arcs;
}

/**
 * Builds both directions from lists of equal length: edge i says that node `below[i]` comes from node `above[i]`.
 * `below` must ascend, so that the edge at a place of `up` is the edge at that place of the lists.
 */
export function graphOf(nodes: number, below: Uint32Array, above: Uint32Array): Graph {
  const count = below.length;
  const start = new Uint32Array(nodes + 1);
  // One place further on, so that filling moves each start to where it belongs.
  const downStart = new Uint32Array(nodes + 2);
  let last = 0;
  for (let i = 0; i < count; i++) {
    const node = below[i]!;
    if (node < last) throw new Error("edges come in the order of their lower ends");
    while (last < node) start[++last] = i;
    downStart[above[i]! + 2]!++;
  }
  while (last < nodes) start[++last] = count;
  for (let node = 2; node < nodes + 2; node++) downStart[node]! += downStart[node - 1]!;
  const ends = new Uint32Array(count);
  for (let i = 0; i < count; i++) ends[downStart[above[i]! + 1]!++] = below[i]!;
  return {
    nodes,
    up: { start, ends: above },
    down: { start: downStart.subarray(0, nodes + 1), ends },
  };
}

/** What a walk met, nearest first. The arrays are the walker's own: they hold until its next walk. */
export interface Met {
  /** How many nodes, those it began at included. */
  readonly count: number;
  /** The nodes in the order they were met. */
  readonly order: Uint32Array;
  /** By place in `order`: the place of the node it was met from; a beginning is its own. Empty unless asked for. */
  readonly from: Uint32Array;
  /** Where in `order` each distance begins: `levels[2]` is the first node two steps away. */
  readonly levels: readonly number[];
}

export interface WalkLimits {
  /** How many steps away at most. */
  readonly depth?: number | undefined;
  /** How many nodes at most. */
  readonly most?: number | undefined;
  /** Whether to note by which way each was met. */
  readonly ways?: boolean;
}

export type Walk = (arcs: Arcs, starts: readonly number[], limits?: WalkLimits) => Met;

/**
 * Makes walks by breadth over graphs of this many nodes. What a walk has met is marked with its number, so that one
 * that ends after a thousand nodes costs a thousand nodes, however many there are.
 */
export function walker(nodes: number): Walk {
  // One byte a node, so that what is looked at most stays in the cache: below `old` = not met by this walk.
  const seen = new Uint8Array(nodes);
  const order = new Uint32Array(nodes);
  let noted: Uint32Array | undefined;
  let old = -1;
  return ({ start, ends }, starts, { depth = nodes, most = nodes, ways = false } = {}) => {
    const from = ways ? (noted ??= new Uint32Array(nodes)) : undefined;
    old += 2;
    if (old > 250) {
      seen.fill(0);
      old = 1;
    }
    let count = 0;
    for (const node of starts) {
      if (seen[node] === old) continue;
      seen[node] = old;
      if (from !== undefined) from[count] = count;
      order[count++] = node;
    }
    const levels = [0];
    for (let begin = 0; levels.length <= depth && begin < count && count < most;) {
      const end = count;
      count = Math.min(
        most,
        from === undefined
          ? nextLevel(start, ends, seen, order, begin, end, old, most)
          : noteLevel(start, ends, seen, order, from, begin, end, old, most),
      );
      if (count > end) levels.push(end);
      begin = end;
    }
    return { count, order: order.subarray(0, count), from: from?.subarray(0, count) ?? NONE, levels };
  };
}

/** A level of more than this part of all nodes is put in order by looking at all of them. */
const WIDE = 64;

/**
 * The nodes one step from those at `begin` up to `end`; hands back where they end. A wide level is put in order of its
 * nodes: their edges lie in that order, and reading memory forwards costs half of reading it at random.
 */
function nextLevel(
  start: Uint32Array,
  ends: Uint32Array,
  seen: Uint8Array,
  order: Uint32Array,
  begin: number,
  end: number,
  old: number,
  most: number,
): number {
  const fresh = old + 1;
  let count = end;
  for (let at = begin; at < end && count < most; at++) {
    const node = order[at]!;
    const last = start[node + 1]!;
    for (let slot = start[node]!; slot < last; slot++) {
      const next = ends[slot]!;
      if (seen[next]! >= old) continue;
      seen[next] = fresh;
      order[count++] = next;
    }
  }
  if (count - end <= seen.length / WIDE || count > most) {
    for (let at = end; at < count; at++) seen[order[at]!] = old;
    return count;
  }
  for (let node = 0, at = end; at < count; node++) {
    if (seen[node] !== fresh) continue;
    seen[node] = old;
    order[at++] = node;
  }
  return count;
}

/** The same, in the order they are met, with the place that each was met from. */
function noteLevel(
  start: Uint32Array,
  ends: Uint32Array,
  seen: Uint8Array,
  order: Uint32Array,
  from: Uint32Array,
  begin: number,
  end: number,
  old: number,
  most: number,
): number {
  let count = end;
  for (let at = begin; at < end && count < most; at++) {
    const node = order[at]!;
    const last = start[node + 1]!;
    for (let slot = start[node]!; slot < last; slot++) {
      const next = ends[slot]!;
      if (seen[next]! >= old) continue;
      seen[next] = old;
      from[count] = at;
      order[count++] = next;
    }
  }
  return count;
}

const NONE = new Uint32Array(0);

/** The way to the node at a place of the order of a walk that noted ways, from where the walk began to it. */
export function wayTo({ order, from }: Met, place: number): number[] {
  const way = [order[place]!];
  for (let at = place; from[at] !== at;) {
    at = from[at]!;
    way.push(order[at]!);
  }
  return way.reverse();
}
