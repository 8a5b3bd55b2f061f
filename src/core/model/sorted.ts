/**
 * Lists in byte order of a key that are never altered: another one with some members changed costs what changed, not what
 * is there, because both share all pieces but a few. It must never let one see the other's changes.
 */
import { compareBytes } from "./json.ts";

export interface Sorted<T> {
  /** All members. */
  all(): readonly T[];
  /** Those whose keys are not below `from`, and below `to` where that is given. */
  range(from: string, to?: string): readonly T[];
  /** The same with these keys: what is there now takes the place of what was there; undefined takes it away. */
  with(changes: ReadonlyMap<string, T | undefined>): Sorted<T>;
}

/** So long a piece is cut in two. */
const LONG = 1024;

/** Makes one of members in order of their keys. */
export function sortedOf<T>(members: readonly T[], keyOf: (member: T) => string): Sorted<T> {
  return pieced(cut(members), keyOf, members);
}

function cut<T>(members: readonly T[]): readonly (readonly T[])[] {
  if (members.length <= LONG) return members.length === 0 ? [] : [members];
  const pieces: (readonly T[])[] = [];
  for (let from = 0; from < members.length; from += LONG / 2)
    pieces.push(members.slice(from, from + LONG / 2));
  return pieces;
}

function pieced<T>(
  pieces: readonly (readonly T[])[],
  keyOf: (member: T) => string,
  known?: readonly T[],
): Sorted<T> {
  let flat = known;
  const firstOf = (piece: readonly T[]): string => (piece[0] === undefined ? "" : keyOf(piece[0]));
  /** The piece in which a key stands or would stand. */
  const pieceOf = (key: string): number => {
    const after = placeOf(pieces, key, firstOf);
    const piece = pieces[after];
    return piece !== undefined && firstOf(piece) === key ? after : Math.max(0, after - 1);
  };
  return {
    all: () => (flat ??= pieces.flat() as readonly T[]),
    range(from, to) {
      const found: T[] = [];
      for (let at = pieceOf(from); at < pieces.length; at++) {
        const piece = pieces[at] ?? [];
        if (to !== undefined && compareBytes(firstOf(piece), to) >= 0) break;
        const end = to === undefined ? piece.length : placeOf(piece, to, keyOf);
        for (let each = placeOf(piece, from, keyOf); each < end; each++) found.push(piece[each]!);
      }
      return found;
    },
    with(changes) {
      const touched = new Map<number, string[]>();
      for (const key of [...changes.keys()].sort(compareBytes)) {
        const at = pieceOf(key);
        const keys = touched.get(at);
        if (keys === undefined) touched.set(at, [key]);
        else keys.push(key);
      }
      const next: (readonly T[])[] = [];
      for (let at = 0; at < Math.max(1, pieces.length); at++) {
        const keys = touched.get(at);
        const piece = pieces[at] ?? [];
        if (keys === undefined) next.push(piece);
        else for (const each of cut(merged(piece, keys, changes, keyOf))) next.push(each);
      }
      return pieced(next, keyOf);
    },
  };
}

function merged<T>(
  piece: readonly T[],
  keys: readonly string[],
  changes: ReadonlyMap<string, T | undefined>,
  keyOf: (member: T) => string,
): readonly T[] {
  const found: T[] = [];
  let from = 0;
  const take = (until: number): void => {
    while (from < until) found.push(piece[from++]!);
  };
  for (const key of keys) {
    take(placeOf(piece, key, keyOf));
    const member = piece[from];
    if (member !== undefined && keyOf(member) === key) from++;
    const now = changes.get(key);
    if (now !== undefined) found.push(now);
  }
  take(piece.length);
  return found;
}

/** The first place whose key is not below `key`; the length where all are. */
function placeOf<T>(sorted: readonly T[], key: string, keyOf: (member: T) => string): number {
  let from = 0;
  let to = sorted.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    const member = sorted[middle];
    if (member !== undefined && compareBytes(keyOf(member), key) < 0) from = middle + 1;
    else to = middle;
  }
  return from;
}
