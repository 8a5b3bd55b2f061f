/**
 * Two sources, or a person and a source, that state the same fact differently: said fact by fact, with where each value
 * comes from. Which of the two is right is never decided here, and what only one of them states is no disagreement.
 */
import { isObject, type Json, type JsonObject } from "../model/json.ts";
import type { Entry } from "../model/registry.ts";
import type { Disagreement } from "./draft.ts";
import { asObject, sameJson, valueAt, type OwnedPath } from "./sync.ts";

/** The spelling of where an incoming value comes from. */
export function nowSourceOf(uri: string | null, file: string): string {
  return uri === null ? file : `${uri} ${file}`;
}

/** Every fact among `owned`, and everything in `spec`, that both sides state and differ on; by path. */
export function disagreementsOf(
  existing: Entry,
  incoming: JsonObject,
  owned: readonly OwnedPath[],
  nowSource: string,
): readonly Disagreement[] {
  const current = asObject(existing.value);
  const spec = isObject(incoming["spec"]) ? Object.keys(incoming["spec"]).map((key) => ["spec", key]) : [];
  return [...spec, ...owned.map(({ path }) => path)].flatMap((path) => {
    const was = valueAt(current, path);
    const now = valueAt(incoming, path);
    if (was === undefined || now === undefined || sameFact(was, now)) return [];
    return [
      { ref: existing.ref, field: path.join("."), was, wasSource: sourceOf(current, path), now, nowSource },
    ];
  });
}

/** `2.50` and `2.5` are one amount; `unknown` says nothing; lists without an order are compared without one. */
function sameFact(was: Json, now: Json): boolean {
  if (was === "unknown" || now === "unknown") return true;
  return sameJson(plain(was), plain(now));
}

const amount = /^\d+\.\d+$/;

function plain(value: Json): Json {
  if (typeof value === "string")
    return amount.test(value) ? value.replace(/0+$/, "").replace(/\.$/, "") : value;
  if (Array.isArray(value)) {
    const items = value.map(plain);
    return items.every((item) => typeof item === "string") ? [...items].sort() : items;
  }
  if (isObject(value))
    return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, plain(child ?? null)]));
  return value;
}

/** Address and path of the source that speaks for a field of an entry; null where no source does. */
function sourceOf(current: JsonObject, path: readonly string[]): string | null {
  const { sources } = current;
  if (!Array.isArray(sources)) return null;
  const dotted = path.join(".");
  for (const source of sources as readonly Json[]) {
    if (!isObject(source)) continue;
    const { uri, path: file, fields } = source;
    const speaks =
      !Array.isArray(fields) ||
      fields.some(
        (field: Json) => typeof field === "string" && (dotted === field || dotted.startsWith(`${field}.`)),
      );
    if (speaks)
      return [uri, file].filter((part): part is string => typeof part === "string").join(" ") || null;
  }
  return null;
}
