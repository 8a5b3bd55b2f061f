/** bundle/evaluation-target: a receipt cites runs of its own bundle. */
import type { Entry } from "../../model/registry.ts";
import { at, defineEntryRule } from "../rule.ts";

export const bundleEvaluationTarget = defineEntryRule({
  code: "bundle/evaluation-target",
  severity: "error",
  category: "gate",
  summary: "A gate receipt cites an Evaluation of something else.",
  why: "The values of another version say nothing about this one, however alike the two look.",
  fix: "Evaluate this version and cite that run. (That the run saw exactly this content is checked at the Evaluation.)",
  kinds: ["Bundle"],
  find(entry, { registry }, report) {
    (entry.value.gateReceipt.evaluations ?? []).forEach((ref, i) => {
      const run = registry.get(ref);
      if (run?.kind !== "Evaluation") return;
      const { target } = (run as Entry<"Evaluation">).value;
      if (target === entry.ref) return;
      report({
        message: `${ref} evaluated ${target}.`,
        at: at(entry, "gateReceipt", "evaluations", i),
        subject: entry.ref,
        related: [{ message: "the run's target", at: at(run, "target") }],
      });
    });
  },
});
