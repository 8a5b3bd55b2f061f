/** activation/not-approved: only what was approved is live (DESIGN 4). */
import { bundleAt } from "../activations.ts";
import { at, defineEntryRule } from "../rule.ts";
import { isAtItsEnd, stateOf } from "../states.ts";

export const activationNotApproved = defineEntryRule({
  code: "activation/not-approved",
  severity: "error",
  category: "gate",
  summary: "A bundle is live that is not approved.",
  why: "Approval is where people agreed to exactly this content; a candidate was never agreed to, and a rejected or retired one was taken back.",
  fix: "Get the bundle approved first (`assent transition <bundle> approved`), or put an approved version live.",
  kinds: ["Activation"],
  find(entry, { registry }, report) {
    const bundle = bundleAt(registry, entry, "bundle");
    if (bundle === undefined) return;
    const state = stateOf(bundle) ?? "candidate";
    if (state === "approved") return;
    report({
      message: `${bundle.ref} is ${state}.`,
      ...(isAtItsEnd(bundle)
        ? { hint: `${state} is final: put another version live, or \`bundle: none\`.` }
        : {}),
      at: at(entry, "bundle"),
      subject: entry.ref,
      related: [
        { message: "its state", at: at(bundle, ...(bundle.value.state === undefined ? [] : ["state"])) },
      ],
    });
  },
});
