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
  readonly keys: string[];
  readonly children: Branch[];
  /** For each item of a list and each value of a map. */
  each: Branch | undefined;
  place: ReferencePlace | undefined;
}

const branches = new Map<KindName, Branch>();

type Visit = (reference: Reference) => void;
type Steps = (string | number)[];

/**
 * Calls `visit` for each reference of an entry. Versions whose name is in the path (aliases, activations) are not among them.
 * The reference's pointer holds only during the call: it is where the walk stands. Copy it to keep it.
 */
export function visitReferences(entry: Entry, visit: Visit): void {
  walk(entry.value as JsonObject, branchOf(entry.kind), [], visit);
}

function walk(value: Json, branch: Branch, pointer: Steps, visit: Visit): void {
  if (branch.place !== undefined) add(value, branch.place, pointer, visit);
  if (typeof value !== "object" || value === null) return;
  const { each } = branch;
  if (each !== undefined && Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      pointer.push(index);
      walk(value[index] as Json, each, pointer, visit);
      pointer.pop();
    }
  } else if (each !== undefined) {
    for (const key of Object.keys(value)) {
      pointer.push(key);
      walk((value as JsonObject)[key] as Json, each, pointer, visit);
      pointer.pop();
    }
  }
  const { keys, children } = branch;
  for (let i = 0; i < keys.length; i++) {
    const next = (value as JsonObject)[keys[i]!];
    if (next === undefined) continue;
    pointer.push(keys[i]!);
    walk(next, children[i]!, pointer, visit);
    pointer.pop();
  }
}

function add(value: Json, place: ReferencePlace, pointer: Pointer, visit: Visit): void {
  if (place.form === "ref") {
    if (typeof value !== "string" || (place.mixed && !namesKind(value, place))) return;
    visit({ place, pointer, ref: value, range: null, required: true });
    return;
  }
  const { ref, version, required } = value as JsonObject;
  if (typeof ref !== "string" || typeof version !== "string") return;
  visit({ place, pointer, ref, range: version, required: required !== false });
}

/** In a mixed place only what begins with the prefix of a kind is meant as a reference. */
function namesKind(text: string, place: ReferencePlace): boolean {
  const prefix = text.slice(0, Math.max(0, text.indexOf(":")));
  return place.kinds.some((kind) => kindOf(kind).prefix === prefix);
}

function branchOf(kind: KindName): Branch {
  let root = branches.get(kind);
  if (root !== undefined) return root;
  root = emptyBranch();
  for (const place of references[kind]) {
    if (place.form === "version") continue;
    let branch = root;
    for (const key of place.path)
      branch = key === "*" ? (branch.each ??= emptyBranch()) : childOf(branch, key);
    branch.place = place;
  }
  branches.set(kind, root);
  return root;
}

function childOf(branch: Branch, key: string): Branch {
  const at = branch.keys.indexOf(key);
  if (at >= 0) return branch.children[at]!;
  const child = emptyBranch();
  branch.keys.push(key);
  branch.children.push(child);
  return child;
}

function emptyBranch(): Branch {
  return { keys: [], children: [], each: undefined, place: undefined };
}
