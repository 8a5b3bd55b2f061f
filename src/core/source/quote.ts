/**
 * Puts plain scalars of a file in quotes, exactly as they are written: 1.10 becomes "1.10" and nothing is lost, which it
 * would be if the number were read first. It must never touch what is quoted already or spans lines.
 */
import { isMap, isScalar, isSeq } from "yaml";
import type { Pointer } from "../model/json.ts";
import { composeFirst } from "./compose.ts";

/** The text with the scalars at these places in double quotes; places that hold no plain scalar stay as they are. */
export function quoteAsWritten(text: string, pointers: readonly Pointer[]): string {
  const contents = composeFirst(text)?.contents;
  const ends = new Map<number, number>();
  for (const pointer of pointers) {
    const node = pointer.reduce<unknown>(childOf, contents);
    if (!isScalar(node) || node.type !== "PLAIN" || !node.range) continue;
    const [start, end] = node.range;
    if (/^[\w.+-]+$/.test(text.slice(start, end))) ends.set(start, end);
  }
  // From the end, so that the places before stay where they are.
  return [...ends]
    .sort(([a], [b]) => b - a)
    .reduce((so, [start, end]) => `${so.slice(0, start)}"${so.slice(start, end)}"${so.slice(end)}`, text);
}

function childOf(node: unknown, step: string | number): unknown {
  if (isSeq(node)) return typeof step === "number" ? node.items[step] : undefined;
  if (!isMap(node)) return undefined;
  return node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step))?.value;
}
