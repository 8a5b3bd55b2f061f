/** activation/fallback-incompatible: a fallback fits where the live version may not. */
import { bundleAt, environmentNameOf, mismatchesAt } from "../activations.ts";
import { at, defineEntryRule } from "../rule.ts";

export const activationFallbackIncompatible = defineEntryRule({
  code: "activation/fallback-incompatible",
  severity: "error",
  category: "gate",
  summary: "A fallback needs what its environment does not offer.",
  why: "It would be withheld at the very moment it is needed, in every mode: it looks as if there were a safety net.",
  fix: "Name a version that fits the environment, or remove `fallback`.",
  kinds: ["Activation"],
  find(entry, { registry }, report) {
    const bundle = bundleAt(registry, entry, "fallback");
    if (bundle === undefined) return;
    const environment = environmentNameOf(entry);
    const mismatches = mismatchesAt(registry, bundle, environment);
    if (mismatches.length === 0) return;
    report({
      message: `${bundle.ref} does not fit ${environment}: ${mismatches.join(", ")}.`,
      at: at(entry, "fallback"),
      subject: entry.ref,
      related: [{ message: "what the bundle needs", at: at(bundle, "spec", "compatibility") }],
    });
  },
});
