/** activation/unknown-environment: something is live in an environment that exists. */
import { environmentNameOf } from "../activations.ts";
import { defineEntryRule } from "../rule.ts";

export const activationUnknownEnvironment = defineEntryRule({
  code: "activation/unknown-environment",
  severity: "error",
  category: "invalid",
  summary: "An Activation stands below an environment that does not exist.",
  why: "No snapshot has a slice for it, so nobody is ever answered with it, although the file says that something is live.",
  fix: "Correct the folder's name, or add the environment below registry/governance/environments/.",
  kinds: ["Activation"],
  find(entry, { registry }, report) {
    const ref = `environment:${environmentNameOf(entry)}`;
    if (registry.get(ref) !== undefined || registry.isBroken(ref)) return;
    report({ message: `${ref} does not exist.`, at: { file: entry.path }, subject: entry.ref });
  },
});
