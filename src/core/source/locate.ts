/**
 * From a symbolic place (pointer, part, offsets) to line and column, once, when something is shown.
 * The text is parsed again with positions only when a pointer asks for it; valid files never come here.
 * It must never fail: where a place does not exist, the nearest place that does is meant.
 */
import { isMap, isScalar, isSeq, type Document, type Pair } from "yaml";
import type { Location } from "../model/diagnostic.ts";
import type { Range } from "../validate/report.ts";
import { composeFirst } from "./compose.ts";
import { MAX_DEPTH } from "./limits.ts";
import { offsetsOf } from "./offsets.ts";

/** UTF-16 offsets, the end exclusive. */
interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Makes the locator of one file. `text` is the file as `decodeText` reads it.
 * Lines and columns start at 1; columns count UTF-16 units; the end is exclusive.
 */
export function createLocator(text: string): (location: Location) => Range {
  const lines = lineStarts(text);
  let document: Document | null | undefined;
  return ({ pointer, part, within, span }) => {
    if (span !== undefined) return rangeOf(text, lines, span);
    if (pointer === undefined) return rangeOf(text, lines, firstLine(text));
    document ??= composeFirst(text, MAX_DEPTH) ?? null;
    return rangeOf(text, lines, spanOf(text, document, pointer, part ?? "value", within));
  };
}

function spanOf(
  text: string,
  document: Document | null,
  pointer: readonly (string | number)[],
  part: "key" | "value",
  within: Span | undefined,
): Span {
  let node: unknown = document?.contents;
  // The last key passed: where a collection's own place is wanted, its key says it best.
  let key: Span | undefined;
  for (const step of pointer) {
    if (isMap(node)) {
      const pair: Pair | undefined = node.items.find((item) => keyText(item) === String(step));
      if (pair === undefined) return key ?? firstLine(text, startOf(node));
      key = spanOfNode(pair.key) ?? key;
      node = pair.value;
    } else if (isSeq(node)) {
      const item: unknown = typeof step === "number" ? node.items[step] : undefined;
      if (item === undefined) return key ?? firstLine(text, startOf(node));
      node = item;
      key = isScalar(item) ? spanOfNode(item) : firstLine(text, startOf(item));
    } else {
      return key ?? spanOfNode(node) ?? firstLine(text);
    }
  }
  if (part === "key" && key !== undefined) return key;
  const span = spanOfNode(node);
  if (span === undefined || (pointer.length === 0 && isMap(node))) return key ?? firstLine(text, startOf(node));
  if (isScalar(node) && within !== undefined) {
    const offsets = offsetsOf(text, node, span.start, span.end);
    const last = offsets.length - 1;
    const start = offsets[Math.min(Math.max(within.start, 0), last)] ?? span.start;
    // The end is behind the last character, which an escape may make several characters long.
    const end = within.end > within.start ? (offsets[Math.min(within.end, last)] ?? span.end) : start;
    return { start, end: Math.max(end, start) };
  }
  // An empty value has no characters of its own.
  if (span.start === span.end) return key ?? span;
  return { start: span.start, end: span.start + text.slice(span.start, span.end).trimEnd().length };
}

function keyText({ key }: Pair): string | undefined {
  return isScalar(key) ? String(key.value) : undefined;
}

function spanOfNode(node: unknown): Span | undefined {
  const range = isScalar(node) || isMap(node) || isSeq(node) ? node.range : undefined;
  return range ? { start: range[0], end: range[1] } : undefined;
}

function startOf(node: unknown): number {
  return spanOfNode(node)?.start ?? 0;
}

/** The rest of the line at an offset, or of the first line that says something. */
function firstLine(text: string, from = 0): Span {
  const start = text.slice(from).trim() === "" ? 0 : from + (text.slice(from).length - text.slice(from).trimStart().length);
  const end = text.indexOf("\n", start);
  return { start, end: start + text.slice(start, end < 0 ? text.length : end).trimEnd().length };
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

function rangeOf(text: string, lines: readonly number[], span: Span): Range {
  const from = Math.min(Math.max(span.start, 0), text.length);
  const to = Math.min(Math.max(span.end, from), text.length);
  const [line, column] = positionOf(lines, from);
  const [endLine, endColumn] = positionOf(lines, to);
  return { line, column, endLine, endColumn };
}

function positionOf(lines: readonly number[], offset: number): readonly [number, number] {
  let low = 0;
  let high = lines.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((lines[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return [low + 1, offset - (lines[low] ?? 0) + 1];
}
