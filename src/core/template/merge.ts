/**
 * What a template adds to the one it extends, as values. Objects are joined key by key, lists whose items have ids are
 * joined by them, everything else is replaced; null takes a key away. It must never look inside the words of templates.
 */
import { isObject, type Json, type JsonObject } from "../model/json.ts";
import { isWord } from "./words.ts";

/** The body of a template over that of the one it extends. */
export function mergeBodies(base: Json | undefined, over: Json): Json {
  if (isWord(base) || isWord(over)) return over;
  if (isObject(base) && isObject(over)) {
    const merged = new Map(Object.entries(base));
    for (const [key, value] of Object.entries(over)) {
      if (value === null) merged.delete(key);
      else if (value !== undefined) merged.set(key, mergeBodies(base[key], value));
    }
    return Object.fromEntries(merged);
  }
  const [old, added] = [idsOf(base), idsOf(over)];
  if (old === undefined || added === undefined) return over;
  const items = new Map(old);
  for (const [id, item] of added) items.set(id, mergeBodies(old.get(id), item));
  return [...items.values()];
}

/** The items of a list by their ids; undefined where it is none, or an item has no id of its own. */
function idsOf(value: Json | undefined): ReadonlyMap<string, Json> | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const found = new Map<string, Json>();
  for (const item of value as readonly Json[]) {
    const id = isObject(item) && !isWord(item) ? item["id"] : undefined;
    if (typeof id !== "string" || found.has(id)) return undefined;
    found.set(id, item);
  }
  return found;
}

/** The schema of parameters of a template over that of the one it extends: what it declares anew counts. */
export function mergeParameters(base: JsonObject, over: JsonObject): JsonObject {
  const properties = { ...mapOf(base["properties"]), ...mapOf(over["properties"]) };
  const required = [...new Set([...listOf(base["required"]), ...listOf(over["required"])])];
  const $defs = { ...mapOf(base["$defs"]), ...mapOf(over["$defs"]) };
  return {
    ...base,
    ...over,
    properties,
    ...(required.length > 0 && { required }),
    ...(Object.keys($defs).length > 0 && { $defs }),
  };
}

/** A schema that takes objects alone, and of them no key that nobody declared: a misspelt parameter would do nothing. */
export function closedParameters(schema: JsonObject): JsonObject {
  const open =
    schema["additionalProperties"] !== undefined ||
    schema["unevaluatedProperties"] !== undefined ||
    schema["patternProperties"] !== undefined;
  return {
    type: "object",
    ...schema,
    properties: mapOf(schema["properties"]),
    ...(!open && { additionalProperties: false }),
  };
}

function mapOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}
