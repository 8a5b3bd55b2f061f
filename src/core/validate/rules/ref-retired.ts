/** ref/retired: nothing that is still in use refers to what has come to its end (DESIGN 4). */
import { kinds } from "../../kinds/index.ts";
import { referencesIn } from "../references.ts";
import { at, defineEntryRule } from "../rule.ts";
import { isAtItsEnd, stateOf } from "../states.ts";

/** Evaluations are records of what was; waivers and bindings select, they do not rely. */
const relying = kinds.filter(({ name }) => name !== "Evaluation" && name !== "Waiver").map(({ name }) => name);

export const refRetired = defineEntryRule({
  code: "ref/retired",
  severity: "error",
  category: "invalid",
  summary: "An entry that is in use refers to something retired, rejected or archived.",
  why: "Whoever retires something must first have taken it out of use; whoever builds on it would build on nothing.",
  fix: "Refer to its replacement, or retire the entry that refers to it first.",
  kinds: relying,
  find(entry, { registry }, report) {
    if (isAtItsEnd(entry)) return;
    for (const { ref, range, pointer } of referencesIn(entry)) {
      if (range !== null || pointer[0] === "selector" || pointer[0] === "gateReceipt") continue;
      const target = registry.get(ref);
      if (target === undefined || !isAtItsEnd(target)) continue;
      report({ message: `${ref} is ${stateOf(target)}, but ${entry.ref} refers to it.`, at: at(entry, ...pointer), subject: entry.ref });
    }
  },
});
