/**
 * `--set path=value` and `--unset path` -> places and values of a kind. A path that the kind's schema does not know is
 * refused with the nearest one it knows; what a value may be decides how its text is read. It must never judge whether
 * a value is good: that is for the schema and the rules.
 */
import { Failure } from "../model/failure.ts";
import { isObject, type Json, type JsonObject, type Pointer } from "../model/json.ts";
import type { KindName } from "../model/kind.ts";
import { nearest } from "../model/nearest.ts";
import { isForbiddenKey } from "../source/limits.ts";
import type { Edit } from "../source/edit.ts";
import { keysOf, placesOfKey } from "../validate/schema-keys.ts";
import { schemaOf, type Schema } from "../validate/schema-tree.ts";
import { readStrictJson } from "./strict-json.ts";

/** A field to set (or, without a value, to take away). */
export interface FieldChange {
  /** As typed; a dot inside a key is written `\.`. */
  readonly path: string;
  /** The text behind the equals sign; undefined takes the field away. */
  readonly text: string | undefined;
}

/** Splits `path=value` at the first equals sign. */
export function parseSet(typed: string): FieldChange {
  const equals = typed.indexOf("=");
  if (equals > 0) return { path: typed.slice(0, equals), text: typed.slice(equals + 1) };
  throw new Failure("usage/set", `"${typed}" is no path=value.`, {
    hint: "Write --set title='Fraud score', for example.",
  });
}

/** The edit that a change means for an entry with this value. A wrong path is a Failure. */
export function editOf(kind: KindName, root: JsonObject, change: FieldChange): Edit {
  const { pointer, schema } = placeOf(kind, root, change.path);
  if (change.text === undefined) return { pointer, value: undefined };
  return smallest(root, pointer, readValue(change.text, schema));
}

/** A copy of a value with an edit carried out; missing maps and lists on the way are made. */
export function applyEdit(root: JsonObject, { pointer, value }: Edit): JsonObject {
  const changed = put(root, pointer, value);
  return isObject(changed) ? changed : root;
}

/** What stands at a pointer; undefined where nothing does. */
export function valueAt(root: Json | undefined, pointer: Pointer): Json | undefined {
  let value = root;
  for (const step of pointer) {
    if (Array.isArray(value)) value = value[Number(step)];
    else if (isObject(value) && Object.hasOwn(value, String(step))) value = value[String(step)];
    else return undefined;
  }
  return value;
}

/** A pointer as `--set` takes it. */
export function pathText(pointer: Pointer): string {
  return pointer.map((step) => String(step).replaceAll("\\", "\\\\").replaceAll(".", "\\.")).join(".");
}

/** The schema at a pointer of a kind, with what conditions add; undefined where anything may stand. */
export function schemaAt(kind: KindName, pointer: Pointer): Schema | undefined {
  let schema: Schema | undefined = schemaOf(kind);
  for (const step of pointer) {
    if (schema === undefined) return undefined;
    schema = typeof step === "number" ? schema.items : below(schema, step);
  }
  return schema;
}

function stepsOf(path: string): readonly string[] {
  const steps = [""];
  for (let at = 0; at < path.length; at++) {
    const sign = path[at] ?? "";
    if (sign === ".") steps.push("");
    else steps[steps.length - 1] += sign === "\\" ? (path[++at] ?? "") : sign;
  }
  return steps;
}

function placeOf(
  kind: KindName,
  root: JsonObject,
  path: string,
): { readonly pointer: Pointer; readonly schema: Schema | undefined } {
  let schema: Schema | undefined = schemaOf(kind);
  let value: Json | undefined = root;
  const pointer: (string | number)[] = [];
  for (const step of stepsOf(path)) {
    const isList: boolean =
      schema === undefined || isFree(schema) ? Array.isArray(value) : schema.type === "array";
    if (step === "" || isForbiddenKey(step)) throw wrongPath(kind, path, `"${step}" is no key.`, undefined);
    if (isList) {
      const items: readonly Json[] = Array.isArray(value) ? value : [];
      const index = /^\d{1,6}$/.test(step) ? Number(step) : -1;
      if (index < 0 || index > items.length) {
        const what = `${pathText(pointer)} is a list of ${items.length}: "${step}" should be a number from 0 to ${items.length}.`;
        throw wrongPath(kind, path, what, `Write ${pathText([...pointer, items.length])} to add one.`);
      }
      pointer.push(index);
      value = items[index];
      schema = schema?.items;
      continue;
    }
    const next: Schema | undefined = schema === undefined ? undefined : below(schema, step);
    if (next === undefined && schema !== undefined && !isFree(schema))
      throw unknownKey(kind, path, schema, pointer, step);
    pointer.push(step);
    value = isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
    schema = next;
  }
  return { pointer, schema };
}

