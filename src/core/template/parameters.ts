/** Parameters as they are given -> all of them, held against the template's schema. It must never render. */
import { isObject, type JsonObject } from "../model/json.ts";
import { nearest } from "../model/nearest.ts";
import { compileJsonSchema } from "../validate/json-schema.ts";
import { sentence } from "../validate/sentence.ts";
import type { Effective } from "./effective.ts";
import type { TemplateFault } from "./run.ts";

/** The parameters with their defaults, or in what they do not fit. */
export function parametersOf(
  { entry, schema, parameters }: Effective,
  given: JsonObject,
): { readonly values: JsonObject } | { readonly faults: readonly TemplateFault[] } {
  const { check } = compileJsonSchema(schema);
  if (check === undefined)
    return {
      faults: [
        { in: "template", pointer: [], message: `The schema of ${entry.ref}'s parameters cannot be used.` },
      ],
    };
  const values = new Map(Object.entries(given));
  for (const [key, property] of Object.entries(parameters))
    if (!values.has(key) && isObject(property) && property["default"] !== undefined)
      values.set(key, property["default"]);
  const filled = Object.fromEntries(values);
  const faults = check(filled).map(({ pointer, part, message, hint }): TemplateFault => {
    const [name] = pointer;
    const near =
      part === "key" && pointer.length === 1 ? nearest(String(name), Object.keys(parameters)) : undefined;
    const advice = near === undefined ? hint : `did you mean ${near}?`;
    return {
      in: "parameters",
      pointer,
      ...(part !== undefined && { part }),
      message: sentence(message),
      ...(advice !== undefined && { hint: sentence(advice) }),
    };
  });
  return faults.length > 0 ? { faults } : { values: filled };
}
