/** What a new entry still lacks, in words and with what to type for it. It must never suggest a made-up digest. */
import { compareBytes, type Json, type JsonObject, type Pointer } from "../model/json.ts";
import type { Identity } from "../model/ref.ts";
import type { Registry } from "../model/registry.ts";
import { kindOf } from "../kinds/index.ts";
import { isAtItsEnd } from "../validate/states.ts";
import type { Schema } from "../validate/schema-tree.ts";
import { pathText, schemaAt } from "./fields.ts";

export interface Missing {
  /** As `--set` takes it. */
  readonly path: string;
  /** What it means, from the schema. */
  readonly description: string;
  /** What to add to the command line, or what to do instead where a flag cannot say it. */
  readonly type: string;
  /** What may stand there, where that can be listed; at most eight. */
  readonly choices: readonly string[];
}

/** How many existing entries are shown to choose from. */
const MOST_CHOICES = 8;

/** What to type for a missing field. */
export function askingFor({ kind, ns, name }: Identity, pointer: Pointer, registry: Registry): Missing {
  const path = pathText(pointer);
  const schema = schemaAt(kind, pointer);
  const description = schema?.description ?? "";
  if (kind === "Bundle" && path === "gateReceipt") {
    return registry.get(`usecase:${ns}/${name}`) === undefined
      ? {
          path,
          description: "A bundle serves the use case of its name, and there is none.",
          type: `assent new usecase ${ns}/${name}`,
          choices: [],
        }
      : {
          path,
          description:
            "The use case has gates, so a version comes with what was measured: publish it with a request.",
          type: "assent publish <request.json>",
          choices: [],
        };
  }
  if (kind === "Bundle" && path === "spec.artifacts") {
    return {
      path,
      description,
      type: "--artifact prompt=<file>",
      choices: schemaAt(kind, ["spec", "artifacts", 0, "role"])?.enum ?? [],
    };
  }
  const choices = choicesOf(schema, registry);
  return { path, description, type: `--set ${quoted(`${path}=${exampleOf(schema, choices)}`)}`, choices };
}

function choicesOf(schema: Schema | undefined, registry: Registry): readonly string[] {
  if (schema?.enum !== undefined) return schema.enum;
  const kinds = schema?.["x-ref"] ?? schema?.items?.["x-ref"] ?? [];
  const refs = kinds.flatMap((kind) =>
    registry
      .ofKind(kind)
      .filter((entry) => !isAtItsEnd(entry))
      .map(({ ref }) => ref),
  );
  if (refs.length > 0) return refs.sort(compareBytes).slice(0, MOST_CHOICES);
  return [];
}

function exampleOf(schema: Schema | undefined, choices: readonly string[]): string {
  const only = choices[0];
  const example = only === undefined ? sampleOf(schema, 0) : schema?.type === "array" ? [only] : only;
  return typeof example === "string" ? example : JSON.stringify(example);
}

/** A value of the shape that a field has, to be shown and edited. Digests are never shown as if they were some. */
export function sampleOf(schema: Schema | undefined, depth: number): Json {
  if (schema === undefined) return {};
  if (schema.pattern === "^sha256:[0-9a-f]{64}$") return "sha256:<64 hex digits, from sha256sum>";
  const known = schema.examples?.[0] ?? schema.const ?? schema.default ?? schema.enum?.[0];
  if (known !== undefined) return known;
  const kind = schema["x-ref"]?.[0];
  if (kind !== undefined) return `${kindOf(kind).prefix}:<id>`;
  const type = typeof schema.type === "string" ? schema.type : schema.type?.[0];
  if (type === "array") return depth > 3 ? [] : [sampleOf(schema.items, depth + 1)];
  if (type === "object" || schema.properties !== undefined)
    return depth > 3 ? {} : sampleObject(schema, depth);
  if (type === "integer" || type === "number") return schema.minimum ?? 1;
  return type === "boolean" ? true : "<text>";
}

/** The keys an object must have; one that must have none shows its first. */
function sampleObject({ required, properties = {} }: Schema, depth: number): JsonObject {
  const keys = required ?? Object.keys(properties).slice(0, 1);
  return Object.fromEntries(
    keys.map((key) => {
      const property = properties[key];
      return [key, sampleOf(typeof property === "object" ? property : undefined, depth + 1)];
    }),
  );
}

/** A word as a POSIX shell takes it. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
