/** model/sunset-unknown: `sunset: unknown` is allowed, and stays visible. */
import { at, defineEntryRule } from "../rule.ts";

export const modelSunsetUnknown = defineEntryRule({
  code: "model/sunset-unknown",
  severity: "warning",
  category: "invalid",
  summary: "A deprecated model's sunset is unknown.",
  why: "Users of the model cannot plan their migration until somebody finds the date out.",
  fix: "Replace `unknown` by the vendor's date once it is announced.",
  kinds: ["Model"],
  find(entry, _context, report) {
    if (entry.value.sunset !== "unknown" || entry.value.state !== "deprecated") return;
    report({
      message: `Nobody knows yet when ${entry.ref} ends.`,
      at: at(entry, "sunset"),
      subject: entry.ref,
    });
  },
});
