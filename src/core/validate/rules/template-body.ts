/** template/body: the body of a Template holds no word that is none, and names nothing that nobody declared. */
import { checkBody } from "../../template/check.ts";
import { effectiveOf } from "../../template/effective.ts";
import type { JsonObject } from "../../model/json.ts";
import { at, defineRegistryRule } from "../rule.ts";

export const templateBody = defineRegistryRule({
  code: "template/body",
  severity: "error",
  category: "invalid",
  summary: "The body of a Template cannot be rendered.",
  why: "Whoever renders it gets nothing, whatever the parameters are.",
  fix: "Declare what is named below `parameters.properties` or `includes`, or correct the name. The words are $param, $text, $if, $each, $include and $literal.",
  findAll({ registry, asks }, report) {
    for (const entry of registry.ofKind("Template")) {
      if (!asks(entry.path)) continue;
      const found = effectiveOf(registry, entry.ref);
      // Why there is no whole template is a finding of its own.
      const declared =
        "effective" in found
          ? {
              parameters: Object.keys(found.effective.parameters),
              includes: Object.keys(found.effective.includes),
            }
          : { parameters: null, includes: null };
      for (const { pointer, message, hint } of checkBody(entry.value.spec.body as JsonObject, declared))
        report({ message, hint, at: at(entry, "spec", "body", ...pointer), subject: entry.ref });
    }
  },
});
