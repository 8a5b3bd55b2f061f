/** activation/reason-unchanged: a new bundle comes with a new reason. */
import type { Entry } from "../../model/registry.ts";
import { at, defineChangeRule } from "../rule.ts";

export const activationReasonUnchanged = defineChangeRule({
  code: "activation/reason-unchanged",
  severity: "error",
  category: "invalid",
  summary: "An Activation changes its bundle and keeps its reason.",
  why: "The history of the file is the production change log; with the old reason it would explain the wrong thing.",
  fix: "Say in `reason` why this bundle goes live here now.",
  findChange({ before, after }, _context, report) {
    if (before?.kind !== "Activation" || after?.kind !== "Activation") return;
    const { value: landed } = before as Entry<"Activation">;
    const { value: now } = after as Entry<"Activation">;
    if (landed.bundle === now.bundle || landed.reason !== now.reason) return;
    const message = `The bundle changes from "${landed.bundle}" to "${now.bundle}", but the reason is still the old one.`;
    report({ message, at: at(after, "reason"), subject: after.ref });
  },
});
