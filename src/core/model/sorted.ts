/** Lists in byte order: where a key stands, and the list with some of its members changed, without sorting it again. */
import { compareBytes } from "./json.ts";

/** The first place from `from` on whose key is not below `key`; the length where all are. Near places are found first. */
export function placeOf<T>(
  sorted: readonly T[],
  key: string,
  keyOf: (member: T) => string,
  from = 0,
): number {
  let to = from;
  for (let step = 1; ; step *= 2) {
    const member = sorted[to];
    if (member === undefined) {
      to = sorted.length;
      break;
    }
    if (compareBytes(keyOf(member), key) >= 0) break;
    from = to + 1;
    to += step;
  }
  while (from < to) {
    const middle = (from + to) >>> 1;
    const member = sorted[middle];
    if (member !== undefined && compareBytes(keyOf(member), key) < 0) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** The list with these keys: what stands there now takes the place of what stood there; undefined takes it away. */
export function spliced<T>(
  sorted: readonly T[],
  changes: ReadonlyMap<string, T | undefined>,
  keyOf: (member: T) => string,
): readonly T[] {
  const next: T[] = [];
  const parts: (readonly T[])[] = [];
  let from = 0;
  for (const key of [...changes.keys()].sort(compareBytes)) {
    const at = placeOf(sorted, key, keyOf, from);
    parts.push(sorted.slice(from, at));
    const member = sorted[at];
    from = member !== undefined && keyOf(member) === key ? at + 1 : at;
    const now = changes.get(key);
    if (now !== undefined) parts.push([now]);
  }
  parts.push(sorted.slice(from));
  // Few long parts are copied fast; so many arguments as there may be parts, no function takes.
  if (parts.length < FEW) return next.concat(...parts);
  for (const part of parts) for (const member of part) next.push(member);
  return next;
}

const FEW = 100;
