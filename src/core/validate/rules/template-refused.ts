/** template/refused: what an entry says it was rendered from gives something. */
import { recheck, renderingsIn } from "../../template/renderings.ts";
import { templateAt } from "../../template/effective.ts";
import { defineRegistryRule } from "../rule.ts";

export const templateRefused = defineRegistryRule({
  code: "template/refused",
  severity: "error",
  category: "invalid",
  summary: "An entry cannot have been rendered from the template that it names.",
  why: "Who reads that an entry came from a template relies on the template's tests and review; this one never came from there.",
  fix: "Render it again (assent template render), or take `template` and `parameters` out of the entry.",
  findAll({ registry, asks }, report) {
    for (const rendering of renderingsIn(registry)) {
      const { entry, template } = rendering;
      // A template that is not there is ref/missing.
      if (!asks(entry.path) || templateAt(registry, template) === undefined) continue;
      const checked = recheck(registry, rendering);
      if ("drift" in checked) continue;
      for (const { in: where, pointer, part, message, hint } of checked.faults) {
        const inParameters =
          where === "parameters" && (entry.value as HasParameters).spec.parameters !== undefined;
        const place = inParameters ? ["spec", "parameters", ...pointer] : ["spec", "template"];
        report({
          message,
          ...(hint !== undefined && { hint }),
          at: { file: entry.path, pointer: place, ...(inParameters && part !== undefined && { part }) },
          subject: entry.ref,
        });
      }
    }
  },
});

interface HasParameters {
  readonly spec: { readonly parameters?: unknown };
}
