/**
 * The types an expression is checked with, and how they follow from JSON Schemas.
 * A field of an object is null where the file says nothing; an object, list or map is never null (DESIGN 3, CEL).
 * This module must never look at a value.
 */
import type { Json } from "../model/json.ts";
import type { Schema } from "../validate/schema-tree.ts";

export type CelType =
  | { readonly kind: "dyn" | "null" | "bool" | "int" | "double" | "timestamp" | "duration" }
  /** `values`: the only strings it can hold, where the schema says so. */
  | { readonly kind: "string"; readonly values?: readonly string[] }
  | { readonly kind: "list"; readonly of: CelType }
  /** `known`: the only keys it can have, each with its type, where somebody else than us declared them. */
  | { readonly kind: "map"; readonly of: CelType; readonly known?: ReadonlyMap<string, CelType> }
  | { readonly kind: "object"; readonly fields: ReadonlyMap<string, CelType> };

export const dyn: CelType = { kind: "dyn" };
export const nullType: CelType = { kind: "null" };
export const bool: CelType = { kind: "bool" };
export const int: CelType = { kind: "int" };
export const double: CelType = { kind: "double" };
export const string: CelType = { kind: "string" };
export const timestamp: CelType = { kind: "timestamp" };
export const duration: CelType = { kind: "duration" };
export const listOf = (of: CelType): CelType => ({ kind: "list", of });
export const mapOf = (of: CelType): CelType => ({ kind: "map", of });

/** Whether a field of this type is completed by an empty value instead of null. */
export function isContainer(type: CelType): boolean {
  return type.kind === "object" || type.kind === "list" || type.kind === "map";
}

export function isNumeric(type: CelType): boolean {
  return type.kind === "int" || type.kind === "double";
}

/** The word for a type in a message. */
export function typeName(type: CelType): string {
  if (type.kind === "list") return type.of.kind === "dyn" ? "list" : `list of ${typeName(type.of)}`;
  return type.kind;
}

/** A type as a sentence says it. */
export function noun(type: CelType): string {
  return type.kind === "int" ? "integer" : type.kind === "dyn" ? "something" : typeName(type);
}

/** The same with its article. */
export function article(type: CelType): string {
  const name = noun(type);
  return type.kind === "dyn" ? name : `${/^[aeiou]/.test(name) ? "an" : "a"} ${name}`;
}

/** The narrowest type both fit in. */
export function unify(a: CelType, b: CelType): CelType {
  if (a === b) return a;
  if (a.kind === "null") return b;
  if (b.kind === "null") return a;
  if (a.kind === "string" && b.kind === "string") {
    if (a.values === undefined || b.values === undefined) return string;
    return { kind: "string", values: [...new Set([...a.values, ...b.values])] };
  }
  if (a.kind === "object" && b.kind === "object") {
    const fields = new Map(a.fields);
    for (const [name, type] of b.fields) {
      const other = fields.get(name);
      fields.set(name, other === undefined ? type : unify(other, type));
    }
    return { kind: "object", fields };
  }
  if ((a.kind === "list" && b.kind === "list") || (a.kind === "map" && b.kind === "map")) {
    return { kind: a.kind, of: unify(a.of, b.of) };
  }
  if (isNumeric(a) && isNumeric(b)) return a.kind === b.kind ? a : double;
  return a.kind === b.kind && !isContainer(a) ? a : dyn;
}

/** The type of what a schema describes. Schemas come without references (core/validate/schema-tree.ts). */
export function typeOfSchema(schema: Schema | boolean | undefined): CelType {
  if (typeof schema !== "object") return dyn;
  let type = own(schema);
  for (const part of schema.allOf ?? []) type = meet(type, typeOfSchema(part));
  return type;
}

function own(schema: Schema): CelType {
  if (schema.properties !== undefined) {
    const fields = Object.entries(schema.properties).map(
      ([name, field]) => [name, typeOfSchema(field)] as const,
    );
    return { kind: "object", fields: new Map(fields) };
  }
  if (schema.const !== undefined) return typeOfValues([schema.const]);
  if (schema.enum !== undefined) return typeOfValues(schema.enum);
  const names =
    schema.type === undefined ? [] : typeof schema.type === "string" ? [schema.type] : schema.type;
  return names.length === 0 ? dyn : names.map((name) => named(name, schema)).reduce(unify);
}

function named(name: string, schema: Schema): CelType {
  switch (name) {
    case "string":
      return string;
    case "integer":
      return int;
    case "number":
      return double;
    case "boolean":
      return bool;
    case "null":
      return nullType;
    case "array":
      return listOf(typeOfSchema(schema.items));
    case "object": {
      const values = Object.values(schema.patternProperties ?? {}).map(typeOfSchema);
      return mapOf(values.length === 0 ? dyn : values.reduce(unify));
    }
    default:
      return dyn;
  }
}

// Both hold: what one side leaves open the other decides; two objects have the fields of both.
function meet(a: CelType, b: CelType): CelType {
  if (a.kind === "dyn") return b;
  if (b.kind === "dyn") return a;
  if (a.kind === "map" && b.kind === "object") return b;
  if (a.kind === "object" && b.kind === "map") return a;
  if (a.kind === "string" && b.kind === "string") return a.values === undefined ? b : a;
  if (a.kind === "object" && b.kind === "object") return unify(a, b);
  return a;
}

function typeOfValues(values: readonly Json[]): CelType {
  if (values.every((value): value is string => typeof value === "string")) return { kind: "string", values };
  return values.map((value) => typeOfLiteral(value)).reduce(unify, nullType);
}

function typeOfLiteral(value: Json): CelType {
  switch (typeof value) {
    case "string":
      return { kind: "string", values: [value] };
    case "number":
      return Number.isInteger(value) ? int : double;
    case "boolean":
      return bool;
    default:
      return value === null ? nullType : dyn;
  }
}
