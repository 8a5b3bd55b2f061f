/** extension/invalid: custom metadata fits its MetadataSchema. */
import { kinds } from "../../kinds/index.ts";
import { compileJsonSchema } from "../json-schema.ts";
import { extensionsOf, governs, metadataSchemaOf } from "../metadata.ts";
import { defineEntryRule } from "../rule.ts";
import { sentence } from "../sentence.ts";

export const extensionInvalid = defineEntryRule({
  code: "extension/invalid",
  severity: "error",
  category: "invalid",
  summary: "Custom metadata does not fit its schema.",
  why: "Reports and policies read the metadata and rely on its shape.",
  fix: "Write what the MetadataSchema asks for.",
  kinds: kinds.map(({ name }) => name),
  find(entry, { registry }, report) {
    for (const [key, value] of Object.entries(extensionsOf(entry))) {
      const schema = metadataSchemaOf(registry, key);
      if (schema === undefined || !governs(schema, entry)) continue;
      // A schema that cannot be used is a finding of its own.
      const faults = compileJsonSchema(schema.value.schema).check?.(value ?? null) ?? [];
      for (const { pointer, part, message, hint } of faults) {
        const at = {
          file: entry.path,
          pointer: ["extensions", key, ...pointer],
          ...(part !== undefined && { part }),
        };
        report({
          message: sentence(message),
          ...(hint !== undefined && { hint: sentence(hint) }),
          at,
          subject: entry.ref,
        });
      }
    }
  },
});
