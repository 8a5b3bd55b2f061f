/** metadata-schema/expression: the expressions of a metadata schema's rules are CEL that fits the kinds it applies to. */
import { namesOfPolicy } from "../../policy/policies.ts";
import { reportRules } from "../expression-findings.ts";
import { defineEntryRule } from "../rule.ts";

export const metadataSchemaExpression = defineEntryRule({
  code: "metadata-schema/expression",
  severity: "error",
  category: "invalid",
  summary: "An expression of a metadata schema is wrong.",
  why: "A rule that cannot be evaluated is violated by every entry that carries the metadata.",
  fix: 'Mend the expression where the caret points. The metadata itself is asked as `extensions["<name>"]`.',
  kinds: ["MetadataSchema"],
  find(entry, _context, report) {
    reportRules(
      entry.value.rules ?? [],
      namesOfPolicy(entry.value.appliesTo ?? []),
      entry,
      ["rules"],
      report,
    );
  },
});
