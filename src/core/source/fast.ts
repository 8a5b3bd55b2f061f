/**
 * The fast parser: reads what `assent fmt` writes, and a little more, straight from bytes to values.
 * It returns exactly what `parseStrict` would return without findings, or declines; it never reports anything.
 * Whatever is unusual is declined: `yaml` stays the only judge. Its result is a function of the bytes alone; the
 * key cache behind it only saves work. The text is scanned
 * as units (units.ts), which have the same offsets; the 0 behind the last of them lets loops do without a bound.
 */
import type { Json, JsonObject } from "../model/json.ts";
import {
  beginFile,
  beginMap,
  followers,
  keyNumber,
  lengths,
  letters,
  mark,
  names,
  plainKey,
  starts,
} from "./keys.ts";
import { beginText, doubleQuoted, moveTo, plain, pos, singleQuoted } from "./fast-scalar.ts";
import {
  atEnd,
  beginLines,
  behindComment,
  countLongLines,
  endLine,
  indent,
  literal,
  nextLine,
} from "./fast-lines.ts";
import { MAX_BYTES, MAX_DEPTH, MAX_KEYS } from "./limits.ts";
import { declined, fillUnits, keyUnits, stopBlock, stopFlow, units } from "./units.ts";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
let text = "";
let keysLeft = 0;
let lastKey = 0;
/** The items of the lists that are being read, outer lists first. */
const items: Json[] = [];
let listed = 0;

/** Reads a file in the canonical layout; undefined when it declines, and then `parseStrict` decides. */
export function parseFast(bytes: Uint8Array): JsonObject | undefined {
  if (bytes.length > MAX_BYTES || bytes.length === 0) return undefined;
  try {
    text = decoder.decode(bytes);
  } catch {
    return undefined;
  }
  const value = text.length === bytes.length ? parseUnits(bytes) : parseUnits(undefined);
  if (value !== undefined || !text.includes("\r\n")) return value;
  // CR LF means the same as LF to YAML; a checkout on Windows may have it.
  text = text.replaceAll("\r\n", "\n");
  return parseUnits(undefined);
}

function parseUnits(ascii: Uint8Array | undefined): JsonObject | undefined {
  beginText(text);
  beginLines(text, fillUnits(text, ascii));
  keysLeft = MAX_KEYS;
  lastKey = 0;
  listed = 0;
  beginFile();
  try {
    countLongLines();
    nextLine(0);
    if (indent !== 0) return undefined;
    const value = units[pos] === 123 ? flowRoot() : blockMap(0, 1);
    return atEnd() ? value : undefined;
  } catch (error) {
    if (error !== declined) throw error;
    return undefined;
  }
}

function flowRoot(): JsonObject {
  const value = flowMap(pos, 1);
  endLine(pos);
  return value;
}

/** A map whose keys stand in `column`; the first of them at `pos`. */
function blockMap(column: number, depth: number): JsonObject {
  if (depth > MAX_DEPTH) throw declined;
  const object: Record<string, Json> = {};
  const map = beginMap();
  do {
    const key = keyAt(pos);
    if (!mark(key, map, depth)) throw declined;
    object[names[key]!] = blockValue(column, depth);
  } while (indent === column);
  if (indent > column) throw declined;
  return object;
}

/** The number of the key at `p`; leaves `pos` behind its colon. */
function keyAt(p: number): number {
  if (--keysLeft < 0) throw declined;
  // In most files a key is followed by the key that followed it in the file before.
  let key = followers[lastKey]!;
  const length = lengths[key]!;
  const from = starts[key]!;
  let i = 0;
  while (i < length && letters[from + i] === units[p + i]) i++;
  let end = p + length;
  if (key === 0 || i < length || units[end] !== 58) {
    end = p;
    if (units[p] === 34 || units[p] === 39) {
      key = keyNumber(units[p] === 34 ? doubleQuoted(p) : singleQuoted(p));
      end = pos;
    } else {
      while (keyUnits[units[end]!] === 1) end++;
      key = plainKey(units, text, p, end);
    }
    if (key === 0 || units[end] !== 58) throw declined;
    followers[lastKey] = key;
  }
  lastKey = key;
  moveTo(end + 1);
  const next = units[pos];
  if (next !== 32 && next !== 10) throw declined;
  return key;
}

