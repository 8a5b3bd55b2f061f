/** evaluation/vacuous: a run that tried nothing says nothing. */
import { vacuityOf } from "../gates.ts";
import { at, defineEntryRule } from "../rule.ts";

export const evaluationVacuous = defineEntryRule({
  code: "evaluation/vacuous",
  severity: "warning",
  category: "gate",
  summary: "An Evaluation passed or failed, but nothing was tried.",
  why: "A PASS of no cases, or by checks that weigh nothing, is always true. No gate is met by such a run.",
  fix: "Run the suite's cases and record that run.",
  kinds: ["Evaluation"],
  find(entry, { registry }, report) {
    const { status, cases, summary } = entry.value;
    if (status !== "passed" && status !== "failed") return;
    const because = vacuityOf(registry, entry);
    if (because === undefined) return;
    const key = cases !== undefined ? "cases" : summary !== undefined ? "summary" : "suite";
    report({
      message: `It ${status}, but ${because}: no gate is met by it.`,
      at: at(entry, key),
      subject: entry.ref,
    });
  },
});
