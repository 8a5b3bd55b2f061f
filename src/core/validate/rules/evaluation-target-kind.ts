/** evaluation/target-kind: a suite is run on what it is made for. */
import { parseRef } from "../../source/reference.ts";
import type { Entry } from "../../model/registry.ts";
import { at, defineEntryRule } from "../rule.ts";

export const evaluationTargetKind = defineEntryRule({
  code: "evaluation/target-kind",
  severity: "error",
  category: "invalid",
  summary: "An Evaluation ran a suite on a kind of target that the suite is not made for.",
  why: "The suite's cases and benchmarks mean nothing there, and its metrics could be taken for those of a suite that fits.",
  fix: "Run a suite whose `targets` name the kind, or add the kind in a new version of the suite.",
  kinds: ["Evaluation"],
  find(entry, { registry }, report) {
    const suite = registry.get(entry.value.suite);
    if (suite?.kind !== "TestSuite") return;
    const { targets = [] } = (suite as Entry<"TestSuite">).value.spec;
    const kind = parseRef(entry.value.target)?.kind;
    if (targets.length === 0 || kind === undefined || targets.some((target) => target === kind)) return;
    report({
      message: `${suite.ref} is for ${targets.join(", ")}, not for a ${kind}.`,
      at: at(entry, "target"),
      subject: entry.ref,
      related: [{ message: "the suite's targets", at: at(suite, "spec", "targets") }],
    });
  },
});
