/**
 * JSON Schemas that users write (DESIGN 3: MetadataSchema, interfaces, ports, Config, Template), 2020-12.
 * They come from whoever can open a pull request: nothing remote is loaded, patterns run on a linear-time engine,
 * references cannot multiply, and a validation ends after a bounded number of steps.
 * Load this module only where a registry holds such schemas: it brings the validator's compiler along.
 */
import { Ajv2020, type AnySchemaObject, type ValidateFunction } from "ajv/dist/2020.js";
import type { Json, JsonObject, Pointer } from "../model/json.ts";
import { patternOf } from "../policy/like.ts";
import { costed, schemaFaults, type SchemaFault } from "./json-schema-check.ts";
import { formatsOfUsers } from "./json-schema-formats.ts";
import { violationsOf } from "./json-schema-words.ts";

export type { SchemaFault } from "./json-schema-check.ts";

/** Where a value does not fit. */
export interface SchemaViolation {
  /** From the validated value's root. */
  readonly pointer: Pointer;
  readonly part?: "key";
  readonly message: string;
  readonly hint?: string;
}

/** What a schema came to: it can be used unless one of the faults is an error. */
export interface CompiledSchema {
  readonly faults: readonly SchemaFault[];
  /** All violations of a value, at most 100, in the order of their places. Absent where the schema cannot be used. */
  readonly check?: (value: Json) => readonly SchemaViolation[];
}

/** Steps one validation may take: subschemas applied, and characters matched against patterns / 64. */
const STEP_LIMIT = 200_000;
const MOST_VIOLATIONS = 100;

class Exhausted extends Error {}

// One validation at a time: nothing that runs inside one can start another.
let budget = 0;

function spend(steps: number): true {
  budget -= steps;
  if (budget < 0) throw new Exhausted();
  return true;
}

// The validator keeps patterns apart by their text.
const linear = (source: string): { test: (text: string) => boolean; toString: () => string } => {
  const pattern = patternOf(source);
  // Ours, and the meta-schema's: a refused one was found before the schema was compiled.
  if ("fault" in pattern) throw new Error(pattern.fault);
  return {
    test: (text) => spend((text.length * pattern.size) >> 6) && pattern.test(text),
    toString: () => source,
  };
};

let made: Ajv2020 | undefined;

function engine(): Ajv2020 {
  if (made !== undefined) return made;
  const ajv = new Ajv2020({
    allErrors: true,
    strict: false,
    logger: false,
    meta: false,
    validateSchema: false,
    addUsedSchema: false,
    inlineRefs: false,
    ownProperties: true,
    verbose: true,
    formats: formatsOfUsers,
    code: { regExp: Object.assign(linear, { code: "linear" }) },
  });
  ajv.addKeyword({ keyword: "$cost", errors: false, validate: (cost: number) => spend(cost) });
  // The built-in one compares each item with each other one.
  ajv.removeKeyword("uniqueItems");
  ajv.addKeyword({
    keyword: "uniqueItems",
    type: "array",
    schemaType: "boolean",
    errors: false,
    validate: areUnique,
  });
  return (made = ajv);
}

function areUnique(wanted: boolean, items: readonly unknown[]): boolean {
  if (!wanted) return true;
  spend(items.length);
  return new Set(items.map((item) => JSON.stringify(sortedKeys(item)))).size === items.length;
}

function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedKeys);
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, inner]) => [key, sortedKeys(inner)]);
}

const compiled = new WeakMap<JsonObject, CompiledSchema>();

/** Checks and compiles a schema; the same object is compiled once. Never throws on a user's schema. */
export function compileJsonSchema(schema: JsonObject): CompiledSchema {
  let known = compiled.get(schema);
  if (known === undefined) compiled.set(schema, (known = compile(schema)));
  return known;
}

function compile(schema: JsonObject): CompiledSchema {
  const faults = schemaFaults(schema);
  if (faults.some(({ severity }) => severity === "error")) return { faults };
  const ajv = engine();
  const prepared = costed(schema) as AnySchemaObject;
  try {
    const validate = ajv.compile(prepared);
    return { faults, check: (value) => check(validate, value) };
  } catch (error) {
    // Never reached as far as we know; if it is, nothing may pass by mistake.
    const fault = {
      pointer: [],
      message: `the schema cannot be compiled: ${error instanceof Error ? error.message : "unknown"}`,
      hint: "write it more plainly",
    };
    return { faults: [...faults, { ...fault, severity: "error" }], check: () => [fault] };
  } finally {
    ajv.removeSchema(prepared);
  }
}

function check(validate: ValidateFunction, value: Json): readonly SchemaViolation[] {
  budget = STEP_LIMIT;
  try {
    if (validate(value)) return [];
    return violationsOf(validate.errors ?? [], value).slice(0, MOST_VIOLATIONS);
  } catch (error) {
    if (error instanceof Exhausted) {
      const message = `checking the value takes more than ${STEP_LIMIT} steps`;
      return [{ pointer: [], message, hint: "make the value or its schema smaller" }];
    }
    // A schema may refer to itself without ever going deeper into the value.
    if (error instanceof RangeError) {
      return [
        {
          pointer: [],
          message: "the schema refers to itself without end",
          hint: "let each reference lead to a smaller part",
        },
      ];
    }
    throw error;
  }
}
