/** activation/fallback-missing: a fallback exists. */
import { bundleRefAt } from "../activations.ts";
import { at, defineEntryRule } from "../rule.ts";

export const activationFallbackMissing = defineEntryRule({
  code: "activation/fallback-missing",
  severity: "error",
  category: "invalid",
  summary: "An Activation names a fallback version that does not exist.",
  why: "The fallback is needed when something else has already gone wrong; then nothing would be there.",
  fix: "Name another approved version of the same use case, or remove `fallback`.",
  kinds: ["Activation"],
  find(entry, { registry }, report) {
    const ref = bundleRefAt(entry, "fallback");
    if (ref === undefined || registry.get(ref) !== undefined || registry.isBroken(ref)) return;
    report({ message: `${ref} does not exist.`, at: at(entry, "fallback"), subject: entry.ref });
  },
});
