/**
 * Models as a table with a header. Columns are known by their names, as a field of the entry with dots
 * (`serving.pricing.inputPerMillionTokens`), as a short name people use, or by what the caller says (`--map`). Every
 * other column is counted as left out. A cell is text; one that a spreadsheet would run is text like any other.
 */
import { isObject, type Json, type JsonObject } from "../model/json.ts";
import { Failure } from "../model/failure.ts";
import * as codes from "./codes.ts";
import { csvFields, readCell } from "./csv-fields.ts";
import { csvRecords } from "./csv-text.ts";
import { collect, type Collected } from "./foreign.ts";
import { needsContextLength } from "./model-facts.ts";
import { compact, count, identityKey, type ImportFormat, type Wanted } from "./record.ts";
import { cleanLine, isPlainId, quoted } from "./text.ts";

export const csv: ImportFormat = {
  name: "csv",
  summary: "Models as a table (RFC 4180) with a header: provider, id, and fields of the entry.",
  source: { is: "file" },
  uri: "urn:csv",
  partial: true,
  looksRight: () => true,
  read: (source, wanted, { columns }) =>
    collect(source, (text, file, into) => readTable(text, file, { columns, wanted, into })),
};

interface Reading {
  readonly columns: ReadonlyMap<string, string>;
  readonly wanted: Wanted;
  readonly into: Collected;
}

const mostRows = 200_000;

function readTable(text: string, file: string, { columns, wanted, into }: Reading): void {
  let header: readonly (string | undefined)[] | undefined;
  let rows = 0;
  for (const { line, fields, fault } of csvRecords(text)) {
    const bad = (message: string): void => into.report(codes.unreadable, file, `Line ${line}: ${message}`);
    if (header === undefined) {
      if (fault !== undefined) return bad(fault);
      const read = headerOf(fields, columns, into);
      if ("twice" in read) return bad(`Two columns mean the same: ${read.twice.join(", ")}.`);
      header = read;
      for (const need of ["provider", "id"])
        if (!header.includes(need))
          return bad(`No column is the ${need}. Name one with --map "<column>=${need}".`);
      continue;
    }
    if (++rows > mostRows) return bad(`There are more than ${mostRows} rows; the rest was not read.`);
    if (fault !== undefined) bad(fault);
    else if (fields.length === 1 && fields[0] === "") continue;
    else if (fields.length !== header.length)
      bad(`It has ${fields.length} fields; the header has ${header.length}.`);
    else readRow(header, fields, { file, line, wanted, into });
  }
  if (header === undefined) into.report(codes.unreadable, file, "It has no header.");
}

/** The field of each column; undefined where it has none. A field that two columns claim makes the table mean nothing. */
function headerOf(
  names: readonly string[],
  columns: ReadonlyMap<string, string>,
  into: Collected,
): readonly (string | undefined)[] | { readonly twice: readonly string[] } {
  const seen = new Set<string>();
  const twice: string[] = [];
  for (const [column, field] of columns) {
    if (!names.some((name) => name.trim() === column))
      throw new Failure("usage/map", `There is no column ${quoted(column)}.`, {
        hint: `Columns are ${names
          .slice(0, 30)
          .map((name) => quoted(name.trim()))
          .join(", ")}.`,
      });
    if (!csvFields.has(field))
      throw new Failure("usage/map", `${quoted(field)} is no field that a column can fill.`, {
        hint: `Fields are ${[...csvFields.keys()].join(", ")}.`,
      });
  }
  const fields = names.map((name) => {
    const plain = name.trim();
    const field = columns.get(plain) ?? fieldNamed(plain);
    if (field === undefined) {
      count(into.dropped, cleanLine(plain, 60).text);
      return undefined;
    }
    if (seen.has(field)) twice.push(`${field} (${quoted(plain)})`);
    seen.add(field);
    return field;
  });
  return twice.length > 0 ? { twice } : fields;
}

/** A field by its path, or by the last word of it however it is written: `Context Length`, `context_length`. */
function fieldNamed(column: string): string | undefined {
  if (csvFields.has(column)) return column;
  const key = squeezed(column);
  for (const [field, { names }] of csvFields) if (names.some((name) => squeezed(name) === key)) return field;
  return undefined;
}

function squeezed(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]/g, "");
}

interface Row {
  readonly file: string;
  readonly line: number;
  readonly wanted: Wanted;
  readonly into: Collected;
}

function readRow(header: readonly (string | undefined)[], fields: readonly string[], row: Row): void {
  const { file, line, wanted, into } = row;
  const cells = new Map<string, string>();
  header.forEach((field, at) => {
    const text = (fields[at] ?? "").trim();
    if (field !== undefined && text !== "") cells.set(field, text);
  });
  const provider = cells.get("provider")?.toLowerCase() ?? "";
  const id = cells.get("id") ?? "";
  if (!isPlainId(provider) || provider.includes("/") || !isPlainId(id)) {
    into.report(codes.illegalId, file, `Line ${line}: it names no provider or no id.`);
    return;
  }
  if (!wanted(identityKey(provider, id))) return;
  let value: JsonObject = {};
  for (const [field, text] of cells) {
    const read = readCell(field, text);
    if ("reason" in read)
      into.report(codes.illegalValue, file, `Line ${line}: ${field} ${quoted(text)} is ${read.reason}.`);
    else if (read.path.length > 0) value = withPath(value, read.path, read.value);
  }
  const type = cells.has("spec.type") ? (value["spec"] as JsonObject | undefined)?.["type"] : undefined;
  const known = typeof type === "string" ? type : "other";
  if (needsContextLength(known)) {
    const facts = isObject(value["facts"]) ? value["facts"] : {};
    const capabilities = isObject(facts["capabilities"]) ? facts["capabilities"] : {};
    value = { ...value, facts: { ...facts, capabilities: { contextLength: "unknown", ...capabilities } } };
  }
  const { serving } = value;
  const pricing = isObject(serving) ? serving["pricing"] : undefined;
  const priced = isObject(pricing) ? { serving: { pricing: { currency: "USD", ...pricing } } } : undefined;
  into.records.push({
    kind: "Model",
    file,
    identity: { by: "upstream", provider, id },
    assumesType: typeof type !== "string",
    value: compact({
      title: cleanLine(id, 200).text,
      ...value,
      ...(value["state"] === "deprecated" && {
        reason: "The table lists it as deprecated.",
        sunset: value["sunset"] ?? "unknown",
      }),
      spec: { upstreamId: id, type: known },
      ...priced,
      sources: [{ path: file, note: `Line ${line}.` }],
    }),
  });
}

function withPath(value: JsonObject, path: readonly string[], leaf: Json): JsonObject {
  const [key = "", ...rest] = path;
  const below = value[key];
  return { ...value, [key]: rest.length === 0 ? leaf : withPath(isObject(below) ? below : {}, rest, leaf) };
}
