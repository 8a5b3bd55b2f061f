/**
 * The types an expression is checked with, and how they follow from JSON Schemas.
 * A field of an object is null where the file says nothing; an object, list or map is never null (DESIGN 3, CEL).
 * This module must never look at a value.
 */
import { isObject, type Json, type JsonObject } from "../model/json.ts";

export type CelType =
  | { readonly kind: "dyn" | "null" | "bool" | "int" | "double" | "timestamp" | "duration" }
  /** `values`: the only strings it can hold, where the schema says so. */
  | { readonly kind: "string"; readonly values?: readonly string[] }
  | { readonly kind: "list" | "map"; readonly of: CelType }
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

/** The narrowest type both fit in. */
export function unify(a: CelType, b: CelType): CelType {
  return unifyWithin(a, b, 0);
}

// Schemas may be recursive, and so the types made from them; eight levels of fields are compared, deeper ones are dyn.
function unifyWithin(a: CelType, b: CelType, depth: number): CelType {
  if (a === b) return a;
  if (a.kind === "null") return b;
  if (b.kind === "null") return a;
  if (depth > 8) return dyn;
  if (a.kind === "string" && b.kind === "string") {
    if (a.values === undefined || b.values === undefined) return string;
    return { kind: "string", values: [...new Set([...a.values, ...b.values])] };
  }
  if (a.kind === "object" && b.kind === "object") {
    const fields = new Map(a.fields);
    for (const [name, type] of b.fields) {
      const other = fields.get(name);
      fields.set(name, other === undefined ? type : unifyWithin(other, type, depth + 1));
    }
    return { kind: "object", fields };
  }
  if ((a.kind === "list" && b.kind === "list") || (a.kind === "map" && b.kind === "map")) {
    return { kind: a.kind, of: unifyWithin(a.of, b.of, depth + 1) };
  }
  if (isNumeric(a) && isNumeric(b)) return a.kind === b.kind ? a : double;
  return a.kind === b.kind && !isContainer(a) ? a : dyn;
}

/** Finds the schema another one refers to; undefined when there is none. */
export type Resolve = (ref: string, from: JsonObject) => { schema: Json; root: JsonObject } | undefined;

/** Makes types of schemas; equal nodes give the same type, so that recursive schemas end. */
export function typesOfSchemas(resolve: Resolve): (schema: Json, root: JsonObject) => CelType {
  const made = new Map<JsonObject, CelType>();

  function typeOf(schema: Json | undefined, root: JsonObject): CelType {
    if (!isObject(schema)) return dyn;
    const known = made.get(schema);
    if (known !== undefined) return known;
    const fields = new Map<string, CelType>();
    const object: CelType = { kind: "object", fields };
    if (isObject(schema["properties"])) {
      // Set before the fields are read: a field may lead back here.
      made.set(schema, object);
      for (const [name, field] of Object.entries(schema["properties"])) fields.set(name, typeOf(field, root));
    }
    const type = combine(schema, root, fields.size > 0 ? object : undefined);
    made.set(schema, type);
    return type;
  }

  function combine(schema: JsonObject, root: JsonObject, object: CelType | undefined): CelType {
    let type = object ?? own(schema, root);
    const ref = schema["$ref"];
    if (typeof ref === "string") {
      const target = resolve(ref, root);
      if (target !== undefined) type = meet(type, typeOf(target.schema, target.root));
    }
    for (const part of list(schema["allOf"])) type = meet(type, typeOf(part, root));
    for (const word of ["anyOf", "oneOf"]) {
      const options = list(schema[word]).map((option) => typeOf(option, root));
      const [first, ...rest] = options;
      if (first !== undefined) type = meet(type, rest.reduce(unify, first));
    }
    return type;
  }

  function own(schema: JsonObject, root: JsonObject): CelType {
    if ("const" in schema) return typeOfValues([schema["const"] ?? null]);
    if (Array.isArray(schema["enum"])) return typeOfValues(schema["enum"]);
    const names = Array.isArray(schema["type"]) ? schema["type"] : [schema["type"]];
    return names.map((name) => named(name, schema, root)).reduce(unify);
  }

  function named(name: Json | undefined, schema: JsonObject, root: JsonObject): CelType {
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
        return listOf(schema["items"] === undefined ? dyn : typeOf(schema["items"], root));
      case "object": {
        const patterns = isObject(schema["patternProperties"]) ? Object.values(schema["patternProperties"]) : [];
        const values = [...patterns, schema["additionalProperties"]].filter(isObject);
        return mapOf(values.length === 0 ? dyn : values.map((value) => typeOf(value, root)).reduce(unify));
      }
      default:
        return dyn;
    }
  }

  return typeOf;
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

function list(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}
