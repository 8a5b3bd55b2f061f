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
  const { rows, found } = trieOf(groups);
  close(rows, found);
  // States that find something get the highest numbers, so that the loop asks one question a byte.
  const order = rows
    .map((_, state) => state)
    .sort((a, b) => Number(found[a] !== 0) - Number(found[b] !== 0) || a - b);
  const number = new Uint16Array(rows.length);
  order.forEach((state, index) => (number[state] = index));
  const table = new Uint16Array(rows.length * 256);
  order.forEach((state, index) =>
    rows[state]!.forEach((to, byte) => (table[index * 256 + byte] = number[to]!)),
  );
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
  /** By state the next state for each byte; 0 = none. State 0 is the start. */
  readonly rows: Uint16Array[];
  /** By state the groups that are found there. */
  readonly found: number[];
}

function trieOf(groups: readonly (readonly string[])[]): Trie {
  const rows = [new Uint16Array(256)];
  const found = [0];
  groups.forEach((signs, group) => {
    for (const sign of signs) {
      let state = 0;
      for (let i = 0; i < sign.length; i++) {
        const row = rows[state]!;
        const byte = sign.charCodeAt(i) & 0xff;
        if (row[byte] === 0) {
          row[byte] = rows.push(new Uint16Array(256)) - 1;
          found.push(0);
        }
        state = row[byte]!;
      }
      found[state]! |= 1 << group;
    }
  });
  return { rows, found };
}

/** Completes the trie to an automaton: where it has no edge, the longest suffix that has one decides. */
function close(rows: readonly Uint16Array[], found: number[]): void {
  const suffix = new Uint16Array(rows.length);
  const queue = [...rows[0]!.filter((state) => state !== 0)];
  for (let head = 0; head < queue.length; head++) {
    const state = queue[head]!;
    const shorter = suffix[state]!;
    found[state]! |= found[shorter]!;
    const row = rows[state]!;
    for (let byte = 0; byte < 256; byte++) {
      const fallback = rows[shorter]![byte]!;
      if (row[byte] === 0) row[byte] = fallback;
      else {
        suffix[row[byte]!] = fallback;
        queue.push(row[byte]!);
      }
    }
  }
}
