/** change/frozen: what has landed under `spec`, in a gateReceipt or in an Evaluation never changes (DESIGN 1, 2.1). */
import { canonicalJson } from "../../model/canonical.ts";
import type { Json } from "../../model/json.ts";
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
      const place = key === "" || now === undefined ? { file: after.path } : atKey(after, key);
      report({ message: `${what} has landed and is frozen, but differs from what landed.`, at: place, subject: after.ref });
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

/** Comments and layout may change; meaning may not. */
function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return canonicalJson(a) === canonicalJson(b);
}
