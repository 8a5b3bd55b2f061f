/**
 * The smallest replacement of text that makes one edit. It knows lines, dashes and flow brackets, and answers
 * undefined wherever it is not sure; the caller checks every result. It must never touch a line that the edit
 * does not need.
 */
import { isMap, isScalar, isSeq, type Document, type Pair, type YAMLMap, type YAMLSeq } from "yaml";
import type { Json, Pointer } from "../model/json.ts";
import { asFound, type KeyOrder } from "./key-order.ts";
import { orderOf, renderFlow, renderItem, renderValue } from "./render.ts";
import { quote, spellKey, spellString } from "./scalar.ts";

/** Replace `start`..`end` of the text. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A place on the way to the edited value. */
interface Step {
  readonly parent: YAMLMap | YAMLSeq;
  readonly order: KeyOrder;
  readonly key: string | number;
}

/** Makes an edit of a composed text; undefined when the text gives it no simple place. */
export function splice(
  text: string,
  document: Document,
  pointer: Pointer,
  value: Json | undefined,
  keyOrder: KeyOrder,
): Splice | undefined {
  let node: unknown = document.contents;
  let order = keyOrder;
  let step: Step | undefined;
  for (const [index, key] of pointer.entries()) {
    if (!isMap(node) && !isSeq(node)) return undefined;
    step = { parent: node, order, key };
    const next: unknown = isMap(node) ? pairOf(node, key)?.value : node.items[Number(key)];
    order = isMap(node) ? orderOf(order, String(key)) : (order.items ?? asFound);
    const empty = isScalar(next) && next.value === null && (next.range?.[0] ?? 0) === (next.range?.[1] ?? 0);
    if (next === undefined || (empty && index < pointer.length - 1)) {
      if (value === undefined) return undefined;
      // What is missing on the way is made as one new value.
      const nested = pointer.slice(index + 1).reduceRight<Json>((inner, name) => ({ [name]: inner }), value);
      return next === undefined
        ? insert(text, step, nested, order)
        : replace(text, step, next, nested, order);
    }
    node = next;
  }
  if (step === undefined) return undefined;
  return value === undefined ? remove(text, step) : replace(text, step, node, value, order);
}

/** Puts a new value where an old one stands. */
function replace(text: string, step: Step, node: unknown, value: Json, order: KeyOrder): Splice | undefined {
  const range = rangeOf(node);
  if (range === undefined) return undefined;
  const [start, end] = range;
  if (step.parent.flow === true) {
    const flow = onOneLine(value, order);
    return flow === undefined ? undefined : { start, end, text: flow };
  }
  const to = start + text.slice(start, end).trimEnd().length;
  if ((isMap(node) || isSeq(node)) && node.flow !== true)
    return replaceBlock(text, step, start, to, value, order);
  const indent = columnOf(text, ownerOf(step)) ?? dashColumn(text, start);
  const oneLine = typeof value === "string" && !value.includes("\n");
  const quoted = isScalar(node) && (node.type === "QUOTE_DOUBLE" || node.type === "QUOTE_SINGLE");
  // A value in quotes stays in quotes, so that a new version does not change its looks.
  const written =
    quoted && oneLine
      ? ` ${quote(value)}`
      : renderValue(value, order, indent + 2, start - lineStart(text, start), String(step.key));
  const stop = contentEnd(text, to);
  const comment = text.slice(to, stop).trim();
  if (written.includes("\n") && comment !== "") {
    // Behind a value of several lines there is no place for the comment; it moves above its key.
    const first = lineStart(text, start);
    const head = text.slice(first, start).trimEnd();
    const margin = " ".repeat(head.length - head.trimStart().length);
    return { start: first, end: stop, text: `${margin}${comment}\n${head}${written}` };
  }
  // `key:` with nothing behind it has no blank yet; `key: old` has one.
  const spaced = /[ \t]/.test(text.charAt(start - 1));
  const behind = spaced && written.startsWith(" ") ? written.slice(1) : written;
  return {
    start: spaced && written.startsWith("\n") ? start - 1 : start,
    end: Math.max(to, start),
    text: behind,
  };
}

