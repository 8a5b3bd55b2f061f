/** model/sunset-missing: a deprecated model says until when it works. */
import { atKey, defineEntryRule } from "../rule.ts";

export const modelSunsetMissing = defineEntryRule({
  code: "model/sunset-missing",
  severity: "error",
  category: "invalid",
  summary: "A deprecated model has no sunset.",
  why: "Deprecated means: will be removed, migrate. Whoever uses the model must be able to plan for the day.",
  fix: 'Add `sunset: "YYYY-MM-DD"`, or `sunset: unknown` when nobody knows yet.',
  kinds: ["Model"],
  find(entry, _context, report) {
    if (entry.value.state !== "deprecated" || entry.value.sunset !== undefined) return;
    report({
      message: `${entry.ref} is deprecated and says nothing about its sunset.`,
      at: atKey(entry, "state"),
      subject: entry.ref,
    });
  },
});
