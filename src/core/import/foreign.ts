/**
 * What the readers of foreign model registries have in common: files to texts, records one by one with their fault,
 * labels and states. It must never know a format.
 */
import { isObject, type Json, type JsonObject } from "../model/json.ts";
import type { CodeDefinition, Finding } from "../model/diagnostic.ts";
import * as codes from "./codes.ts";
import { readText } from "./json-text.ts";
import type { ImportRecord, Incoming, LiveRecord, RunRecord, Source } from "./record.ts";
import { count } from "./record.ts";
import { cleanLine, quoted } from "./text.ts";

/** What a reader collects. */
export interface Collected {
  readonly records: ImportRecord[];
  readonly findings: Finding[];
  readonly dropped: Map<string, number>;
  readonly live: LiveRecord[];
  readonly runs: RunRecord[];
  /** Reports about a file; a record that is left out for it must not be collected. */
  report(definition: CodeDefinition, file: string, message: string): void;
}

/** Reads every file of a source that is text. What is not is reported. */
export function collect(
  source: Source,
  read: (text: string, file: string, into: Collected) => void,
): Incoming {
  const findings: Finding[] = [];
  const into: Collected = {
    records: [],
    findings,
    dropped: new Map(),
    live: [],
    runs: [],
    report: (definition, file, message) => void findings.push({ definition, message, at: { file } }),
  };
  for (const file of source.files) {
    const text = file.kind === "file" ? readText(file.bytes) : { reason: "It is no file." };
    if (typeof text === "string") read(text, file.path, into);
    else into.report(codes.unreadable, file.path, text.reason);
  }
  const { records, dropped, live, runs } = into;
  return { records, findings, dropped, unreadable: new Set(), live, runs };
}

const mostLabels = 50;

/**
 * Foreign tags as labels: keys in lower case with `-` for what labels cannot hold, values on one line. Tags of the
 * foreign program itself (`<system>.`) say nothing about the model and are counted as left out.
 */
export function labelsOf(
  tags: ReadonlyMap<string, string>,
  system: string,
  dropped: Map<string, number>,
  report: (message: string) => void,
): JsonObject | undefined {
  const labels = new Map<string, string>();
  for (const [key, value] of tags) {
    const name = key
      .toLowerCase()
      .replace(/[^a-z0-9._/-]+/g, "-")
      .replace(/^[^a-z0-9]+/, "")
      .slice(0, 100);
    if (key.startsWith(system)) count(dropped, `${cleanLine(key, 60).text} (tag)`);
    else if (name === "" || labels.has(name) || labels.size >= mostLabels)
      report(`the tag ${quoted(key)} has no free name among the labels`);
    else labels.set(name, cleanLine(value, 200).text);
  }
  return labels.size === 0 ? undefined : Object.fromEntries(labels);
}

/** The objects of a list; everything else in it is reported by its place. */
export function objectsOf(
  value: Json | undefined,
  what: string,
  report: (message: string) => void,
): readonly JsonObject[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) {
    report(`${what} is no list.`);
    return [];
  }
  return (value as readonly Json[]).flatMap((item, index) => {
    if (isObject(item)) return [item];
    report(`${what}[${index}] is no object.`);
    return [];
  });
}

/** A text or a number as text; undefined for anything else and for nothing. */
export function wordOf(value: Json | undefined): string | undefined {
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;
}
