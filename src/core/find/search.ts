/**
 * Full text over title, description, tags, ids and names; typos forgiven, the best first (BM25, by minisearch).
 * Load this module only when something is searched. It must never change the order of equal matches by chance.
 */
import MiniSearch from "minisearch";
import { compareBytes } from "../model/json.ts";
import type { Entry } from "../model/registry.ts";

/** What is longer is no word that anybody typed; forgiving typos costs the square of the length. */
const LONGEST_WORD = 100;

interface Document {
  readonly id: number;
  readonly name: string;
  readonly ref: string;
  readonly title: string;
  readonly description: string;
  readonly tags: string;
}

/** The entries that the words are found in, best first; equal scores in order of references. */
export function searchEntries(entries: readonly Entry[], words: string): Entry[] {
  const index = new MiniSearch<Document>({
    fields: ["name", "ref", "title", "description", "tags"],
    idField: "id",
    // Ids are joined by dots and dashes, which people leave out or type as blanks.
    tokenize: (text) =>
      text
        .toLowerCase()
        .split(/[^\p{L}\p{N}]+/u)
        .filter((token) => token !== ""),
    searchOptions: {
      boost: { name: 3, title: 2, tags: 1.5, ref: 1.2 },
      prefix: (term) => term.length > 1,
      fuzzy: (term) => (term.length > 3 && term.length <= LONGEST_WORD && !/^\d+$/.test(term) ? 0.2 : false),
      combineWith: "AND",
    },
  });
  index.addAll(entries.map(documentOf));
  const found = index.search(words);
  const strict = found.length > 0 ? found : index.search(words, { combineWith: "OR" });
  return strict
    .map(({ id, score }) => ({ entry: entries[Number(id)], score }))
    .flatMap(({ entry, score }) => (entry === undefined ? [] : [{ entry, score }]))
    .sort((a, b) => b.score - a.score || compareBytes(a.entry.ref, b.entry.ref))
    .map(({ entry }) => entry);
}

function documentOf(entry: Entry, id: number): Document {
  const { value } = entry;
  const text = (key: "title" | "description"): string => {
    const found: unknown = key in value ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
    return typeof found === "string" ? found : "";
  };
  const tags = "tags" in value && Array.isArray(value.tags) ? value.tags.join(" ") : "";
  return {
    id,
    name: `${entry.ns ?? ""} ${entry.name}`,
    ref: entry.ref,
    title: text("title"),
    description: text("description"),
    tags,
  };
}
