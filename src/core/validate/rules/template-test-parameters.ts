/** template/test-parameters: the parameters of a Template's tests fit its parameters' schema. */
import type { JsonObject } from "../../model/json.ts";
import { effectiveOf } from "../../template/effective.ts";
import { parametersOf } from "../../template/parameters.ts";
import { defineRegistryRule } from "../rule.ts";

export const templateTestParameters = defineRegistryRule({
  code: "template/test-parameters",
  severity: "error",
  category: "invalid",
  summary: "A test of a Template uses parameters that its schema refuses.",
  why: "The test shows how the template is meant to be used, and nobody could use it so.",
  fix: "Correct the test's parameters, or the schema; where they have to be refused, say `refused: true`.",
  findAll({ registry, asks }, report) {
    for (const entry of registry.ofKind("Template")) {
      const found = asks(entry.path) ? effectiveOf(registry, entry.ref) : undefined;
      if (found === undefined || "reason" in found) continue;
      entry.value.spec.tests?.forEach((test, index) => {
        const checked = parametersOf(found.effective, test.parameters as JsonObject);
        if (test.refused === true || !("faults" in checked)) return;
        for (const { in: where, pointer, part, message, hint } of checked.faults) {
          // A schema that cannot be used is a finding of its own.
          if (where !== "parameters") continue;
          const at = {
            file: entry.path,
            pointer: ["spec", "tests", index, "parameters", ...pointer],
            ...(part !== undefined && { part }),
          };
          report({ message, ...(hint !== undefined && { hint }), at, subject: entry.ref });
        }
      });
    }
  },
});
