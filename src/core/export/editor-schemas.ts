/**
 * Schemas for editors: the published ones, written so that every editor understands them (draft-07, one file per kind,
 * nothing to fetch), and completing references to entries that exist. A reference that does not exist yet stays
 * accepted as long as it is spelled right: whether it resolves is for `assent lint` to say, not for an editor.
 */
import { hasAliases } from "../source/reference.ts";
import { kinds } from "../kinds/index.ts";
import { compareBytes, isObject, type Json, type JsonObject } from "../model/json.ts";
import type { Kind, KindName } from "../model/kind.ts";
import type { Identity } from "../model/ref.ts";
import { schemaOf, type Schema } from "../validate/schema-tree.ts";

/** What an editor must know of an entry to complete references to it. */
export type KnownEntry = Pick<Identity, "kind" | "ref" | "version">;

/** One file for editors. */
export interface EditorSchema {
  readonly kind: KindName;
  /** The file's name, the same as that of the published schema. */
  readonly file: string;
  readonly schema: JsonObject;
}

/** The schemas of all kinds for a registry that holds these entries. Same entries in any order, same schemas. */
export function editorSchemas(entries: Iterable<KnownEntry>): readonly EditorSchema[] {
  const known = knownWords(entries);
  return kinds.map((kind) => ({
    kind: kind.name,
    file: kind.schema,
    schema: editorSchema(kind.name, known),
  }));
}

/**
 * Which files each schema is for, as VS Code's `yaml.schemas` wants it: the schema's path to the globs of its files.
 * `folder` is where the schemas lie, seen from the root of the repository: `.vscode/schemas`.
 */
export function editorSettings(folder: string): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(kinds.map((kind) => [`${folder}/${kind.schema}`, globsOf(kind)]));
}

/** The globs of a kind's files, from the root of the repository (DESIGN 2). */
export function globsOf(kind: Kind): readonly string[] {
  const below = `registry/${kind.folder}`;
  switch (kind.shape) {
    case "singleton":
      return ["registry/registry.yaml"];
    case "named":
      return [`${below}/*.yaml`];
    case "namespaced":
      return [`${below}/*/*.yaml`];
    case "versioned":
      // Versions begin with a digit; aliases.yaml lies in the same folders.
      return [`${below}/*/*/[0-9]*.yaml`];
    case "run":
      return [`${below}/*/*/*.yaml`];
    case "aliases":
      return kinds.filter(hasAliases).map((owner) => `registry/${owner.folder}/*/*/aliases.yaml`);
    case "scope":
      return [`${below}/**/*.yaml`];
  }
}

/** Words that can be completed, by what they stand for: `Model`, `ModelName`, `BundleVersion`. */
type KnownWords = ReadonlyMap<string, readonly string[]>;

function knownWords(entries: Iterable<KnownEntry>): KnownWords {
  const words = new Map<string, Set<string>>();
  const add = (topic: string, word: string): void => {
    const set = words.get(topic);
    if (set === undefined) words.set(topic, new Set([word]));
    else set.add(word);
  };
  for (const { kind, ref, version } of entries) {
    add(kind, ref);
    if (version === null) continue;
    add(`${kind}Name`, ref.slice(0, ref.lastIndexOf("@")));
    add(`${kind}Version`, version);
  }
  return new Map([...words].map(([topic, set]) => [topic, [...set].sort(compareBytes)]));
}

function editorSchema(kind: KindName, known: KnownWords): JsonObject {
  const definitions: Record<string, Json> = {};
  const body = convert(schemaOf(kind), { known, definitions, isRange: false });
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    ...(isObject(body) ? body : {}),
    ...(Object.keys(definitions).length > 0 && { definitions }),
  };
}

interface Conversion {
  readonly known: KnownWords;
  /** Lists of references, each written once however many fields complete it. */
  readonly definitions: Record<string, Json>;
  /** Inside a dependency, where references have no version. */
  readonly isRange: boolean;
}

function convert(schema: Schema | boolean, conversion: Conversion): Json {
  if (typeof schema === "boolean") return schema;
  const out: Record<string, Json> = {};
  const inner = { ...conversion, isRange: schema["x-range"] === true };
  for (const [key, value] of Object.entries(schema)) {
    if (key.startsWith("x-") || dropped.has(key)) continue;
    if (key === "properties" || key === "patternProperties") {
      const properties = Object.entries(value as Record<string, Schema | boolean>);
      out[key] = Object.fromEntries(properties.map(([name, property]) => [name, convert(property, inner)]));
    } else if (key === "allOf" || key === "oneOf") {
      out[key] = (value as readonly Schema[]).map((part) => convert(part, inner));
    } else if (subschemas.has(key)) out[key] = convert(value as Schema, inner);
    else if (key === "dependentRequired") out["dependencies"] = value as Json;
    else if (key !== "format" || standardFormats.has(value as string)) out[key] = value as Json;
  }
  const topics = topicsOf(schema, conversion.isRange);
  return topics === undefined ? out : completing(out, topics, conversion);
}

function topicsOf(schema: Schema, isRange: boolean): readonly string[] | undefined {
  if (schema["x-ref"] !== undefined) return schema["x-ref"].map((kind) => (isRange ? `${kind}Name` : kind));
  return schema["x-version-of"]?.map((kind) => `${kind}Version`);
}

/** Adds what exists as words to complete; the spelling stays the only condition. */
function completing(schema: Record<string, Json>, topics: readonly string[], conversion: Conversion): Json {
  const { title, description, ...rest } = schema;
  const words = topics.filter((topic) => (conversion.known.get(topic) ?? []).length > 0);
  for (const topic of words) conversion.definitions[topic] ??= { enum: conversion.known.get(topic) ?? [] };
  return {
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    anyOf: [...words.map((topic) => ({ $ref: `#/definitions/${topic}` })), rest],
  };
}

const subschemas = new Set(["items", "contains", "if", "then", "else"]);
const dropped = new Set(["$id", "$schema", "$defs"]);
const standardFormats = new Set(["date-time", "date"]);
