/**
 * Foreign JSON, read without trust. The bounds of an entry are checked later, on the value that would be written; here
 * only what would harm the reading itself.
 */
import type { Json } from "../model/json.ts";
import { cleanLine } from "./text.ts";

/** A single source file may be this large: catalogues of thousands of records come as one file. */
export const MAX_SOURCE_BYTES = 64 * 1024 * 1024;

/** Bytes to text, or the reason as a sentence why not. A byte order mark is dropped. */
export function readText(bytes: Uint8Array): string | { readonly reason: string } {
  if (bytes.length > MAX_SOURCE_BYTES)
    return { reason: `It has ${bytes.length} bytes; at most ${MAX_SOURCE_BYTES} are read.` };
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return { reason: "It is not valid UTF-8." };
  }
}

/** Text to a value, or the reason why not. `__proto__` becomes an own key, which no entry may have. */
export function readJson(text: string): { readonly value: Json } | { readonly reason: string } {
  try {
    return { value: JSON.parse(text) as Json };
  } catch (error) {
    return {
      reason: `It is no JSON (${error instanceof Error ? cleanLine(error.message, 200).text : "unknown reason"}).`,
    };
  }
}
