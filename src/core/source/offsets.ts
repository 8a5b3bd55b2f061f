/**
 * Where the characters of a string value stand in the text it was written in: through quotes, escapes, folded
 * lines and the indentation of blocks. For carets inside expressions; it must never fail, only be less exact.
 */
import type { Scalar } from "yaml";

const escapeLengths: Readonly<Record<string, number>> = { x: 4, u: 6, U: 10 };

/**
 * The offset in `text` of every UTF-16 unit of the scalar's value, and of its end (one more than the value is long).
 * `start` and `end` are the scalar's range.
 */
export function offsetsOf(text: string, scalar: Scalar, start: number, end: number): readonly number[] {
  const value = typeof scalar.value === "string" ? scalar.value : text.slice(start, end);
  if (scalar.type === "BLOCK_LITERAL" || scalar.type === "BLOCK_FOLDED") {
    const header = text.indexOf("\n", start);
    return align(text, header < 0 ? end : header + 1, end, value, "block");
  }
  if (scalar.type === "QUOTE_DOUBLE") return align(text, start + 1, end - 1, value, "double");
  if (scalar.type === "QUOTE_SINGLE") return align(text, start + 1, end - 1, value, "single");
  return align(text, start, end, value, "plain");
}

/** Walks value and text side by side; line breaks and the blanks around them count as what they fold to. */
function align(text: string, start: number, end: number, value: string, style: string): readonly number[] {
  const offsets: number[] = [];
  let at = start;
  const indent = style === "block" ? blockIndent(text, start, end) : -1;
  if (indent > 0) at = skipIndent(text, at, end, indent);
  for (let i = 0; i < value.length; i++) {
    if (style !== "block" && /[ \t\r\n]/.test(text.charAt(at)) && text.charAt(at) !== value.charAt(i)) {
      const next = skipBlanks(text, at, end);
      // A fold stands for a space or line feeds; what the value goes on with stands behind it.
      if (value.charAt(i) === "\n" || value.charAt(i) === " ") {
        offsets.push(at);
        while (i + 1 < value.length && value.charAt(i + 1) === "\n") {
          i++;
          offsets.push(at);
        }
        at = next;
        continue;
      }
      at = next;
    }
    if (style === "double" && text.charAt(at) === "\\") {
      while (text.charAt(at) === "\\" && /[\r\n]/.test(text.charAt(at + 1)))
        at = skipBlanks(text, at + 1, end);
      if (text.charAt(at) === "\\") {
        const length = escapeLengths[text.charAt(at + 1)] ?? 2;
        offsets.push(at);
        const code = value.charCodeAt(i);
        // One escape may stand for two units of the value.
        if (length === 10 && code >= 0xd800 && code <= 0xdbff) {
          i++;
          offsets.push(at);
        }
        at += length;
        continue;
      }
    }
    offsets.push(Math.min(at, end));
    if (style === "single" && text.charAt(at) === "'") at++;
    const broke = text.charAt(at) === "\n" || text.startsWith("\r\n", at);
    if (at < end) at += text.startsWith("\r\n", at) ? 2 : 1;
    if (style === "block" && broke) at = skipIndent(text, at, end, indent);
  }
  offsets.push(Math.min(at, end));
  return offsets;
}

function skipBlanks(text: string, at: number, end: number): number {
  let next = at;
  while (next < end && /[ \t\r\n]/.test(text.charAt(next))) next++;
  return next;
}

function skipIndent(text: string, at: number, end: number, indent: number): number {
  let next = at;
  while (next < end && next - at < indent && text.charAt(next) === " ") next++;
  return next;
}

/** The indentation of a block's first line that is not blank. */
function blockIndent(text: string, start: number, end: number): number {
  for (let at = start; at < end;) {
    const next = skipIndent(text, at, end, end);
    if (!/[\r\n]/.test(text.charAt(next))) return next - at;
    at = text.indexOf("\n", next) + 1;
    if (at === 0) break;
  }
  return 0;
}
