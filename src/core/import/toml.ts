/**
 * One TOML file of a foreign source, read without trust: its size, depth and keys are bounded before anybody looks
 * at a value. Money needs the digits as they are written (`2.50`), which a parsed number no longer has, so this
 * module also keeps the spelling of numbers; it must never let that spelling change a value.
 */
import { parse, TomlDate, TomlError } from "smol-toml";
import type { Json, JsonObject } from "../model/json.ts";
import { MAX_BYTES, MAX_DEPTH, MAX_KEYS, isForbiddenKey } from "../source/limits.ts";
import { quoted } from "./text.ts";

/** A TOML file as plain JSON: dates are texts, integers and floats are numbers. */
export interface TomlFile {
  readonly value: JsonObject;
  /** The spelling of numbers by their dotted path (`cost.input` -> `2.50`); list positions are no part of it. */
  readonly spelling: ReadonlyMap<string, readonly string[]>;
  /** The text of all comment lines, joined by spaces; empty without comments. */
  readonly comment: string;
}

/** Reads a TOML file; the reason as a sentence where it cannot be read. */
export function readToml(bytes: Uint8Array): TomlFile | { readonly reason: string } {
  if (bytes.length > MAX_BYTES)
    return { reason: `The file has ${bytes.length} bytes; at most ${MAX_BYTES} are read.` };
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return { reason: "The file is not valid UTF-8." };
  }
  let table: object;
  try {
    table = parse(text, { maxDepth: MAX_DEPTH, unsafeKeyBehaviour: "throw" });
  } catch (error) {
    if (error instanceof TomlError) return { reason: `Line ${error.line}: ${firstLine(error.message)}.` };
    throw error;
  }
  const faults: string[] = [];
  const value = plain(table, 1, { keys: 0, faults });
  if (faults[0] !== undefined) return { reason: faults[0] };
  return { value: value as JsonObject, ...scan(text) };
}

/** How a number is spelled at a dotted path: only a spelling that means the same value, else the shortest one. */
export function spellingOf(file: TomlFile, path: string, value: number): string {
  const same = file.spelling.get(path)?.find((text) => Number(text.replaceAll("_", "")) === value);
  return same ?? String(value);
}

interface Bounds {
  keys: number;
  readonly faults: string[];
}

/** Copies parser values into plain objects, counting keys and depth on the way down. */
function plain(value: unknown, depth: number, bounds: Bounds): Json {
  if (bounds.faults.length > 0) return null;
  if (typeof value !== "object" || value === null) return value as Json;
  if (value instanceof TomlDate) return value.toISOString();
  if (depth > MAX_DEPTH) {
    bounds.faults.push(`The tables are nested more than ${MAX_DEPTH} deep.`);
    return null;
  }
  if (Array.isArray(value)) {
    bounds.keys += value.length;
    if (bounds.keys > MAX_KEYS) bounds.faults.push(`The file has more than ${MAX_KEYS} keys and list items.`);
    return value.map((item) => plain(item, depth + 1, bounds));
  }
  const out: Record<string, Json> = {};
  for (const [key, child] of Object.entries(value)) {
    bounds.keys++;
    if (bounds.keys > MAX_KEYS) bounds.faults.push(`The file has more than ${MAX_KEYS} keys and list items.`);
    if (isForbiddenKey(key)) bounds.faults.push(`The key ${quoted(key)} is not allowed in any source.`);
    if (bounds.faults.length > 0) return null;
    out[key] = plain(child, depth + 1, bounds);
  }
  return out;
}

/** `[cost]` and `[[cost.tiers]]`, bare keys only: quoted ones never name money. */
const header = /^\s*\[\[?\s*([A-Za-z0-9_.-]+)\s*\]\]?/;
const numberLine = /^\s*([A-Za-z0-9_-]+)\s*=\s*([+-]?\d[\d_]*(?:\.[\d_]+)?(?:[eE][+-]?\d+)?)\s*(?:#.*)?$/;
const commentLine = /^\s*#+[ \t]?(.*)$/;
const commentAtEnd = /^[^"'#]*(?:"[^"\\]*"[^"'#]*)*#+[ \t]?(.*)$/;

/** A second, shallow look at the lines; whatever it misreads (a multi-line string, say) costs a zero, never a value. */
function scan(text: string): Pick<TomlFile, "spelling" | "comment"> {
  const spelling = new Map<string, string[]>();
  const comments: string[] = [];
  let table = "";
  for (const line of text.split("\n")) {
    const own = commentLine.exec(line) ?? (line.includes("#") ? commentAtEnd.exec(line) : null);
    if (own !== null && own[1]!.trim() !== "") comments.push(own[1]!.trim());
    const head = header.exec(line);
    if (head !== null) table = `${head[1]!}.`;
    const number = head === null ? numberLine.exec(line) : null;
    if (number === null) continue;
    const path = table + number[1]!;
    const known = spelling.get(path);
    if (known === undefined) spelling.set(path, [number[2]!]);
    else known.push(number[2]!);
  }
  return { spelling, comment: comments.join(" ") };
}

function firstLine(message: string): string {
  const line = message.split("\n", 1)[0] ?? "";
  return line
    .replace(/^Invalid TOML document: /, "")
    .replace(/\.$/, "")
    .slice(0, 200);
}
