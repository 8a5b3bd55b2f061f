/** config/value-mismatch: the value of a Config fits the schema beside it. */
import { compileJsonSchema } from "../json-schema.ts";
import { defineEntryRule } from "../rule.ts";
import { sentence } from "../sentence.ts";

export const configValueMismatch = defineEntryRule({
  code: "config/value-mismatch",
  severity: "error",
  category: "invalid",
  summary: "The value of a Config does not fit its own schema.",
  why: "Whoever loads the configuration checks it against the schema, and would refuse it at run time.",
  fix: "Correct the value, or the schema.",
  kinds: ["Config"],
  find(entry, _context, report) {
    const { schema, value } = entry.value.spec;
    if (schema === undefined || value === undefined) return;
    for (const { pointer, part, message, hint } of compileJsonSchema(schema).check?.(value) ?? []) {
      const at = {
        file: entry.path,
        pointer: ["spec", "value", ...pointer],
        ...(part !== undefined && { part }),
      };
      report({
        message: sentence(message),
        ...(hint !== undefined && { hint: sentence(hint) }),
        at,
        subject: entry.ref,
      });
    }
  },
});
