/**
 * Puts the faults of a file into words: what is wrong with the value that stands there, and how to mend it.
 * It must never decide whether something is wrong.
 */
import type { CodeDefinition, Finding } from "../model/diagnostic.ts";
import { isObject, type Json } from "../model/json.ts";
import type { KindName } from "../model/kind.ts";
import { nearest } from "../model/nearest.ts";
import * as codes from "./schema-codes.ts";
import { faultsOf, type Fault } from "./schema-explain.ts";
import { keysOf, placesOfKey, type Place } from "./schema-keys.ts";
import type { Schema } from "./schema-tree.ts";
import {
  count,
  dotted,
  exampleOf,
  formatName,
  knownElsewhere,
  lengthOf,
  lowerFirst,
  quote,
  shorten,
  typeName,
  typeNames,
} from "./schema-words.ts";

/** The file a fault stands in. */
export interface FaultContext {
  readonly kind: KindName;
  readonly path: string;
  /** The kind's whole schema. */
  readonly root: Schema;
  readonly document: Json;
}

interface Words {
  readonly definition: CodeDefinition;
  readonly message: string;
  readonly hint?: string;
  readonly part?: "key";
}

/** The finding of a fault. A missing field points at the key of the map that lacks it, an unknown one at itself. */
export function findingOf(fault: Fault, context: FaultContext): Finding {
  const { definition, message, hint, part } = wordsOf(fault, context);
  const at = { file: context.path, pointer: fault.pointer, ...(part !== undefined && { part }) };
  const finding = { definition, message, ...(hint !== undefined && { hint }), at };
  if (!isUnquotedText(fault)) return finding;
  return { ...finding, repair: { kind: "quote", file: context.path, pointer: fault.pointer } };
}

function wordsOf(fault: Fault, context: FaultContext): Words {
  const { schema, value } = fault;
  switch (fault.keyword) {
    case "required":
    case "dependentRequired":
      return missing(fault, context);
    case "additionalProperties":
      return unknown(fault, context);
    case "type":
      return wrongType(fault);
    case "enum":
      return wrongWord(fault);
    case "excluded":
      return {
        definition: codes.notTogether,
        message: `\`${fault.key}\` cannot stand here${reasonOf(fault)}.`,
        part: "key",
      };
    case "oneOf":
      return notExactlyOne(fault);
    case "const":
      return { definition: codes.constant, message: `${quote(value)} is not ${quote(schema.const)}.` };
    case "pattern":
      return {
        definition: codes.pattern,
        message: `${quote(value)} is not spelled as ${nameOf(fault)} is spelled here.`,
        hint: spelling(schema),
      };
    case "format":
      return {
        definition: codes.format,
        message: `${quote(value)} is no ${formatName(schema)}.`,
        hint: spelling(schema),
      };
    case "minimum":
      return {
        definition: codes.range,
        message: `${quote(value)} is less than ${schema.minimum}, the least that ${nameOf(fault)} may be.`,
      };
    case "maximum":
      return {
        definition: codes.range,
        message: `${quote(value)} is more than ${schema.maximum}, the most that ${nameOf(fault)} may be.`,
      };
    case "minLength":
      return {
        definition: codes.length,
        message: `${nameOf(fault, true)} is empty.`,
        hint: "Write it, or remove the key.",
      };
    case "maxLength":
      return {
        definition: codes.length,
        message: `${nameOf(fault, true)} has ${lengthOf(value)} characters; ${schema.maxLength} are allowed.`,
      };
    case "minItems":
      return {
        definition: codes.length,
        message: `${nameOf(fault, true)} needs at least ${count(schema.minItems, "item")}.`,
      };
    case "maxItems":
      return {
        definition: codes.length,
        message: `${nameOf(fault, true)} holds ${lengthOf(value)} items; ${schema.maxItems} are allowed.`,
      };
    case "maxProperties":
      return {
        definition: codes.length,
        message: `${nameOf(fault, true)} holds ${lengthOf(value)} keys; ${schema.maxProperties} are allowed.`,
      };
    case "uniqueItems":
      return {
        definition: codes.duplicateItem,
        message: `${quote(value)} stands in this list already.`,
        hint: "Remove one of the two.",
      };
    case "contains":
      return { definition: codes.invalid, message: `${nameOf(fault, true)} lacks an item it needs.` };
  }
}

function missing(fault: Fault, context: FaultContext): Words {
  const key = fault.key ?? "";
  const property = fault.schema.properties?.[key];
  const known = typeof property === "object" ? property : propertyAt(context, [...fault.pointer, key]);
  const where = fault.pointer.length === 0 ? `This ${context.kind}` : `\`${dotted(fault.pointer)}\``;
  return {
    definition: codes.required,
    message: `${where} has no \`${key}\`${reasonOf(fault)}.`,
    hint: `Add \`${key}\`${known?.description === undefined ? "" : `: ${lowerFirst(known.description)}`}${exampleOf(known)}`,
    // The key of the map that lacks the field; the root and items of lists have no key.
    ...(typeof fault.pointer.at(-1) === "string" && { part: "key" as const }),
  };
}

