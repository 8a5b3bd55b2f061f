/** change/frozen: what has landed under `spec`, in a gateReceipt or in an Evaluation never changes (DESIGN 1, 2.1). */
import { canonicalJson } from "../../model/canonical.ts";
import { isObject, type Json, type Pointer } from "../../model/json.ts";
import type { Entry } from "../../model/registry.ts";
import { atKey, defineChangeRule } from "../rule.ts";

export const changeFrozen = defineChangeRule({
  code: "change/frozen",
  severity: "error",
  category: "conflict",
  summary: "A landed `spec`, `gateReceipt` or Evaluation is edited.",
  why: "Approvals, evaluations and what is live were given for exactly this content. If it could change afterwards, they would be worth nothing.",
  fix: "Restore the landed content and publish the new one as a new version: `assent new <kind> <id> --from <entry>`.",
  findChange({ before, after }, _context, report) {
    if (before === undefined || after === undefined) return;
    for (const key of frozenKeys(before)) {
      const landed = valueAt(before, key);
      const now = valueAt(after, key);
      if (sameJson(landed, now)) continue;
      const what = key === "" ? "This Evaluation" : `\`${key}\` of ${after.ref}`;
      const inside = landed === undefined || now === undefined ? [] : firstDifference(landed, now);
      const pointer = key === "" ? inside : [key, ...inside];
      report({
        message: `${what} has landed and is frozen, but ${pointer.length === 0 ? "it" : `\`${pointer.join(".")}\``} differs from what landed.`,
        ...(key === "" ? { hint: newRun } : {}),
        at: now === undefined ? { file: after.path } : atKey(after, ...pointer),
        subject: after.ref,
      });
    }
  },
});

/** The frozen keys of an entry; the empty key is the file as a whole. */
function frozenKeys(entry: Entry): readonly string[] {
  if (entry.kind === "Evaluation") return [""];
  if (entry.kind === "Bundle") return ["spec", "gateReceipt"];
  return entry.version === null ? [] : ["spec"];
}

function valueAt(entry: Entry, key: string): Json | undefined {
  const value = entry.value as { readonly [key: string]: Json | undefined };
  return key === "" ? (value as Json) : value[key];
}

const newRun =
  "Restore the landed content. What was measured anew is a run of its own: `assent evaluation add <file>`.";

/** Where two values that differ begin to differ: as deep as both have something there. */
function firstDifference(landed: Json, now: Json): Pointer {
  if (Array.isArray(landed) && Array.isArray(now)) {
    const index = now.findIndex((item, i) => !sameJson(landed[i], item));
    const [before, after] = [landed[index], now[index]];
    if (before === undefined || after === undefined) return [];
    return [index, ...firstDifference(before, after)];
  }
  if (isObject(landed) && isObject(now)) {
    // A key that is new says more than its map; one that is gone can only be shown by its map.
    const key = Object.keys(now).find(
      (name) => !sameJson(Object.hasOwn(landed, name) ? landed[name] : undefined, now[name]),
    );
    if (key === undefined) return [];
    const [before, after] = [Object.hasOwn(landed, key) ? landed[key] : undefined, now[key]];
    return before === undefined || after === undefined ? [key] : [key, ...firstDifference(before, after)];
  }
  return [];
}

/** Comments and layout may change; meaning may not. */
function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return canonicalJson(a) === canonicalJson(b);
}
