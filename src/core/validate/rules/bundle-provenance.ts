/** bundle/provenance: weights come from data that are named (which fields there must be, the schema says). */
import { at, defineEntryRule } from "../rule.ts";

export const bundleProvenance = defineEntryRule({
  code: "bundle/provenance",
  severity: "error",
  category: "invalid",
  summary: "A bundle with model weights names no dataset they were trained on.",
  why: "When a dataset turns out to be wrong or must be deleted, this is how everything trained on it is found.",
  fix: "List the datasets in `spec.provenance.datasets`; add Dataset entries for those that are not in the registry yet.",
  kinds: ["Bundle"],
  find(entry, _context, report) {
    const { artifacts, provenance } = entry.value.spec;
    const weights = artifacts.findIndex((artifact) => artifact.role === "model_weights");
    if (weights < 0 || (provenance.datasets ?? []).length > 0) return;
    report({
      message: "The list of datasets is empty, although the bundle brings model weights.",
      at: at(entry, "spec", "provenance", "datasets"),
      subject: entry.ref,
      related: [{ message: "the weights", at: at(entry, "spec", "artifacts", weights) }],
    });
  },
});
