/**
 * The words that messages about a file's shape are made of: names of types and formats, values in quotes, examples.
 * It must never know which fault is told.
 */
import { isObject, type Json } from "../model/json.ts";
import type { Schema } from "./schema-tree.ts";

/** What tools or people of other systems write, and why it is not written here (DESIGN 2.1). */
export const knownElsewhere: Readonly<Record<string, string>> = {
  id: "the path is the id",
  kind: "the folder is the kind",
  name: "the path is the name; what people call it is `title`",
  namespace: "the folder is the namespace",
  version: "the file's name is the version",
  path: "the path is where the file stands",
  createdAt: "git knows when it landed",
  createdBy: "git knows who wrote it",
  registeredAt: "git knows when it landed",
  registeredBy: "git knows who wrote it",
  updatedAt: "git knows when it changed",
  updatedBy: "git knows who changed it",
  lastUpdated: "git knows when it changed",
  approvedAt: "the evidence says when it was approved",
  approvedBy: "the evidence says who approved it",
  approvals: "the evidence says who approved it",
  approvers: "the evidence says who approved it",
  digest: "the digest is computed from `spec`",
  status: "what governs an entry is `state`",
  compliance: "compliance is computed from policies and bindings",
  metadata: "custom metadata stands below `extensions`, by the name of its MetadataSchema",
};

export const typeNames: Readonly<Record<string, string>> = {
  string: "a text",
  integer: "a whole number",
  number: "a number",
  boolean: "true or false",
  array: "a list",
  object: "a map",
};

const formatNames: Readonly<Record<string, string>> = {
  "date-time": "instant in UTC",
  date: "day that exists",
  "partial-date": "day or month that exists",
  sunset: "day that exists, nor `unknown`",
  duration: "duration of fixed length",
  "calendar-duration": "duration in years, months, weeks or days",
  version: "strict semantic version",
  "live-version": "strict semantic version, nor `none` or `inherit`",
  "inline-text": "text of at most 64 KiB",
};

/** What a format asks for, behind "is no". */
export function formatName(schema: Schema): string {
  return formatNames[schema.format ?? ""] ?? `${schema.format}`;
}

/** What a value is, behind "is". */
export function typeName(value: Json | undefined): string {
  if (value === null || value === undefined) return "empty";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a map";
  if (typeof value === "number") return `the number ${value}`;
  return typeof value === "boolean" ? `the value ${value}` : `the text ${quote(value)}`;
}

/** The first example of a schema, behind a sentence; empty when it has none. */
export function exampleOf(schema: Schema | undefined): string {
  const example = schema?.examples?.[0] ?? (schema?.enum && schema.enum.join(" | "));
  return example === undefined
    ? ""
    : ` For example: ${typeof example === "string" ? example : JSON.stringify(example)}`;
}

/** How many characters, items or keys a value has. */
export function lengthOf(value: Json | undefined): number {
  if (typeof value === "string" || Array.isArray(value)) return value.length;
  return isObject(value) ? Object.keys(value).length : 0;
}

/** A number with its noun. */
export function count(number: number | undefined, word: string): string {
  return `${number ?? 0} ${word}${number === 1 ? "" : "s"}`;
}

/** A pointer as people write it. */
export function dotted(pointer: readonly (string | number)[]): string {
  return shorten(pointer.join("."));
}

/** A sentence inside another one; abbreviations keep their capitals. */
export function lowerFirst(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text.slice(0, 1).toLowerCase() + text.slice(1) : text;
}

/** A value in quotes on one line, shortened. */
export function quote(value: Json | undefined): string {
  return shorten(JSON.stringify(value) ?? "nothing");
}

/** A text on one line, at most 60 characters. */
export function shorten(text: string): string {
  const oneLine = text.replaceAll(/\s+/g, " ");
  return oneLine.length <= 60 ? oneLine : `${oneLine.slice(0, 57)}...`;
}
