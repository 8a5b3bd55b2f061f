/**
 * The words of a template's body: objects with one key that begins with `$` and stand where a value would. What they
 * give is a whole value, never a piece of text that is read again, so that a parameter cannot leave its place.
 * It must never evaluate anything; `render.ts` does.
 */
import { isObject, type Json, type JsonObject } from "../model/json.ts";
import { nearest } from "../model/nearest.ts";

/** What stands at a place of a body. */
export type Word =
  /** The value of a parameter, or of a field of it. */
  | { readonly word: "$param"; readonly path: readonly [string, ...string[]] }
  /** One text made of texts, numbers and booleans. */
  | { readonly word: "$text"; readonly parts: readonly Json[] }
  | {
      readonly word: "$if";
      readonly test: Json;
      readonly yes: Json | undefined;
      readonly no: Json | undefined;
    }
  /** What `do` gives for each item; inside a list the results take its place. */
  | { readonly word: "$each"; readonly list: Json; readonly as: string; readonly do: Json }
  /** What another template gives. */
  | { readonly word: "$include"; readonly name: string; readonly with: JsonObject }
  /** Itself, as written. */
  | { readonly word: "$literal"; readonly value: Json };

/** Why an object that looks like a word is none; `key` is where. */
export interface WordFault {
  readonly key: string;
  readonly message: string;
  readonly hint: string;
}

/** The keys of each word, the one that names it first. */
const keysOfWords: Readonly<Record<Word["word"], readonly string[]>> = {
  $param: ["$param"],
  $text: ["$text"],
  $if: ["$if", "then", "else"],
  $each: ["$each", "as", "do"],
  $include: ["$include", "with"],
  $literal: ["$literal"],
};

/** Keys that begin with `$` and mean themselves: those of JSON Schema, which bodies of pipelines hold. */
const ofJsonSchema = new Set([
  "$anchor",
  "$comment",
  "$defs",
  "$dynamicAnchor",
  "$dynamicRef",
  "$id",
  "$ref",
  "$schema",
  "$vocabulary",
]);

const name = /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/;

/** The word that an object is; undefined where it is plain data. */
export function wordOf(
  object: JsonObject,
): { readonly is: Word } | { readonly fault: WordFault } | undefined {
  const keys = Object.keys(object);
  const key = keys.find((each) => each.startsWith("$") && !ofJsonSchema.has(each));
  if (key === undefined) return undefined;
  const known = Object.hasOwn(keysOfWords, key) ? keysOfWords[key as Word["word"]] : undefined;
  if (known === undefined) {
    const near = nearest(key, Object.keys(keysOfWords));
    return faultAt(
      key,
      `"${key}" is no word of templates.`,
      near === undefined ? `Write { $literal: ... } around what begins with $.` : `Did you mean ${near}?`,
    );
  }
  const stray = keys.find((each) => !known.includes(each));
  if (stray !== undefined)
    return faultAt(stray, `"${stray}" cannot stand beside ${key}.`, `It takes ${known.join(", ")} alone.`);
  return read(key as Word["word"], object);
}

function read(word: Word["word"], object: JsonObject): { readonly is: Word } | { readonly fault: WordFault } {
  const own = object[word] ?? null;
  switch (word) {
    case "$param": {
      const [first, ...rest] = typeof own === "string" ? own.split(".") : [];
      if (first === undefined || !name.test(first) || rest.includes(""))
        return faultAt(
          word,
          "$param takes the name of a parameter.",
          "Write { $param: name } or { $param: name.field }.",
        );
      return { is: { word, path: [first, ...rest] } };
    }
    case "$text":
      if (!Array.isArray(own) || own.length === 0)
        return faultAt(
          word,
          "$text takes a list of parts.",
          'Write { $text: ["pay-", { $param: region }] }.',
        );
      return { is: { word, parts: own as readonly Json[] } };
    case "$if":
      if (object["then"] === undefined && object["else"] === undefined)
        return faultAt(word, "$if gives nothing either way.", "Write { $if: ..., then: ... }.");
      return { is: { word, test: own, yes: object["then"], no: object["else"] } };
    case "$each": {
      const { as, do: body } = object;
      if (typeof as !== "string" || !name.test(as) || body === undefined)
        return faultAt(
          word,
          "$each lacks `as` or `do`.",
          "Write { $each: { $param: models }, as: model, do: ... }.",
        );
      return { is: { word, list: own, as, do: body } };
    }
    case "$include": {
      const given = object["with"] ?? {};
      if (typeof own !== "string" || !isObject(given))
        return faultAt(
          word,
          "$include takes a name of `includes`.",
          "Write { $include: name, with: { ... } }.",
        );
      return { is: { word, name: own, with: given } };
    }
    case "$literal":
      return { is: { word, value: own } };
  }
}

/** Whether an object is one of these words, rightly written or not: what merges never mixes. */
export function isWord(value: Json | undefined): boolean {
  return isObject(value) && wordOf(value) !== undefined;
}

function faultAt(key: string, message: string, hint: string): { readonly fault: WordFault } {
  return { fault: { key, message, hint } };
}
