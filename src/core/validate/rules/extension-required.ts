/**
 * extension/required: a change leaves no entry without the custom metadata that is required of it. What is required is read
 * from the base, as all rules of a change are, so that a landing cannot lift what it breaks; entries that the change does
 * not touch keep their warning (extension/missing).
 */
import { extensionsOf, governs } from "../metadata.ts";
import { atKey, defineChangeRule } from "../rule.ts";

export const extensionRequired = defineChangeRule({
  code: "extension/required",
  severity: "error",
  category: "invalid",
  summary: "A changed entry lacks custom metadata that is required.",
  why: "A MetadataSchema says `required: true` for entries like this one. It holds for every change of them, and for nothing that stands.",
  fix: "Add the key below `extensions`.",
  findChange({ after }, { base, registry }, report) {
    if (after === undefined) return;
    for (const schema of base.ofKind("MetadataSchema")) {
      if (schema.value.required !== true || !governs(schema, after)) continue;
      if (extensionsOf(after)[schema.name] !== undefined) continue;
      const at = after.value.extensions === undefined ? { file: after.path } : atKey(after, "extensions");
      report({
        message: `${after.ref} changes and lacks the metadata "${schema.name}".`,
        at,
        subject: after.ref,
        ...(registry.get(schema.ref) !== undefined && {
          related: [{ message: "It is required here.", at: { file: schema.path } }],
        }),
      });
    }
  },
});
