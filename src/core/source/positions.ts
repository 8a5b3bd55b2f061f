/** Offsets in a text -> lines and columns (both from 1, columns in UTF-16 units, ends exclusive). No parsing here. */
import type { Range } from "../validate/report.ts";

/** UTF-16 offsets, the end exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** The range of a span; offsets outside the text are moved to its ends. */
export function rangeOf(text: string, span: Span): Range {
  const from = Math.min(Math.max(span.start, 0), text.length);
  const to = Math.min(Math.max(span.end, from), text.length);
  const [line, column] = positionOf(text, from);
  const [endLine, endColumn] = positionOf(text, to);
  return { line, column, endLine, endColumn };
}

/** The same for many spans of one text, whose lines are counted once. */
export function rangesIn(text: string): (span: Span) => Range {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  const positionAt = (offset: number): readonly [number, number] => {
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return [low + 1, offset - (starts[low] ?? 0) + 1];
  };
  return (span) => {
    const from = Math.min(Math.max(span.start, 0), text.length);
    const [line, column] = positionAt(from);
    const [endLine, endColumn] = positionAt(Math.min(Math.max(span.end, from), text.length));
    return { line, column, endLine, endColumn };
  };
}

/** The rest of the line at an offset, or of the first line behind it that says something. */
export function firstLine(text: string, from = 0): Span {
  const rest = text.slice(from);
  const start = rest.trim() === "" ? 0 : from + (rest.length - rest.trimStart().length);
  const end = text.indexOf("\n", start);
  return { start, end: start + text.slice(start, end < 0 ? text.length : end).trimEnd().length };
}

function positionOf(text: string, offset: number): readonly [number, number] {
  let line = 1;
  let start = 0;
  for (let at = text.indexOf("\n"); at >= 0 && at < offset; at = text.indexOf("\n", at + 1)) {
    line++;
    start = at + 1;
  }
  return [line, offset - start + 1];
}
