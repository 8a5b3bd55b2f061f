/** entry/derived-cycle: nothing is made from itself. */
import { cyclesIn, fromFirst, inWords } from "../cycles.ts";
import { at, defineRegistryRule } from "../rule.ts";
import type { Entry } from "../../model/registry.ts";

export const entryDerivedCycle = defineRegistryRule({
  code: "entry/derived-cycle",
  severity: "error",
  category: "invalid",
  summary: "`derivedFrom`, `extends` or `includes` leads back to where it started.",
  why: "Lineage says what something was made from; a circle says that it was made from itself.",
  fix: "Remove the reference that is wrong; the message lists the circle.",
  findAll({ registry }, report) {
    const made = (["Model", "Dataset", "Template"] as const).flatMap((kind): readonly Entry[] =>
      registry.ofKind(kind),
    );
    const derived = made.filter((entry) => parentsOf(entry).length > 0).map(({ ref }) => ref);
    for (const cycle of cyclesIn(derived, (ref) => parentsOf(registry.get(ref)))) {
      const circle = fromFirst(cycle);
      const entry = registry.get(circle[0]!);
      if (entry === undefined) continue;
      const key = keyOf(entry, circle[1]!);
      report({
        message: `Derived in a circle: ${inWords(circle)}.`,
        at: at(entry, "spec", key),
        subject: entry.ref,
      });
    }
  },
});

function parentsOf(entry: Entry | undefined): readonly string[] {
  if (entry?.kind === "Model") return (entry as Entry<"Model">).value.spec.derivedFrom ?? [];
  if (entry?.kind === "Dataset") return (entry as Entry<"Dataset">).value.spec.derivedFrom ?? [];
  if (entry?.kind !== "Template") return [];
  const { extends: base, includes = {} } = (entry as Entry<"Template">).value.spec;
  return [...(base === undefined ? [] : [base]), ...Object.values(includes)];
}

/** The key under which the next of the circle is named. */
function keyOf(entry: Entry, next: string): string {
  if (entry.kind !== "Template") return "derivedFrom";
  return (entry as Entry<"Template">).value.spec.extends === next ? "extends" : "includes";
}
