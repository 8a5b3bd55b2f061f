/** policy/pending: a policy asks for evidence about an entry that nobody has recorded yet. */
import { reportViolations } from "../violations.ts";
import { defineRegistryRule } from "../rule.ts";

export const policyPending = defineRegistryRule({
  code: "policy/pending",
  severity: "info",
  category: "gate",
  summary: "Evidence that a policy asks for is missing.",
  why: "The policy judges evaluations of the entry, and there is none yet, so it can be called neither compliant nor not.",
  fix: "Run the suite and record the run: `assent evaluation add`.",
  findAll(context, report) {
    reportViolations(context, (violation) => violation.isPending, report);
  },
});
