/** activation/fallback-not-approved: what may go live by itself was approved. */
import { bundleAt } from "../activations.ts";
import { at, defineEntryRule } from "../rule.ts";
import { stateOf } from "../states.ts";

export const activationFallbackNotApproved = defineEntryRule({
  code: "activation/fallback-not-approved",
  severity: "error",
  category: "gate",
  summary: "A fallback is not approved.",
  why: "A fallback goes live without anybody being asked; it must have been agreed to like the live one.",
  fix: "Name an approved version, or get this one approved first.",
  kinds: ["Activation"],
  find(entry, { registry }, report) {
    const bundle = bundleAt(registry, entry, "fallback");
    const state = bundle === undefined ? "approved" : (stateOf(bundle) ?? "candidate");
    if (bundle === undefined || state === "approved") return;
    report({ message: `${bundle.ref} is ${state}.`, at: at(entry, "fallback"), subject: entry.ref });
  },
});
