/** json-schema/unchecked: a JSON Schema in an entry says something that nothing will check. */
import { schemaFaults } from "../json-schema-check.ts";
import { defineEntryRule } from "../rule.ts";
import { kindsWithSchemas, userSchemasOf } from "../user-schemas.ts";
import { sentence } from "../sentence.ts";

export const jsonSchemaUnchecked = defineEntryRule({
  code: "json-schema/unchecked",
  severity: "warning",
  category: "invalid",
  summary: "A keyword or format of a JSON Schema checks nothing.",
  why: "A misspelt keyword is ignored by every validator, so what it was meant to forbid passes.",
  fix: "Correct the spelling, or begin an annotation of your own with `x-`.",
  example: {
    bad: "schema: { type: object, requierd: [a] }",
    good: "schema: { type: object, required: [a] }",
  },
  kinds: kindsWithSchemas,
  find(entry, _context, report) {
    for (const { pointer: base, schema } of userSchemasOf(entry)) {
      for (const { pointer, part, message, hint, severity } of schemaFaults(schema)) {
        if (severity !== "warning") continue;
        const at = { file: entry.path, pointer: [...base, ...pointer], ...(part !== undefined && { part }) };
        report({ message: sentence(message), hint: sentence(hint), at, subject: entry.ref });
      }
    }
  },
});
