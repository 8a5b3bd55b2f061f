/**
 * Inheritance in models.dev: a provider's record names a lab's record, takes what that says, and corrects it.
 * The rules are the source's own (its README): tables merge, everything else is replaced by the child.
 * Pure values in, a new value out; neither record is ever changed.
 */
import { isObject, type Json, type JsonObject } from "../model/json.ts";

/** What a lab says about its own release of a model and not about a provider's service. */
const notInherited: ReadonlySet<string> = new Set(["benchmarks", "license", "links", "weights"]);
const directives: ReadonlySet<string> = new Set(["base_model", "base_model_omit"]);

/** The child's record with what it inherits; `base_model` and `base_model_omit` are gone from it. */
export function inherit(base: JsonObject, child: JsonObject): JsonObject {
  const inherited: Record<string, Json> = {};
  for (const [key, value] of Object.entries(base)) {
    if (value !== undefined && !notInherited.has(key)) inherited[key] = value;
  }
  const own: Record<string, Json> = {};
  for (const [key, value] of Object.entries(child)) {
    if (value !== undefined && !directives.has(key)) own[key] = value;
  }
  let merged = merge(inherited, own);
  const omitted = child["base_model_omit"];
  if (Array.isArray(omitted)) {
    for (const path of omitted) if (typeof path === "string") merged = without(merged, path.split("."));
  }
  return merged;
}

function merge(base: JsonObject, child: JsonObject): JsonObject {
  const out: Record<string, Json | undefined> = { ...base };
  for (const [key, value] of Object.entries(child)) {
    const below = base[key];
    out[key] = isObject(below) && isObject(value) ? merge(below, value) : value;
  }
  return out;
}

/** The value without what a dotted path names; a table that becomes empty by it goes as well. */
function without(value: JsonObject, path: readonly string[]): JsonObject {
  const [key, ...rest] = path;
  if (key === undefined || !Object.hasOwn(value, key)) return value;
  const { [key]: found, ...others } = value;
  if (rest.length === 0) return others;
  if (!isObject(found)) return value;
  const left = without(found, rest);
  return Object.keys(left).length === 0 ? others : { ...value, [key]: left };
}
