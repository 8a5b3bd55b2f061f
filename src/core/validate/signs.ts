/**
 * Looks for any of many short texts in bytes, in one pass (Aho and Corasick, CACM 18(6), 1975). A lint of thousands
 * of files asks each of them for some forty signs of credentials; one table look-up a byte answers for all at once.
 */

/** Tells which of the signs (ASCII) stand in the bytes: bit i of the answer for `groups[i]`, 0 for none; at most 31 groups. */
export type FindSigns = (bytes: Uint8Array) => number;

/** Compiles groups of signs. A group is found when one of its signs is. */
export function compileSigns(groups: readonly (readonly string[])[]): FindSigns {
  if (groups.length > 31)
    throw new Error("compileSigns answers in one integer, so it takes at most 31 groups");
  const { edges, found } = trieOf(groups);
  const rows = close(edges, found);
  // States that find something get the highest numbers, so that the loop asks one question a byte.
  const order = edges
    .map((_, state) => state)
    .sort((a, b) => Number(found[a] !== 0) - Number(found[b] !== 0) || a - b);
  const number = new Uint16Array(order.length);
  order.forEach((state, index) => (number[state] = index));
  const table = new Uint16Array(order.length * 256);
  for (let index = 0; index < order.length; index++) {
    const row = rows[order[index]!]!;
    for (let byte = 0; byte < 128; byte++) {
      const to = row[byte]!;
      if (to !== 0) table[index * 256 + byte] = number[to]!;
    }
  }
  const masks = Int32Array.from(order, (state) => found[state]!);
  const firstFinding = masks.findIndex((mask) => mask !== 0);
  return (bytes) => {
    let mask = 0;
    let state = 0;
    const { length } = bytes;
    for (let i = 0; i < length; i++) {
      state = table[(state << 8) | bytes[i]!]!;
      if (state >= firstFinding) mask |= masks[state]!;
    }
    return mask;
  };
}

interface Trie {
  /** By state the next state for each byte that continues a sign. State 0 is the start. */
  readonly edges: readonly ReadonlyMap<number, number>[];
  /** By state the groups that are found there. */
  readonly found: number[];
}

function trieOf(groups: readonly (readonly string[])[]): Trie {
  const edges = [new Map<number, number>()];
  const found = [0];
  groups.forEach((signs, group) => {
    for (const sign of signs) {
      let state = 0;
      for (let i = 0; i < sign.length; i++) {
        const byte = sign.charCodeAt(i);
        if (byte > 127) throw new Error(`the sign "${sign}" is not ASCII`);
        let next = edges[state]!.get(byte);
        if (next === undefined) {
          next = edges.push(new Map()) - 1;
          found.push(0);
          edges[state]!.set(byte, next);
        }
        state = next;
      }
      found[state]! |= 1 << group;
    }
  });
  return { edges, found };
}

/** Completes the trie to an automaton: where it has no edge, the longest suffix that has one decides. */
function close(edges: Trie["edges"], found: number[]): readonly Uint16Array[] {
  const rows = edges.map(() => new Uint16Array(128));
  const suffix = new Uint16Array(edges.length);
  const queue = [0];
  for (let head = 0; head < queue.length; head++) {
    const state = queue[head]!;
    const shorter = suffix[state]!;
    const row = rows[state]!;
    if (state !== 0) row.set(rows[shorter]!);
    found[state]! |= state === 0 ? 0 : found[shorter]!;
    for (const [byte, child] of edges[state]!) {
      suffix[child] = state === 0 ? 0 : row[byte]!;
      row[byte] = child;
      queue.push(child);
    }
  }
  return rows;
}
