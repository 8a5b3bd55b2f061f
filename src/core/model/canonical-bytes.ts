/**
 * Canonical JSON as bytes, for many values at once: the same spelling as canonical.ts (a property test holds them
 * together), written straight into one growing buffer. Thousands of entries as strings would be built of millions of
 * pieces first, which costs more than everything else a compile does.
 */
import { canonicalJson } from "./canonical.ts";

export interface CanonicalWriter {
  /** How many bytes were written so far. */
  length(): number;
  /** Appends ASCII text as it is. */
  raw(ascii: string): void;
  /** Appends the canonical JSON of a value; throws what canonicalJson throws. */
  value(value: object | string): void;
  /** Everything written so far; a view that the next write may leave behind. */
  bytes(): Uint8Array;
}

const FIRST_BYTES = 1 << 18;
const FEW_KEYS = 24;
/** More keys than any schema has; free-form keys beyond it are spelled each time. */
const KEPT_KEYS = 4096;

const COMMA = 0x2c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

const encoder = new TextEncoder();
const keyBytes = new Map<string, Uint8Array>();

/** Makes a writer with nothing in it. */
export function createCanonicalWriter(): CanonicalWriter {
  let buffer = new Uint8Array(FIRST_BYTES);
  let end = 0;

  function reserve(more: number): void {
    if (end + more <= buffer.length) return;
    const larger = new Uint8Array(Math.max(buffer.length * 2, end + more));
    larger.set(buffer.subarray(0, end));
    buffer = larger;
  }

  function raw(ascii: string): void {
    reserve(ascii.length);
    for (let i = 0; i < ascii.length; i++) buffer[end++] = ascii.charCodeAt(i);
  }

  function text(value: string): void {
    const { length } = value;
    reserve(length + 2);
    const start = end;
    buffer[end++] = 0x22;
    for (let i = 0; i < length; i++) {
      const code = value.charCodeAt(i);
      if (code < 0x20 || code > 0x7e || code === 0x22 || code === 0x5c) {
        end = start;
        encoded(canonicalJson(value));
        return;
      }
      buffer[end++] = code;
    }
    buffer[end++] = 0x22;
  }

  function encoded(json: string): void {
    reserve(json.length * 3);
    end += encoder.encodeInto(json, buffer.subarray(end)).written;
  }

  function bytesOfKey(name: string): Uint8Array {
    let spelled = keyBytes.get(name);
    if (spelled === undefined) {
      spelled = encoder.encode(`${canonicalJson(name)}:`);
      if (keyBytes.size < KEPT_KEYS) keyBytes.set(name, spelled);
    }
    return spelled;
  }

  function write(value: unknown): void {
    if (typeof value === "string") text(value);
    else if (typeof value === "object" && value !== null) {
      if (Array.isArray(value)) list(value);
      else object(value as Readonly<Record<string, unknown>>);
    } else if (value === true) raw("true");
    else if (value === false) raw("false");
    else raw(canonicalJson(value as null));
  }

  function list(values: readonly unknown[]): void {
    reserve(2);
    buffer[end++] = OPEN_LIST;
    for (let i = 0; i < values.length; i++) {
      if (i > 0) {
        reserve(1);
        buffer[end++] = COMMA;
      }
      write(values[i]);
    }
    reserve(1);
    buffer[end++] = CLOSE_LIST;
  }

  function object(value: Readonly<Record<string, unknown>>): void {
    const keys = Object.keys(value);
    sortKeys(keys);
    let separator = OPEN_OBJECT;
    for (let i = 0; i < keys.length; i++) {
      const inner = value[keys[i]!];
      if (inner === undefined) continue;
      const key = bytesOfKey(keys[i]!);
      const { length } = key;
      reserve(length + 1);
      buffer[end++] = separator;
      separator = COMMA;
      for (let j = 0; j < length; j++) buffer[end++] = key[j]!;
      write(inner);
    }
    reserve(2);
    if (separator === OPEN_OBJECT) buffer[end++] = OPEN_OBJECT;
    buffer[end++] = CLOSE_OBJECT;
  }

  return { length: () => end, raw, value: write, bytes: () => buffer.subarray(0, end) };
}

/** Sorts in place by UTF-16 code units; an insertion sort where there are few, since the built-in one starts slowly. */
function sortKeys(keys: string[]): void {
  if (keys.length > FEW_KEYS) {
    keys.sort();
    return;
  }
  for (let i = 1; i < keys.length; i++) {
    const key = keys[i]!;
    let j = i - 1;
    while (j >= 0 && keys[j]! > key) {
      keys[j + 1] = keys[j]!;
      j--;
    }
    keys[j + 1] = key;
  }
}
