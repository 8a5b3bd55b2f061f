/** extension/unknown: each key of `extensions` has a MetadataSchema that applies to the entry. */
import { kinds } from "../../kinds/index.ts";
import { nearest } from "../../model/nearest.ts";
import { extensionsOf, governs, metadataSchemaOf } from "../metadata.ts";
import { atKey, defineEntryRule } from "../rule.ts";

export const extensionUnknown = defineEntryRule({
  code: "extension/unknown",
  severity: "error",
  category: "invalid",
  summary: "No MetadataSchema governs a key of `extensions`.",
  why: "Metadata that nothing describes cannot be checked, and a misspelt key would be lost in silence.",
  fix: "Correct the key, widen `appliesTo` or `namespaces` of its MetadataSchema, or add one: governance/metadata-schemas/<key>.yaml.",
  kinds: kinds.map(({ name }) => name),
  find(entry, { registry }, report) {
    for (const key of Object.keys(extensionsOf(entry))) {
      const schema = metadataSchemaOf(registry, key);
      if (schema === undefined ? registry.isBroken(`metadata-schema:${key}`) : governs(schema, entry))
        continue;
      const near =
        schema === undefined
          ? nearest(
              key,
              registry.ofKind("MetadataSchema").map(({ name }) => name),
            )
          : undefined;
      const message =
        schema === undefined
          ? `There is no MetadataSchema "${key}".`
          : `${schema.ref} does not apply to ${entry.ref}.`;
      const hint = near === undefined ? {} : { hint: `Did you mean ${near}?` };
      report({ message, ...hint, at: atKey(entry, "extensions", key), subject: entry.ref });
    }
  },
});