function unknown(fault: Fault, context: FaultContext): Words {
  const key = fault.key ?? "";
  const map = fault.schema.patternProperties;
  if (map !== undefined) {
    const shape = Object.keys(map)[0] ?? "";
    return {
      definition: codes.keyPattern,
      message: `${quote(key)} is no name that can stand here.`,
      hint: `Names here match ${shape}.`,
      part: "key",
    };
  }
  const owner = fault.pointer.slice(0, -1);
  if (owner.length === 0 && Object.hasOwn(knownElsewhere, key)) {
    return {
      definition: codes.writtenByHand,
      message: `\`${key}\` is not written in the file.`,
      hint: `Remove it: ${knownElsewhere[key]}.`,
      part: "key",
    };
  }
  const keys = keysOf(fault.schema);
  const inner = owner.length === 0 ? withArticle(context.kind) : `\`${dotted(owner)}\``;
  return {
    definition: codes.unknownKey,
    message: `\`${shorten(key)}\` is no field of ${inner}.`,
    hint: hintForKey(key, keys, placesOfKey(context.root, key), owner),
    part: "key",
  };
}

function hintForKey(
  key: string,
  keys: readonly string[],
  places: readonly Place[],
  owner: readonly (string | number)[],
): string {
  const plain = (text: string): string => text.toLowerCase().replaceAll(/[_-]/g, "");
  const meant = keys.find((candidate) => plain(candidate) === plain(key)) ?? nearest(key, keys);
  if (meant !== undefined) return `Did you mean \`${meant}\`?`;
  const elsewhere = places.filter((place) => place.join(".") !== dotted(owner));
  if (elsewhere.length === 1) {
    const place = elsewhere[0]!.join(".");
    return place === ""
      ? `\`${key}\` stands at the top of the file.`
      : `\`${key}\` belongs below \`${place}\`.`;
  }
  if (keys.length === 0) return "Remove it.";
  return `Known here: ${keys.join(", ")}. Metadata of your own belongs below \`extensions\`.`;
}

function wrongType(fault: Fault): Words {
  const { schema, value } = fault;
  const types = typeof schema.type === "string" ? [schema.type] : (schema.type ?? []);
  const wanted = types.map((type) => typeNames[type] ?? type).join(" or ");
  const message = `${nameOf(fault, true)} is ${typeName(value)}, not ${wanted}.`;
  if (value === null) return { definition: codes.type, message, hint: "Write a value, or remove the key." };
  if (types.includes("string") && (typeof value === "number" || typeof value === "boolean")) {
    return { definition: codes.type, message, hint: `Put it in quotes.${exampleOf(schema)}` };
  }
  if (types.includes("array") && typeof value === "string") {
    return { definition: codes.type, message, hint: `Write a list: [${shorten(value)}].` };
  }
  return { definition: codes.type, message, hint: spelling(schema) };
}

/** A number or boolean that would be right if it stood in quotes: then there is one way to mend it. */
function isUnquotedText({ keyword, schema, value }: Fault): boolean {
  if (keyword !== "type" || schema.type !== "string") return false;
  return (
    (typeof value === "number" || typeof value === "boolean") && faultsOf(schema, String(value)).length === 0
  );
}

function wrongWord(fault: Fault): Words {
  const words = fault.schema.enum ?? [];
  const text = typeof fault.value === "string" ? fault.value : String(fault.value);
  const meant = words.find((word) => word.toLowerCase() === text.toLowerCase()) ?? nearest(text, words);
  return {
    definition: codes.enumeration,
    message: `${quote(fault.value)} is none of the values of ${nameOf(fault)}.`,
    hint: `${meant === undefined ? "" : `Did you mean \`${meant}\`? `}Known: ${words.join(", ")}.`,
  };
}

function notExactlyOne(fault: Fault): Words {
  const choices = (fault.schema.oneOf ?? []).map((branch) => branch.required?.[0] ?? "");
  const standing = choices.filter((key) => isObject(fault.value) && fault.value[key] !== undefined);
  const list = (keys: readonly string[], word: string): string =>
    keys.map((key) => `\`${key}\``).join(` ${word} `);
  return {
    definition: codes.exactlyOne,
    message:
      standing.length === 0
        ? `Here ${list(choices, "or")} must stand; none does.`
        : `${list(standing, "and")} exclude each other.`,
    hint: standing.length === 0 ? `Add one of ${list(choices, "and")}.` : "Keep the one that is meant.",
  };
}

/** What the value is called: its key, or the title of its schema for items of lists. */
function nameOf(fault: Fault, capital = false): string {
  const last = fault.pointer.at(-1);
  if (typeof last === "string") return `\`${shorten(last)}\``;
  if (last === undefined) return capital ? "The file" : "the file";
  const title = fault.schema.title ?? "item";
  return capital ? `This ${lowerFirst(title)}` : `a ${lowerFirst(title)}`;
}

function withArticle(kind: KindName): string {
  return `${/^(?:[AEIO]|Un)/.test(kind) ? "an" : "a"} ${kind}`;
}

function reasonOf(fault: Fault): string {
  return fault.because === undefined ? "" : `: ${fault.because}`;
}

/** How the value is spelled right: what the schema says of such values, and an example. */
function spelling(schema: Schema): string {
  return `${schema["x-spelling"] ?? schema.description ?? "See `assent explain`."}${exampleOf(schema)}`;
}

function propertyAt(context: FaultContext, pointer: readonly (string | number)[]): Schema | undefined {
  let schema: Schema | undefined = context.root;
  for (const step of pointer) {
    const next: Schema | boolean | undefined =
      typeof step === "number" ? schema?.items : schema?.properties?.[step];
    schema = typeof next === "object" ? next : undefined;
  }
  return schema;
}
