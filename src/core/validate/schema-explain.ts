/**
 * Says everything that is wrong with a value whose validator said no: walks value and schema side by side.
 * The compiled validators judge, this explains; a test holds that the two never disagree. It runs only after a
 * fault was found, so it may be slow and must be thorough.
 */
import { isObject, type Json, type JsonObject, type Pointer } from "../model/json.ts";
import { formats } from "./formats.ts";
import type { Schema } from "./schema-tree.ts";

/** One thing that is wrong. `value` is what stands at the pointer. */
export interface Fault {
  readonly keyword: Keyword;
  readonly pointer: Pointer;
  readonly value: Json | undefined;
  readonly schema: Schema;
  /** The key that is missing, unknown or excluded. */
  readonly key?: string;
  /** Why the schema asks for it, where only a condition does. */
  readonly because?: string;
}

export type Keyword =
  | "type"
  | "const"
  | "enum"
  | "minLength"
  | "maxLength"
  | "pattern"
  | "format"
  | "minimum"
  | "maximum"
  | "minItems"
  | "maxItems"
  | "uniqueItems"
  | "contains"
  | "maxProperties"
  | "required"
  | "dependentRequired"
  | "additionalProperties"
  | "excluded"
  | "oneOf";

/** All faults of a value, in the order of the schema. */
export function faultsOf(schema: Schema, value: Json): readonly Fault[] {
  const faults: Fault[] = [];
  check(schema, value, [], faults, undefined);
  return faults;
}

type Faults = Fault[];

function check(
  schema: Schema,
  value: Json,
  pointer: Pointer,
  faults: Faults,
  reason: string | undefined,
): void {
  const because = schema["x-because"] ?? reason;
  const add = (keyword: Keyword, at: Partial<Fault> = {}): void => {
    faults.push({ keyword, pointer, value, schema, ...(because !== undefined && { because }), ...at });
  };
  if (!hasType(schema, value)) return add("type");
  if (schema.const !== undefined && value !== schema.const) return add("const");
  if (schema.enum !== undefined && !(typeof value === "string" && schema.enum.includes(value)))
    return add("enum");
  if (typeof value === "string") {
    const keyword = faultOfText(schema, value);
    if (keyword !== undefined) add(keyword);
  } else if (typeof value === "number") {
    if (schema.minimum !== undefined && value < schema.minimum) add("minimum");
    if (schema.maximum !== undefined && value > schema.maximum) add("maximum");
  } else if (Array.isArray(value)) {
    checkList(schema, value, pointer, faults, because);
  } else if (isObject(value)) {
    checkObject(schema, value, pointer, faults, because);
  }
  for (const part of schema.allOf ?? []) check(part, value, pointer, faults, because);
  if (schema.if !== undefined) {
    const branch = faultsOf(schema.if, value).length === 0 ? schema.then : schema.else;
    if (branch !== undefined) check(branch, value, pointer, faults, because);
  }
}

/** The first thing wrong with a text; more would only say the same in other words. */
function faultOfText(schema: Schema, text: string): Keyword | undefined {
  if (schema.minLength !== undefined && text.length < schema.minLength) return "minLength";
  if (schema.maxLength !== undefined && text.length > schema.maxLength) return "maxLength";
  if (schema.pattern !== undefined && !new RegExp(schema.pattern, "u").test(text)) return "pattern";
  if (schema.format !== undefined && formats[schema.format]?.(text) === false) return "format";
  return undefined;
}

function checkList(
  schema: Schema,
  list: readonly Json[],
  pointer: Pointer,
  faults: Faults,
  because?: string,
): void {
  const add = (keyword: Keyword, at: Partial<Fault> = {}): void => {
    faults.push({ keyword, pointer, value: list, schema, ...at });
  };
  if (schema.minItems !== undefined && list.length < schema.minItems) add("minItems");
  if (schema.maxItems !== undefined && list.length > schema.maxItems) add("maxItems");
  if (schema.uniqueItems === true) {
    const seen = new Set<Json>();
    for (const [index, item] of list.entries()) {
      if (seen.has(item)) add("uniqueItems", { pointer: [...pointer, index], value: item });
      seen.add(item);
    }
  }
  const { contains } = schema;
  if (contains !== undefined && !list.some((item) => faultsOf(contains, item).length === 0)) add("contains");
  if (schema.items === undefined) return;
  for (const [index, item] of list.entries()) check(schema.items, item, [...pointer, index], faults, because);
}

function checkObject(
  schema: Schema,
  value: JsonObject,
  pointer: Pointer,
  faults: Faults,
  because?: string,
): void {
  const add = (keyword: Keyword, at: Partial<Fault> = {}): void => {
    faults.push({ keyword, pointer, value, schema, ...(because !== undefined && { because }), ...at });
  };
  const keys = Object.keys(value).filter((key) => value[key] !== undefined);
  if (schema.maxProperties !== undefined && keys.length > schema.maxProperties) add("maxProperties");
  for (const key of schema.required ?? []) if (value[key] === undefined) add("required", { key });
  for (const [key, others] of Object.entries(schema.dependentRequired ?? {})) {
    if (value[key] === undefined) continue;
    for (const other of others) {
      if (value[other] === undefined)
        add("dependentRequired", { key: other, because: `\`${other}\` belongs to \`${key}\`` });
    }
  }
  if (schema.oneOf !== undefined) {
    const standing = schema.oneOf.filter((branch) =>
      (branch.required ?? []).every((key) => value[key] !== undefined),
    );
    if (standing.length !== 1) add("oneOf");
  }
  const patterns = Object.entries(schema.patternProperties ?? {}).map(
    ([source, inner]) => [new RegExp(source, "u"), inner] as const,
  );
  for (const key of keys) {
    const property = Object.hasOwn(schema.properties ?? {}, key) ? schema.properties?.[key] : undefined;
    const matching = patterns.filter(([name]) => name.test(key));
    const inner = value[key]!;
    const below = [...pointer, key];
    if (property === false) add("excluded", { key, pointer: below, value: inner });
    else if (typeof property === "object") check(property, inner, below, faults, because);
    for (const [, named] of matching) check(named, inner, below, faults, because);
    if (schema.additionalProperties === false && property === undefined && matching.length === 0) {
      add("additionalProperties", { key, pointer: below, value: inner });
    }
  }
}

function hasType(schema: Schema, value: Json): boolean {
  if (schema.type === undefined) return true;
  const types = typeof schema.type === "string" ? [schema.type] : schema.type;
  return types.some((type) => {
    if (type === "integer") return Number.isInteger(value);
    if (type === "number") return typeof value === "number" && Number.isFinite(value);
    if (type === "array") return Array.isArray(value);
    if (type === "object") return isObject(value);
    return typeof value === type;
  });
}
