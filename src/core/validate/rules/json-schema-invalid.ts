/** json-schema/invalid: a JSON Schema that a user wrote can be used: valid 2020-12, local references, safe patterns. */
import { schemaFaults } from "../json-schema-check.ts";
import { defineEntryRule } from "../rule.ts";
import { kindsWithSchemas, userSchemasOf } from "../user-schemas.ts";
import { sentence } from "../sentence.ts";

export const jsonSchemaInvalid = defineEntryRule({
  code: "json-schema/invalid",
  severity: "error",
  category: "invalid",
  summary: "A JSON Schema in an entry cannot be used.",
  why: "Nothing could be checked against it. Remote references are never loaded, and patterns run on an engine that cannot hang.",
  fix: "Write it as JSON Schema 2020-12 asks, with references inside the schema (`#/$defs/...`) and patterns in RE2 syntax.",
  example: { bad: "schema: { type: strng }", good: "schema: { type: string }" },
  kinds: kindsWithSchemas,
  find(entry, _context, report) {
    for (const { pointer: base, schema } of userSchemasOf(entry)) {
      for (const { pointer, part, message, hint, severity } of schemaFaults(schema)) {
        if (severity !== "error") continue;
        const at = { file: entry.path, pointer: [...base, ...pointer], ...(part !== undefined && { part }) };
        report({ message: sentence(message), hint: sentence(hint), at, subject: entry.ref });
      }
    }
  },
});
