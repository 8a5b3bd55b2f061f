/**
 * Puts the validator's errors into words: what is wrong with the value that stands there, and how to mend it.
 * It must never decide whether something is wrong.
 */
import type { ErrorObject } from "ajv/dist/2020.js";
import { compareBytes, isObject, type Json, type Pointer } from "../model/json.ts";
import { nearest } from "../model/nearest.ts";
import type { SchemaViolation } from "./json-schema.ts";

/** The violations behind the errors of validating `value`, in the order of their places, each once. */
export function violationsOf(errors: readonly ErrorObject[], value: Json): readonly SchemaViolation[] {
  // Why each single branch of a choice failed only repeats that none fits.
  const choices = errors
    .filter(({ keyword }) => keyword === "anyOf" || keyword === "oneOf" || keyword === "contains")
    .map(({ schemaPath }) => `${schemaPath}/`);
  const found = new Map<string, SchemaViolation>();
  for (const error of errors) {
    if (error.keyword === "if" || choices.some((path) => error.schemaPath.startsWith(path))) continue;
    const violation = violationOf(error, value);
    found.set(JSON.stringify([violation.pointer, violation.message]), violation);
  }
  return [...found].sort(([a], [b]) => compareBytes(a, b)).map(([, violation]) => violation);
}

function violationOf(error: ErrorObject, value: Json): SchemaViolation {
  const pointer = pointerOf(error.instancePath, value);
  const { keyword, schema, data } = error;
  const params = error.params as Readonly<Record<string, unknown>>;
  const parent: unknown = error.parentSchema;
  switch (keyword) {
    case "required":
    case "dependentRequired":
      return {
        pointer,
        message: `the key ${String(params["missingProperty"])} is missing`,
        hint: `add ${String(params["missingProperty"])}`,
      };
    case "additionalProperties":
    case "unevaluatedProperties": {
      const key = String(params["additionalProperty"] ?? params["unevaluatedProperty"]);
      const names =
        isObject(parent) && isObject(parent["properties"]) ? Object.keys(parent["properties"]) : [];
      const near = nearest(key, names);
      const hint =
        near === undefined
          ? names.length === 0
            ? "remove it"
            : `known are ${names.join(", ")}`
          : `did you mean ${near}?`;
      return { pointer: [...pointer, key], part: "key", message: `there is no key ${key} here`, hint };
    }
    case "type":
      return { pointer, message: `${shown(data)} is not of type ${[schema].flat().join(" or ")}` };
    case "enum":
      return wrongWord(pointer, data, Array.isArray(schema) ? schema : []);
    case "const":
      return { pointer, message: `${shown(data)} is not ${shown(schema)}`, hint: `write ${shown(schema)}` };
    case "pattern":
      return { pointer, message: `${shown(data)} does not match ${String(schema)}` };
    case "format":
      return { pointer, message: `${shown(data)} is no ${String(schema)}` };
    case "uniqueItems":
      return { pointer, message: "the list holds the same thing twice", hint: "remove one of them" };
    case "false schema":
      return { pointer, message: "nothing may stand here", hint: "remove it" };
    case "anyOf":
      return { pointer, message: `${shown(data)} fits none of the ${lengthOf(schema)} alternatives` };
    case "oneOf":
      return {
        pointer,
        message: `${shown(data)} must fit exactly one of the ${lengthOf(schema)} alternatives`,
      };
    case "not":
      return { pointer, message: `${shown(data)} is excluded` };
    case "propertyNames":
      return {
        pointer: [...pointer, String(params["propertyName"])],
        part: "key",
        message: `${String(params["propertyName"])} is no name for a key here`,
      };
    default:
      return { pointer, message: `${shown(data)} ${error.message ?? `violates ${keyword}`}` };
  }
}

function wrongWord(pointer: Pointer, data: unknown, words: readonly unknown[]): SchemaViolation {
  const texts = words.filter((word) => typeof word === "string");
  const near = typeof data === "string" ? nearest(data, texts) : undefined;
  const hint =
    near === undefined ? `known are ${words.slice(0, 20).map(shown).join(", ")}` : `did you mean ${near}?`;
  return { pointer, message: `${shown(data)} is none of the values that may stand here`, hint };
}

// The validator spells all steps as text; a list's are numbers.
function pointerOf(path: string, value: Json): Pointer {
  let at: Json | undefined = value;
  return path
    .split("/")
    .slice(1)
    .map((step) => {
      const key = step.replaceAll("~1", "/").replaceAll("~0", "~");
      if (Array.isArray(at)) {
        at = at[Number(key)];
        return Number(key);
      }
      at = isObject(at) ? at[key] : undefined;
      return key;
    });
}

function lengthOf(schema: unknown): number {
  return Array.isArray(schema) ? schema.length : 0;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value as Json) ?? "nothing";
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
