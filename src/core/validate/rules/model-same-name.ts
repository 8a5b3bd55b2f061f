/** model/same-name: names that only punctuation tells apart. */
import { defineRegistryRule } from "../rule.ts";
import { canonicalName } from "../../model/canonical-name.ts";
import { seenModels } from "../seen-models.ts";

export const modelSameName = defineRegistryRule({
  code: "model/same-name",
  severity: "warning",
  category: "invalid",
  summary: "Two models of one provider have names that differ by punctuation only.",
  why: "People will mistake one for the other, in a review as well as in a configuration.",
  fix: "If they are one model, keep one; if not, give them names that say the difference.",
  findAll({ registry }, report) {
    const seenOf = seenModels();
    for (const entry of registry.ofKind("Model")) {
      const seen = seenOf(entry.value.spec.provider);
      const key = canonicalName(entry.name, entry.ns ?? "");
      const first = seen.get(key);
      if (first === undefined) seen.set(key, entry);
      else if (first.ns !== entry.ns || first.name !== entry.name) {
        report({
          message: `${entry.ref} and ${first.ref} have the same name but for punctuation.`,
          at: { file: entry.path },
          subject: entry.ref,
          related: [{ message: "the other model", at: { file: first.path } }],
        });
      }
    }
  },
});
