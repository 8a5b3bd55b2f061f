/**
 * policy/violated: an entry does not meet a policy that is bound to it, and no waiver covers that.
 * A warning, not an error: enforcement is per change (DESIGN 5). The gate denies a change that touches such an entry;
 * a policy that lands must not break the branch for everybody else. What is bound with mode warn is information.
 */
import { reportViolations } from "../violations.ts";
import { defineRegistryRule } from "../rule.ts";

export const policyViolated = defineRegistryRule({
  code: "policy/violated",
  severity: "warning",
  category: "gate",
  summary: "An entry violates a policy that is bound to it.",
  why: "The policy was agreed on for entries like this one. The next change of the entry will be denied where the policy is enforced.",
  fix: "Do what the policy's remediation says, or ask for a Waiver with a reason and an end.",
  findAll(context, report) {
    reportViolations(context, (violation) => !violation.isPending, report);
  },
});
