/**
 * The lines of the fast parser: indentation, blank lines, comments, and the literal blocks that are made of lines.
 * Nothing here knows keys or values; it only moves the position and declines what it does not know.
 */
import { moveTo } from "./fast-scalar.ts";
import { MAX_LINE, MAX_LITERAL_LINE } from "./limits.ts";
import { declined, units } from "./units.ts";

/** The indentation of the line at the position; -1 at the end of the file. */
export let indent = 0;
let text = "";
let size = 0;
/** Lines longer than MAX_LINE that no literal block has taken yet. */
let longLines = 0;

/** Begins with a new text of `newSize` units. */
export function beginLines(newText: string, newSize: number): void {
  text = newText;
  size = newSize;
  longLines = 0;
}

/** Whether the file was read to its end, and every long line stood in a literal block. */
export function atEnd(): boolean {
  return indent === -1 && longLines === 0;
}

/** Lines that only a literal block may hold are counted here, and taken off when one does. */
export function countLongLines(): void {
  if (size <= MAX_LINE) return;
  for (let start = 0; start < text.length;) {
    let end = text.indexOf("\n", start);
    if (end < 0) end = text.length;
    if (end - start > MAX_LITERAL_LINE) throw declined;
    if (end - start > MAX_LINE) longLines++;
    start = end + 1;
  }
}

/** Moves to the first character of the next line that says something; `p` is the start of a line. */
export function nextLine(p: number): void {
  for (;;) {
    const start = p;
    while (units[p] === 32) p++;
    const unit = units[p]!;
    if (unit === 10) {
      p++;
    } else if (unit === 35) {
      p = behindComment(p);
    } else {
      indent = unit === 0 && p === size ? -1 : p - start;
      moveTo(p);
      return;
    }
  }
}

/** The start of the line below the comment at `p`. */
export function behindComment(p: number): number {
  for (;;) {
    const unit = units[++p]!;
    if (unit === 10) return p + 1;
    if ((unit < 32 && unit !== 9) || unit === 127) throw declined;
  }
}

/** Takes what may follow a value on its line: blanks and a comment. */
export function endLine(p: number): void {
  if (units[p] === 10) {
    nextLine(p + 1);
    return;
  }
  const start = p;
  while (units[p] === 32) p++;
  if (units[p] === 10) nextLine(p + 1);
  else if (units[p] === 35 && p > start) nextLine(behindComment(p));
  else throw declined;
}

/** A literal block below the line of a key or dash in `column`; `p` is behind the bar. */
export function literal(p: number, column: number): string {
  const strip = units[p] === 45;
  if (strip) p++;
  if (units[p] !== 10) throw declined;
  let start = ++p;
  while (units[p] === 32) p++;
  const inner = p - start;
  if (inner <= column || units[p] === 10 || units[p] === 9) throw declined;
  let value = "";
  let feeds = "";
  for (;;) {
    const from = p;
    let blank = true;
    for (let unit = units[p]!; unit !== 10; unit = units[++p]!) {
      if ((unit < 32 && unit !== 9) || unit === 127) throw declined;
      if (unit !== 32) blank = false;
    }
    if (blank) throw declined;
    if (p - start > MAX_LINE) longLines--;
    value += feeds + text.slice(from, p);
    feeds = "\n";
    for (start = ++p; ; start = ++p) {
      while (units[p] === 32 && p - start < inner) p++;
      if (units[p] !== 10) break;
      feeds += "\n";
    }
    if (p - start < inner) break;
  }
  nextLine(start);
  return strip ? value : `${value}\n`;
}
