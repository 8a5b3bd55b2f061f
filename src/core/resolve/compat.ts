/**
 * May a new version stand in for an older one? A semantic comparison of two entries of one kind: every difference
 * with what it means for whoever uses the older one. It serves `diff`, `compat`, the importer and the rule that a
 * breaking version raises its major (DESIGN 4). What a difference means stands in compat-table.ts; the direction of
 * schemas in compat-schema.ts. This module must never look at states, scores or who uses what.
 */
import { compareBytes, isObject, type Json, type Pointer } from "../model/json.ts";
import type { KindName } from "../model/kind.ts";
import { changeOf, isSame, type CompatChange } from "./compat-change.ts";
import { compatTables } from "./compat-table.ts";

export type { CompatChange } from "./compat-change.ts";

export interface Comparison {
  /** true when any change is breaking; else "unknown" when any is unknown; else false. */
  readonly breaking: boolean | "unknown";
  /** In order of their pointers. */
  readonly changes: readonly CompatChange[];
}

/** The frozen part alone (what the rule about versions asks), or all that says what the entry is. */
export type CompatParts = "spec" | "all";

/**
 * Compares two entries. `parts` "spec" looks at the frozen payload only; "all" (the default) at facts and serving as
 * well. Entries of two kinds, or of kinds without versions, cannot stand in for each other: `breaking` is true.
 */
export function compareEntries(
  before: { readonly kind: KindName; readonly value: object },
  after: { readonly kind: KindName; readonly value: object },
  parts: CompatParts = "all",
): Comparison {
  const table = compatTables[before.kind];
  if (before.kind !== after.kind || table === undefined) {
    const same = partOf({ value: before.value }, "value");
    if (before.kind === after.kind && isSame(same, partOf({ value: after.value }, "value")))
      return { breaking: false, changes: [] };
    const why =
      before.kind === after.kind
        ? `A ${before.kind} has no versions.`
        : `A ${after.kind} cannot stand in for a ${before.kind}.`;
    return { breaking: true, changes: [{ pointer: [], change: "changed", impact: "breaking", why }] };
  }
  const changes: CompatChange[] = [];
  for (const part of ["spec", "facts", "serving"] as const) {
    const comparer = table[part];
    if (comparer === undefined || (parts === "spec" && part !== "spec")) continue;
    const [a, b] = [partOf(before.value, part), partOf(after.value, part)];
    if (!isSame(a, b)) comparer(a, b, [part], (change) => changes.push(change));
  }
  changes.sort((a, b) => comparePointers(a.pointer, b.pointer) || compareBytes(a.why, b.why));
  const has = (impact: CompatChange["impact"]): boolean => changes.some((change) => change.impact === impact);
  return { breaking: has("breaking") || (has("unknown") && "unknown"), changes };
}

/** A difference that only describes, for `diff`: title, owner, labels and the like; state is a transition, not a change. */
export function describeChanges(before: object, after: object): readonly CompatChange[] {
  const changes: CompatChange[] = [];
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (key === "spec" || key === "facts" || key === "serving") continue;
    const [a, b] = [partOf(before, key), partOf(after, key)];
    if (isSame(a, b)) continue;
    changes.push({
      pointer: [key],
      change: changeOf(a, b),
      impact: "compatible",
      why: "It is said about the version, not part of it.",
    });
  }
  return changes.sort((a, b) => comparePointers(a.pointer, b.pointer));
}

function partOf(value: object, key: string): Json | undefined {
  const entry: unknown = value;
  return isObject(entry) && Object.hasOwn(entry, key) ? entry[key] : undefined;
}

function comparePointers(a: Pointer, b: Pointer): number {
  for (let i = 0; i < a.length && i < b.length; i++) {
    const [x, y] = [a[i]!, b[i]!];
    if (x === y) continue;
    return typeof x === "number" && typeof y === "number" ? x - y : compareBytes(String(x), String(y));
  }
  return a.length - b.length;
}
