/** identity/model: a model identity is bound to one exact model version, and no version has two. */
import { at, defineRegistryRule } from "../rule.ts";
import type { Entry } from "../../model/registry.ts";

export const identityModel = defineRegistryRule({
  code: "identity/model",
  severity: "error",
  category: "invalid",
  summary: "Two identities are bound to one model, or a human or bot is bound to one.",
  why: "Whose opinion it is must be exact; one model under two identities would have two voices.",
  fix: "Give each identity of type model its own `model: model:<ns>/<name>@<version>`, and no other identity any.",
  findAll({ registry }, report) {
    const seen = new Map<string, Entry<"Identity">>();
    for (const entry of registry.ofKind("Identity")) {
      const { type = "human", model } = entry.value;
      // That an identity of type model names its model, its schema says.
      if (model === undefined) continue;
      if (type !== "model") {
        report({
          message: `${entry.ref} is a ${type} and cannot be bound to a model.`,
          at: at(entry, "model"),
          subject: entry.ref,
        });
        continue;
      }
      const first = seen.get(model);
      if (first === undefined) seen.set(model, entry);
      else {
        report({
          message: `${entry.ref} and ${first.ref} are both bound to ${model}.`,
          at: at(entry, "model"),
          subject: entry.ref,
          related: [{ message: "the other identity", at: at(first, "model") }],
        });
      }
    }
  },
});
