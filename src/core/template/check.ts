/**
 * What is wrong with a template's body whatever it is rendered with: words that are none, parameters and templates that
 * nobody declared. It must never render.
 */
import { isObject, type Json, type JsonObject, type Pointer } from "../model/json.ts";
import { nearest } from "../model/nearest.ts";
import { wordOf, type Word } from "./words.ts";

export interface BodyFault {
  /** Into the body. */
  readonly pointer: Pointer;
  readonly message: string;
  readonly hint: string;
}

/** What a body may name; null where it cannot be known, because the template it extends is not there. */
export interface Declared {
  readonly parameters: readonly string[] | null;
  readonly includes: readonly string[] | null;
}

/** Every fault of a body, in its order; at most 100. */
export function checkBody(body: Json, declared: Declared): readonly BodyFault[] {
  const faults: BodyFault[] = [];
  walk(body, [], [], declared, faults);
  return faults.slice(0, 100);
}

function walk(
  body: Json,
  pointer: Pointer,
  items: readonly string[],
  declared: Declared,
  faults: BodyFault[],
): void {
  if (Array.isArray(body)) {
    for (const [index, inner] of (body as readonly Json[]).entries())
      walk(inner, [...pointer, index], items, declared, faults);
  } else if (isObject(body)) {
    const word = wordOf(body);
    if (word === undefined) walkKeys(body, pointer, items, declared, faults);
    else if ("fault" in word) {
      const { key, message, hint } = word.fault;
      faults.push({ pointer: [...pointer, key], message, hint });
    } else walkWord(word.is, pointer, items, declared, faults);
  }
}

function walkKeys(
  object: JsonObject,
  pointer: Pointer,
  items: readonly string[],
  declared: Declared,
  faults: BodyFault[],
): void {
  for (const [key, inner] of Object.entries(object))
    if (inner !== undefined) walk(inner, [...pointer, key], items, declared, faults);
}

function walkWord(
  word: Word,
  pointer: Pointer,
  items: readonly string[],
  declared: Declared,
  faults: BodyFault[],
): void {
  const { parameters, includes } = declared;
  const below = (step: string, inner: Json | undefined, also: readonly string[] = items): void => {
    if (inner !== undefined) walk(inner, [...pointer, step], also, declared, faults);
  };
  switch (word.word) {
    case "$literal":
      return;
    case "$param": {
      const [name] = word.path;
      const known = [...items, ...(parameters ?? [])];
      if (parameters === null || known.includes(name)) return;
      faults.push(undeclared(`There is no parameter "${name}".`, name, known, [...pointer, "$param"]));
      return;
    }
    case "$text":
      word.parts.forEach((part, index) => walk(part, [...pointer, "$text", index], items, declared, faults));
      return;
    case "$if":
      below("$if", word.test);
      below("then", word.yes);
      below("else", word.no);
      return;
    case "$each":
      if (items.includes(word.as) || parameters?.includes(word.as) === true)
        faults.push({
          pointer: [...pointer, "as"],
          message: `"${word.as}" is the name of something else already.`,
          hint: "Give the item a name of its own.",
        });
      below("$each", word.list);
      below("do", word.do, [...items, word.as]);
      return;
    case "$include":
      if (includes !== null && !includes.includes(word.name))
        faults.push(
          undeclared(`There is no "${word.name}" below \`includes\`.`, word.name, includes, [
            ...pointer,
            "$include",
          ]),
        );
      walkKeys(word.with, [...pointer, "with"], items, declared, faults);
  }
}

function undeclared(message: string, name: string, known: readonly string[], pointer: Pointer): BodyFault {
  const near = nearest(name, known);
  const all = known.length === 0 ? "Nothing is declared." : `Declared are ${known.slice(0, 12).join(", ")}.`;
  return { pointer, message, hint: near === undefined ? all : `Did you mean ${near}?` };
}
