/** policy/duplicate-rule: the rules of a policy have different ids. */
import { at, defineEntryRule } from "../rule.ts";

export const policyDuplicateRule = defineEntryRule({
  code: "policy/duplicate-rule",
  severity: "error",
  category: "invalid",
  summary: "Two rules of a policy have the same id.",
  why: "Waivers, reports and tests name rules by their ids; with two of the same name an exception from one would excuse both.",
  fix: "Give one of the rules another id.",
  kinds: ["Policy"],
  find(entry, _context, report) {
    const { rules } = entry.value.spec;
    rules.forEach(({ id }, index) => {
      const first = rules.findIndex((rule) => rule.id === id);
      if (first === index) return;
      const related = [{ message: "The first one.", at: at(entry, "spec", "rules", first, "id") }];
      report({
        message: `A rule "${id}" stands here already.`,
        at: at(entry, "spec", "rules", index, "id"),
        subject: entry.ref,
        related,
      });
    });
  },
});
