/**
 * Writes src/generated/entries.ts: the TypeScript types of what a schema-valid file holds.
 * Type aliases, not interfaces: only those can be passed where a JsonObject is wanted. Readonly everywhere; optional keys may be absent but never undefined; free JSON is Json, never any.
 */
import type { KindName } from "../../src/core/model/kind.ts";
import { homeOf, resolve, type Schema, type Schemas } from "./load.ts";

/** The text of src/generated/entries.ts. */
export function entriesModule(schemas: Schemas): string {
  const named = new Map<string, string>();
  const blocks = new Map<Schema, string>();
  const entries = [...schemas.byKind].map(([kind, schema]) => {
    nameBlocks(kind, schema);
    const body = typeOf(schema, kind, 0);
    return `${docOf(schema, 0)}export type ${kind}Entry = ${body};\n`;
  });

  /** Gives the objects at the top level of a kind names: `spec` of a Model becomes ModelSpec. */
  function nameBlocks(kind: KindName, schema: Schema): void {
    for (const [key, property] of Object.entries(schema.properties ?? {})) {
      if (typeof property === "boolean" || property.type !== "object" || property["x-free"] === true)
        continue;
      const name = kind + key.slice(0, 1).toUpperCase() + key.slice(1);
      named.set(name, `${docOf(property, 0)}export type ${name} = ${shapeOf(property, kind, 0)};\n`);
      blocks.set(property, name);
    }
  }

  function typeOf(written: Schema, kind: KindName | null, depth: number): string {
    const block = blocks.get(written);
    if (block !== undefined) return block;
    const { schema, name } = resolve(schemas, kind, written);
    const home = homeOf(kind, written);
    if (name === null || !deservesName(schema)) return shapeOf(schema, home, depth);
    if (!named.has(name)) {
      named.set(name, "");
      // Texts of the definition itself, not of the place that uses it.
      const { schema: definition } = resolve(schemas, kind, { $ref: written.$ref! });
      const body = shapeOf(definition, home, 0);
      named.set(name, `${docOf(definition, 0)}export type ${name} = ${body};\n`);
    }
    return name;
  }

  function shapeOf(schema: Schema, kind: KindName | null, depth: number): string {
    if (schema.const !== undefined) return JSON.stringify(schema.const);
    if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
    if (Array.isArray(schema.type)) {
      return schema.type.map((type: string) => shapeOf({ ...schema, type }, kind, depth)).join(" | ");
    }
    switch (schema.type) {
      case "string":
        return wordsOf(schema.pattern) ?? "string";
      case "integer":
      case "number":
        return "number";
      case "boolean":
        return "boolean";
      case "array": {
        const item = typeOf(schema.items!, kind, depth);
        return /^[\w]+$/.test(item) ? `readonly ${item}[]` : `readonly (${item})[]`;
      }
      case "object":
        return objectOf(schema, kind, depth);
      default:
        return "Json";
    }
  }

  function objectOf(schema: Schema, kind: KindName | null, depth: number): string {
    const pad = "  ".repeat(depth + 1);
    const lines: string[] = [];
    for (const [key, property] of Object.entries(schema.properties ?? {})) {
      if (typeof property === "boolean") continue;
      const mark = schema.required?.includes(key) === true ? "" : "?";
      const word = /^[A-Za-z_]\w*$/.test(key) ? key : JSON.stringify(key);
      lines.push(
        `${docOf(property, depth + 1)}${pad}readonly ${word}${mark}: ${typeOf(property, kind, depth + 1)};`,
      );
    }
    for (const value of Object.values(schema.patternProperties ?? {})) {
      lines.push(`${pad}readonly [key: string]: ${typeOf(value, kind, depth + 1)};`);
    }
    if (schema["x-free"] === true) {
      if (lines.length === 0) return "JsonObject";
      lines.push(`${pad}readonly [key: string]: Json | undefined;`);
    }
    return `{\n${lines.join("\n")}\n${"  ".repeat(depth)}}`;
  }

  const table = [...schemas.byKind.keys()].map((kind) => `  readonly ${kind}: ${kind}Entry;`).join("\n");
  const body = [...[...named].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text), ...entries].join(
    "\n",
  );
  const used = ["Json", "JsonObject"].filter((word) => new RegExp(`\\b${word}\\b`).test(body));
  return `/** Generated from schemas/ by scripts/generate; do not edit. What a schema-valid file of each kind holds. */
import type { ${used.join(", ")} } from "../core/model/json.ts";

${body}
/** The type of a file's content, by the name of its kind. */
export interface EntryValues {
${table}
}
`;
}

/** Objects, maps and enumerations get a name of their own; strings and numbers stay what they are. */
function deservesName(schema: Schema): boolean {
  return schema.enum !== undefined || (schema.type === "object" && schema["x-free"] !== true);
}

/** The words of a pattern that allows nothing else: `^(?:a|b)$` gives `"a" | "b"`. */
function wordsOf(pattern: string | undefined): string | undefined {
  const inner = /^\^(?:\(\?:([\w|-]+)\)|([\w-]+))\$$/.exec(pattern ?? "");
  const words = inner?.[1] ?? inner?.[2];
  return words
    ?.split("|")
    .map((word) => JSON.stringify(word))
    .join(" | ");
}

function docOf(schema: Schema, depth: number): string {
  if (schema.description === undefined) return "";
  return `${"  ".repeat(depth)}/** ${schema.description.replaceAll("*/", "*\\/")} */\n`;
}
