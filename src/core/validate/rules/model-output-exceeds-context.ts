/** model/output-exceeds-context: a claim about capabilities that cannot be. */
import { at, defineEntryRule } from "../rule.ts";

export const modelOutputExceedsContext = defineEntryRule({
  code: "model/output-exceeds-context",
  severity: "warning",
  category: "invalid",
  summary: "A model claims more output tokens than its context holds.",
  why: "Vendors' catalogues hold such slips; a service that trusts the number will send requests that fail.",
  fix: "Look the two limits up at the vendor and correct the wrong one.",
  kinds: ["Model"],
  find(entry, _context, report) {
    const capabilities = entry.value.facts?.capabilities;
    if (capabilities === undefined) return;
    const { contextLength, maxOutputTokens } = capabilities;
    if (
      typeof contextLength !== "number" ||
      maxOutputTokens === undefined ||
      maxOutputTokens <= contextLength
    )
      return;
    report({
      message: `maxOutputTokens ${maxOutputTokens} is more than contextLength ${contextLength}.`,
      at: at(entry, "facts", "capabilities", "maxOutputTokens"),
      subject: entry.ref,
    });
  },
});
