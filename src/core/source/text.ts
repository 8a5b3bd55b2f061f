/**
 * What is checked of a file before any parser sees it: size, encoding, invisible characters, line length (DESIGN 9).
 * This module must stay linear in the size of the file and never depend on what the text means, with one exception:
 * whether a long line stands inside a literal block.
 */
import * as codes from "./codes.ts";
import type { Faults } from "./faults.ts";
import { isBidirectional, MAX_BYTES, MAX_LINE, MAX_LITERAL_LINE } from "./limits.ts";

/** Bytes to text; undefined when nothing more can be said about the file. Faults are recorded. */
export function checkText(bytes: Uint8Array, faults: Faults): string | undefined {
  if (bytes.length > MAX_BYTES) {
    faults.add(codes.tooLarge, `The file has ${bytes.length} bytes; at most ${MAX_BYTES} are allowed.`, 0, 0);
    return undefined;
  }
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  const broken = text.includes("\uFFFD") ? firstInvalid(bytes) : -1;
  if (broken >= 0) {
    const start = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes.subarray(0, broken)).length;
    const byte = (bytes[broken] ?? 0).toString(16).padStart(2, "0");
    faults.add(
      codes.encoding,
      `The byte 0x${byte} at offset ${broken} is not valid UTF-8.`,
      start,
      start + 1,
    );
    return undefined;
  }
  checkCharacters(text, faults);
  return checkLines(text, faults) ? text : undefined;
}

/** A character no text of the registry may hold, whether written as itself or as an escape; with what it is called. */
export function unwanted(text: string): { readonly at: number; readonly bidirectional: boolean } | undefined {
  forbidden.lastIndex = 0;
  const match = forbidden.exec(text);
  if (match === null) return undefined;
  return { at: match.index, bidirectional: isBidirectional(match[0].charCodeAt(0)) };
}

/** `U+202E`, for messages: the character itself must not be printed. */
export function codePoint(text: string, at: number): string {
  return `U+${(text.codePointAt(at) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}

/** Everything but tab, LF and CR LF below U+0020; DEL and C1; the marks of DESIGN 9; a byte order mark inside; noncharacters. */
const forbidden =
  // These are the characters that are refused.
  /[\0-\x08\x0B\x0C\x0E-\x1F\x7F-\x9F\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF\uFFFE\uFFFF]|\r(?!\n)|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

function checkCharacters(text: string, faults: Faults): void {
  forbidden.lastIndex = 0;
  for (let match = forbidden.exec(text); match !== null; match = forbidden.exec(text)) {
    const at = match.index;
    const name = codePoint(text, at);
    if (at === 0 && name === "U+FEFF") {
      faults.add(codes.byteOrderMark, "The file begins with a byte order mark (U+FEFF).", 0, 1);
    } else if (isBidirectional(text.charCodeAt(at))) {
      faults.add(codes.bidirectional, `The bidirectional character ${name} stands here.`, at, at + 1);
    } else {
      const what =
        name === "U+000D" ? "a carriage return (U+000D) without a line feed" : `the character ${name}`;
      faults.add(codes.controlCharacter, `Here stands ${what}, which cannot be seen.`, at, at + 1);
    }
  }
}

/** Whether every line is short enough for a parser. */
function checkLines(text: string, faults: Faults): boolean {
  let fine = true;
  for (let start = 0; start < text.length;) {
    let end = text.indexOf("\n", start);
    if (end < 0) end = text.length;
    const length = end - start - (end > start && text.charCodeAt(end - 1) === 13 ? 1 : 0);
    if (length > MAX_LINE) {
      const most = insideLiteral(text, start) ? MAX_LITERAL_LINE : MAX_LINE;
      if (length > most) {
        faults.add(
          codes.longLine,
          `The line has ${length} characters; at most ${most} are allowed here.`,
          start + most,
          end,
        );
        fine = false;
      }
    }
    start = end + 1;
  }
  return fine;
}

/** Whether the line at `start` belongs to a literal block: some line above, indented less, opens one. */
function insideLiteral(text: string, start: number): boolean {
  let least = indentAt(text, start);
  for (let end = start - 1; end > 0 && least > 0;) {
    const begin = text.lastIndexOf("\n", end - 1) + 1;
    const indent = indentAt(text, begin);
    const blank = begin + indent >= end || text.charCodeAt(begin + indent) === 13;
    if (!blank && indent < least) {
      const line = end - begin <= MAX_LINE ? text.slice(begin + indent, end) : "";
      if (opensLiteral(line)) return least > indent + keyColumn(line);
      least = indent;
    }
    end = begin - 1;
  }
  return false;
}

/** Whether a line ends in the header of a literal block: `|`, `|-`, `|+2`, after a colon or a dash. */
function opensLiteral(line: string): boolean {
  const comment = line.indexOf(" #");
  const content = (comment < 0 ? line : line.slice(0, comment)).trimEnd();
  const bar = content.lastIndexOf("|");
  if (bar < 0 || content.length - bar > 3) return false;
  for (let at = bar + 1; at < content.length; at++) {
    if (!"+-123456789".includes(content.charAt(at))) return false;
  }
  const before = content.slice(0, bar).trimEnd();
  return before === "" || (before.length < bar && (before.endsWith(":") || before.endsWith("-")));
}

function indentAt(text: string, start: number): number {
  let at = start;
  while (text.charCodeAt(at) === 32) at++;
  return at - start;
}

/** The column, inside a line, that the content of its literal block must be indented beyond. */
function keyColumn(line: string): number {
  let column = 0;
  let last = 0;
  while (line.charCodeAt(column) === 45) {
    last = column;
    column++;
    while (line.charCodeAt(column) === 32) column++;
  }
  return line.charCodeAt(column) === 124 ? last : column;
}

/** The offset of the first byte that is not valid UTF-8 (RFC 3629); -1 when all are. */
function firstInvalid(bytes: Uint8Array): number {
  const strict = new TextDecoder("utf-8", { fatal: true });
  const valid = (from: number, to: number): boolean => {
    try {
      strict.decode(bytes.subarray(from, to));
      return true;
    } catch {
      return false;
    }
  };
  if (valid(0, bytes.length)) return -1;
  // Halve the range that holds the first fault; a cut never splits a character, so a fault is never the cut's.
  let from = 0;
  let to = bytes.length;
  while (to - from > 4) {
    let middle = (from + to) >> 1;
    while (middle > from && ((bytes[middle] ?? 0) & 0xc0) === 0x80) middle--;
    if (middle === from) break;
    if (valid(from, middle)) from = middle;
    else to = middle;
  }
  for (let at = from; at < to;) {
    const first = bytes[at] ?? 0;
    const length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if (at + length > bytes.length || !valid(at, at + length)) return at;
    at += length;
  }
  return from;
}
