/**
 * A plain value as a new file in the canonical layout; what importers and `assent new` write.
 * It must never depend on the order in which the value's keys were made beyond what the schema leaves open,
 * and never load the YAML library.
 */
import { isObject, type Json, type JsonObject } from "../model/json.ts";
import { asFound, type KeyOrder } from "./key-order.ts";
import { MAX_LINE } from "./limits.ts";
import { literalBlock, spellKey, spellNumber, spellString } from "./scalar.ts";

/** Columns up to which a map or a list of maps stands on one line. */
const MAP_WIDTH = 80;
/** Columns up to which a list of scalars stands on one line, and an item of a list of maps. */
const LIST_WIDTH = 110;

/** Blocks whose keys each keep a line of their own, so that one changed field is one changed line. */
const alwaysBlock: ReadonlySet<string> = new Set([
  "spec",
  "facts",
  "serving",
  "extensions",
  "require",
  "pricing",
]);

/** Writes a whole file: every key in schema order, LF, one final line feed. */
export function render(value: JsonObject, keyOrder: KeyOrder): string {
  const keys = orderedKeys(value, keyOrder);
  return keys.length === 0 ? "{}\n" : `${blockMap(value, keys, keyOrder, 0)}\n`;
}

/** The value behind `key:` or `-`, with the blank or line feed before it; `column` is where the line stands already. */
export function renderValue(value: Json, order: KeyOrder, indent: number, column: number, key = ""): string {
  if (typeof value === "string") return ` ${text(value, indent, column)}`;
  if (Array.isArray(value)) return list(value, order.items ?? asFound, indent, column);
  if (isObject(value)) {
    const keys = orderedKeys(value, order);
    if (keys.length === 0) return " {}";
    if (!alwaysBlock.has(key)) {
      const flow = flowMap(value, keys, order, 1);
      if (flow !== undefined && column + 1 + flow.length <= MAP_WIDTH) return ` ${flow}`;
    }
    return `\n${" ".repeat(indent)}${blockMap(value, keys, order, indent)}`;
  }
  return ` ${atom(value)}`;
}

/** A value on one line between brackets; undefined when a text in it needs lines of its own. */
export function renderFlow(value: Json, order: KeyOrder): string | undefined {
  return flowValue(value, order, 0);
}

/** The keys of a map in the order in which they are written. Absent values have none. */
export function orderedKeys(value: JsonObject, order: KeyOrder): readonly string[] {
  const keys: string[] = [];
  for (const key of order.keys) {
    if (Object.hasOwn(value, key) && value[key] !== undefined) keys.push(key);
  }
  const rest = Object.keys(value);
  if (keys.length === rest.length) return keys;
  const known = new Set(order.keys);
  for (const key of rest) {
    if (!known.has(key) && value[key] !== undefined) keys.push(key);
  }
  return keys;
}

/** The order that holds inside the value of a key. */
export function orderOf(order: KeyOrder, key: string): KeyOrder {
  return (Object.hasOwn(order.children, key) ? order.children[key] : order.additional) ?? asFound;
}

/** The lines of a map; the first without its indentation. */
function blockMap(value: JsonObject, keys: readonly string[], order: KeyOrder, indent: number): string {
  const margin = `\n${" ".repeat(indent)}`;
  let lines = "";
  for (const key of keys) {
    const spelled = `${spellKey(key)}:`;
    const item = renderValue(
      value[key] ?? null,
      orderOf(order, key),
      indent + 2,
      indent + spelled.length,
      key,
    );
    lines += lines === "" ? spelled + item : margin + spelled + item;
  }
  return lines;
}

function list(values: readonly Json[], order: KeyOrder, indent: number, column: number): string {
  if (values.length === 0) return " []";
  const plain = values.every((value) => value === null || typeof value !== "object");
  if (plain) {
    const flow = flowList(values, asFound, 1);
    if (flow !== undefined && column + 1 + flow.length <= LIST_WIDTH) return ` ${flow}`;
  }
  return blockList(values, order, indent);
}

/** A list, each item behind a dash of its own. */
function blockList(values: readonly Json[], order: KeyOrder, indent: number): string {
  const margin = `\n${" ".repeat(indent)}-`;
  let lines = "";
  for (const value of values) lines += margin + renderItem(value, order, indent);
  return lines;
}

/** What stands behind the dash of a list item whose dash is in column `indent`. */
export function renderItem(value: Json, order: KeyOrder, indent: number): string {
  if (isObject(value)) {
    const keys = orderedKeys(value, order);
    if (keys.length === 0) return " {}";
    const flow = keys.length > 1 ? flowMap(value, keys, order, 1) : undefined;
    if (flow !== undefined && indent + 2 + flow.length <= LIST_WIDTH) return ` ${flow}`;
    return ` ${blockMap(value, keys, order, indent + 2)}`;
  }
  if (Array.isArray(value)) {
    const flow = flowList(value, order.items ?? asFound, 1);
    if (flow !== undefined && indent + 2 + flow.length <= LIST_WIDTH) return ` ${flow}`;
    return blockList(value, order.items ?? asFound, indent + 2);
  }
  return typeof value === "string" ? ` ${text(value, indent + 2, indent + 1)}` : ` ${atom(value)}`;
}

/** A map on one line; undefined when something in it needs lines of its own. */
function flowMap(
  value: JsonObject,
  keys: readonly string[],
  order: KeyOrder,
  depth: number,
): string | undefined {
  if (keys.length === 0) return "{}";
  let items = "";
  for (const key of keys) {
    const item = flowValue(value[key] ?? null, orderOf(order, key), depth);
    if (item === undefined) return undefined;
    items += `${items === "" ? "" : ", "}${spellKey(key)}: ${item}`;
  }
  return `{ ${items} }`;
}

function flowList(values: readonly Json[], order: KeyOrder, depth: number): string | undefined {
  let items = "";
  for (const value of values) {
    const item = flowValue(value, order, depth);
    if (item === undefined) return undefined;
    items += items === "" ? item : `, ${item}`;
  }
  return `[${items}]`;
}

function flowValue(value: Json, order: KeyOrder, depth: number): string | undefined {
  if (typeof value === "string") {
    return value.includes("\n") || value.length > LIST_WIDTH ? undefined : spellString(value, "flow");
  }
  if (value === null || typeof value !== "object") return atom(value);
  // Deeper than a map in a map, one line is no longer read at a glance.
  if (depth > 2) return undefined;
  if (Array.isArray(value)) return flowList(value, order.items ?? asFound, depth + 1);
  return isObject(value) ? flowMap(value, orderedKeys(value, order), order, depth + 1) : undefined;
}

/** A string in its own lines where it has several or is too long for one, else on this line. */
function text(value: string, indent: number, column: number): string {
  if (value.includes("\n") || column + value.length > MAX_LINE - 100) {
    const block = literalBlock(value, indent);
    if (block !== undefined) return block;
  }
  return spellString(value, "block");
}

function atom(value: Json): string {
  return typeof value === "number" ? spellNumber(value) : String(value);
}
