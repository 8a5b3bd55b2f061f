/**
 * Custom metadata in queries: its types from the registry's MetadataSchemas, so that a misspelt field is a fault instead of
 * an answer, and what an entry does not carry is null. `extensions["acme-risk"].score` and `metadata.acme_risk.score` read
 * the same. What stands in an entry may not fit its schema; it must never be read as if it did.
 */
import { isObject, type Json, type JsonObject } from "../model/json.ts";
import type { KindName } from "../model/kind.ts";
import type { Registry } from "../model/registry.ts";
import type { Name } from "./cel-names.ts";
import * as types from "./cel-types.ts";
import { EMPTY_MAP, isMap, type Value } from "./cel-value.ts";

/** The keys of `extensions` with their types. */
export type MetadataTypes = ReadonlyMap<string, types.CelType>;

const known = new WeakMap<Registry, Map<string, MetadataTypes>>();

/** What entries of these kinds (all when empty) may carry in this registry. */
export function metadataTypesOf(registry: Registry, kinds: readonly KindName[]): MetadataTypes {
  let ofRegistry = known.get(registry);
  if (ofRegistry === undefined) known.set(registry, (ofRegistry = new Map()));
  const key = [...kinds].sort().join();
  let found = ofRegistry.get(key);
  if (found === undefined) {
    const fitting = registry
      .ofKind("MetadataSchema")
      .filter(
        ({ value: { appliesTo } }) =>
          appliesTo === undefined || kinds.length === 0 || appliesTo.some((kind) => kinds.includes(kind)),
      );
    found = new Map(fitting.map(({ name, value }) => [name, typeOfUserSchema(value.schema, 0)]));
    ofRegistry.set(key, found);
  }
  return found;
}

/** A key as `metadata` spells it: dots and dashes are no part of CEL's names. */
export function celKey(key: string): string {
  return key.replaceAll(/[.-]/g, "_");
}

/** Schemas of users are as deep as files are; below this, anything may be asked. */
const MOST_LEVELS = 8;

/** The type of what a schema that a user wrote describes, as far as plain words say it; all else is asked as it comes. */
function typeOfUserSchema(schema: Json | undefined, depth: number): types.CelType {
  if (!isObject(schema) || depth > MOST_LEVELS) return types.dyn;
  if (composing.some((word) => schema[word] !== undefined)) return types.dyn;
  const { type } = schema;
  if (type === "string") return types.string;
  if (type === "integer") return types.int;
  if (type === "number") return types.double;
  if (type === "boolean") return types.bool;
  const { properties } = schema;
  if ((type !== "object" && type !== undefined) || !isObject(properties)) return types.dyn;
  if (schema["patternProperties"] !== undefined || isOpen(schema)) return types.dyn;
  const fields = Object.entries(properties).map(
    ([name, inner]) => [name, typeOfUserSchema(inner, depth + 1)] as const,
  );
  return { kind: "map", of: types.dyn, known: new Map(fields) };
}

const composing = ["$ref", "$dynamicRef", "allOf", "anyOf", "oneOf", "if", "dependentSchemas"] as const;

function isOpen({ additionalProperties: more }: JsonObject): boolean {
  return more !== undefined && more !== false;
}

const tables = new WeakMap<MetadataTypes, WeakMap<ReadonlyMap<string, Name>, ReadonlyMap<string, Name>>>();

/** A table of names in which custom metadata is typed. */
export function withMetadata(
  table: ReadonlyMap<string, Name>,
  metadata: MetadataTypes,
): ReadonlyMap<string, Name> {
  let ofMetadata = tables.get(metadata);
  if (ofMetadata === undefined) tables.set(metadata, (ofMetadata = new WeakMap()));
  let made = ofMetadata.get(table);
  if (made === undefined) ofMetadata.set(table, (made = typed(table, metadata)));
  return made;
}

function typed(table: ReadonlyMap<string, Name>, metadata: MetadataTypes): ReadonlyMap<string, Name> {
  const extensions = table.get("extensions");
  if (extensions === undefined) return table;
  const spelled = new Map([...metadata].map(([key, type]) => [celKey(key), type]));
  const keys = new Map([...metadata.keys()].map((key) => [celKey(key), key]));
  const copies = new WeakMap<object, Value>();
  const whole = { nullable: false, run: extensions.run };
  return new Map<string, Name>([
    ...table,
    ["extensions", { ...whole, type: { kind: "map", of: types.dyn, known: metadata } }],
    [
      "metadata",
      {
        type: { kind: "map", of: types.dyn, known: spelled },
        nullable: false,
        run: (m) => respelled(extensions.run(m), keys, copies),
      },
    ],
  ]);
}

/** The same map with its keys as CEL can name them; made once for each entry that is asked. */
function respelled(
  extensions: Value,
  keys: ReadonlyMap<string, string>,
  copies: WeakMap<object, Value>,
): Value {
  if (!isMap(extensions)) return EMPTY_MAP;
  let copy = copies.get(extensions);
  if (copy === undefined) {
    const entries = [...keys].flatMap(([spelling, key]) =>
      Object.hasOwn(extensions, key) ? [[spelling, extensions[key] as Value] as const] : [],
    );
    copies.set(extensions, (copy = Object.fromEntries(entries)));
  }
  return copy;
}
