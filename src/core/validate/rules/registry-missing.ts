/** registry/missing: without registry.yaml there is no registry. */
import { defineRegistryRule } from "../rule.ts";

export const registryMissing = defineRegistryRule({
  code: "registry/missing",
  severity: "error",
  category: "invalid",
  summary: "registry/registry.yaml is missing.",
  why: "It holds the registry's id, its protected branch and who owns what; without it nobody's agreement is asked for.",
  fix: "Create it: `assent init`, or at least `id: <name>` and an `ownership` list.",
  findAll({ registry }, report) {
    if (registry.ofKind("Registry").length > 0 || registry.isBroken("registry:registry")) return;
    report({ message: "There is no registry/registry.yaml.", at: { file: "registry/registry.yaml" } });
  },
});
