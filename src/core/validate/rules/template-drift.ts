/** template/drift: an entry that says it was rendered from a template is what the template gives. */
import { canonicalJson } from "../../model/canonical.ts";
import type { Json, Pointer } from "../../model/json.ts";
import { recheck, renderingsIn, type Drift } from "../../template/renderings.ts";
import { at, defineRegistryRule } from "../rule.ts";

export const templateDrift = defineRegistryRule({
  code: "template/drift",
  severity: "error",
  category: "invalid",
  summary: "An entry differs from what its template gives.",
  why: "It says that it came from a template, whose tests and review stand for it; what was changed by hand has neither.",
  fix: "Render it again with other parameters, change the template in a new version, or take `template` and `parameters` out of the entry.",
  findAll({ registry, asks }, report) {
    for (const rendering of renderingsIn(registry)) {
      const { entry, template } = rendering;
      if (!asks(entry.path)) continue;
      const checked = recheck(registry, rendering);
      if (!("drift" in checked)) continue;
      const base = registry.get(template);
      const related = base === undefined ? [] : [{ message: "The template.", at: at(base, "spec", "body") }];
      for (const drift of checked.drift) {
        const { pointer } = drift;
        report({
          message: wordsOf(drift, template),
          at: at(entry, ...(drift.found === undefined ? closest(pointer) : pointer)),
          subject: entry.ref,
          related,
        });
      }
    }
  },
});

function wordsOf({ pointer, found, given }: Drift, template: string): string {
  const place = pointer.slice(1).join(".");
  if (given === undefined) return `${template} gives nothing at ${place}, and here stands ${shortly(found)}.`;
  if (found === undefined) return `${template} gives ${shortly(given)} at ${place}, and here is nothing.`;
  return `${template} gives ${shortly(given)} at ${place}, and here stands ${shortly(found)}.`;
}

/** What is not there is shown where it would stand. */
function closest(pointer: Pointer): Pointer {
  return pointer.slice(0, -1);
}

function shortly(value: Json | undefined): string {
  const text = canonicalJson(value ?? null);
  return text.length <= 120 ? text : `${text.slice(0, 119)}…`;
}
