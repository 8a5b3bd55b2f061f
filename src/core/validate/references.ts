/**
 * Every reference an entry holds, found by the places that the schemas mark (`x-ref`), so that no field is forgotten.
 * It must never judge; the ref/* rules do.
 */
import { references, type ReferencePlace } from "../../generated/references.ts";
import { kindOf } from "../kinds/index.ts";
import { isObject, type Json, type Pointer } from "../model/json.ts";
import type { Entry } from "../model/registry.ts";

export interface Reference {
  readonly place: ReferencePlace;
  readonly pointer: Pointer;
  /** The full reference; in a range the reference without its version. */
  readonly ref: string;
  /** The range, where the place holds one, and whether it must be met. */
  readonly range: string | null;
  readonly required: boolean;
}

/** Calls `visit` for each reference of an entry, in order of the schema's places. Versions in paths (aliases, activations) are not among them. */
export function visitReferences(entry: Entry, visit: (reference: Reference) => void): void {
  for (const place of references[entry.kind]) {
    if (place.form !== "version") walk(entry.value as Json, place, 0, [], visit);
  }
}

function walk(value: Json | undefined, place: ReferencePlace, depth: number, pointer: Pointer, visit: (reference: Reference) => void): void {
  const { path } = place;
  let at = value;
  for (let step = depth; step < path.length; step++) {
    const key = path[step] ?? "";
    if (key === "*") {
      if (Array.isArray(at)) for (let i = 0; i < at.length; i++) walk(at[i] as Json, place, step + 1, [...here(step), i], visit);
      else if (isObject(at)) for (const name of Object.keys(at)) walk(at[name], place, step + 1, [...here(step), name], visit);
      return;
    }
    if (!isObject(at) || !Object.hasOwn(at, key)) return;
    at = at[key];
  }
  if (place.form === "range") {
    if (!isObject(at) || typeof at["ref"] !== "string" || typeof at["version"] !== "string") return;
    visit({ place, pointer: here(path.length), ref: at["ref"], range: at["version"], required: at["required"] !== false });
  } else if (typeof at === "string" && !(place.mixed && !namesKind(at, place))) {
    visit({ place, pointer: here(path.length), ref: at, range: null, required: true });
  }

  function here(end: number): Pointer {
    return [...pointer, ...path.slice(depth, end)];
  }
}

/** In a mixed place only what begins with the prefix of a kind is meant as a reference. */
function namesKind(text: string, place: ReferencePlace): boolean {
  const colon = text.indexOf(":");
  return colon > 0 && place.kinds.some((kind) => prefixOf(kind) === text.slice(0, colon));
}

function prefixOf(kind: ReferencePlace["kinds"][number]): string {
  return kindOf(kind).prefix;
}
