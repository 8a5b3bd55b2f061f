/** model/compatibility-contradicts: what fits is not what must not be mixed. */
import { at, defineEntryRule } from "../rule.ts";

export const modelCompatibilityContradicts = defineEntryRule({
  code: "model/compatibility-contradicts",
  severity: "error",
  category: "invalid",
  summary: "A model names another as compatible and as incompatible.",
  why: "Only one of the two can be true, and whoever plans a migration reads only one of the lists.",
  fix: "Remove it from the list that is wrong.",
  kinds: ["Model"],
  find(entry, _context, report) {
    const { compatibleWith, incompatibleWith } = entry.value.facts ?? {};
    if (compatibleWith === undefined || incompatibleWith === undefined) return;
    for (const [index, ref] of incompatibleWith.entries()) {
      const other = compatibleWith.indexOf(ref);
      if (other < 0) continue;
      report({
        message: `${ref} stands in compatibleWith as well.`,
        at: at(entry, "facts", "incompatibleWith", index),
        subject: entry.ref,
        related: [{ message: "as compatible", at: at(entry, "facts", "compatibleWith", other) }],
      });
    }
  },
});
