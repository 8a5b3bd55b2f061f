/**
 * Lists of entries: sorted, cut into pages by the reference of the last item, never by an offset.
 * It must never depend on the order in which entries arrive.
 */
import type { Mark, Marks } from "../audit/events.ts";
import { digestOf } from "../model/digest.ts";
import { compareBytes, isObject, type Json } from "../model/json.ts";
import type { Entry } from "../model/registry.ts";
import { compareVersions } from "../model/version.ts";
import { stateOf } from "../validate/states.ts";

/** One line of a list (assent.list/v1). */
export interface ListItem {
  readonly ref: string;
  readonly kind: string;
  /** Null for kinds without versions. */
  readonly digest: string | null;
  readonly title: string | null;
  readonly state: string | null;
  readonly owner: string | null;
  readonly tags: readonly string[];
  /** When and by whom it landed first and changed last; null without git, or before it has landed. */
  readonly registered: Mark | null;
  readonly updated: Mark | null;
}

export interface Page {
  readonly total: number;
  readonly items: readonly ListItem[];
  /** What `after` takes to go on; null on the last page. */
  readonly next: string | null;
}

/** What a list says about an entry; `marks` by reference. */
export function itemOf(entry: Entry, marks?: ReadonlyMap<string, Marks>): ListItem {
  const { value } = entry;
  const text = (key: string): string | null => {
    const found = (value as { readonly [key: string]: Json | undefined })[key];
    return typeof found === "string" ? found : null;
  };
  const tags = "tags" in value && Array.isArray(value.tags) ? value.tags : [];
  return {
    ref: entry.ref,
    kind: entry.kind,
    digest: entry.version === null ? null : digestOf(entry),
    title: text("title"),
    state: stateOf(entry),
    owner: text("owner"),
    tags,
    registered: marks?.get(entry.ref)?.registered ?? null,
    updated: marks?.get(entry.ref)?.updated ?? null,
  };
}

/**
 * Sorts by a field (`title`, `spec.provider`, `facts.releaseDate`; `-` in front = highest first), ties by reference.
 * `place`: the steps to it, where its name does not spell them.
 */
export function sortEntries(
  entries: readonly Entry[],
  field: string | undefined,
  place?: readonly string[],
): Entry[] {
  const down = field?.startsWith("-") === true;
  const steps = place ?? (down ? field.slice(1) : (field ?? "ref")).split(".");
  const keyed = entries.map((entry) => ({ entry, key: keyOf(entry, steps) }));
  keyed.sort((a, b) => compareKeys(a.key, b.key, down) || compareBytes(a.entry.ref, b.entry.ref));
  return keyed.map(({ entry }) => entry);
}

/** The page after the entry with the reference `after`; undefined when no entry has it. */
export function pageOf(
  entries: readonly Entry[],
  limit: number | undefined,
  after: string | undefined,
  marks: ReadonlyMap<string, Marks> = new Map(),
): Page | undefined {
  const start = after === undefined ? 0 : entries.findIndex(({ ref }) => ref === after) + 1;
  if (after !== undefined && start === 0) return undefined;
  const items = entries.slice(start, limit === undefined ? undefined : start + limit);
  const last = items.at(-1);
  const isLast = start + items.length >= entries.length || last === undefined;
  return {
    total: entries.length,
    items: items.map((entry) => itemOf(entry, marks)),
    next: isLast ? null : last.ref,
  };
}

function keyOf(entry: Entry, steps: readonly string[]): Json | undefined {
  const [first = ""] = steps;
  if (
    steps.length === 1 &&
    (first === "ref" || first === "name" || first === "ns" || first === "version" || first === "kind")
  ) {
    return entry[first];
  }
  let value: Json | undefined = entry.value as Json;
  for (const step of steps) value = isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
  return value;
}

/** Numbers before texts; what is absent comes last in both directions. */
function compareKeys(a: Json | undefined, b: Json | undefined, down: boolean): number {
  const absentA = a === undefined || a === null || typeof a === "object";
  const absentB = b === undefined || b === null || typeof b === "object";
  if (absentA || absentB) return Number(absentA) - Number(absentB);
  const order = compareScalars(a, b);
  return down ? -order : order;
}

const version = /^\d+\.\d+\.\d+(?:-[0-9a-z.-]+)?$/;

function compareScalars(a: Json, b: Json): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a !== typeof b) return typeof a === "number" ? -1 : 1;
  const [x, y] = [String(a), String(b)];
  return version.test(x) && version.test(y) ? compareVersions(x, y) : compareBytes(x, y);
}
