/** environment/same-rank: the ladder has one environment a rung. */
import { at, defineRegistryRule } from "../rule.ts";
import type { Entry } from "../../model/registry.ts";

export const environmentSameRank = defineRegistryRule({
  code: "environment/same-rank",
  severity: "warning",
  category: "invalid",
  summary: "Two environments have the same rank.",
  why: "The highest rank is always fail-closed and the ladder is shown by rank; a tie leaves the order to chance.",
  fix: "Give each environment a rank of its own; gaps of ten leave room.",
  findAll({ registry }, report) {
    const seen = new Map<number, Entry<"Environment">>();
    for (const entry of registry.ofKind("Environment")) {
      const first = seen.get(entry.value.rank);
      if (first === undefined) seen.set(entry.value.rank, entry);
      else {
        report({
          message: `${entry.ref} and ${first.ref} both have rank ${entry.value.rank}.`,
          at: at(entry, "rank"),
          subject: entry.ref,
          related: [{ message: "the other environment", at: at(first, "rank") }],
        });
      }
    }
  },
});
