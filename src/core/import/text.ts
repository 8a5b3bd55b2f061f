/**
 * Foreign text on its way into the registry: what may not stand in an entry is taken out, and long texts are cut.
 * Nothing here may take time that grows faster than the text.
 */
import { unwanted } from "../source/text.ts";

/** White space and every kind of line break. */
const breaks = /[\s\u0085\u2028\u2029]+/g;

/**
 * One line of clean text of at most `most` characters: white space runs become one space, characters that the
 * registry refuses (controls, direction marks, half surrogates) become `?`.
 */
export function cleanLine(text: string, most: number): { readonly text: string; readonly cut: boolean } {
  const line = text.replace(breaks, " ").trim();
  const cut = line.length > most;
  let head = cut ? `${line.slice(0, most - 1).trimEnd()}…` : line;
  for (let bad = unwanted(head); bad !== undefined; bad = unwanted(head)) {
    head = `${head.slice(0, bad.at)}?${head.slice(bad.at + 1)}`;
  }
  return { text: head, cut };
}

/** A foreign path or id for a message: short, and with nothing that a terminal obeys. */
export function quoted(text: string): string {
  return JSON.stringify(cleanLine(text, 120).text);
}

/** Whether a foreign id may stand in the registry as it is: visible, of one line, of a reasonable length. */
export function isPlainId(id: string): boolean {
  return id !== "" && id.length <= 300 && id.trim() === id && !breaksLine(id) && unwanted(id) === undefined;
}

function breaksLine(text: string): boolean {
  return /[\n\r\t\u0085\u2028\u2029]/.test(text);
}
