/** metadata-schema/open: objects of a metadata schema say whether further keys may stand in them. */
import { walkSchema } from "../json-schema-check.ts";
import { defineEntryRule } from "../rule.ts";

const compositions: ReadonlySet<string | number> = new Set([
  "allOf",
  "anyOf",
  "oneOf",
  "if",
  "then",
  "else",
  "not",
  "dependentSchemas",
]);

export const metadataSchemaOpen = defineEntryRule({
  code: "metadata-schema/open",
  severity: "warning",
  category: "invalid",
  summary: "An object of a metadata schema takes any key.",
  why: "A misspelt key would be accepted and ignored, as nowhere else in the registry.",
  fix: "Add `additionalProperties: false`, or say what further keys may hold.",
  example: {
    bad: "schema:\n  type: object\n  properties:\n    register: { type: string }",
    good: "schema:\n  type: object\n  additionalProperties: false\n  properties:\n    register: { type: string }",
  },
  kinds: ["MetadataSchema"],
  find(entry, _context, report) {
    walkSchema(entry.value.schema, (part, pointer) => {
      if (
        part["properties"] === undefined ||
        part["additionalProperties"] !== undefined ||
        part["unevaluatedProperties"] !== undefined
      )
        return;
      // Parts of a composition are completed by the others.
      if (pointer.some((step) => compositions.has(step)) || part["allOf"] !== undefined) return;
      report({
        message: "The schema does not say whether further keys may stand here.",
        at: { file: entry.path, pointer: ["schema", ...pointer] },
        subject: entry.ref,
      });
    });
  },
});
