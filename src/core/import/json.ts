/**
 * Entries of any kind as JSON: an array, one object, `{"entries": [...]}`, or JSON lines. Each names itself with
 * `ref`, or with `kind` and `id`; its content stands beside these keys, or whole under `entry` (as `assent show`
 * prints it). Nothing is mapped and nothing is guessed.
 */
import type { Finding } from "../model/diagnostic.ts";
import { isObject, type Json, type JsonObject } from "../model/json.ts";
import { kindOfWord } from "../kinds/index.ts";
import { parseRef } from "../source/reference.ts";
import * as codes from "./codes.ts";
import { readJson, readText } from "./json-text.ts";
import type { ImportFormat, ImportRecord, Incoming, Source, Wanted } from "./record.ts";
import { quoted } from "./text.ts";

export const json: ImportFormat = {
  name: "json",
  summary: "Entries of any kind as a JSON array or as JSON lines, each with ref, or kind and id.",
  source: { is: "file" },
  uri: null,
  looksRight: () => true,
  read: readJsonEntries,
};

/** Reads every record of every file; what cannot be read is reported with its place and skipped. */
export function readJsonEntries(source: Source, wanted: Wanted): Incoming {
  const findings: Finding[] = [];
  const records: ImportRecord[] = [];
  for (const file of source.files) {
    const skip = (message: string): void =>
      void findings.push({ definition: codes.unreadable, message, at: { file: file.path } });
    for (const { place, value, reason } of itemsOf(
      file.kind === "file" ? readText(file.bytes) : { reason: "It is no file." },
    )) {
      const record = reason === undefined ? recordOf(value, file.path) : { reason };
      if ("reason" in record) skip(`${place}: ${record.reason}`);
      else if (record.identity.by === "exact" && wanted(parseRef(record.identity.ref)?.id ?? ""))
        records.push(record);
    }
  }
  return { records, findings, dropped: new Map(), unreadable: new Set() };
}

interface Item {
  readonly place: string;
  readonly value?: Json;
  readonly reason?: string;
}

/** The records of a text, each with its place; a text that is no JSON as a whole is read line by line. */
function itemsOf(text: string | { readonly reason: string }): readonly Item[] {
  if (typeof text !== "string") return [{ place: "File", reason: text.reason }];
  const whole = readJson(text);
  if (!("reason" in whole)) {
    const { value } = whole;
    const list = Array.isArray(value)
      ? value
      : isObject(value) && Array.isArray(value["entries"])
        ? value["entries"]
        : [value];
    return list.map((item: Json, index: number) => ({ place: `Record ${index + 1}`, value: item }));
  }
  const lines = text.split("\n").map((line, index) => ({ line: line.trim(), place: `Line ${index + 1}` }));
  const filled = lines.filter(({ line }) => line !== "");
  if (filled.length < 2 || !filled.every(({ line }) => line.startsWith("{")))
    return [{ place: "File", reason: whole.reason }];
  return filled.map(({ line, place }) => ({ place, ...readJson(line) }));
}

function recordOf(value: Json | undefined, file: string): ImportRecord | { readonly reason: string } {
  if (!isObject(value)) return { reason: "It is no JSON object." };
  const { ref, kind, id, ...beside } = value;
  const word = typeof kind === "string" ? kindOfWord(kind) : undefined;
  const spelled =
    typeof ref === "string"
      ? ref
      : word !== undefined && typeof id === "string"
        ? `${word.prefix}:${id}`
        : undefined;
  if (spelled === undefined) return { reason: "It names no entry: give ref, or kind and id." };
  const identity = parseRef(spelled);
  if (identity === undefined) return { reason: `${quoted(spelled)} is no reference to an entry.` };
  if (typeof kind === "string" && word?.name !== identity.kind) {
    return { reason: `kind ${quoted(kind)} is not the kind of ${identity.ref}.` };
  }
  const entry = value["entry"];
  // A kind with a field called `id` states it beside `ref`.
  const content: JsonObject = isObject(entry)
    ? entry
    : typeof ref === "string" && id !== undefined
      ? { ...beside, id }
      : beside;
  return { kind: identity.kind, file, identity: { by: "exact", ref: identity.ref }, value: content };
}
