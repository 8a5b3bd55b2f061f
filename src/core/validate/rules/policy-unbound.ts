/** policy/unbound: entries of the kinds that must have policies are reached by a binding (registry.yaml, requirePolicies). */
import { bindingsOf } from "../../policy/bindings.ts";
import { defineRegistryRule } from "../rule.ts";

export const policyUnbound = defineRegistryRule({
  code: "policy/unbound",
  severity: "error",
  category: "invalid",
  summary: "No policy applies to an entry that must have one.",
  why: "registry.yaml says in `requirePolicies` that entries of this kind are never without a policy.",
  fix: "Widen the selector of a PolicyBinding so that it reaches the entry, or bind a policy that applies to its kind.",
  findAll({ registry }, report) {
    const kinds = registry.ofKind("Registry")[0]?.value.requirePolicies ?? [];
    if (kinds.length === 0) return;
    const bindings = bindingsOf(registry);
    for (const kind of kinds) {
      for (const entry of registry.ofKind(kind)) {
        if (bindings.policiesOf(entry, null).length > 0) continue;
        if (bindings.environments.some((environment) => bindings.isSpecial(entry, environment))) continue;
        report({
          message: `No binding brings a policy to ${entry.ref}.`,
          at: { file: entry.path },
          subject: entry.ref,
        });
      }
    }
  },
});
