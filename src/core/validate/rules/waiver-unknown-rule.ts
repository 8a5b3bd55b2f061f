/** waiver/unknown-rule: the rule that a waiver names stands in the policy it names. */
import { nearest } from "../../model/nearest.ts";
import type { Entry } from "../../model/registry.ts";
import { at, defineEntryRule } from "../rule.ts";

export const waiverUnknownRule = defineEntryRule({
  code: "waiver/unknown-rule",
  severity: "error",
  category: "invalid",
  summary: "A waiver names a rule that its policy does not have.",
  why: "The exception was agreed on for something, and it covers nothing.",
  fix: "Name a rule of exactly this version of the policy, or leave `rule` out to excuse all of them.",
  kinds: ["Waiver"],
  find(entry, { registry }, report) {
    const { policy: ref, rule } = entry.value;
    const policy = registry.get(ref);
    // A policy that is not there is another rule's finding.
    if (rule === undefined || policy?.kind !== "Policy") return;
    const ids = (policy as Entry<"Policy">).value.spec.rules.map(({ id }) => id);
    if (ids.includes(rule)) return;
    const near = nearest(rule, ids);
    const hint = near === undefined ? `Its rules are ${ids.join(", ")}.` : `Did you mean ${near}?`;
    report({ message: `${ref} has no rule "${rule}".`, hint, at: at(entry, "rule"), subject: entry.ref });
  },
});
