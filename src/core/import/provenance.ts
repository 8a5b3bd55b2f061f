/**
 * `sources` of an imported entry: how an import knows its own, and how it says where facts came from without
 * touching what people wrote there.
 */
import { isObject, type Json, type JsonObject } from "../model/json.ts";
import { sameJson } from "./sync.ts";

/** Keys of a source record that say when the source was read, not what it said: alone they are no change. */
const passing: ReadonlySet<string> = new Set(["digest", "commit", "checkedAt"]);

/** The records of an entry that name this source. */
export function ownSources(value: JsonObject, uri: string | null): readonly JsonObject[] {
  const sources = value["sources"];
  if (uri === null || !Array.isArray(sources)) return [];
  return (sources as readonly Json[]).filter(
    (item): item is JsonObject => isObject(item) && item["uri"] === uri,
  );
}

/** Whether another import than this one's has a record in the entry. */
export function hasOtherSources(value: JsonObject, uri: string | null): boolean {
  const sources = value["sources"];
  if (!Array.isArray(sources)) return false;
  return (sources as readonly Json[]).some(
    (item) => isObject(item) && typeof item["uri"] === "string" && item["uri"] !== uri,
  );
}

/** Which fields the source still speaks for, where a person narrowed them down; undefined = all. */
export function spokenFields(value: JsonObject, uri: string | null): readonly string[] | undefined {
  const lists = ownSources(value, uri).flatMap(({ fields }) =>
    Array.isArray(fields) ? [fields as readonly string[]] : [],
  );
  return lists.length === 0 ? undefined : lists.flat();
}

/** Completes the records of an import with the source's address and what is known about it as a whole. */
export function completedSources(
  value: JsonObject,
  uri: string | null,
  about: JsonObject,
): readonly JsonObject[] | undefined {
  const sources = value["sources"];
  if (!Array.isArray(sources)) return undefined;
  if (uri === null) return sources as readonly JsonObject[];
  return (sources as readonly JsonObject[]).map((item) => ({ uri, ...about, ...item }));
}

/**
 * The entry's `sources` with this source's records renewed, in the place of the first of them; undefined when they
 * say the same already. `fields` that a person wrote stay. When the source was read is no change of its own, but where
 * something else changed it is renewed as well: the new facts come from the new reading.
 */
export function renewedSources(
  current: JsonObject,
  incoming: readonly JsonObject[],
  uri: string | null,
  otherwiseChanged: boolean,
): readonly Json[] | undefined {
  const own = ownSources(current, uri);
  const kept = incoming.map((item, index) => {
    const fields = own[index]?.["fields"];
    return fields === undefined ? item : { ...item, fields };
  });
  const compared = otherwiseChanged ? (item: JsonObject): JsonObject => item : lasting;
  const same =
    own.length === kept.length &&
    own.every((item, index) => sameJson(compared(item), compared(kept[index] ?? {})));
  return same ? undefined : placed(current, kept, uri);
}

/** As renewedSources, whether or not anything but the reading changed. */
export function placed(
  current: JsonObject,
  renewed: readonly JsonObject[],
  uri: string | null,
): readonly Json[] {
  const sources: readonly Json[] = Array.isArray(current["sources"])
    ? (current["sources"] as readonly Json[])
    : [];
  const isOwn = (item: Json): boolean => isObject(item) && item["uri"] === uri;
  const first = sources.findIndex(isOwn);
  const others = sources.filter((item) => !isOwn(item));
  const at = first < 0 ? others.length : sources.slice(0, first).filter((item) => !isOwn(item)).length;
  return [...others.slice(0, at), ...renewed, ...others.slice(at)];
}

function lasting(item: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(item).filter(([key]) => !passing.has(key)));
}
