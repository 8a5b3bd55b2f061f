/**
 * Bringing an existing value in line with its source by single edits, so that comments and keys that people added
 * stay. What a source speaks for is given as a list of dotted paths; everything else is never touched.
 */
import { canonicalJson } from "../model/canonical.ts";
import type { Entry } from "../model/registry.ts";
import type { Edit } from "../source/edit.ts";
import { isObject, type Json, type JsonObject } from "../model/json.ts";

/** A path that a source speaks for. */
export interface OwnedPath {
  readonly path: readonly string[];
  /** Whether a value that the source no longer states is removed; false where people are likely to have added it. */
  readonly removes: boolean;
}

/** Makes owned paths of dotted ones; a trailing `?` marks those whose absence says nothing. */
export function ownedPaths(dotted: readonly string[]): readonly OwnedPath[] {
  return dotted.map((text) => ({ path: text.replace("?", "").split("."), removes: !text.endsWith("?") }));
}

/**
 * The edits that make `current` say what `incoming` says on the owned paths. `fields`, where a source's record in the
 * entry has them, narrows the paths further (`sources[].fields`: a person took the others over).
 */
export function syncEdits(
  current: JsonObject,
  incoming: JsonObject,
  owned: readonly OwnedPath[],
  fields: readonly string[] | undefined,
): readonly Edit[] {
  const edits: Edit[] = [];
  for (const { path, removes } of owned) {
    if (fields !== undefined && !fields.some((field) => covers(field.split("."), path))) continue;
    const before = valueAt(current, path);
    const after = valueAt(incoming, path);
    if (
      after === undefined ? before === undefined || !removes : before !== undefined && sameJson(before, after)
    )
      continue;
    edits.push(
      after === undefined ? removalOf(current, incoming, path, owned) : settingOf(current, path, after),
    );
  }
  return joined(edits);
}

/** The value after its edits. */
export function edited(value: JsonObject, edits: readonly Edit[]): JsonObject {
  return edits.reduce((out, edit) => replaced(out, edit.pointer.map(String), edit.value), value);
}

/** The object with the owned paths of another; the other keys stay. For a version that starts from an earlier one. */
export function withOwned(
  current: JsonObject,
  incoming: JsonObject,
  owned: readonly OwnedPath[],
): JsonObject {
  let out = current;
  for (const { path, removes } of owned) {
    const after = valueAt(incoming, path);
    if (after !== undefined || removes) out = replaced(out, path, after);
  }
  return out;
}

/** An entry's value as plain JSON: its generated type says more, and edits by path need less. */
export function asObject(value: Entry["value"]): JsonObject {
  return value as JsonObject;
}

/** Whether two values are equal, whatever the order of their keys. */
export function sameJson(a: Json, b: Json): boolean {
  return canonicalJson(a) === canonicalJson(b);
}

/** The value at a path; undefined where something on the way is missing. */
export function valueAt(value: JsonObject, path: readonly string[]): Json | undefined {
  let found: Json | undefined = value;
  for (const key of path) {
    if (!isObject(found) || !Object.hasOwn(found, key)) return undefined;
    found = found[key];
  }
  return found;
}

function covers(field: readonly string[], path: readonly string[]): boolean {
  const shared = Math.min(field.length, path.length);
  return field.slice(0, shared).every((key, index) => key === path[index]);
}

/** Sets the shallowest value that exists not yet, so that no edit needs a parent that is not there. */
function settingOf(current: JsonObject, path: readonly string[], value: Json): Edit {
  for (let depth = 1; depth < path.length; depth++) {
    const head = path.slice(0, depth);
    if (isObject(valueAt(current, head))) continue;
    const below = path.slice(depth).reduceRight<Json>((inner, key) => ({ [key]: inner }), value);
    return { pointer: head, value: below };
  }
  return { pointer: path, value };
}

/** Removes the highest table that the source no longer has and that holds nothing but the source's own values. */
function removalOf(
  current: JsonObject,
  incoming: JsonObject,
  path: readonly string[],
  owned: readonly OwnedPath[],
): Edit {
  const all = new Set(owned.flatMap(({ path: one, removes }) => (removes ? [one.join("\0")] : [])));
  const isOwned = (value: Json | undefined, at: readonly string[]): boolean =>
    all.has(at.join("\0")) ||
    (isObject(value) && Object.entries(value).every(([key, child]) => isOwned(child, [...at, key])));
  let pointer = path;
  while (pointer.length > 1) {
    const parent = pointer.slice(0, -1);
    if (valueAt(incoming, parent) !== undefined || !isOwned(valueAt(current, parent), parent)) break;
    pointer = parent;
  }
  return { pointer, value: undefined };
}

/** Joins edits that make the same missing parent: each would otherwise overwrite the other. */
function joined(edits: readonly Edit[]): readonly Edit[] {
  const byPointer = new Map<string, Edit>();
  for (const edit of edits) {
    const key = edit.pointer.join("\0");
    const other = byPointer.get(key);
    const both = isObject(other?.value) && isObject(edit.value);
    byPointer.set(key, both ? { pointer: edit.pointer, value: merged(other.value, edit.value) } : edit);
  }
  return [...byPointer.values()];
}

function merged(a: Json | undefined, b: Json | undefined): Json {
  if (!isObject(a) || !isObject(b)) return b ?? null;
  const out: Record<string, Json | undefined> = { ...a };
  for (const [key, value] of Object.entries(b))
    out[key] = Object.hasOwn(out, key) ? merged(out[key], value) : value;
  return out;
}

function replaced(value: JsonObject, path: readonly string[], after: Json | undefined): JsonObject {
  const [key = "", ...rest] = path;
  const below = value[key];
  if (rest.length > 0) {
    if (after === undefined && !isObject(below)) return value;
    return { ...value, [key]: replaced(isObject(below) ? below : {}, rest, after) };
  }
  if (after !== undefined) return { ...value, [key]: after };
  const { [key]: _, ...others } = value;
  return others;
}
