/**
 * The keys the fast parser has met, each under a small number: the same few hundred keys stand in every entry, so
 * they are compared in place instead of being cut out, and duplicates are found by number.
 * This is a cache and nothing else: what it holds must never change what a file means. Only keys that are legal
 * texts enter it, and it is emptied before it can grow beyond its bound.
 */
import { isCoreKey, isForbiddenKey, MAX_DEPTH, MAX_KEYS } from "./limits.ts";

/** Keys kept between files; one file can add MAX_KEYS more. */
const KEPT = 2_000;
const CAPACITY = KEPT + MAX_KEYS + 2;
const SLOTS = 8_192;
const LONGEST = 60;
/** YAML refuses keys of more than 1,024 characters. */
const LONGEST_KEY = 1_000;

/** The keys by number; number 0 is none. */
export const names: string[] = [""];
/** Length of each key and where its characters begin in `letters`. */
export const lengths = new Uint8Array(CAPACITY);
export const starts = new Uint32Array(CAPACITY);
export const letters = new Uint8Array(CAPACITY * LONGEST);
/** The key that followed each key when it was last met, in the order of the text. */
export const followers = new Uint16Array(CAPACITY);

const slots = new Uint16Array(SLOTS);
const numbers = new Map<string, number>();
const stamps = new Uint32Array(CAPACITY * (MAX_DEPTH + 2));
let serial = 0;

/** To be called before each file. */
export function beginFile(): void {
  if (names.length <= KEPT && serial < 0xf000_0000) return;
  names.length = 1;
  numbers.clear();
  slots.fill(0);
  followers.fill(0);
  stamps.fill(0);
  serial = 0;
}

/** A number for a new map, to mark its keys with. */
export function beginMap(): number {
  return ++serial;
}

/** Marks a key as met in the map `map` at `depth`; false when it stands there already. */
export function mark(key: number, map: number, depth: number): boolean {
  const at = depth * CAPACITY + key;
  if (stamps[at] === map) return false;
  stamps[at] = map;
  return true;
}

/** The number of the plain key at `start`..`end`; 0 when it is no legal text without quotes. */
export function plainKey(units: Uint8Array, text: string, start: number, end: number): number {
  const length = end - start;
  if (length === 0 || length > LONGEST_KEY) return 0;
  let hash = length;
  for (let i = start; i < end; i++) hash = (Math.imul(hash, 31) + units[i]!) | 0;
  const slot = (hash ^ (hash >>> 13)) & (SLOTS - 1);
  const found = slots[slot]!;
  if (found !== 0 && isAt(found, units, start, length)) return found;
  const name = text.slice(start, end);
  if (!isCoreKey(name)) return 0;
  const number = keyNumber(name);
  if (number !== 0) slots[slot] = number;
  return number;
}

/** The number of any key; 0 when it is forbidden or too long to keep. */
export function keyNumber(name: string): number {
  const known = numbers.get(name);
  if (known !== undefined) return known;
  if (isForbiddenKey(name) || name.length > LONGEST_KEY || names.length >= CAPACITY) return 0;
  const number = names.length;
  // As the key of an object a string is flat and its own; a cut-out one would keep the whole file alive.
  names.push(Object.keys({ [name]: 0 })[0] ?? name);
  numbers.set(name, number);
  const start = number * LONGEST;
  starts[number] = start;
  if (name.length <= LONGEST && isCoreKey(name)) {
    lengths[number] = name.length;
    for (let i = 0; i < name.length; i++) letters[start + i] = name.charCodeAt(i);
  } else {
    // A key that needs quotes must not be met in place without them: no unit of a text is 255.
    lengths[number] = 1;
    letters[start] = 255;
  }
  return number;
}

function isAt(key: number, units: Uint8Array, start: number, length: number): boolean {
  if (lengths[key] !== length) return false;
  const from = starts[key]!;
  for (let i = 0; i < length; i++) {
    if (letters[from + i] !== units[start + i]) return false;
  }
  return true;
}
