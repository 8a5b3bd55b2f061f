/**
 * JSON from strangers (publish requests, evaluation results), read without trust: duplicate keys, keys that reach into
 * JavaScript, deep nesting, numbers that lose digits and characters that no entry may hold are faults with their place.
 * `JSON.parse` keeps the last of two equal keys, so that a reviewer and a program could read two different requests.
 */
import type { Json } from "../model/json.ts";
import { codePoint, unwanted } from "../source/text.ts";
import { isForbiddenKey, MAX_DEPTH } from "../source/limits.ts";

/** A request may be this large; what it becomes is held to the bounds of entries on top. */
export const MAX_REQUEST_BYTES = 4 * 1024 * 1024;

/** Why a text is not read, and where: an offset in UTF-16 units. */
export interface JsonFault {
  readonly reason: string;
  readonly offset: number;
}

/** A value, or the first fault. Never throws, and never nests deeper than an entry may. */
export type JsonRead = { readonly value: Json } | { readonly fault: JsonFault };

/** How much is read, and how strictly. */
export interface JsonBounds {
  /** In bytes. */
  readonly most?: number;
  /**
   * Of a file of which only a part is taken over: texts may hold what no entry may, and numbers may be inexact, because
   * what is taken over is judged as an entry.
   */
  readonly foreign?: boolean;
}

/** Reads UTF-8 bytes as one JSON value. */
export function readStrictJson(bytes: Uint8Array, bounds: JsonBounds = {}): JsonRead {
  const { most = MAX_REQUEST_BYTES, foreign = false } = bounds;
  if (bytes.length > most) {
    return { fault: { reason: `It has ${bytes.length} bytes; at most ${most} are read.`, offset: 0 } };
  }
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return { fault: { reason: "It is not valid UTF-8.", offset: 0 } };
  }
  const reader = new Reader(text, foreign);
  const value = reader.whole();
  return reader.fault === undefined && value !== undefined
    ? { value }
    : { fault: reader.fault ?? { reason: "It is no JSON value.", offset: 0 } };
}

const numberPattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const words: Readonly<Record<string, true | false | null>> = { true: true, false: false, null: null };

/** One pass over a text. The first fault ends it: `undefined` comes back from every level. */
class Reader {
  fault: JsonFault | undefined;
  readonly #text: string;
  readonly #foreign: boolean;
  #at = 0;

  constructor(text: string, foreign: boolean) {
    this.#text = text;
    this.#foreign = foreign;
  }

  whole(): Json | undefined {
    const value = this.#value(1);
    if (value === undefined) return undefined;
    this.#blank();
    return this.#at === this.#text.length ? value : this.#fail("Something stands behind the value.");
  }

  #value(depth: number): Json | undefined {
    this.#blank();
    const first = this.#text[this.#at];
    if (first === "{" || first === "[") {
      if (depth > MAX_DEPTH) return this.#fail(`It is nested more than ${MAX_DEPTH} deep.`);
      this.#at++;
      return first === "{" ? this.#object(depth) : this.#list(depth);
    }
    if (first === '"') return this.#string();
    for (const [word, value] of Object.entries(words)) {
      if (!this.#text.startsWith(word, this.#at)) continue;
      this.#at += word.length;
      return value;
    }
    return this.#number();
  }

  #object(depth: number): Json | undefined {
    const object: Record<string, Json> = {};
    for (let first = true; ; first = false) {
      if (this.#take("}")) return first ? object : this.#fail("A comma stands before the end of an object.");
      const start = this.#at;
      const key =
        this.#text[this.#at] === '"'
          ? this.#string()
          : this.#fail("A key in double quotes should stand here.");
      if (key === undefined) return undefined;
      if (isForbiddenKey(key)) return this.#fail(`The key ${JSON.stringify(key)} is not allowed.`, start);
      if (Object.hasOwn(object, key))
        return this.#fail(`The key ${JSON.stringify(key)} stands here for the second time.`, start);
      if (!this.#take(":")) return this.#fail("A colon should stand behind the key.");
      const value = this.#value(depth + 1);
      if (value === undefined) return undefined;
      object[key] = value;
      if (this.#take(",")) continue;
      return this.#take("}") ? object : this.#fail("A comma or the end of the object should stand here.");
    }
  }

  #list(depth: number): Json | undefined {
    const list: Json[] = [];
    if (this.#take("]")) return list;
    for (;;) {
      const value = this.#value(depth + 1);
      if (value === undefined) return undefined;
      list.push(value);
      if (this.#take(",")) continue;
      return this.#take("]") ? list : this.#fail("A comma or the end of the list should stand here.");
    }
  }

  #string(): string | undefined {
    const start = this.#at;
    let end = start + 1;
    while (end < this.#text.length && this.#text[end] !== '"') end += this.#text[end] === "\\" ? 2 : 1;
    this.#at = end + 1;
    let value: unknown;
    try {
      value = JSON.parse(this.#text.slice(start, end + 1));
    } catch {
      return this.#fail("This text does not end, or holds a sign that JSON does not allow.", start);
    }
    if (typeof value !== "string") return this.#fail("This is no text.", start);
    const bad = this.#foreign ? undefined : unwanted(value);
    return bad === undefined
      ? value
      : this.#fail(
          `This text holds the character ${codePoint(value, bad.at)}, which no entry may hold.`,
          start,
        );
  }

  #number(): number | undefined {
    numberPattern.lastIndex = this.#at;
    const found = numberPattern.exec(this.#text)?.[0];
    if (found === undefined) return this.#fail("No JSON value begins here.");
    const value = Number(found);
    if (!Number.isFinite(value)) return this.#fail(`${found.slice(0, 40)} is too large for a number.`);
    if (!this.#foreign && Number.isInteger(value) && !Number.isSafeInteger(value))
      return this.#fail(`${found.slice(0, 40)} is too large to be exact.`);
    this.#at += found.length;
    return value;
  }

  #take(sign: string): boolean {
    this.#blank();
    if (this.#text[this.#at] !== sign) return false;
    this.#at++;
    this.#blank();
    return true;
  }

  #blank(): void {
    while (" \t\n\r".includes(this.#text[this.#at] ?? "x")) this.#at++;
  }

  #fail(reason: string, offset = this.#at): undefined {
    this.fault ??= { reason, offset };
    return undefined;
  }
}
