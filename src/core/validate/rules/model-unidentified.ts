/** model/unidentified: an entry must say which model it is about. */
import { at, defineEntryRule } from "../rule.ts";

export const modelUnidentified = defineEntryRule({
  code: "model/unidentified",
  severity: "error",
  category: "invalid",
  summary: "A model has neither an upstreamId nor an artifact, or was trained by us and has no artifact.",
  why: "An approval must be for something exact: the vendor's id of a model that is served elsewhere, or the digest of weights that are ours.",
  fix: "Add `upstreamId` for a vendor's model; add `artifact: {uri, digest}` for weights that are ours.",
  kinds: ["Model"],
  find(entry, _context, report) {
    const { upstreamId, artifact, datasets, derivedFrom } = entry.value.spec;
    if (artifact !== undefined) return;
    const ours = (datasets?.length ?? 0) > 0 || derivedFrom !== undefined;
    if (upstreamId !== undefined && !ours) return;
    const message = ours
      ? "This model names what it was made from, so its weights are ours, but it has no artifact."
      : "This model has neither an upstreamId nor an artifact.";
    report({ message, at: { ...at(entry, "spec"), part: "key" }, subject: entry.ref });
  },
});
