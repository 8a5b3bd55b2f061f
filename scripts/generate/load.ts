/**
 * Reads the JSON Schemas in schemas/ for the generators: which schema belongs to which kind, and what a `$ref`
 * points at. It must never change what a schema means.
 */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { kinds } from "../../src/core/kinds/index.ts";
import type { KindName } from "../../src/core/model/kind.ts";
import type { Json } from "../../src/core/model/json.ts";

/** The part of JSON Schema 2020-12 that our schemas use, and our own annotations. */
export interface Schema {
  readonly $id?: string;
  readonly $schema?: string;
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly title?: string;
  readonly description?: string;
  readonly default?: Json;
  readonly examples?: readonly Json[];
  readonly type?: string | readonly string[];
  readonly const?: Json;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly maxProperties?: number;
  readonly required?: readonly string[];
  readonly dependentRequired?: Readonly<Record<string, readonly string[]>>;
  readonly properties?: Readonly<Record<string, Schema | boolean>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean;
  readonly items?: Schema;
  readonly contains?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly if?: Schema;
  readonly then?: Schema;
  readonly else?: Schema;
  /** The kinds that a reference at this place may name. */
  readonly "x-ref"?: readonly KindName[];
  /** Strings at this place that do not begin with one of the kinds' prefixes are no references. */
  readonly "x-ref-mixed"?: boolean;
  /** The object is a dependency: `ref` without a version, and `version`, a range. */
  readonly "x-range"?: boolean;
  /** The string is a version of the entry of this kind that the file's path names. */
  readonly "x-version-of"?: readonly KindName[];
  /** Anything may stand here; the shape is the user's. */
  readonly "x-free"?: boolean;
  /** Set by the generator of types only: the name that stands for the shape. */
  readonly "x-type"?: string;
  /** Why a condition asks for what it asks. */
  readonly "x-because"?: string;
}

export interface Schemas {
  readonly common: Schema;
  readonly byKind: ReadonlyMap<KindName, Schema>;
}

/** A schema together with the name under which its definition can be shared; null when it stands in place. */
export interface Resolved {
  readonly schema: Schema;
  /** `Gate` for a common definition, `ModelFacts` for one of a kind. */
  readonly name: string | null;
}

/** The project's root folder. */
export const root = join(import.meta.dirname, "../..");

/** Reads schemas/. Throws when a kind has no schema or a schema has no kind: the table and the folder must agree. */
export function loadSchemas(): Schemas {
  const folder = join(root, "schemas");
  const read = (file: string): Schema => JSON.parse(readFileSync(join(folder, file), "utf8")) as Schema;
  const byKind = new Map(kinds.map((kind) => [kind.name, read(kind.schema)]));
  const known = new Set([...kinds.map((kind) => kind.schema), "common.schema.json"]);
  const stray = readdirSync(folder).filter((file) => file.endsWith(".schema.json") && !known.has(file));
  if (stray.length > 0) throw new Error(`schemas/ holds files that no kind names: ${stray.join(", ")}`);
  return { common: read("common.schema.json"), byKind };
}

/** Follows a schema's `$ref`; keywords beside it win over the target's. */
export function resolve(schemas: Schemas, kind: KindName | null, schema: Schema): Resolved {
  if (schema.$ref === undefined) return { schema, name: null };
  const [file = "", fragment = ""] = schema.$ref.split("#");
  const name = fragment.replace("/$defs/", "");
  const shared = file !== "" || kind === null;
  const target = (shared ? schemas.common : schemas.byKind.get(kind)!).$defs?.[name];
  if (target === undefined) throw new Error(`${kind ?? "common"}: nothing stands at ${schema.$ref}`);
  const { $ref: _, ...beside } = schema;
  const owner = shared ? null : kind;
  const further = resolve(schemas, owner, target);
  return {
    schema: { ...further.schema, ...beside },
    name: further.name ?? (owner === null || name.startsWith(owner) ? name : `${owner}${name}`),
  };
}

/** Whose `$defs` a local `$ref` inside the target of this schema means: null for the common ones. */
export function homeOf(kind: KindName | null, schema: Schema): KindName | null {
  return schema.$ref === undefined || schema.$ref.startsWith("#") ? kind : null;
}
