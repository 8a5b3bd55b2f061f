/** evaluation/digest: a run speaks about exactly one content. */
import { kindOf } from "../../kinds/index.ts";
import { digestOfVersion } from "../gates.ts";
import { at, defineEntryRule } from "../rule.ts";

export const evaluationDigest = defineEntryRule({
  code: "evaluation/digest",
  severity: "error",
  category: "gate",
  summary: "An Evaluation's targetDigest is not the digest of its target.",
  why: "The run measured another content than the one that stands in the registry under this name, so its values prove nothing about it.",
  fix: "Evaluate the target as it stands; `assent evaluation add` fills in the digest.",
  kinds: ["Evaluation"],
  find(entry, { registry }, report) {
    const target = registry.get(entry.value.target);
    if (target === undefined || kindOf(target.kind).lifecycle === undefined) return;
    const digest = digestOfVersion(target);
    if (digest === entry.value.targetDigest) return;
    report({
      message: `${target.ref} has the digest ${digest}, not ${entry.value.targetDigest}.`,
      at: at(entry, "targetDigest"),
      subject: entry.ref,
    });
  },
});
