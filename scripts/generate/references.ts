/**
 * Writes src/generated/references.ts: at which paths of each kind a reference stands, and to which kinds, as `x-ref`
 * says in the schemas. Reference checks, the lineage graph and completion all read this list.
 */
import type { KindName } from "../../src/core/model/kind.ts";
import { homeOf, resolve, type Schema, type Schemas } from "./load.ts";

interface Place {
  readonly path: readonly string[];
  readonly kinds: readonly KindName[];
  readonly form: "ref" | "range" | "version";
  readonly mixed: boolean;
}

/** The text of src/generated/references.ts. */
export function referencesModule(schemas: Schemas): string {
  const lists = [...schemas.byKind].map(([kind, schema]) => {
    const lines = placesOf(schemas, kind, schema).map((place) => `    ${textOf(place)},\n`);
    return `  ${kind}: [\n${lines.join("")}  ],\n`;
  });
  return `/** Generated from schemas/ by scripts/generate; do not edit. Where references stand, by kind. */
import type { KindName } from "../core/model/kind.ts";

/** A place where references stand. */
export interface ReferencePlace {
  /** The keys from the root; \`*\` stands for each item of a list and each value of a map. */
  readonly path: readonly string[];
  /** The kinds that may be named there. */
  readonly kinds: readonly KindName[];
  /**
   * \`ref\`: a text, the full reference. \`range\`: a map with \`ref\`, a reference without version, and \`version\`, a range.
   * \`version\`: a text, the version of the entry of this kind whose name is in the file's path.
   */
  readonly form: "ref" | "range" | "version";
  /** Texts there that do not begin with the prefix of one of the kinds are something else (\`owner\`, a link). */
  readonly mixed: boolean;
}

export const references: Readonly<Record<KindName, readonly ReferencePlace[]>> = {
${lists.join("")}};
`;
}

function placesOf(schemas: Schemas, root: KindName, whole: Schema): readonly Place[] {
  const found = new Map<string, Place>();
  const add = (
    path: readonly string[],
    kinds: readonly KindName[],
    form: Place["form"],
    mixed = false,
  ): void => {
    found.set(path.join("/"), { path, kinds, form, mixed });
  };

  const walk = (written: Schema | boolean, kind: KindName | null, path: readonly string[]): void => {
    if (typeof written === "boolean") return;
    const { schema } = resolve(schemas, kind, written);
    const home = homeOf(kind, written);
    const named = schema["x-ref"];
    if (named !== undefined) add(path, named, "ref", schema["x-ref-mixed"] === true);
    if (schema["x-version-of"] !== undefined)
      add(path, schema["x-version-of"], "version", schema.format !== "version");
    if (schema["x-range"] === true) {
      const target = schema.properties?.["ref"];
      add(path, (typeof target === "object" ? target["x-ref"] : undefined) ?? [], "range");
      return;
    }
    for (const [key, property] of Object.entries(schema.properties ?? {}))
      walk(property, home, [...path, key]);
    for (const value of Object.values(schema.patternProperties ?? {})) walk(value, home, [...path, "*"]);
    if (schema.items !== undefined) walk(schema.items, home, [...path, "*"]);
    for (const part of [schema.then, schema.else, ...(schema.allOf ?? [])]) {
      if (part !== undefined) walk(part, home, path);
    }
  };
  walk(whole, root, []);
  return [...found.values()];
}

function textOf({ path, kinds, form, mixed }: Place): string {
  return `{ path: ${JSON.stringify(path)}, kinds: ${JSON.stringify(kinds)}, form: "${form}", mixed: ${mixed} }`;
}
