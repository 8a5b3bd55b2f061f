/** ref/deprecated: a reference to something deprecated is worth a look (DESIGN 4). */
import { at, defineReferenceRule } from "../rule.ts";
import { isAtItsEnd, relies, stateOf } from "../states.ts";

export const refDeprecated = defineReferenceRule({
  code: "ref/deprecated",
  severity: "warning",
  category: "invalid",
  summary: "An entry refers to something deprecated.",
  why: "Deprecated means: will be removed. The entry stops working on that day unless somebody moves it.",
  fix: "Refer to what `replacedBy` names, in a new version where the reference is frozen.",
  findReference({ ref, pointer }, target, entry, _context, report) {
    if (target === undefined || stateOf(target) !== "deprecated") return;
    if (isAtItsEnd(entry) || stateOf(entry) === "deprecated" || !relies(entry, pointer)) return;
    const by =
      "replacedBy" in target.value && target.value.replacedBy !== undefined
        ? `, replaced by ${target.value.replacedBy}`
        : "";
    report({ message: `${ref} is deprecated${by}.`, at: at(entry, ...pointer), subject: entry.ref });
  },
});
