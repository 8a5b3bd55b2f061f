/**
 * Reads the JSON Schemas in schemas/ for the generators: which schema belongs to which kind, and what a `$ref`
 * points at. It must never change what a schema means.
 */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { kinds } from "../../src/core/kinds/index.ts";
import type { KindName } from "../../src/core/model/kind.ts";
import type { Schema } from "../../src/core/validate/schema-tree.ts";

export type { Schema };

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

/** The text of src/generated/schemas.ts: the schemas as they stand in schemas/, each parsed only when it is asked for. */
export function schemasModule(schemas: Schemas): string {
  const texts = [["common", schemas.common] as const, ...schemas.byKind].map(
    ([name, schema]) => `  ${name}: ${JSON.stringify(JSON.stringify(schema))},\n`,
  );
  return `/** Generated from schemas/ by scripts/generate; do not edit. The schemas as JSON texts, by the name of their kind. */
import type { KindName } from "../core/model/kind.ts";

export const schemaTexts: Readonly<Record<KindName | "common", string>> = {
${texts.join("")}};
`;
}
