/** policy/test-failed: a policy's own tests violate exactly the rules they expect. */
import { runPolicyTests } from "../../policy/policies.ts";
import { at, atKey, defineEntryRule } from "../rule.ts";

export const policyTestFailed = defineEntryRule({
  code: "policy/test-failed",
  severity: "error",
  category: "invalid",
  summary: "A policy does not pass its own tests.",
  why: "The tests say what the policy means; where they disagree with the rules, nobody can tell which of the two is right.",
  fix: "Correct the rule, or the expectation. `expect` lists the ids of all rules that `given` violates.",
  kinds: ["Policy"],
  find(entry, { registry }, report) {
    const { spec } = entry.value;
    const known = new Set(spec.rules.map(({ id }) => id));
    for (const { index, passed, expected, violated, errors, unseen } of runPolicyTests(
      spec,
      registry.plugins?.functions,
    )) {
      for (const { key, nearest } of unseen) {
        const hint =
          nearest === undefined
            ? "Write the names that expressions use: facts, spec, labels, ..."
            : `Did you mean ${nearest}?`;
        report({
          message: `No expression can see "${key}".`,
          hint,
          at: atKey(entry, "spec", "tests", index, "given", key),
          subject: entry.ref,
        });
      }
      if (passed || unseen.length > 0) continue;
      const unknown = expected.filter((id) => !known.has(id));
      const reasons = errors.map(({ rule, message }) => `${rule} cannot be answered: ${message}`);
      const message = `${named(violated)} violated, but ${named(expected)} expected.`;
      const hint =
        unknown.length > 0
          ? `The policy has no rule ${unknown.join(", ")}.`
          : reasons.length > 0
            ? `${reasons.join("; ")}.`
            : undefined;
      report({
        message,
        ...(hint !== undefined && { hint }),
        at: at(entry, "spec", "tests", index, "expect"),
        subject: entry.ref,
      });
    }
  },
});

function named(ids: readonly string[]): string {
  return ids.length === 0 ? "Nothing is" : `${[...ids].sort().join(", ")} ${ids.length === 1 ? "is" : "are"}`;
}
