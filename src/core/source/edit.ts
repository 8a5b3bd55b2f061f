/**
 * Changes single values of a file and leaves every other line as it is: a promotion is a two-line diff.
 * The result is checked: it must read as exactly the edited value, else the change is made on the composed document
 * and the file written anew in the canonical layout. It must never lose a comment outside of what it
 * replaces or deletes.
 */
import type { Document } from "yaml";
import { isObject, type Json, type JsonObject, type Pointer } from "../model/json.ts";
import { composeFirst } from "./compose.ts";
import { emit } from "./emit.ts";
import type { KeyOrder } from "./key-order.ts";
import { sameValue } from "./layout.ts";
import { parseStrict } from "./strict.ts";
import { splice, type Splice } from "./splice.ts";

/** One change: a value to set (missing maps on the way are made), or, without a value, a key or item to delete. */
export interface Edit {
  readonly pointer: Pointer;
  readonly value: Json | undefined;
}

/**
 * Applies edits in order and returns the new text. Setting what is already there, and deleting what is not, changes
 * nothing. An array index equal to the length appends. Throws when `text` is no valid file, or a pointer leads
 * through a scalar: callers edit entries they have read.
 */
export function editText(text: string, edits: readonly Edit[], keyOrder: KeyOrder): string {
  let value = readValue(text);
  if (value === undefined) throw new Error("editText needs a valid file");
  let current = text;
  for (const given of edits) {
    for (const edit of smallest(value, given)) {
      const wanted = withValue(value, edit.pointer, edit.value);
      if (!isObject(wanted)) throw new Error("editText cannot replace the whole file");
      if (sameValue(wanted, value)) continue;
      current = applyOne(current, emptied(wanted, edit), wanted, keyOrder);
      value = wanted;
    }
  }
  return current;
}

function applyOne(text: string, edit: Edit, wanted: JsonObject, keyOrder: KeyOrder): string {
  const document = composeFirst(text);
  if (document === undefined) throw new Error("editText needs a valid file");
  const change: Splice | undefined = splice(text, document, edit.pointer, edit.value, keyOrder);
  if (change !== undefined) {
    const written = text.includes("\r\n") ? change.text.replace(/\r?\n/g, "\r\n") : change.text;
    const edited = text.slice(0, change.start) + written + text.slice(change.end);
    if (sameValue(readValue(edited), wanted)) return edited;
  }
  return rewritten(text, document, edit, wanted, keyOrder);
}

/** The whole file in the canonical layout, for edits that no splice can make. */
function rewritten(
  text: string,
  document: Document,
  edit: Edit,
  wanted: JsonObject,
  keyOrder: KeyOrder,
): string {
  const path = [...edit.pointer];
  if (edit.value === undefined) document.deleteIn(path);
  else document.setIn(path, document.createNode(edit.value));
  const edited = emit(document, text, keyOrder);
  if (!sameValue(readValue(edited), wanted)) throw new Error(`editText could not set /${path.join("/")}`);
  return edited;
}

/** Deleting the last key of a map or the last item of a list leaves `{}` or `[]` behind. */
function emptied(wanted: JsonObject, edit: Edit): Edit {
  const pointer = edit.pointer.slice(0, -1);
  const left = edit.value === undefined && pointer.length > 0 ? valueAt(wanted, pointer) : undefined;
  const empty =
    (Array.isArray(left) && left.length === 0) || (isObject(left) && Object.keys(left).length === 0);
  return empty ? { pointer, value: left } : edit;
}

/** Splits the replacement of a map by a map into changes of the keys that differ, so that the rest keeps its lines. */
function smallest(root: JsonObject, edit: Edit): readonly Edit[] {
  const old = valueAt(root, edit.pointer);
  const { value } = edit;
  if (!isObject(old) || !isObject(value) || Object.keys(value).length === 0) return [edit];
  const edits: Edit[] = [];
  // Keys are set before others go, so that a map is never left empty in between.
  for (const key of Object.keys(value)) {
    if (!sameValue(old[key], value[key]))
      edits.push(...smallest(root, { pointer: [...edit.pointer, key], value: value[key] }));
  }
  for (const key of Object.keys(old)) {
    if (value[key] === undefined) edits.push({ pointer: [...edit.pointer, key], value: undefined });
  }
  return edits;
}

function valueAt(root: Json, pointer: Pointer): Json | undefined {
  let value: Json | undefined = root;
  for (const step of pointer) {
    if (Array.isArray(value) && typeof step === "number") value = value[step];
    else if (isObject(value) && Object.hasOwn(value, String(step))) value = value[String(step)];
    else return undefined;
  }
  return value;
}

/** A copy of a value with one place set or, for undefined, deleted. */
export function withValue(
  root: Json | undefined,
  pointer: Pointer,
  value: Json | undefined,
): Json | undefined {
  const [step, ...rest] = pointer;
  if (step === undefined) return value;
  if (Array.isArray(root)) {
    const index = Number(step);
    if (!Number.isInteger(index) || index < 0 || index > root.length)
      throw new Error(`no item ${step} to edit`);
    const inner = withValue(root[index], rest, value);
    if (inner === undefined) return root.filter((_, at) => at !== index);
    return [...root.slice(0, index), inner, ...root.slice(index + 1)];
  }
  if (root !== undefined && root !== null && !isObject(root))
    throw new Error(`/${pointer.join("/")} leads through a scalar`);
  const object = root ?? {};
  const key = String(step);
  const old = Object.hasOwn(object, key) ? object[key] : undefined;
  if (value === undefined && old === undefined) return root;
  const inner = withValue(old, rest, value);
  const copy: Record<string, Json | undefined> = { ...object };
  if (inner === undefined) delete copy[key];
  else copy[key] = inner;
  return copy;
}

function readValue(text: string): JsonObject | undefined {
  const parsed = parseStrict("", new TextEncoder().encode(text));
  return parsed.findings.length === 0 ? parsed.value : undefined;
}
