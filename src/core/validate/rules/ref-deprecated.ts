/** ref/deprecated: a reference to something deprecated is worth a look (DESIGN 4). */
import { kinds } from "../../kinds/index.ts";
import { referencesIn } from "../references.ts";
import { at, defineEntryRule } from "../rule.ts";
import { isAtItsEnd, stateOf } from "../states.ts";

const relying = kinds.filter(({ name }) => name !== "Evaluation" && name !== "Waiver").map(({ name }) => name);

export const refDeprecated = defineEntryRule({
  code: "ref/deprecated",
  severity: "warning",
  category: "invalid",
  summary: "An entry refers to something deprecated.",
  why: "Deprecated means: will be removed. The entry stops working on that day unless somebody moves it.",
  fix: "Refer to what `replacedBy` names, in a new version where the reference is frozen.",
  kinds: relying,
  find(entry, { registry }, report) {
    const state = stateOf(entry);
    if (isAtItsEnd(entry) || state === "deprecated") return;
    for (const { ref, range, pointer } of referencesIn(entry)) {
      if (range !== null || pointer[0] === "selector" || pointer[0] === "gateReceipt") continue;
      const target = registry.get(ref);
      if (target === undefined || stateOf(target) !== "deprecated") continue;
      const by = "replacedBy" in target.value && target.value.replacedBy !== undefined ? `, replaced by ${target.value.replacedBy}` : "";
      report({ message: `${ref} is deprecated${by}.`, at: at(entry, ...pointer), subject: entry.ref });
    }
  },
});
