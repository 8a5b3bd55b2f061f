/** model/duplicate: one model, one name. */
import { at, defineRegistryRule } from "../rule.ts";
import type { Entry } from "../../model/registry.ts";
import type { Pointer } from "../../model/json.ts";
import { seenModels } from "../seen-models.ts";

const upstreamIdAt = ["spec", "upstreamId"];
const digestAt = ["spec", "artifact", "digest"];

export const modelDuplicate = defineRegistryRule({
  code: "model/duplicate",
  severity: "error",
  category: "invalid",
  summary: "Two models are the same model of the same provider, or the same weights.",
  why: "Approvals, policies and scores given to one name would not hold for the other, although both are the same thing.",
  fix: "Keep one of the two and let the other's users refer to it; versions of one model share its name.",
  findAll({ registry }, report) {
    const claim = (
      seen: Map<string, Entry<"Model">>,
      key: string,
      entry: Entry<"Model">,
      what: string,
      pointer: Pointer,
    ): void => {
      const first = seen.get(key);
      if (first === undefined) seen.set(key, entry);
      else if (first.ns !== entry.ns || first.name !== entry.name) {
        report({
          message: `${entry.ref} and ${first.ref} have the same ${what}.`,
          at: at(entry, ...pointer),
          subject: entry.ref,
          related: [{ message: "the other model", at: at(first, ...pointer) }],
        });
      }
    };
    const byUpstreamId = seenModels();
    const byDigest = new Map<string, Entry<"Model">>();
    for (const entry of registry.ofKind("Model")) {
      const { provider, upstreamId, artifact } = entry.value.spec;
      if (upstreamId !== undefined)
        claim(byUpstreamId(provider), upstreamId, entry, "provider and upstreamId", upstreamIdAt);
      if (artifact !== undefined) claim(byDigest, artifact.digest, entry, "artifact", digestAt);
    }
  },
});
