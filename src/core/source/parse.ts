/**
 * The door of the loader: what a file becomes once it is read, and the bounds that every file keeps (DESIGN 2, 9).
 * Valid files in the canonical layout take `parseFast`, which never loads a YAML library; whatever it declines
 * goes to `parseStrict` in strict.ts, the only judge of errors. This module must never import strict.ts, so that a
 * run in which nothing is declined never loads the library.
 */
import type { Finding } from "../model/diagnostic.ts";
import type { JsonObject } from "../model/json.ts";

export { parseFast } from "./fast.ts";

/** A file's content, and all that is wrong with it. */
export interface ParsedFile {
  /**
   * The content. Absent when the faults leave open what the file means. A value beside findings is there to be
   * checked further in the same run (its schema, say); it must never become an entry.
   */
  readonly value: JsonObject | undefined;
  readonly findings: readonly Finding[];
}

/** The text of a file as the loader and every position count it: UTF-8, a byte order mark kept, bad bytes as U+FFFD. */
export function decodeText(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}
