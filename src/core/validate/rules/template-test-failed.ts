/** template/test-failed: a Template gives what its own tests expect, and a pipeline's template gives pipelines. */
import { canonicalJson } from "../../model/canonical.ts";
import type { Json, JsonObject } from "../../model/json.ts";
import { isSame } from "../../resolve/compat-change.ts";
import { effectiveOf } from "../../template/effective.ts";
import { renderTemplate } from "../../template/render.ts";
import { reasonOf } from "../../template/renderings.ts";
import { at, defineRegistryRule } from "../rule.ts";
import { schemaFindings } from "../schema.ts";

export const templateTestFailed = defineRegistryRule({
  code: "template/test-failed",
  severity: "error",
  category: "invalid",
  summary: "A Template does not pass its own tests.",
  why: "The tests say what the template means; where they disagree with it, nobody can tell which of the two is right.",
  fix: "Correct the body, or the expectation. `assent template render` shows what the parameters give.",
  findAll({ registry, asks }, report) {
    for (const entry of registry.ofKind("Template")) {
      // What keeps the template from being one is a finding of its own.
      if (!asks(entry.path) || !("effective" in effectiveOf(registry, entry.ref))) continue;
      entry.value.spec.tests?.forEach((test, index) => {
        const tell = (message: string, ...step: readonly string[]): void =>
          report({ message, at: at(entry, "spec", "tests", index, ...step), subject: entry.ref });
        const rendered = renderTemplate(registry, entry.ref, test.parameters as JsonObject);
        if ("faults" in rendered) {
          if (test.refused === true) return;
          // Parameters that do not fit are template/test-parameters.
          for (const fault of rendered.faults)
            if (fault.in !== "parameters") tell(`Rendering fails. ${reasonOf(fault)}`, "parameters");
          return;
        }
        if (test.refused === true)
          return tell("The parameters should be refused, and are not.", "parameters");
        const { expect } = test;
        if (expect !== undefined && !isSame(expect as Json, rendered.value))
          tell(`The template gives ${shortly(rendered.value)}.`, "expect");
        if (rendered.effective.type !== "pipeline") return;
        for (const { message, at: place } of schemaFindings("Pipeline", entry.path, {
          spec: rendered.value,
        }))
          tell(`It gives no pipeline: ${(place.pointer ?? []).join(".")}: ${message}`, "parameters");
      });
    }
  },
});

function shortly(value: Json): string {
  const text = canonicalJson(value);
  return text.length <= 300 ? text : `${text.slice(0, 299)}…`;
}
