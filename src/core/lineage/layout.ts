/**
 * Where everything stands in a drawing of a lineage: columns from left to right (layers.ts), in each column an order
 * with few crossings (barycentres), and heights that keep edges straight. Same input, same numbers, to a tenth of a
 * pixel. It must never know what is drawn, or how.
 */
import { layersOf, type DrawnEdge } from "./layers.ts";
import { orderLayers } from "./layer-order.ts";

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Layout {
  readonly boxes: readonly Box[];
  /** By edge: from the right side of one box, through gaps between others, to the left side of the other; always rightwards. */
  readonly ways: readonly (readonly Point[])[];
  /** By edge: whether it leads back in truth. */
  readonly turned: readonly boolean[];
  readonly width: number;
  readonly height: number;
}

export interface Measures {
  /** By node. */
  readonly widths: readonly number[];
  readonly boxHeight: number;
  /** Between boxes of a column. */
  readonly rowGap: number;
  /** Between columns, at least. */
  readonly columnGap: number;
}

/** Beyond this many bends edges are drawn straight across what lies between. */
const MOST_BENDS = 20_000;

/** One thing in a column: a box, or the place where an edge passes by. */
interface Slot {
  readonly box: boolean;
  readonly before: number[];
  readonly after: number[];
}

/** Lays out a graph; nodes are 0 up to the number of widths. */
export function layoutOf(edges: readonly DrawnEdge[], measures: Measures): Layout {
  const { widths, boxHeight, rowGap, columnGap } = measures;
  const { layer, layers, turned } = layersOf(widths.length, edges);
  const slots: Slot[] = widths.map(() => ({ box: true, before: [], after: [] }));
  const columns: number[][] = Array.from({ length: widths.length === 0 ? 0 : layers }, () => []);
  layer.forEach((at, node) => columns[at]!.push(node));
  const bends = edges.reduce((sum, [a, b]) => sum + Math.max(0, Math.abs(layer[a]! - layer[b]!) - 1), 0);
  const chains = edges.map(([a, b], edge): readonly number[] => {
    if (a === b) return [a];
    const [from, to] = turned[edge] === true ? [b, a] : [a, b];
    const chain = [from];
    for (let at = layer[from]! + 1; at < layer[to]! && bends <= MOST_BENDS; at++) {
      columns[at]!.push(slots.length);
      chain.push(slots.length);
      slots.push({ box: false, before: [], after: [] });
    }
    chain.push(to);
    for (let at = 1; at < chain.length; at++) {
      slots[chain[at - 1]!]!.after.push(chain[at]!);
      slots[chain[at]!]!.before.push(chain[at - 1]!);
    }
    return chain;
  });
  const ordered = orderLayers(columns, slots);
  const y = heightsOf(ordered, slots, boxHeight, rowGap);
  const columnWidths = columns.map((column) =>
    column.reduce((most, slot) => Math.max(most, widths[slot] ?? 0), 0),
  );
  // Where many edges run side by side they get more room.
  const gaps = columns.map((column) => {
    const leaving = column.reduce((sum, slot) => sum + slots[slot]!.after.length, 0);
    return columnGap + Math.min(columnGap, leaving);
  });
  const columnStarts = columnWidths.map((_, at) =>
    columnWidths.slice(0, at).reduce((sum, width, before) => sum + width + gaps[before]!, 0),
  );
  const columnOf = new Map(
    columns.flatMap((column, at) => column.map((slot): [number, number] => [slot, at])),
  );
  const pointAt = (slot: number, side: "left" | "right"): Point => {
    const column = columnOf.get(slot)!;
    return { x: tenth(columnStarts[column]! + (side === "left" ? 0 : columnWidths[column]!)), y: y[slot]! };
  };
  // A chain's ends, and who it meets first from there.
  const leaving = spread(
    chains.map((chain) => [chain[0]!, chain[1] ?? chain[0]!]),
    y,
    boxHeight,
  );
  const arriving = spread(
    chains.map((chain) => [chain.at(-1)!, chain.at(-2) ?? chain[0]!]),
    y,
    boxHeight,
  );
  return {
    boxes: widths.map((_, node): Box => {
      const column = columnOf.get(node)!;
      return {
        x: tenth(columnStarts[column]!),
        y: tenth(y[node]! - boxHeight / 2),
        width: tenth(columnWidths[column]!),
      };
    }),
    ways: chains.map((chain, edge) =>
      chain.flatMap((slot, at) => {
        if (at === 0) return [moved(pointAt(slot, "right"), leaving[edge]!)];
        if (at === chain.length - 1) return [moved(pointAt(slot, "left"), arriving[edge]!)];
        return [pointAt(slot, "left"), pointAt(slot, "right")];
      }),
    ),
    turned,
    width: tenth((columnStarts.at(-1) ?? 0) + (columnWidths.at(-1) ?? 0)),
    height: tenth(y.reduce((most, each) => Math.max(most, each), 0) + boxHeight / 2),
  };
}

