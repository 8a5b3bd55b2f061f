/**
 * Canonical JSON (RFC 8785): the one spelling of a value that digests, shards and snapshots are made of.
 * Two equal values must give the same bytes on every machine; this module must never guess about a value that
 * JSON cannot hold, it refuses it.
 */
import type { Json } from "./json.ts";

/** What needs escapes, or is half of a surrogate pair; everything else stands between quotes as it is. */
const unusual = /["\\\u0000-\u001f\ud800-\udfff]/;

/** Quoted keys with their colon. Keys repeat across entries; the bound keeps hostile free-form keys from filling it. */
const keyTexts = new Map<string, string>();
const KEY_TEXTS = 4096;

/** Below this many keys an insertion sort beats the built-in sort, which starts slowly. */
const FEW_KEYS = 24;

/**
 * Writes a value as RFC 8785 canonical JSON: keys in UTF-16 order (3.2.3), numbers as ECMAScript writes them
 * (3.2.2.3), the shortest escapes (3.2.2.2). Keys whose value is undefined are left out.
 * Throws an Error for what has no canonical form: lone surrogates, NaN and infinities, anything that is not JSON.
 */
export function canonicalJson(value: Json): string {
  return write(value);
}

/** The same for values whose static type is narrower than Json (generated interfaces have no index signature). */
export function canonicalJsonOf(value: object): string {
  return write(value);
}

function write(value: unknown): string {
  switch (typeof value) {
    case "string":
      return quote(value);
    case "number":
      if (!Number.isFinite(value)) throw new Error(`${value} has no canonical JSON`);
      return `${value}`;
    case "boolean":
      return value ? "true" : "false";
    case "object":
      if (value === null) return "null";
      return Array.isArray(value)
        ? writeList(value)
        : writeObject(value as Readonly<Record<string, unknown>>);
    default:
      throw new Error(`${typeof value} has no canonical JSON`);
  }
}

function writeList(list: readonly unknown[]): string {
  if (list.length === 0) return "[]";
  let text = `[${write(list[0])}`;
  for (let i = 1; i < list.length; i++) text += `,${write(list[i])}`;
  return `${text}]`;
}

function writeObject(object: Readonly<Record<string, unknown>>): string {
  const keys = Object.keys(object);
  sortKeys(keys);
  let text = "";
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]!;
    const value = object[key];
    if (value === undefined) continue;
    text += (text === "" ? "{" : ",") + keyText(key) + write(value);
  }
  return text === "" ? "{}" : `${text}}`;
}

/** Sorts in place by UTF-16 code units, which is what `>` and the default sort compare. */
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

function keyText(key: string): string {
  let text = keyTexts.get(key);
  if (text === undefined) {
    text = `${quote(key)}:`;
    if (keyTexts.size < KEY_TEXTS) keyTexts.set(key, text);
  }
  return text;
}

function quote(text: string): string {
  if (!unusual.test(text)) return `"${text}"`;
  // JSON.stringify writes exactly RFC 8785's escapes, but escapes lone surrogates where the RFC refuses them.
  if (!text.isWellFormed()) throw new Error("a string with a lone surrogate has no canonical JSON");
  return JSON.stringify(text);
}
