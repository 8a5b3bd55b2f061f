/** model/replaced-by-cycle: following `replacedBy` must end somewhere. */
import { at, defineEntryRule } from "../rule.ts";
import type { Entry } from "../../model/registry.ts";

export const modelReplacedByCycle = defineEntryRule({
  code: "model/replaced-by-cycle",
  severity: "error",
  category: "invalid",
  summary: "`replacedBy` leads back to where it started.",
  why: "Tools follow replacedBy to tell users where to migrate; in a circle there is no answer.",
  fix: "Let the last model of the chain name no replacement, or one outside the circle.",
  kinds: ["Model"],
  find(entry, { registry }, report) {
    if (entry.value.replacedBy === undefined) return;
    const chain = [entry.ref as string];
    let current: Entry<"Model"> = entry;
    while (current.value.replacedBy !== undefined) {
      const next = registry.get(current.value.replacedBy);
      if (next?.kind !== "Model") return;
      chain.push(next.ref);
      if (next.ref === entry.ref) {
        // Each member of the circle would report it; the first in byte order does.
        if (chain.some((ref) => ref < entry.ref)) return;
        report({ message: `Replaced in a circle: ${chain.join(" -> ")}.`, at: at(entry, "replacedBy"), subject: entry.ref });
        return;
      }
      // A circle further on that this entry is not part of is its own members' finding.
      if (chain.indexOf(next.ref) !== chain.length - 1) return;
      current = next as Entry<"Model">;
    }
  },
});
