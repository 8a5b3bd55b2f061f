/**
 * Walks a user's JSON Schema before it is compiled: known keywords, local references that lead somewhere, patterns
 * that a linear-time engine takes, a bounded size. Places are exact, so that the caret points at the fault.
 * This module must never follow a reference out of the schema.
 */
import { isObject, type Json, type JsonObject, type Pointer } from "../model/json.ts";
import { nearest } from "../model/nearest.ts";
import { expansionOf, MAX_EXPANSION, patternOf } from "../policy/like.ts";
import { formatsOfUsers } from "./json-schema-formats.ts";
import { holders, shapes } from "./json-schema-shapes.ts";

/** What is wrong with a schema; a warning does not keep it from being used. */
export interface SchemaFault {
  /** From the schema's root. */
  readonly pointer: Pointer;
  readonly part?: "key";
  readonly message: string;
  readonly hint: string;
  readonly severity: "error" | "warning";
}

const MAX_NODES = 5_000;
const dialect = "https://json-schema.org/draft/2020-12/schema";

/** Words of older drafts and of neighbours, and what stands for them now. */
const replaced: Readonly<Record<string, string>> = {
  definitions: "write $defs",
  dependencies: "write dependentRequired or dependentSchemas",
  additionalItems: "write prefixItems for the first items and items for the others",
  id: "leave it out",
  nullable: 'write type: [string, "null"]',
  example: "write examples, a list",
};

/** Calls `visit` for each schema inside a schema, itself first; booleans are schemas without content and left out. */
export function walkSchema(
  schema: Json,
  visit: (schema: JsonObject, pointer: Pointer) => void,
  pointer: Pointer = [],
): void {
  if (!isObject(schema)) return;
  visit(schema, pointer);
  for (const [key, value] of Object.entries(schema)) {
    const holder = holders.get(key);
    if (holder === "one") walkSchema(value ?? null, visit, [...pointer, key]);
    else if (holder === "many" && Array.isArray(value))
      value.forEach((part, i) => walkSchema(part, visit, [...pointer, key, i]));
    else if (holder === "named" && isObject(value)) {
      for (const [name, part] of Object.entries(value))
        walkSchema(part ?? null, visit, [...pointer, key, name]);
    }
  }
}

const checked = new WeakMap<JsonObject, readonly SchemaFault[]>();

/** Everything that is wrong with a schema, without compiling it; the same object is looked at once. */
export function schemaFaults(schema: JsonObject): readonly SchemaFault[] {
  let faults = checked.get(schema);
  if (faults === undefined) checked.set(schema, (faults = findFaults(schema)));
  return faults;
}

