/** activation/fallback-is-live: a fallback is something else than what it stands in for. */
import { at, defineEntryRule } from "../rule.ts";

export const activationFallbackIsLive = defineEntryRule({
  code: "activation/fallback-is-live",
  severity: "error",
  category: "invalid",
  summary:
    "An Activation's fallback is the live version itself, or there is no live version to fall back from.",
  why: "When the live version does not fit, neither does its copy: it looks as if there were a safety net.",
  fix: "Name another approved version, or remove `fallback`.",
  kinds: ["Activation"],
  find(entry, _context, report) {
    const { bundle, fallback } = entry.value;
    if (fallback === undefined) return;
    if (bundle === fallback)
      report({ message: `${fallback} is live already.`, at: at(entry, "fallback"), subject: entry.ref });
    else if (bundle === "none" || bundle === "inherit") {
      report({
        message: `The bundle is \`${bundle}\`, so the fallback ${fallback} is never asked for.`,
        at: at(entry, "fallback"),
        subject: entry.ref,
      });
    }
  },
});
