/** evaluation/attestation: an attestation is the issuer's signature over exactly this run. */
import { settingsOf } from "../../govern/ownership.ts";
import { attesterOf } from "../../trust/attestation.ts";
import { at, defineEntryRule } from "../rule.ts";

export const evaluationAttestation = defineEntryRule({
  code: "evaluation/attestation",
  // Keys come and go, and a run is frozen: only what can never come true is an error.
  severity: "warning",
  category: "auth",
  summary: "An Evaluation's attestation does not prove that its issuer vouches for it.",
  why: "Policies may demand attested evaluations. A signature over something else, by a key that is not the issuer's or not in force, proves nothing, and the gate does not count the run.",
  fix: "Let the issuer sign the run when it is recorded: `assent evaluation add <file> --attest`; its key must stand in its Identity.",
  worst: "error",
  kinds: ["Evaluation"],
  find(entry, { registry, asks }, report) {
    const { attestation } = entry.value;
    // A signature costs as much as a whole lint of an entry.
    if (!asks(entry.path)) return;
    // A certificate is looked at with a trusted root, by the gate.
    if (attestation === undefined || attestation.verificationMaterial !== undefined) return;
    const verdict = attesterOf(entry, { registry, id: settingsOf(registry)?.value.id ?? "" });
    if ("by" in verdict) return;
    report({
      message: `It is not attested: ${verdict.problem}.`,
      at: at(entry, "attestation"),
      subject: entry.ref,
      ...(verdict.isForgery && { severity: "error" as const }),
    });
  },
});
