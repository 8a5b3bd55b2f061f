/**
 * How a scalar is spelled in the canonical layout: plain where no reader can misread it, else quoted.
 * "No reader" includes those that still follow YAML 1.1 (`no`, `2027-03-31`, `012`). It must never write anything
 * that the fast parser declines.
 */

import { isPlainKey, words } from "./limits.ts";

/** Where a scalar stands: alone behind its key, or between commas and brackets. */
export type Place = "block" | "flow";

/** A string as YAML; never over several lines. */
export function spellString(text: string, place: Place): string {
  return isPlain(text, place) ? text : quote(text);
}

/** A key as YAML. */
export function spellKey(key: string): string {
  return isPlainKey(key) ? key : quote(key);
}

/** A finite number as YAML: what JSON writes, without a negative zero, which no digest would see either. */
export function spellNumber(value: number): string {
  // Written out, a number beyond the safe integers would be refused as one that is not kept exactly.
  return Number.isInteger(value) && !Number.isSafeInteger(value)
    ? value.toExponential()
    : JSON.stringify(value);
}

/** A string in quotes: double ones, or single ones where they save escapes. */
export function quote(text: string): string {
  if (/["\\]/.test(text) && !/['\n\r\t\0-\x1f]/.test(text)) return `'${text}'`;
  if (!/["\\\0-\x1f\x7f]/.test(text)) return `"${text}"`;
  return `"${text.replace(/["\\\0-\x1f\x7f]/g, escape)}"`;
}

/** Whether a string may stand without quotes. */
export function isPlain(text: string, place: Place): boolean {
  if (place === "block" ? !plainInBlock.test(text) : !plainInFlow.test(text)) return false;
  if (text.includes(": ") || text.includes(" #")) return false;
  const first = text.charCodeAt(0);
  // Digits, signs and dots may begin a number, a date or a time in one of the YAML versions.
  if (first < 58 && misread.test(text)) return false;
  return text.length > 5 || !words.has(text.toLowerCase());
}

/**
 * The header and the lines of a literal block (`|` or `|-`), each line indented by `indent` spaces;
 * undefined when the text cannot be written so.
 */
export function literalBlock(text: string, indent: number): string | undefined {
  const clip = text.endsWith("\n");
  const body = clip ? text.slice(0, -1) : text;
  // A first line that is blank or indented, and further line feeds at the end, would need indicators.
  if (body === "" || /^[ \t\n]/.test(body) || body.endsWith("\n")) return undefined;
  // Blanks at the end of a line are invisible; quotes make them seen.
  if (/[ \t](?:\n|$)/.test(body) || unprintable.test(body)) return undefined;
  const margin = " ".repeat(indent);
  return `${clip ? "|" : "|-"}\n${margin}${body.replace(/\n(?=[^\n])/g, `\n${margin}`)}`;
}

// What a literal block cannot hold.
const unprintable = /[\0-\x08\x0b-\x1f\x7f-\x9f\ufeff]/;

/** First and last characters are those that mean nothing to YAML; tabs and quotes never stand in plain text. */
const plainInBlock =
  /^[A-Za-z0-9_./$(+^~<=\u00c0-\u1fff\u3040-\ud7ff](?:[^\0-\x1f\x7f-\x9f"\ufeff]*[^\0-\x20\x7f-\xa0:"\ufeff])?$/;
const plainInFlow =
  /^[A-Za-z0-9_./$(+^\u00c0-\u1fff\u3040-\ud7ff](?:[^\0-\x1f\x7f-\x9f",[\]{}\ufeff]*[^\0-\x20\x7f-\xa0:",[\]{}\ufeff])?$/;

/** Numbers, dates, times, sexagesimals and versions, in YAML 1.1 or 1.2; whatever begins like a number and has no letter. */
const misread =
  /^[-+.]?[0-9][-+0-9._:,]*(?:[eE][-+]?[0-9]*)?$|^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}|^[-+]?\.(?:inf|nan)$|^[-+]?0[xob]|^[0-9]+\.[0-9]|^[-+.]+$|^\.+$/i;

function escape(character: string): string {
  switch (character) {
    case '"':
      return '\\"';
    case "\\":
      return "\\\\";
    case "\n":
      return "\\n";
    case "\t":
      return "\\t";
    case "\r":
      return "\\r";
    default:
      return `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
  }
}
