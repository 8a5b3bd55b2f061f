/**
 * The JSON Schemas at run time: the part of the vocabulary that ours use, and one kind's schema without references.
 * Parsed only when somebody asks (a fault to explain, expressions to type, editors to serve), never on the fast path.
 */
import type { Json } from "../model/json.ts";
import type { KindName } from "../model/kind.ts";
import { schemaTexts } from "../../generated/schemas.ts";

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
  /** Branches that each require keys: exactly one of the first keys stands. */
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
  /** What the shared definition says of its values; set by schemaOf, never written. */
  readonly "x-spelling"?: string;
  /** Why a condition asks for what it asks. */
  readonly "x-because"?: string;
}

const parsed = new Map<string, Schema>();
const whole = new Map<KindName, Schema>();

/** The schema of a kind with every `$ref` replaced by what it points at; texts beside a `$ref` win. */
export function schemaOf(kind: KindName): Schema {
  let schema = whole.get(kind);
  if (schema === undefined) {
    const { $defs: _, ...own } = parse(kind);
    schema = dereference(own, kind) as Schema;
    whole.set(kind, schema);
  }
  return schema;
}

function parse(name: KindName | "common"): Schema {
  let schema = parsed.get(name);
  if (schema === undefined) {
    schema = JSON.parse(schemaTexts[name]) as Schema;
    parsed.set(name, schema);
  }
  return schema;
}

function dereference(schema: Schema | boolean, home: KindName | "common"): Schema | boolean {
  if (typeof schema === "boolean") return schema;
  if (schema.$ref !== undefined) {
    const { $ref, ...beside } = schema;
    const [file, name = ""] = $ref.split("#/$defs/");
    const owner = file === "" ? home : "common";
    const target = parse(owner).$defs?.[name];
    if (target === undefined) throw new Error(`a schema points at ${$ref}, where nothing stands`);
    const shared = dereference(target, owner) as Schema;
    const spelling = shared["x-spelling"] ?? shared.description;
    return {
      ...shared,
      ...(dereference(beside, home) as Schema),
      ...(spelling !== undefined && { "x-spelling": spelling }),
    };
  }
  const inner = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map((part: Schema) => dereference(part, home));
    return dereference(value as Schema | boolean, home);
  };
  const out: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(schema)) {
    if (key === "properties" || key === "patternProperties") {
      const entries = Object.entries(value as Record<string, unknown>);
      out[key] = Object.fromEntries(entries.map(([name, property]) => [name, inner(property)]));
    } else out[key] = subschemas.has(key) ? inner(value) : value;
  }
  return out as Schema;
}

const subschemas = new Set(["items", "contains", "if", "then", "else", "allOf", "oneOf"]);
