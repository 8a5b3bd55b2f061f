/**
 * The order of things within the columns of a drawing, so that few edges cross: each column is sorted again and again
 * by the middle of its neighbours (barycentres), and the best order seen is kept. Ties keep their order, so that the
 * same graph is always drawn the same.
 */

/** What an order looks at: who stands in the column before and in the one after. */
export interface Neighbours {
  readonly before: readonly number[];
  readonly after: readonly number[];
}

const ROUNDS = 16;

/** The columns in their best order found. */
export function orderLayers(
  columns: readonly (readonly number[])[],
  neighbours: readonly Neighbours[],
): readonly (readonly number[])[] {
  let current = firstOrder(columns, neighbours);
  let best = current;
  let fewest = crossings(current, neighbours);
  for (let round = 0; round < ROUNDS && fewest > 0; round++) {
    current = swept(current, neighbours, round % 2 === 0);
    const count = crossings(current, neighbours);
    if (count >= fewest) continue;
    fewest = count;
    best = current;
  }
  return best;
}

/** Neighbours together from the start: in the order of a walk by depth over everything that hangs together. */
function firstOrder(columns: readonly (readonly number[])[], neighbours: readonly Neighbours[]): number[][] {
  const rank = new Map<number, number>();
  for (const start of columns.flat()) {
    const open = [start];
    for (let slot = open.pop(); slot !== undefined; slot = open.pop()) {
      if (rank.has(slot)) continue;
      rank.set(slot, rank.size);
      const { before, after } = neighbours[slot]!;
      open.push(...[...after].reverse(), ...[...before].reverse());
    }
  }
  return columns.map((column) => [...column].sort((a, b) => rank.get(a)! - rank.get(b)!));
}

function swept(
  columns: readonly (readonly number[])[],
  neighbours: readonly Neighbours[],
  forth: boolean,
): number[][] {
  const result = columns.map((column) => [...column]);
  const place = placesOf(result);
  const order = forth ? result.keys() : [...result.keys()].reverse();
  for (const at of order) {
    const column = result[at]!;
    const middles = new Map(
      column.map((slot): [number, number] => {
        const near = forth ? neighbours[slot]!.before : neighbours[slot]!.after;
        const middle = near.reduce((sum, each) => sum + place.get(each)!, 0) / near.length;
        return [slot, near.length === 0 ? place.get(slot)! : middle];
      }),
    );
    column.sort((a, b) => middles.get(a)! - middles.get(b)! || place.get(a)! - place.get(b)!);
    column.forEach((slot, index) => place.set(slot, (index + 0.5) / column.length));
  }
  return result;
}

/** Where each stands in its column, from 0 to 1: columns differ in length. */
function placesOf(columns: readonly (readonly number[])[]): Map<number, number> {
  return new Map(
    columns.flatMap((column) =>
      column.map((slot, index): [number, number] => [slot, (index + 0.5) / column.length]),
    ),
  );
}

/** How many pairs of edges between neighbouring columns cross: inversions, counted with a binary indexed tree. */
function crossings(columns: readonly (readonly number[])[], neighbours: readonly Neighbours[]): number {
  let total = 0;
  for (let at = 0; at + 1 < columns.length; at++) {
    const next = columns[at + 1]!;
    const index = new Map(next.map((slot, place) => [slot, place]));
    const tree = new Uint32Array(next.length + 1);
    let placed = 0;
    for (const slot of columns[at]!) {
      const ends = neighbours[slot]!.after.flatMap((each) => index.get(each) ?? []).sort((a, b) => a - b);
      for (const end of ends) {
        let before = 0;
        for (let node = end + 1; node > 0; node -= node & -node) before += tree[node]!;
        total += placed - before;
      }
      for (const end of ends) {
        placed++;
        for (let node = end + 1; node <= next.length; node += node & -node) tree[node]!++;
      }
    }
  }
  return total;
}
