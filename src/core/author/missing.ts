/** What a new entry still lacks, in words and with what to type for it. It must never suggest a made-up digest. */
import type { Json, Pointer } from "../model/json.ts";
import { compareBytes } from "../model/json.ts";
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
    const type = registry.get(`usecase:${ns}/${name}`) === undefined ? `assent new usecase ${ns}/${name}` : "assent publish <request.json>";
    return { path, description: "The use case has gates, so the version comes with its measurements: publish it with a request.", type, choices: [] };
  }
  if (kind === "Bundle" && path === "spec.artifacts") {
    return { path, description, type: "--artifact prompt=<file>", choices: schemaAt(kind, ["spec", "artifacts", 0, "role"])?.enum ?? [] };
  }
  const choices = choicesOf(schema, registry);
  return { path, description, type: `--set ${quoted(`${path}=${exampleOf(schema, choices)}`)}`, choices };
}

function choicesOf(schema: Schema | undefined, registry: Registry): readonly string[] {
  if (schema?.enum !== undefined) return schema.enum;
  const kinds = schema?.["x-ref"] ?? schema?.items?.["x-ref"] ?? [];
  const refs = kinds.flatMap((kind) => registry.ofKind(kind).filter((entry) => !isAtItsEnd(entry)).map(({ ref }) => ref));
  if (refs.length > 0) return refs.sort(compareBytes).slice(0, MOST_CHOICES);
  return [];
}

function exampleOf(schema: Schema | undefined, choices: readonly string[]): string {
  if (schema?.pattern === "^sha256:[0-9a-f]{64}$") return "sha256:<64 hex digits, from sha256sum>";
  const kind = (schema?.["x-ref"] ?? schema?.items?.["x-ref"])?.[0];
  const list = schema?.type === "array";
  const example: Json = choices[0] ?? schema?.examples?.[0] ?? (kind === undefined ? placeOfType(schema) : `${kindOf(kind).prefix}:<id>`);
  if (list && !Array.isArray(example)) return JSON.stringify([example]);
  return typeof example === "string" ? example : JSON.stringify(example);
}

function placeOfType(schema: Schema | undefined): Json {
  const type = typeof schema?.type === "string" ? schema.type : schema?.type?.[0];
  return `<${{ integer: "number", number: "number", boolean: "true or false", array: "JSON list", object: "JSON object" }[type ?? ""] ?? "text"}>`;
}

/** A word as a POSIX shell takes it. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