const SWEEPS = 12;

/** Heights of the middles of all slots: as near to their neighbours as the column's order and the gaps allow. */
function heightsOf(
  columns: readonly (readonly number[])[],
  slots: readonly Slot[],
  boxHeight: number,
  rowGap: number,
): number[] {
  const size = (slot: number): number => (slots[slot]!.box ? boxHeight : 2);
  const apart = (a: number, b: number): number => (size(a) + size(b)) / 2 + rowGap;
  const y: number[] = slots.map(() => 0);
  for (const column of columns) {
    let at = 0;
    column.forEach((slot, place) => {
      if (place > 0) at += apart(column[place - 1]!, slot);
      y[slot] = at;
    });
    for (const slot of column) y[slot]! -= at / 2;
  }
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const forth = sweep % 2 === 0;
    const towards = forth ? columns : [...columns].reverse();
    for (const column of towards) {
      const wanted = column.map((slot) => {
        const { before, after } = slots[slot]!;
        const near = sweep >= SWEEPS - 2 ? [...before, ...after] : forth ? before : after;
        return near.length === 0 ? y[slot]! : near.reduce((sum, each) => sum + y[each]!, 0) / near.length;
      });
      settle(column, wanted, apart).forEach((at, place) => (y[column[place]!] = at));
    }
  }
  const top = y.reduce((least, each, slot) => Math.min(least, each - size(slot) / 2), 0);
  return y.map((each) => tenth(each - top));
}

/**
 * The heights nearest to the wanted ones (least squares) in this order and so far apart: runs that would overlap are
 * merged and moved together (pool adjacent violators).
 */
function settle(
  column: readonly number[],
  wanted: readonly number[],
  apart: (a: number, b: number) => number,
): readonly number[] {
  const offsets: number[] = [];
  column.forEach((slot, at) => offsets.push(at === 0 ? 0 : offsets[at - 1]! + apart(column[at - 1]!, slot)));
  const runs: { sum: number; count: number }[] = [];
  wanted.forEach((want, at) => {
    let run = { sum: want - offsets[at]!, count: 1 };
    for (
      let last = runs.at(-1);
      last !== undefined && last.sum / last.count >= run.sum / run.count;
      last = runs.at(-1)
    ) {
      run = { sum: last.sum + run.sum, count: last.count + run.count };
      runs.pop();
    }
    runs.push(run);
  });
  return runs
    .flatMap(({ sum, count }) => Array.from({ length: count }, () => sum / count))
    .map((base, at) => base + offsets[at]!);
}

/** How far from the middle of its box each edge begins or ends, so that those of one box can be told apart. */
function spread(
  ends: readonly (readonly [box: number, other: number])[],
  y: readonly number[],
  boxHeight: number,
): number[] {
  const byBox = new Map<number, number[]>();
  ends.forEach(([box], edge) => {
    const list = byBox.get(box);
    if (list === undefined) byBox.set(box, [edge]);
    else list.push(edge);
  });
  const offsets = ends.map(() => 0);
  for (const list of byBox.values()) {
    list.sort((a, b) => y[ends[a]![1]]! - y[ends[b]![1]]! || a - b);
    const step = Math.min(7, (boxHeight - 14) / Math.max(1, list.length - 1));
    list.forEach((edge, at) => (offsets[edge] = (at - (list.length - 1) / 2) * step));
  }
  return offsets;
}

function moved({ x, y }: Point, by: number): Point {
  return { x, y: tenth(y + by) };
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}
