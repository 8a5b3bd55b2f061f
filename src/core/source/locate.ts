/**
 * From a symbolic place (pointer, part, offsets) to line and column, once, when something is shown.
 * The text is parsed again with positions only when a pointer asks for it; valid files never come here.
 * It must never fail: where a place does not exist, the nearest place that does is meant.
 */
import { isMap, isScalar, isSeq, type Document, type Pair } from "yaml";
import type { Location } from "../model/diagnostic.ts";
import type { Range } from "../validate/report.ts";
import { composeFirst } from "./compose.ts";
import { offsetsOf } from "./offsets.ts";
import { firstLine, rangeOf, type Span } from "./positions.ts";

/**
 * Makes the locator of one file. `text` is the file as `decodeText` reads it.
 * Lines and columns start at 1; columns count UTF-16 units; the end is exclusive.
 */
export function createLocator(text: string): (location: Location) => Range {
  let document: Document | null | undefined;
  return ({ pointer, part, within, span }) => {
    if (span !== undefined) return rangeOf(text, span);
    if (pointer === undefined) return rangeOf(text, firstLine(text));
    document ??= composeFirst(text) ?? null;
    return rangeOf(text, spanOf(text, document, pointer, part ?? "value", within));
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
  if (span === undefined || (pointer.length === 0 && isMap(node)))
    return key ?? firstLine(text, startOf(node));
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