function findFaults(schema: JsonObject): readonly SchemaFault[] {
  if (countNodes(schema) > MAX_NODES) {
    return [
      {
        pointer: [],
        message: `the schema has more than ${MAX_NODES} parts`,
        hint: "split it into several",
        severity: "error",
      },
    ];
  }
  const faults: SchemaFault[] = [];
  const anchors = new Set<string>();
  let expansion = 0;
  const checkPattern = (source: string, pointer: Pointer, part: "key" | "value"): void => {
    expansion += Math.min(MAX_EXPANSION, expansionOf(source));
    const made =
      expansion > MAX_EXPANSION * 10
        ? { fault: "the patterns of the schema expand too far" }
        : patternOf(source);
    if (!("fault" in made)) return;
    const hint = "write it in RE2 syntax: no look-around, no back-references";
    faults.push({
      pointer,
      ...(part === "key" ? { part } : {}),
      message: made.fault,
      hint,
      severity: "error",
    });
  };
  walkSchema(schema, (part) => {
    if (typeof part["$anchor"] === "string") anchors.add(part["$anchor"]);
  });
  walkSchema(schema, (part, pointer) => {
    const error = (key: string, message: string, hint: string): void => {
      faults.push({ pointer: [...pointer, key], message, hint, severity: "error" });
    };
    for (const [key, value = null] of Object.entries(part)) {
      const fault = shapes.get(key)?.(value);
      if (fault !== undefined)
        faults.push({
          pointer: [...pointer, key, ...fault.steps],
          message: fault.message,
          hint: fault.hint,
          severity: "error",
        });
      if (shapes.has(key) || key.startsWith("x-")) continue;
      const near = nearest(key, shapes.keys());
      const hint = Object.hasOwn(replaced, key)
        ? replaced[key]
        : near === undefined
          ? "leave it out, or begin it with x-"
          : `did you mean ${near}?`;
      // References of other drafts would be followed somewhere else, or not at all.
      const severity = key.startsWith("$") ? "error" : "warning";
      faults.push({
        pointer: [...pointer, key],
        part: "key",
        message: `${key} is no keyword of JSON Schema 2020-12`,
        hint: hint ?? "leave it out",
        severity,
      });
    }
    const { $schema, $id, $ref, pattern, format } = part;
    if ($schema !== undefined && $schema !== dialect)
      error("$schema", "only the draft 2020-12 is read", `write ${dialect}, or leave it out`);
    if ($id !== undefined && pointer.length > 0)
      error(
        "$id",
        "a part of a schema cannot have an id of its own",
        "use $anchor, or a path such as #/$defs/name",
      );
    if (typeof $ref === "string") {
      if (!$ref.startsWith("#"))
        error(
          "$ref",
          `"${$ref.slice(0, 80)}" leads out of the schema, and nothing remote is loaded`,
          "copy what it means below $defs",
        );
      else if (!leadsTo(schema, $ref, anchors))
        error("$ref", `"${$ref.slice(0, 80)}" leads nowhere`, "point at a part that exists: #/$defs/name");
    }
    if (typeof pattern === "string") checkPattern(pattern, [...pointer, "pattern"], "value");
    if (isObject(part["patternProperties"])) {
      for (const source of Object.keys(part["patternProperties"]))
        checkPattern(source, [...pointer, "patternProperties", source], "key");
    }
    if (typeof format === "string" && !Object.hasOwn(formatsOfUsers, format)) {
      const hint = `known are ${Object.keys(formatsOfUsers).join(", ")}`;
      faults.push({
        pointer: [...pointer, "format"],
        message: `the format ${format} is not checked`,
        hint,
        severity: "warning",
      });
    }
  });
  return faults;
}

function leadsTo(schema: JsonObject, ref: string, anchors: ReadonlySet<string>): boolean {
  const fragment = ref.slice(1);
  if (fragment === "") return true;
  if (!fragment.startsWith("/")) return anchors.has(fragment);
  let at: Json | undefined = schema;
  for (const step of decode(fragment).slice(1).split("/")) {
    const key = step.replaceAll("~1", "/").replaceAll("~0", "~");
    if (Array.isArray(at)) at = at[Number(key)];
    else at = isObject(at) && Object.hasOwn(at, key) ? at[key] : undefined;
  }
  return isObject(at) || typeof at === "boolean";
}

function decode(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}

function countNodes(value: Json): number {
  if (typeof value !== "object" || value === null) return 1;
  let count = 1;
  for (const inner of Object.values(value)) count += inner === undefined ? 0 : countNodes(inner);
  return count;
}

/** A copy of the schema in which every part says what applying it costs; its own name cannot meet another one's. */
export function costed(schema: JsonObject): JsonObject {
  const { $schema: _dialect, $id: _id, ...rest } = schema;
  return { ...(copy(rest) as JsonObject), $id: "user:schema" };
}

function copy(schema: Json): Json {
  if (!isObject(schema)) return schema;
  let cost = 1;
  const out: Record<string, Json> = {};
  for (const [key, value = null] of Object.entries(schema)) {
    const holder = holders.get(key);
    if (holder === "one") out[key] = copy(value);
    else if (holder === "many" && Array.isArray(value)) out[key] = value.map(copy);
    else if (holder === "named" && isObject(value)) {
      out[key] = Object.fromEntries(Object.entries(value).map(([name, part]) => [name, copy(part ?? null)]));
    } else if (shapes.has(key)) {
      out[key] = value;
      if (typeof value === "object") cost += countNodes(value);
    }
  }
  out["$cost"] = cost;
  return out;
}
