/**
 * Places in files of the canonical layout, without the YAML library: keys are found by their indentation. Most
 * findings in a large registry point at plain scalars of such files, and loading and running the library for them
 * would cost more than everything else. Whatever is not plain is left to locate.ts; a test holds both to one answer.
 * It must only be asked about texts that the fast parser reads.
 */
import type { Location } from "../model/diagnostic.ts";
import type { Range } from "../validate/report.ts";
import { firstLine, rangeOf, type Span } from "./positions.ts";

/** The range of a place, or undefined where only locate.ts can tell. */
export function locateFast(text: string, { pointer, part, within, span }: Location): Range | undefined {
  if (span !== undefined) return rangeOf(text, span);
  if (pointer === undefined) return rangeOf(text, firstLine(text));
  if (within !== undefined) return undefined;
  const found = find(text, pointer, part ?? "value");
  return found === undefined ? undefined : rangeOf(text, found);
}

const scalar = /^(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s"'{}[\]|>&*!%@`#][^#]*)$/;

function find(text: string, pointer: readonly (string | number)[], part: "key" | "value"): Span | undefined {
  let from = 0;
  let indent = 0;
  for (let depth = 0; depth < pointer.length; depth++) {
    const key = pointer[depth];
    if (typeof key !== "string" || !/^[A-Za-z][A-Za-z0-9_-]*$/.test(key)) return undefined;
    const at = keyLine(text, from, indent, key);
    if (at === undefined) return undefined;
    const start = at + indent;
    const end = text.indexOf("\n", start);
    const value = text.slice(start + key.length + 1, end < 0 ? text.length : end);
    if (depth === pointer.length - 1) {
      if (part === "key") return { start, end: start + key.length };
      const plain = value.trim();
      if (plain === "" || !scalar.test(plain)) return undefined;
      const valueStart = start + key.length + 1 + (value.length - value.trimStart().length);
      return { start: valueStart, end: valueStart + plain.length };
    }
    // The block below a key that has nothing beside it, one step further in.
    if (value !== "" || end < 0) return undefined;
    from = end + 1;
    indent += 2;
  }
  return undefined;
}

/** The offset of the line that holds `key:` at this indentation, within the block that begins at `from`. */
function keyLine(text: string, from: number, indent: number, key: string): number | undefined {
  for (let start = from; start < text.length;) {
    let end = text.indexOf("\n", start);
    if (end < 0) end = text.length;
    let column = start;
    while (column < end && text.charCodeAt(column) === 32) column++;
    const depth = column - start;
    const isBlank = column === end || text[column] === "#";
    if (!isBlank && depth < indent) return undefined;
    if (!isBlank && depth === indent && text.startsWith(key, column) && text[column + key.length] === ":")
      return start;
    start = end + 1;
  }
  return undefined;
}
