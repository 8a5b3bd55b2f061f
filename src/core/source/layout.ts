/**
 * The canonical layout: what `assent fmt` makes of a file a person wrote. Comments stay, meaning stays, and the
 * result is what the fast parser reads. It must never lose a comment or change a value: a result that would is
 * thrown away, and the file stays as it is.
 */
import type { CST } from "yaml";
import type { Finding } from "../model/diagnostic.ts";
import { isObject, type Json, type JsonObject } from "../model/json.ts";
import { settleComments } from "./comments.ts";
import { composeTokens, tokensOf } from "./compose.ts";
import { emit } from "./emit.ts";
import type { KeyOrder } from "./key-order.ts";
import { parseStrict } from "./strict.ts";

export { render } from "./render.ts";

export interface Formatted {
  /** The text in the canonical layout; the given text where findings say why not, or a comment would be lost. */
  readonly text: string;
  readonly findings: readonly Finding[];
}

/** Writes a file in the canonical layout. `path` only goes into findings. Idempotent; never changes a value. */
export function format(text: string, keyOrder: KeyOrder, path = ""): Formatted {
  const parsed = parseText(text, path);
  if (parsed.value === undefined || parsed.findings.length > 0) return { text, findings: parsed.findings };
  const tokens = readTokens(text);
  let written = text;
  // The library attaches a few odd comments to other nodes once the file is written anew; it settles at once.
  for (let pass = 0; pass < 3; pass++) {
    const made = readTokens(written);
    settleComments(made);
    const document = composeTokens(made, written)[0];
    const next = document === undefined ? written : emit(document, written, keyOrder);
    if (next === written) break;
    written = next;
  }
  const again = parseText(written, path);
  const kept =
    again.value !== undefined &&
    again.findings.length === 0 &&
    sameValue(parsed.value, again.value) &&
    sameComments(tokens, readTokens(written));
  return { text: kept ? written : text, findings: [] };
}

/** Whether two values are equal, whatever the order of their keys. */
export function sameValue(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => sameValue(item, b[index]));
  }
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a).filter((key) => a[key] !== undefined);
  return (
    keys.length === Object.keys(b).filter((key) => b[key] !== undefined).length &&
    keys.every((key) => Object.hasOwn(b, key) && sameValue(a[key], b[key]))
  );
}

function parseText(
  text: string,
  path: string,
): { readonly value: JsonObject | undefined; readonly findings: readonly Finding[] } {
  return parseStrict(path, new TextEncoder().encode(text));
}

function readTokens(text: string): readonly CST.Token[] {
  const made = tokensOf(text);
  return "tokens" in made ? made.tokens : [];
}

/** Whether every comment is still there; their order may follow their keys. */
function sameComments(before: readonly CST.Token[], after: readonly CST.Token[]): boolean {
  const a = commentsOf(before);
  const b = commentsOf(after);
  return a.length === b.length && a.every((comment, index) => comment === b[index]);
}

function commentsOf(tokens: readonly CST.Token[]): readonly string[] {
  const found: string[] = [];
  const open = [...tokens];
  const pushAll = (list: readonly CST.Token[] | undefined): void => {
    if (list !== undefined) for (const token of list) open.push(token);
  };
  for (let token = open.pop(); token !== undefined; token = open.pop()) {
    if (token.type === "comment") found.push(token.source.trimEnd());
    if ("start" in token && Array.isArray(token.start)) pushAll(token.start);
    if ("end" in token) pushAll(token.end);
    if ("props" in token) pushAll(token.props);
    if (token.type === "document" && token.value !== undefined) open.push(token.value);
    if ("items" in token) {
      for (const item of token.items) {
        pushAll(item.start);
        pushAll(item.sep);
        if (item.key) open.push(item.key);
        if (item.value !== undefined) open.push(item.value);
      }
    }
  }
  return found.sort();
}
