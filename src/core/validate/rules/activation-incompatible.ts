/** activation/incompatible: what is live fits the platform it is live on (DESIGN 8). */
import { bundleAt, environmentNameOf, mismatchesAt, offerAt } from "../activations.ts";
import { at, defineEntryRule } from "../rule.ts";

export const activationIncompatible = defineEntryRule({
  code: "activation/incompatible",
  severity: "error",
  category: "gate",
  summary: "A live bundle needs what its environment does not offer.",
  why: "Resolution withholds a bundle that does not fit, so the use case would be down here (or be served by its fallback).",
  fix: "Put a version live that fits, or let the environment offer what is missing (`platform` in the environment or in registry.yaml).",
  kinds: ["Activation"],
  find(entry, { registry }, report) {
    const bundle = bundleAt(registry, entry, "bundle");
    const environment = environmentNameOf(entry);
    if (bundle === undefined) return;
    const mismatches = mismatchesAt(registry, bundle, environment);
    if (mismatches.length === 0) return;
    report({
      message: `${bundle.ref} does not fit ${environment}: ${mismatches.join(", ")}.`,
      at: at(entry, "bundle"),
      subject: entry.ref,
      related: [{ message: "what the bundle needs", at: at(bundle, "spec", "compatibility") }],
      // Under `compatibility: warn` it is handed out nevertheless, and marked.
      ...(offerAt(registry, environment)?.compatibility === "warn" ? { severity: "warning" } : {}),
    });
  },
});
