/**
 * Which keys a schema knows, and where in a kind a key belongs: for hints about keys that stand in the wrong place.
 * It must never look at a file.
 */
import type { Schema } from "./schema-tree.ts";

/** The keys from the root to a map. */
export type Place = readonly string[];

/** The keys that may stand in a map of this schema, in canonical order. */
export function keysOf(schema: Schema): readonly string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, property]) =>
    property === false ? [] : [key],
  );
}

/** The maps of a kind that know a key, outermost first; lists and free maps are not searched. */
export function placesOfKey(root: Schema, key: string): readonly Place[] {
  const found: Place[] = [];
  let level: readonly (readonly [Place, Schema])[] = [[[], root]];
  for (let depth = 0; depth < 4 && level.length > 0; depth++) {
    const next: (readonly [Place, Schema])[] = [];
    for (const [place, schema] of level) {
      for (const [name, property] of Object.entries(schema.properties ?? {})) {
        if (name === key) found.push(place);
        if (typeof property === "object") next.push([[...place, name], property]);
      }
    }
    level = next;
  }
  return found;
}
