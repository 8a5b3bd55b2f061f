/** template/extends: a Template stands on templates of its own type, and not on too many. */
import { effectiveOf } from "../../template/effective.ts";
import { at, defineRegistryRule } from "../rule.ts";

export const templateExtends = defineRegistryRule({
  code: "template/extends",
  severity: "error",
  category: "invalid",
  summary: "A Template cannot stand on the one it extends.",
  why: "What it renders is the other's body with its own over it; a pipeline laid over a deployment is neither.",
  fix: "Extend a template of the same type, at most 16 of them one on the other, or put the other one in with $include.",
  findAll({ registry, asks }, report) {
    for (const entry of registry.ofKind("Template")) {
      const base = entry.value.spec.extends;
      // What is not there, and circles, are findings of their own.
      if (base === undefined || !asks(entry.path) || registry.get(base) === undefined) continue;
      const found = effectiveOf(registry, entry.ref);
      if (!("reason" in found) || /^there is no |extends itself$/.test(found.reason)) continue;
      report({ message: `${found.reason}.`, at: at(entry, "spec", "extends"), subject: entry.ref });
    }
  },
});