function unknownKey(kind: KindName, path: string, schema: Schema, pointer: Pointer, step: string): Failure {
  const keys = keysOf(schema);
  const near = nearest(step, keys);
  const where = pointer.length === 0 ? `a ${kind}` : pathText(pointer);
  const elsewhere = placesOfKey(schemaOf(kind), step)[0];
  const hint =
    near !== undefined
      ? `Did you mean ${pathText([...pointer, near])}?`
      : elsewhere !== undefined
        ? `Did you mean ${pathText([...elsewhere, step])}?`
        : keys.length > 0
          ? `Its fields are ${keys.join(", ")}.`
          : `${where} holds a single value.`;
  return wrongPath(kind, path, `"${step}" is no field of ${where}.`, hint);
}

function wrongPath(kind: KindName, path: string, message: string, hint: string | undefined): Failure {
  return new Failure("usage/path", `"${path}" leads nowhere in a ${kind}: ${message}`, {
    hint: hint ?? "Write the keys from the outside in, divided by dots, such as spec.artifacts.0.uri.",
  });
}

/** Where the content is the user's own. */
function isFree(schema: Schema): boolean {
  return (
    schema["x-free"] === true ||
    (schema.type === undefined &&
      schema.properties === undefined &&
      schema.enum === undefined &&
      schema.const === undefined)
  );
}

/** The schema of a key: its own, one that a condition adds, or that of the map's values. */
function below(schema: Schema, key: string): Schema | undefined {
  const own = Object.hasOwn(schema.properties ?? {}, key) ? schema.properties?.[key] : undefined;
  if (typeof own === "object") return own;
  for (const [pattern, inner] of Object.entries(schema.patternProperties ?? {}))
    if (new RegExp(pattern, "u").test(key)) return inner;
  for (const part of [...(schema.allOf ?? []), schema.then, schema.else]) {
    const found = part === undefined ? undefined : below(part, key);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A text as the value it means: JSON where the field takes what it says, else the text itself. */
export function readValue(text: string, schema: Pick<Schema, "type" | "enum"> | undefined): Json {
  const read = readStrictJson(new TextEncoder().encode(text));
  if (!("value" in read)) return text;
  const types =
    schema?.enum !== undefined ? ["string"] : typeof schema?.type === "string" ? [schema.type] : schema?.type;
  if (types === undefined || types.some((type) => hasType(read.value, type))) return read.value;
  // "1.0" for a version is a text, whatever JSON says.
  return types.includes("string") ? text : read.value;
}

function hasType(value: Json, type: string): boolean {
  if (type === "array") return Array.isArray(value);
  if (type === "object") return isObject(value);
  if (type === "integer") return Number.isInteger(value);
  return typeof value === type;
}

/** An edit at the first place on the way that is missing, so that lists are made as lists. */
function smallest(root: JsonObject, pointer: Pointer, value: Json): Edit {
  for (let length = 1; length < pointer.length; length++) {
    const prefix = pointer.slice(0, length);
    if (valueAt(root, prefix) === undefined)
      return { pointer: prefix, value: put(undefined, pointer.slice(length), value) };
  }
  return { pointer, value };
}

function put(root: Json | undefined, pointer: Pointer, value: Json | undefined): Json | undefined {
  const [step, ...rest] = pointer;
  if (step === undefined) return value;
  // Taking away what is not there makes nothing on the way to it.
  if (value === undefined && valueAt(root, pointer) === undefined) return root;
  if (typeof step === "number") {
    const items: readonly Json[] = Array.isArray(root) ? root : [];
    const inner = put(items[step], rest, value);
    return inner === undefined
      ? items.filter((_, index) => index !== step)
      : [...items.slice(0, step), inner, ...items.slice(step + 1)];
  }
  const object: JsonObject = isObject(root) ? root : {};
  const inner = put(Object.hasOwn(object, step) ? object[step] : undefined, rest, value);
  if (inner !== undefined) return { ...object, [step]: inner };
  return Object.fromEntries(Object.entries(object).filter(([key]) => key !== step));
}
