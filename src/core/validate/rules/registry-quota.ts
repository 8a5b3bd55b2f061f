/** registry/quota: limits.perNamespace of registry.yaml. */
import { kinds } from "../../kinds/index.ts";
import { at, defineRegistryRule } from "../rule.ts";

export const registryQuota = defineRegistryRule({
  code: "registry/quota",
  severity: "error",
  category: "invalid",
  summary: "A namespace holds more entries of a kind than registry.yaml allows.",
  why: "Quotas keep one team's automation from filling the registry that all teams share.",
  fix: "Retire and stop adding entries, or ask the registry's owners to raise `limits.perNamespace`.",
  findAll({ registry }, report) {
    const settings = registry.ofKind("Registry")[0];
    const limits = settings?.value.limits?.perNamespace;
    if (settings === undefined || limits === undefined) return;
    for (const { name: kind } of kinds) {
      const limit = new Map(Object.entries(limits)).get(kind);
      if (limit === undefined) continue;
      const sizes = new Map<string, number>();
      for (const entry of registry.ofKind(kind)) {
        if (entry.ns !== null) sizes.set(entry.ns, (sizes.get(entry.ns) ?? 0) + 1);
      }
      for (const [ns, size] of sizes) {
        if (size <= limit) continue;
        report({
          message: `The namespace "${ns}" holds ${size} entries of kind ${kind}; at most ${limit} are allowed.`,
          at: at(settings, "limits", "perNamespace", kind),
        });
      }
    }
  },
});
