/** waiver/excuses-everything: an exception names whom it excuses. */
import { at, defineEntryRule } from "../rule.ts";

export const waiverExcusesEverything = defineEntryRule({
  code: "waiver/excuses-everything",
  severity: "error",
  category: "invalid",
  summary: "A waiver's selector is empty, so it excuses every entry.",
  why: "An empty selector selects all. That is no exception any more: the policy would be off for everybody, for what is added tomorrow as well.",
  fix: "Name what is excused: `refs`, or `kinds`, `namespaces`, `labels`, `states` or `environments`. To end a policy, remove its binding.",
  kinds: ["Waiver"],
  find(entry, _context, report) {
    const { labels, ...others } = entry.value.selector;
    if (Object.keys(others).length > 0 || Object.keys(labels ?? {}).length > 0) return;
    report({
      message: `${entry.ref} excuses every entry from ${entry.value.policy}.`,
      at: at(entry, "selector"),
      subject: entry.ref,
    });
  },
});