/** Puts a new value where a list or map of several lines stands; a comment behind its colon stays there. */
function replaceBlock(
  text: string,
  step: Step,
  start: number,
  end: number,
  value: Json,
  order: KeyOrder,
): Splice | undefined {
  const key = ownerOf(step);
  if (key === undefined) {
    // The first line of an item stands behind its dash, or else nothing is simple.
    const line = text.slice(lineStart(text, start), start);
    const item = renderItem(value, order, dashColumn(text, start));
    return /-[ ]+$/.test(line) && !item.startsWith("\n") ? { start, end, text: item.slice(1) } : undefined;
  }
  const indent = columnOf(text, key) ?? 0;
  const colon = text.indexOf(":", endOf(pairOf(step.parent, step.key)?.key) ?? text.length);
  const head = /^:[ \t]*(#[^\r\n]*)?\r?\n/.exec(text.slice(colon, contentEnd(text, colon) + 2));
  if (colon < 0 || head === null) return undefined;
  const comment = head[1] === undefined ? "" : ` ${head[1].trimEnd()}`;
  const written = renderValue(value, order, indent + 2, colon + 1 - lineStart(text, colon), String(step.key));
  if (written.startsWith("\n")) return { start: colon + 1, end, text: comment + written };
  return comment !== "" && written.includes("\n")
    ? undefined
    : { start: colon + 1, end, text: written + comment };
}

function onOneLine(value: Json, order: KeyOrder): string | undefined {
  return typeof value === "string" ? spellString(value, "flow") : renderFlow(value, order);
}

/** Adds a key to a map at its schema place, or an item to the end of a list. */
function insert(text: string, step: Step, value: Json, order: KeyOrder): Splice | undefined {
  const { parent, key } = step;
  const items: readonly unknown[] = parent.items;
  const index = isMap(parent) ? placeOf(parent, String(key), step.order) : items.length;
  const previous = items[index - 1];
  const following = items[index];
  if (parent.flow === true || items.length === 0) {
    const flow = onOneLine(value, order);
    const range = rangeOf(parent);
    if (flow === undefined || range === undefined || parent.flow !== true) return undefined;
    const written = isMap(parent) ? `${spellKey(String(key))}: ${flow}` : flow;
    if (items.length === 0)
      return { start: range[0], end: range[1], text: isMap(parent) ? `{ ${written} }` : `[${written}]` };
    const at = previous === undefined ? startOf(following) : endOf(previous);
    return at === undefined
      ? undefined
      : { start: at, end: at, text: previous === undefined ? `${written}, ` : `, ${written}` };
  }
  const anchor = startOf(previous ?? following);
  if (anchor === undefined) return undefined;
  const indent = isMap(parent) ? columnOf(text, anchor) : dashColumn(text, anchor);
  if (indent === undefined) return undefined;
  const head = isMap(parent) ? `${spellKey(String(key))}:` : "-";
  const written = head + renderValue(value, order, indent + 2, indent + head.length, String(key));
  if (previous === undefined)
    return { start: anchor, end: anchor, text: `${written}\n${" ".repeat(indent)}` };
  const end = endOf(previous);
  if (end === undefined) return undefined;
  const at = contentEnd(text, end);
  return { start: at, end: at, text: `\n${" ".repeat(indent)}${written}` };
}

/** Takes a key or an item out; undefined when its container would be empty or shares the line with its dash. */
function remove(text: string, { parent, key }: Step): Splice | undefined {
  const items: readonly unknown[] = parent.items;
  const index = isMap(parent) ? parent.items.findIndex((pair) => keyText(pair) === String(key)) : Number(key);
  const start = startOf(items[index]);
  const end = endOf(items[index]);
  if (start === undefined || end === undefined || items.length < 2) return undefined;
  const next = startOf(items[index + 1]);
  if (parent.flow === true) {
    const before = endOf(items[index - 1]);
    return before === undefined ? { start, end: next ?? end, text: "" } : { start: before, end, text: "" };
  }
  const line = lineStart(text, start);
  const own = isMap(parent) ? text.slice(line, start).trim() === "" : text.slice(line, start).trim() === "-";
  if (own) {
    const feed = text.indexOf("\n", contentEnd(text, end));
    return { start: line, end: feed < 0 ? text.length : feed + 1, text: "" };
  }
  // The first key behind a dash: what follows it moves up, unless a comment stands between.
  return next === undefined || text.slice(end, next).includes("#")
    ? undefined
    : { start, end: next, text: "" };
}

/** Where a new key belongs: behind the last key that the schema lists before it; unknown keys go last. */
function placeOf(map: YAMLMap, key: string, order: KeyOrder): number {
  const rank = order.keys.indexOf(key);
  if (rank < 0) return map.items.length;
  for (let i = map.items.length - 1; i >= 0; i--) {
    const pair = map.items[i];
    const other = pair === undefined ? -1 : order.keys.indexOf(keyText(pair) ?? "");
    if (other >= 0 && other < rank) return i + 1;
  }
  return 0;
}

function pairOf(parent: YAMLMap | YAMLSeq, key: string | number): Pair | undefined {
  return isMap(parent) ? parent.items.find((pair) => keyText(pair) === String(key)) : undefined;
}

function keyText({ key }: Pair): string | undefined {
  return isScalar(key) ? String(key.value) : undefined;
}

function rangeOf(node: unknown): readonly [number, number] | undefined {
  const range = isScalar(node) || isMap(node) || isSeq(node) ? node.range : undefined;
  return range ? [range[0], range[1]] : undefined;
}

function startOf(item: unknown): number | undefined {
  return rangeOf(isPairLike(item) ? item.key : item)?.[0];
}

function endOf(item: unknown): number | undefined {
  if (!isPairLike(item)) return rangeOf(item)?.[1];
  return rangeOf(item.value)?.[1] ?? rangeOf(item.key)?.[1];
}

function isPairLike(item: unknown): item is Pair {
  return typeof item === "object" && item !== null && "key" in item && "value" in item && !isScalar(item);
}

/** The offset of the key whose value is edited; undefined for list items. */
function ownerOf({ parent, key }: Step): number | undefined {
  return startOf(pairOf(parent, key));
}

/** The end of the last line an item's content stands on, its comment included, without the line feed. */
function contentEnd(text: string, end: number): number {
  const trimmed = text.slice(0, end).trimEnd().length;
  const line = text.indexOf("\n", trimmed);
  if (line < 0) return text.length;
  return text.charAt(line - 1) === "\r" ? line - 1 : line;
}

function lineStart(text: string, at: number): number {
  return at === 0 ? 0 : text.lastIndexOf("\n", at - 1) + 1;
}

function columnOf(text: string, at: number | undefined): number | undefined {
  return at === undefined ? undefined : at - lineStart(text, at);
}

/** The column of the dash in front of a list item. */
function dashColumn(text: string, at: number): number {
  const line = lineStart(text, at);
  const dash = text.lastIndexOf("-", at - 1);
  return dash < line ? at - line : dash - line;
}
