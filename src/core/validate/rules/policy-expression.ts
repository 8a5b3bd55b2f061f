/** policy/expression: the expressions of a policy are CEL that fits the kinds it applies to. */
import { namesOfPolicy } from "../../policy/policies.ts";
import { reportRules } from "../expression-findings.ts";
import { defineEntryRule } from "../rule.ts";

export const policyExpression = defineEntryRule({
  code: "policy/expression",
  severity: "error",
  category: "invalid",
  summary: "An expression of a policy is wrong.",
  why: "A rule that cannot be evaluated is violated by every entry it is bound to, and a misspelt field would never be noticed.",
  fix: "Mend the expression where the caret points. Fields are those of the kinds in `appliesTo`; `like(text, pattern)` stands for `matches`.",
  example: { bad: "assert: 'facts.sizeClas == \"large\"'", good: "assert: 'facts.sizeClass == \"large\"'" },
  kinds: ["Policy"],
  find(entry, _context, report) {
    const { appliesTo, rules } = entry.value.spec;
    reportRules(rules, namesOfPolicy(appliesTo), entry, ["spec", "rules"], report);
  },
});
