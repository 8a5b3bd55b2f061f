/** identity/near-duplicate: one voter under two spellings (DESIGN 5, Anti-Sybil). */
import { canonicalName } from "../../model/canonical-name.ts";
import type { Entry } from "../../model/registry.ts";
import { defineRegistryRule } from "../rule.ts";

export const identityNearDuplicate = defineRegistryRule({
  code: "identity/near-duplicate",
  severity: "error",
  category: "invalid",
  summary: "Two identities have names that are the same but for punctuation or the provider's name.",
  why: "`claude-3.7-sonnet` and `anthropic-claude-3-7-sonnet` are one voter; counted twice, one model decides for two.",
  fix: "Keep one of them. For two humans with distinct accounts this is only a warning.",
  findAll({ registry }, report) {
    const seen = new Map<string, Entry<"Identity">>();
    for (const entry of registry.ofKind("Identity")) {
      const key = canonicalName(entry.name, providerOf(entry));
      const first = seen.get(key);
      if (first === undefined) {
        seen.set(key, entry);
        continue;
      }
      const ids = [first.value.github?.id, entry.value.github?.id];
      const people = [first, entry].every(({ value }) => (value.type ?? "human") === "human");
      const distinct = people && ids.every((id) => id !== undefined) && ids[0] !== ids[1];
      report({
        message: `${entry.ref} and ${first.ref} have the same canonical name "${key}".`,
        at: { file: entry.path },
        subject: entry.ref,
        ...(distinct ? { severity: "warning" as const } : {}),
        related: [{ message: "the other identity", at: { file: first.path } }],
      });
    }
  },
});

/** A model identity's provider is the namespace of the model it is bound to. */
function providerOf(entry: Entry<"Identity">): string {
  const { model } = entry.value;
  return model === undefined ? "" : (model.slice("model:".length).split("/")[0] ?? "");
}
