/** model/replaced-by-cycle: following `replacedBy` must end somewhere. */
import { cyclesIn, fromFirst, inWords } from "../cycles.ts";
import { at, defineRegistryRule } from "../rule.ts";
import type { Entry, Registry } from "../../model/registry.ts";

export const modelReplacedByCycle = defineRegistryRule({
  code: "model/replaced-by-cycle",
  severity: "error",
  category: "invalid",
  summary: "`replacedBy` leads back to where it started.",
  why: "Tools follow replacedBy to tell users where to migrate; in a circle there is no answer.",
  fix: "Let the last model of the chain name no replacement, or one outside the circle.",
  findAll({ registry }, report) {
    const replaced = registry.ofKind("Model").filter(({ value }) => value.replacedBy !== undefined);
    for (const cycle of cyclesIn(
      replaced.map(({ ref }) => ref),
      (ref) => successorsOf(ref, registry),
    )) {
      const circle = fromFirst(cycle);
      const entry = registry.get(circle[0]!);
      if (entry === undefined) continue;
      report({
        message: `Replaced in a circle: ${inWords(circle)}.`,
        at: at(entry, "replacedBy"),
        subject: entry.ref,
      });
    }
  },
});

function successorsOf(ref: string, registry: Registry): readonly string[] {
  const entry = registry.get(ref);
  const next = entry?.kind === "Model" ? (entry as Entry<"Model">).value.replacedBy : undefined;
  return next === undefined ? [] : [next];
}
