/**
 * JSON as a type: what a registry file may hold once it is parsed.
 * Pure vocabulary; it must never depend on anything else.
 */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object; an absent key and an undefined value mean the same. */
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

/** Where a value stands inside a document: object keys and array indexes from the root. */
export type Pointer = readonly (string | number)[];

/** Tells a JSON object from every other JSON value. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Compares two strings by their UTF-8 bytes (equal to code point order), never by locale. */
export function compareBytes(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) {
      // UTF-16 puts surrogates below U+E000..U+FFFF although their code points are higher.
      const xs = x >= 0xd800 && x <= 0xdfff;
      const ys = y >= 0xd800 && y <= 0xdfff;
      if (xs !== ys) return xs ? 1 : -1;
      return x - y;
    }
  }
  return a.length - b.length;
}
