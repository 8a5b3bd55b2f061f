/**
 * Renders a template: (template, parameters) -> a value, or every reason why not. It works on values and never on text:
 * what a parameter holds is put in whole and never read again, so that it cannot leave its place, be taken for a word of
 * templates, or add a key. What an attacker controls are parameters and, in a pull request, templates; the output, the
 * steps, the depth and the number of included templates are bounded, whatever they say.
 */
import { canonicalJson } from "../model/canonical.ts";
import { isObject, type Json, type JsonObject, type Pointer } from "../model/json.ts";
import type { Registry } from "../model/registry.ts";
import { effectiveOf, type Effective } from "./effective.ts";
import { parametersOf } from "./parameters.ts";
import {
  beginRun,
  fault,
  MOST_INCLUDED,
  MOST_LEVELS,
  MOST_NESTED,
  spend,
  type Run,
  type TemplateFault,
} from "./run.ts";
import { wordOf, type Word } from "./words.ts";

export type Rendered =
  | { readonly effective: Effective; readonly value: Json }
  | { readonly faults: readonly TemplateFault[] };

/** What names mean at a place. */
interface Scope {
  readonly template: Effective;
  readonly values: JsonObject;
  readonly items: ReadonlyMap<string, Json>;
  readonly nested: number;
}

/** Renders the template at a reference with these parameters; defaults of the schema stand for those not given. */
export function renderTemplate(registry: Registry, ref: string, given: JsonObject): Rendered {
  const found = effectiveOf(registry, ref);
  if ("reason" in found)
    return {
      faults: [{ in: "template", pointer: [], message: `${ref} cannot be used: ${found.reason}.` }],
    };
  const { effective } = found;
  const checked = parametersOf(effective, given);
  if ("faults" in checked) return checked;
  const run = beginRun(registry);
  const scope: Scope = { template: effective, values: checked.values, items: new Map(), nested: 0 };
  const value = give(effective.body, [], 0, scope, run);
  if (run.faults.length === 0 && value === undefined)
    fault(run, [], "The template gives nothing.", "Leave a value in each case.");
  return run.faults.length > 0 || value === undefined ? { faults: run.faults } : { effective, value };
}

/** What a place of a body gives; undefined = nothing, and its key or item is left out. */
function give(body: Json, pointer: Pointer, depth: number, scope: Scope, run: Run): Json | undefined {
  if (!spend(run, 1, typeof body === "string" ? body.length : 0)) return undefined;
  if (depth > MOST_LEVELS) {
    fault(run, pointer, `The template nests deeper than ${MOST_LEVELS} levels.`, "Make it flatter.");
    return undefined;
  }
  if (typeof body !== "object" || body === null) return body;
  if (Array.isArray(body)) return giveList(body as readonly Json[], pointer, depth, scope, run);
  const object = body as JsonObject;
  const word = wordOf(object);
  if (word !== undefined) {
    if ("is" in word) return giveWord(word.is, pointer, depth, scope, run);
    fault(run, [...pointer, word.fault.key], word.fault.message, word.fault.hint);
    return undefined;
  }
  const entries: [string, Json][] = [];
  for (const [key, inner] of Object.entries(object)) {
    if (run.over) break;
    const value = inner === undefined ? undefined : give(inner, [...pointer, key], depth + 1, scope, run);
    if (value !== undefined && spend(run, 0, key.length)) entries.push([key, value]);
  }
  return Object.fromEntries(entries);
}

function giveList(body: readonly Json[], pointer: Pointer, depth: number, scope: Scope, run: Run): Json {
  const items: Json[] = [];
  for (const [index, inner] of body.entries()) {
    if (run.over) break;
    const place = [...pointer, index];
    const word = isObject(inner) ? wordOf(inner) : undefined;
    const value = give(inner, place, depth + 1, scope, run);
    if (value === undefined) continue;
    if (word !== undefined && "is" in word && word.is.word === "$each" && Array.isArray(value))
      for (const item of value as readonly Json[]) items.push(item);
    else items.push(value);
  }
  return items;
}

function giveWord(word: Word, pointer: Pointer, depth: number, scope: Scope, run: Run): Json | undefined {
  switch (word.word) {
    case "$literal":
      return take(word.value, pointer, depth, run);
    case "$param":
      return takeParameter(word.path, pointer, depth, scope, run);
    case "$text":
      return giveText(word.parts, [...pointer, "$text"], depth, scope, run);
    case "$if": {
      const test = give(word.test, [...pointer, "$if"], depth, scope, run) ?? false;
      if (typeof test !== "boolean") {
        fault(
          run,
          [...pointer, "$if"],
          `$if takes true or false, not ${shortly(test)}.`,
          "Let a boolean parameter decide.",
        );
        return undefined;
      }
      const chosen = test ? word.yes : word.no;
      return chosen === undefined
        ? undefined
        : give(chosen, [...pointer, test ? "then" : "else"], depth, scope, run);
    }
    case "$each": {
      const list = give(word.list, [...pointer, "$each"], depth, scope, run) ?? [];
      if (!Array.isArray(list)) {
        fault(
          run,
          [...pointer, "$each"],
          `$each takes a list, not ${shortly(list)}.`,
          "Let the parameter be a list.",
        );
        return undefined;
      }
      const given: Json[] = [];
      for (const item of list as readonly Json[]) {
        if (run.over) break;
        const items = new Map([...scope.items, [word.as, item]]);
        const value = give(word.do, [...pointer, "do"], depth + 1, { ...scope, items }, run);
        if (value !== undefined) given.push(value);
      }
      return given;
    }
    case "$include":
      return giveIncluded(word.name, word.with, pointer, depth, scope, run);
  }
}