/** The value behind the colon at `pos`, of a key in `column`. */
function blockValue(column: number, depth: number): Json {
  let p = pos;
  while (units[p] === 32) p++;
  const unit = units[p];
  if (unit !== 10 && unit !== 35) return lineValue(p, column, depth);
  nextLine(unit === 10 ? p + 1 : behindComment(p));
  return below(column, depth);
}

/** A list or map on lines of its own, indented more than `column`. */
function below(column: number, depth: number): Json {
  if (indent <= column) throw declined;
  return units[pos] === 45 ? blockList(indent, depth + 1) : blockMap(indent, depth + 1);
}

function blockList(column: number, depth: number): Json {
  if (depth > MAX_DEPTH) throw declined;
  const first = listed;
  do {
    const dash = pos;
    let p = dash + 1;
    const next = units[p];
    if (units[dash] !== 45 || (next !== 32 && next !== 10)) throw declined;
    if (next === 10) {
      nextLine(p + 1);
      push(below(column, depth));
      continue;
    }
    while (units[p] === 32) p++;
    if (beginsMap(p)) {
      moveTo(p);
      push(blockMap(column + p - dash, depth + 1));
    } else {
      push(lineValue(p, column, depth));
    }
  } while (indent === column);
  if (indent > column) throw declined;
  return listFrom(first);
}

/** Puts an item behind the items of the lists that are being read. */
function push(item: Json): void {
  items[listed++] = item;
}

/** Makes a list of the items from `first` on, in memory for just these: a list that grows takes room for seventeen. */
function listFrom(first: number): Json[] {
  const list = items.slice(first, listed);
  listed = first;
  return list;
}

/** Whether a key stands behind a dash, and not a value. */
function beginsMap(p: number): boolean {
  let end = p;
  if (units[p] === 34 || units[p] === 39) {
    if (units[p] === 34) doubleQuoted(p);
    else singleQuoted(p);
    end = pos;
  } else {
    while (keyUnits[units[end]!] === 1) end++;
  }
  return end > p && units[end] === 58 && (units[end + 1] === 32 || units[end + 1] === 10);
}

/** A value that begins on the line of its key or dash, which stands in `column`. */
function lineValue(p: number, column: number, depth: number): Json {
  if (units[p] === 124) return literal(p + 1, column);
  const value = valueAt(p, depth, stopBlock);
  endLine(pos);
  return value;
}

function valueAt(p: number, depth: number, stop: Uint8Array): Json {
  switch (units[p]) {
    case 34:
      return doubleQuoted(p);
    case 39:
      return singleQuoted(p);
    case 91:
      return flowList(p, depth + 1);
    case 123:
      return flowMap(p, depth + 1);
    default:
      return plain(p, stop);
  }
}

function flowList(p: number, depth: number): Json {
  if (depth > MAX_DEPTH) throw declined;
  const first = listed;
  p++;
  while (units[p] === 32) p++;
  if (units[p] === 93) {
    moveTo(p + 1);
    return [];
  }
  for (;;) {
    push(valueAt(p, depth, stopFlow));
    p = pos;
    while (units[p] === 32) p++;
    const unit = units[p++];
    if (unit === 93) break;
    if (unit !== 44) throw declined;
    while (units[p] === 32) p++;
  }
  moveTo(p);
  return listFrom(first);
}

function flowMap(p: number, depth: number): JsonObject {
  if (depth > MAX_DEPTH) throw declined;
  const object: Record<string, Json> = {};
  const map = beginMap();
  p++;
  while (units[p] === 32) p++;
  if (units[p] === 125) {
    moveTo(p + 1);
    return object;
  }
  for (;;) {
    const key = keyAt(p);
    if (!mark(key, map, depth)) throw declined;
    p = pos;
    while (units[p] === 32) p++;
    object[names[key]!] = valueAt(p, depth, stopFlow);
    p = pos;
    while (units[p] === 32) p++;
    const unit = units[p++];
    if (unit === 125) break;
    if (unit !== 44) throw declined;
    while (units[p] === 32) p++;
  }
  moveTo(p);
  return object;
}
