/** approval-policy/expression: `when` of an approval policy is CEL over the entries it can be about. */
import { approvalNames } from "../../policy/policies.ts";
import { reportExpression } from "../expression-findings.ts";
import { defineEntryRule } from "../rule.ts";

export const approvalPolicyExpression = defineEntryRule({
  code: "approval-policy/expression",
  severity: "error",
  category: "invalid",
  summary: "The condition of an approval policy is wrong.",
  why: "A condition that cannot be evaluated matches and denies, so every change it could be about would be blocked.",
  fix: "Mend the expression where the caret points. Beside the entry's own fields it sees `usecase`, `bundle`, `from`, `to`, `action` and `environment`.",
  kinds: ["ApprovalPolicy"],
  find(entry, _context, report) {
    const match = entry.value.match;
    if (match?.when === undefined) return;
    reportExpression(
      match.when,
      { kinds: match.kinds ?? [], around: approvalNames },
      entry,
      ["match", "when"],
      report,
    );
  },
});
