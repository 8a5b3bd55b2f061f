/** evaluation/duplicate-case: a run tells of each case once. */
import { at, defineEntryRule } from "../rule.ts";

export const evaluationDuplicateCase = defineEntryRule({
  code: "evaluation/duplicate-case",
  severity: "error",
  category: "invalid",
  summary: "An Evaluation tells of one case twice.",
  why: "Two results of one case leave open which is true, and the summary counts both.",
  fix: "Keep the result that counts. A case that was tried again is told once, with how it ended.",
  kinds: ["Evaluation"],
  find(entry, _context, report) {
    const { cases = [] } = entry.value;
    const seen = new Map<string, number>();
    for (const [index, { id }] of cases.entries()) {
      const first = seen.get(id);
      if (first === undefined) seen.set(id, index);
      else {
        report({
          message: `The case "${id}" stands here a second time.`,
          at: at(entry, "cases", index, "id"),
          subject: entry.ref,
          related: [{ message: "the first time", at: at(entry, "cases", first, "id") }],
        });
      }
    }
  },
});
