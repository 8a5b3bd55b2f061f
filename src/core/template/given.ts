/** Parameters as people type them (`--set name=value`, `--set retry.max=3`) -> values. It must never judge them. */
import { readValue, type FieldChange } from "../author/fields.ts";
import { Failure } from "../model/failure.ts";
import { isObject, type Json, type JsonObject } from "../model/json.ts";
import { isForbiddenKey } from "../source/limits.ts";

/**
 * The parameters that were set, in the order of the schema's names. A text is read as JSON where the parameter takes what
 * it says, and is itself everywhere else; what is set twice is the last. A path that is none is a Failure.
 */
export function readGiven(changes: readonly FieldChange[], parameters: JsonObject): JsonObject {
  let given: JsonObject = {};
  for (const { path, text } of changes) {
    const steps = path.split(".");
    if (steps.some((step) => step === "" || isForbiddenKey(step)))
      throw new Failure("usage/path", `"${path}" is no parameter.`, {
        hint: "Write --set name=value, or --set name.field=value for a field of one.",
      });
    if (text !== undefined) given = put(given, steps, readValue(text, typeAt(parameters, steps)));
  }
  const order = [...Object.keys(parameters), ...Object.keys(given)];
  return Object.fromEntries([...new Set(order)].flatMap((key) => (key in given ? [[key, given[key]]] : [])));
}

function put(root: JsonObject, [step = "", ...rest]: readonly string[], value: Json): JsonObject {
  const inner = Object.hasOwn(root, step) ? root[step] : undefined;
  return { ...root, [step]: rest.length === 0 ? value : put(isObject(inner) ? inner : {}, rest, value) };
}

/** What the schema says of a parameter, as far as plain properties lead to it. */
function typeAt(
  parameters: JsonObject,
  [step = "", ...rest]: readonly string[],
): { readonly type?: string | readonly string[] } | undefined {
  const schema = Object.hasOwn(parameters, step) ? parameters[step] : undefined;
  if (!isObject(schema)) return undefined;
  if (rest.length > 0) return isObject(schema["properties"]) ? typeAt(schema["properties"], rest) : undefined;
  const { type, enum: values } = schema;
  if (Array.isArray(values) && values.every((each) => typeof each === "string")) return { type: "string" };
  return isType(type) ? { type } : {};
}

function isType(type: Json | undefined): type is string | readonly string[] {
  return typeof type === "string" || (Array.isArray(type) && type.every((each) => typeof each === "string"));
}
