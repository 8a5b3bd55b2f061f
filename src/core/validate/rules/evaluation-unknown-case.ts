/** evaluation/unknown-case: a run tells of the cases of its suite. */
import { nearest } from "../../model/nearest.ts";
import type { Entry } from "../../model/registry.ts";
import { at, defineEntryRule } from "../rule.ts";

export const evaluationUnknownCase = defineEntryRule({
  code: "evaluation/unknown-case",
  severity: "error",
  category: "invalid",
  summary: "An Evaluation tells of a case that its suite does not have.",
  why: "The run was made with another suite than the one it names, so its values are not what the gates ask for.",
  fix: "Name the suite that was run, or correct the case's id. A suite without cases leaves them to the run.",
  kinds: ["Evaluation"],
  find(entry, { registry }, report) {
    const { cases = [], suite: ref } = entry.value;
    const suite = registry.get(ref);
    if (suite?.kind !== "TestSuite") return;
    const known = ((suite as Entry<"TestSuite">).value.spec.cases ?? []).map(({ id }) => id);
    if (known.length === 0) return;
    const names = new Set(known);
    for (const [index, { id }] of cases.entries()) {
      if (names.has(id)) continue;
      const meant = nearest(id, known);
      report({
        message: `${ref} has no case "${id}".`,
        ...(meant === undefined ? {} : { hint: `Did you mean "${meant}"?` }),
        at: at(entry, "cases", index, "id"),
        subject: entry.ref,
        related: [{ message: "the suite's cases", at: at(suite, "spec", "cases") }],
      });
    }
  },
});
