/**
 * The judge: bytes to a value and ALL that is wrong with them, by the `yaml` library under the rules of DESIGN 9.
 * What this module says a file means is what it means; the fast parser must agree or decline.
 * It must never throw on any bytes, and never run a step that is not bounded by the size of the file.
 */
import { isMap, isScalar, isSeq, type Document, type ErrorCode } from "yaml";
import type { CodeDefinition } from "../model/diagnostic.ts";
import type { JsonObject } from "../model/json.ts";
import * as codes from "./codes.ts";
import { composeTokens, tokensOf } from "./compose.ts";
import { collectFaults, type Faults } from "./faults.ts";
import { MAX_DEPTH, MAX_KEYS } from "./limits.ts";
import type { ParsedFile } from "./parse.ts";
import { readMap } from "./read.ts";
import { wordingOf } from "./syntax.ts";
import { checkText } from "./text.ts";
import { checkTokens } from "./tokens.ts";

/** Reads a file. `path` only goes into the findings. */
export function parseStrict(path: string, bytes: Uint8Array): ParsedFile {
  const faults = collectFaults(path);
  const text = checkText(bytes, faults);
  const value = text === undefined ? undefined : parseText(text, faults);
  return { value, findings: faults.findings() };
}

/** Codes that leave no doubt about what the file means. */
const harmless = [codes.byteOrderMark, codes.controlCharacter, codes.bidirectional, codes.anchor];
const certain: ReadonlySet<CodeDefinition> = new Set(harmless);

function parseText(text: string, faults: Faults): JsonObject | undefined {
  const made = tokensOf(text);
  if ("beyond" in made) {
    const { at, beyond } = made;
    if (beyond === "depth")
      faults.add(codes.tooDeep, `Maps and lists are nested more than ${MAX_DEPTH} deep here.`, at, at + 1);
    else
      faults.add(
        codes.tooManyKeys,
        `Here begins key number ${MAX_KEYS + 1}; a file may hold ${MAX_KEYS}.`,
        at,
        at + 1,
      );
    return undefined;
  }
  const { tokens } = made;
  checkTokens(tokens, faults);
  const documents = composeTokens(tokens, text);
  for (const document of documents) reportErrors(document, text, faults);
  const root = documents[0]?.contents;
  if (!root || (isScalar(root) && root.value === null && !root.source)) {
    if (faults.count === 0) faults.add(codes.empty, "The file holds no value.", 0, 0);
    return undefined;
  }
  if (!isMap(root)) {
    const [start, end] = root.range ?? [0, text.length];
    const what = isSeq(root) ? "a list" : "a single value";
    if (faults.count === 0) faults.add(codes.notAMap, `The file is ${what}, not a map.`, start, end);
    return undefined;
  }
  const value = readMap(root, faults);
  return faults.findings().every(({ definition }) => certain.has(definition)) ? value : undefined;
}

const markers = [codes.tag, codes.leadingExclamation, codes.anchor, codes.alias];

/** Faults the library reports about things that have a code of their own. */
const covered: Partial<Record<ErrorCode, readonly CodeDefinition[]>> = {
  TAG_RESOLVE_FAILED: [codes.tag, codes.leadingExclamation],
  BAD_COLLECTION_TYPE: [codes.tag, codes.leadingExclamation],
  MULTIPLE_TAGS: [codes.tag, codes.leadingExclamation],
  MULTIPLE_ANCHORS: [codes.anchor],
  ALIAS_PROPS: [codes.alias],
  BAD_ALIAS: [codes.alias, codes.anchor],
  BAD_DIRECTIVE: [codes.directive],
  MULTIPLE_DOCS: [codes.multipleDocuments],
};

/** What the library trips over where a tab has taken the columns away. */
const cascading: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "BAD_INDENT",
  "BLOCK_AS_IMPLICIT_KEY",
  "MULTILINE_IMPLICIT_KEY",
]);

function reportErrors(document: Document, text: string, faults: Faults): void {
  const marked = markers.some((definition) => faults.has(definition));
  let last = -1;
  let lastCode: ErrorCode | undefined;
  const hasTab = document.errors.some(({ code }) => code === "TAB_AS_INDENT");
  for (const { code, message, pos } of document.errors) {
    if (covered[code]?.some((definition) => faults.has(definition)) === true) continue;
    // A directive without `---` after it is a consequence of the directive.
    if (message.includes("directives-end") && faults.has(codes.directive)) continue;
    // An open quote is reported where it opens.
    if (message.includes("Missing closing")) continue;
    const start = Math.min(Math.max(pos[0], 0), text.length);
    // What the library trips over behind a tag or an alias is a consequence of it.
    if (marked && faults.overlaps(text.lastIndexOf("\n", start - 1) + 1, start, markers)) continue;
    // Several errors at one place are one fault, seen from several sides.
    if (start === last) continue;
    // One line in a wrong column makes the library complain about each line below it.
    if (code === "BAD_INDENT" && code === lastCode) continue;
    if (hasTab && cascading.has(code)) continue;
    lastCode = code;
    last = start;
    const end = Math.min(Math.max(pos[1], start), text.length);
    const line = text.indexOf("\n", start);
    const wording = wordingOf(code, message);
    faults.add(codes.syntax, wording.message, start, line >= 0 && line < end ? line : end, wording.hint);
  }
}
