/** `assent list` and `assent search`: entries of the registry, filtered by a CEL query, sorted, cut into pages. */
import { pageOf, sortEntries, type Page } from "../core/find/list.ts";
import { kindOfWord, kinds } from "../core/kinds/index.ts";
import { Failure } from "../core/model/failure.ts";
import type { KindName } from "../core/model/kind.ts";
import { nearest } from "../core/model/nearest.ts";
import type { Entry } from "../core/model/registry.ts";
import { marksFor } from "./marks.ts";
import type { Ports } from "./ports.ts";
import { openRegistry, type OpenRegistry, type Selection } from "./read.ts";

export interface FindRequest extends Selection {
  readonly where?: string | undefined;
  readonly limit?: number | undefined;
  /** The `next` of the page before. */
  readonly after?: string | undefined;
}

export interface ListRequest extends FindRequest {
  /** A kind in any spelling: `model`, `Model`, `models`; absent = all kinds. */
  readonly kind?: string | undefined;
  readonly sort?: string | undefined;
}

export interface SearchRequest extends FindRequest {
  readonly words: string;
}

export interface Found extends Page {
  /** Entries that the query could not be answered for, with the reason. */
  readonly skipped: readonly { readonly ref: string; readonly message: string }[];
  /** How many files could not be read as entries, and are therefore not in the answer. */
  readonly unreadable: number;
}

/** Entries of one kind or of all. */
export async function list(request: ListRequest, ports: Ports): Promise<Found> {
  const kind = request.kind === undefined ? undefined : readKind(request.kind);
  const isOfMetadata = request.sort !== undefined && /^-?(?:extensions|metadata)\./.test(request.sort);
  if (request.sort !== undefined && !isOfMetadata) await refuseUnknownField(request.sort, kind);
  const open = await openRegistry(request, ports);
  const place = isOfMetadata ? await placeOfMetadata(request.sort, kind, open) : undefined;
  const all = kind === undefined ? open.registry.entries : open.registry.ofKind(kind);
  const { matches, skipped } = await filter(all, request.where, open, kind);
  const found = await page(sortEntries(matches, request.sort, place), request, open, ports);
  return { ...found, skipped, unreadable: unreadable(open) };
}

/** Entries that words are found in, best first. */
export async function search(request: SearchRequest, ports: Ports): Promise<Found> {
  const open = await openRegistry(request, ports);
  const { matches, skipped } = await filter(open.registry.entries, request.where, open);
  const { searchEntries } = await import("../core/find/search.ts");
  const found = await page(searchEntries(matches, request.words), request, open, ports);
  return { ...found, skipped, unreadable: unreadable(open) };
}

/** Sorting by a field that no entry can have sorts by nothing. */
async function refuseUnknownField(sort: string, kind: KindName | undefined): Promise<void> {
  const field = sort.replace(/^-/, "");
  const asked = kind === undefined ? kinds.map(({ name }) => name) : [kind];
  const { isSortable, sortableFields } = await import("../core/find/fields.ts");
  if (asked.some((name) => isSortable(name, field))) return;
  const known = [...new Set(asked.flatMap((name) => sortableFields(name)))];
  // Somebody may have left out where it stands: releaseDate for facts.releaseDate.
  const near = known.find((name) => name.endsWith(`.${field}`)) ?? nearest(field, known);
  throw new Failure(
    "usage/sort",
    `Nothing can be sorted by "${field}"${kind === undefined ? "" : ` in a list of kind ${kind}`}.`,
    {
      hint:
        near === undefined
          ? "Name a field that holds one value, such as title, state or spec.provider."
          : `Did you mean ${near}?`,
    },
  );
}

/** Where a field of custom metadata stands; which ones there are is the registry's to say. */
async function placeOfMetadata(
  sort: string | undefined,
  kind: KindName | undefined,
  { registry }: OpenRegistry,
): Promise<readonly string[]> {
  const { metadataFields, metadataSteps } = await import("../core/find/metadata.ts");
  const field = (sort ?? "").replace(/^-/, "");
  const kinds = kind === undefined ? [] : [kind];
  const steps = metadataSteps(registry, kinds, field);
  if (steps !== undefined) return steps;
  const known = metadataFields(registry, kinds);
  const near = nearest(field, known);
  throw new Failure("usage/sort", `No MetadataSchema declares "${field}" with one value.`, {
    hint:
      near !== undefined
        ? `Did you mean ${near}?`
        : known.length > 0
          ? `There are ${known.slice(0, 8).join(", ")}.`
          : "assent list MetadataSchema shows what there is.",
  });
}

/** A kind as typed. */
export function readKind(word: string): KindName {
  const kind =
    kindOfWord(word) ?? kindOfWord(word.replace(/s$/, "")) ?? kindOfWord(word.replace(/ies$/, "y"));
  if (kind !== undefined) return kind.name;
  const near = nearest(
    word.toLowerCase(),
    kinds.map(({ prefix }) => prefix),
  );
  throw new Failure("usage/unknown-kind", `"${word}" is no kind of entry.`, {
    hint:
      near === undefined
        ? `The kinds are ${kinds.map(({ prefix }) => prefix).join(", ")}.`
        : `Did you mean ${near}?`,
  });
}

/** The entries for which a CEL expression is true; a wrong expression is a Failure with a caret. */
export async function filter(
  entries: readonly Entry[],
  where: string | undefined,
  open: OpenRegistry,
  kind?: KindName,
): Promise<{ matches: readonly Entry[]; skipped: Found["skipped"] }> {
  if (where === undefined) return { matches: entries, skipped: [] };
  const { compileQuery } = await import("../core/policy/query.ts");
  const compiled = compileQuery(where, kind === undefined ? [] : [kind], open.registry);
  if ("faults" in compiled) {
    const [first] = compiled.faults;
    const caret =
      first === undefined
        ? ""
        : `\n  ${where}\n  ${" ".repeat(first.start)}${"^".repeat(Math.max(1, first.end - first.start))}`;
    throw new Failure("usage/where", `${first?.message ?? "The expression is wrong."}${caret}`, {
      hint:
        first?.hint ??
        "Write a CEL expression over the entry, such as 'spec.provider == \"provider:openai\"'.",
    });
  }
  const { matches, skipped } = compiled.query.run(open.registry, open.asOf, entries);
  return { matches, skipped: skipped.map(({ ref, error }) => ({ ref, message: error.message })) };
}

async function page(
  entries: readonly Entry[],
  request: FindRequest,
  open: OpenRegistry,
  ports: Ports,
): Promise<Page> {
  const marks = entries.length === 0 ? undefined : await marksFor(open, ports);
  const found = pageOf(entries, request.limit, request.after, marks);
  if (found !== undefined) return found;
  throw new Failure("usage/cursor", `"${request.after}" is not in this list.`, {
    hint: "Give --after the `next` of the page before, with the same query.",
  });
}

function unreadable(open: OpenRegistry): number {
  return open.files - open.registry.entries.length;
}