/** The value of a parameter. A name that nobody declared is a fault; one that was not given is nothing. */
function takeParameter(
  [name, ...steps]: readonly [string, ...string[]],
  pointer: Pointer,
  depth: number,
  { template, values, items }: Scope,
  run: Run,
): Json | undefined {
  let value: Json | undefined;
  if (items.has(name)) value = items.get(name);
  else if (Object.hasOwn(values, name)) value = values[name];
  else if (!Object.hasOwn(template.parameters, name)) {
    fault(run, pointer, `There is no parameter "${name}".`, "Declare it below `parameters.properties`.");
    return undefined;
  }
  for (const step of steps) value = isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
  return value === undefined ? undefined : take(value, pointer, depth, run);
}

/** A value as it is. Nothing in it is a word of templates, whatever it looks like. */
function take(value: Json, pointer: Pointer, depth: number, run: Run): Json | undefined {
  if (!spend(run, 1, typeof value === "string" ? value.length : 0)) return undefined;
  if (typeof value !== "object" || value === null) return value;
  if (depth > MOST_LEVELS) {
    fault(run, pointer, `What is put in here nests deeper than ${MOST_LEVELS} levels.`, "Make it flatter.");
    return undefined;
  }
  for (const [key, inner] of Object.entries(value)) {
    if (inner !== undefined && spend(run, 0, key.length)) take(inner, pointer, depth + 1, run);
    if (run.over) return undefined;
  }
  return value;
}

function giveText(
  parts: readonly Json[],
  pointer: Pointer,
  depth: number,
  scope: Scope,
  run: Run,
): Json | undefined {
  let text = "";
  for (const [index, part] of parts.entries()) {
    const value = give(part, [...pointer, index], depth, scope, run);
    if (run.over) return undefined;
    if (typeof value === "object" || value === undefined) {
      if (run.faults.length === 0)
        fault(
          run,
          [...pointer, index],
          `A part of $text is a text, a number or true or false, not ${shortly(value)}.`,
          "Let the parameter be required, or put $if around the text.",
        );
      return undefined;
    }
    text += String(value);
  }
  return text;
}

function giveIncluded(
  name: string,
  given: JsonObject,
  pointer: Pointer,
  depth: number,
  scope: Scope,
  run: Run,
): Json | undefined {
  const ref = Object.hasOwn(scope.template.includes, name) ? scope.template.includes[name] : undefined;
  const place = [...pointer, "$include"];
  if (ref === undefined) {
    fault(run, place, `There is no "${name}" below \`includes\`.`, "Name the template there.");
    return undefined;
  }
  if (scope.nested >= MOST_NESTED || ++run.included > MOST_INCLUDED) {
    const most = scope.nested >= MOST_NESTED ? `${MOST_NESTED} deep` : `${MOST_INCLUDED} in all`;
    fault(run, place, `Templates put in one another are more than ${most}.`, "Write it more plainly.");
    run.over = true;
    return undefined;
  }
  const found = effectiveOf(run.registry, ref);
  if ("reason" in found) {
    fault(run, place, `${ref} cannot be used: ${found.reason}.`, "Correct the reference.");
    return undefined;
  }
  const values: [string, Json][] = [];
  for (const [key, inner] of Object.entries(given)) {
    const value = inner === undefined ? undefined : give(inner, [...pointer, "with", key], depth, scope, run);
    if (value !== undefined) values.push([key, value]);
  }
  if (run.over || run.faults.length > 0) return undefined;
  const checked = parametersOf(found.effective, Object.fromEntries(values));
  if ("faults" in checked) {
    for (const each of checked.faults)
      fault(run, [...pointer, "with", ...each.pointer], `${ref}: ${each.message}`, each.hint);
    return undefined;
  }
  const inside: Scope = {
    template: found.effective,
    values: checked.values,
    items: new Map(),
    nested: scope.nested + 1,
  };
  const before = run.faults.length;
  const value = give(found.effective.body, [], depth, inside, run);
  // Places inside the other template mean nothing here.
  for (const [at, each] of run.faults.entries())
    if (at >= before && each.in === "body")
      run.faults[at] = { ...each, pointer: place, message: `${ref}: ${each.message}` };
  return value;
}

function shortly(value: Json | undefined): string {
  const text = value === undefined ? "nothing" : canonicalJson(value);
  return text.length <= 60 ? text : `${text.slice(0, 59)}…`;
}
