/**
 * extension/missing: entries carry the custom metadata that a MetadataSchema requires of them.
 * A warning, not an error: what is required is enforced per change, so that requiring something new breaks nobody's branch.
 */
import { extensionsOf, governs } from "../metadata.ts";
import { atKey, defineRegistryRule } from "../rule.ts";

export const extensionMissing = defineRegistryRule({
  code: "extension/missing",
  severity: "warning",
  category: "invalid",
  summary: "Required custom metadata is missing.",
  why: "A MetadataSchema says `required: true` for entries like this one. The next change of the entry will have to add it.",
  fix: "Add the key below `extensions`.",
  findAll({ registry }, report) {
    const schemas = registry.ofKind("MetadataSchema").filter(({ value }) => value.required === true);
    if (schemas.length === 0) return;
    for (const entry of registry.entries) {
      for (const schema of schemas) {
        if (!governs(schema, entry) || extensionsOf(entry)[schema.name] !== undefined) continue;
        const at = entry.value.extensions === undefined ? { file: entry.path } : atKey(entry, "extensions");
        report({ message: `${entry.ref} lacks the metadata "${schema.name}".`, at, subject: entry.ref });
      }
    }
  },
});
