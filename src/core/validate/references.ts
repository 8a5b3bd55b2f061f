/**
 * Every reference an entry holds, found by the places that the schemas mark (`x-ref`), so that no field is forgotten.
 * It must never judge; the ref/* rules do.
 */
import { references, type ReferencePlace } from "../../generated/references.ts";
import { kindOf } from "../kinds/index.ts";
import type { Json, JsonObject, Pointer } from "../model/json.ts";
import type { KindName } from "../model/kind.ts";
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

/** The places of a kind as a tree of keys, so that one walk along the value meets all of them. */
interface Branch {
  readonly children: Map<string, Branch>;
  /** For each item of a list and each value of a map. */
  each: Branch | undefined;
  place: ReferencePlace | undefined;
}

const branches = new Map<KindName, Branch>();
const found = new WeakMap<Entry, readonly Reference[]>();
const none: readonly Reference[] = [];

/** The references of an entry. Versions whose name is in the path (aliases, activations) are not among them. */
export function referencesIn(entry: Entry): readonly Reference[] {
  let list = found.get(entry);
  if (list === undefined) {
    const collected: Reference[] = [];
    collect(entry.value as JsonObject, branchOf(entry.kind), [], collected);
    list = collected.length === 0 ? none : collected;
    found.set(entry, list);
  }
  return list;
}

function collect(value: Json | undefined, branch: Branch, pointer: (string | number)[], into: Reference[]): void {
  if (value === undefined || value === null) return;
  if (branch.place !== undefined) add(value, branch.place, pointer, into);
  if (typeof value !== "object") return;
  if (branch.each !== undefined) {
    for (const key of Object.keys(value)) {
      const step = Array.isArray(value) ? Number(key) : key;
      pointer.push(step);
      collect((value as JsonObject)[key], branch.each, pointer, into);
      pointer.pop();
    }
  }
  for (const [key, child] of branch.children) {
    const next = (value as JsonObject)[key];
    if (next === undefined) continue;
    pointer.push(key);
    collect(next, child, pointer, into);
    pointer.pop();
  }
}

function add(value: Json, place: ReferencePlace, pointer: Pointer, into: Reference[]): void {
  if (place.form === "ref") {
    if (typeof value !== "string" || (place.mixed && !namesKind(value, place))) return;
    into.push({ place, pointer: [...pointer], ref: value, range: null, required: true });
    return;
  }
  const { ref, version, required } = value as JsonObject;
  if (typeof ref !== "string" || typeof version !== "string") return;
  into.push({ place, pointer: [...pointer], ref, range: version, required: required !== false });
}

/** In a mixed place only what begins with the prefix of a kind is meant as a reference. */
function namesKind(text: string, place: ReferencePlace): boolean {
  const prefix = text.slice(0, Math.max(0, text.indexOf(":")));
  return place.kinds.some((kind) => kindOf(kind).prefix === prefix);
}

function branchOf(kind: KindName): Branch {
  let root = branches.get(kind);
  if (root !== undefined) return root;
  root = { children: new Map(), each: undefined, place: undefined };
  for (const place of references[kind]) {
    if (place.form === "version") continue;
    let branch = root;
    for (const key of place.path) {
      let next = key === "*" ? branch.each : branch.children.get(key);
      if (next === undefined) {
        next = { children: new Map(), each: undefined, place: undefined };
        if (key === "*") branch.each = next;
        else branch.children.set(key, next);
      }
      branch = next;
    }
    branch.place = place;
  }
  branches.set(kind, root);
  return root;
}
