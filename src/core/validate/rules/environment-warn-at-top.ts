/** environment/warn-at-top: what the highest rank says about compatibility is what happens there. */
import { at, defineRegistryRule } from "../rule.ts";

export const environmentWarnAtTop = defineRegistryRule({
  code: "environment/warn-at-top",
  severity: "warning",
  category: "invalid",
  summary: "The environment of the highest rank says `compatibility: warn`, which is ignored there.",
  why: "The highest rank always fails closed, whatever its file says; whoever reads the file would believe something else.",
  fix: "Leave `compatibility` out, or write `fail-closed`.",
  findAll({ registry }, report) {
    const environments = registry.ofKind("Environment");
    const highest = Math.max(...environments.map(({ value }) => value.rank));
    for (const entry of environments) {
      if (entry.value.rank !== highest || entry.value.compatibility !== "warn") continue;
      report({
        message: `No environment ranks above ${entry.ref} (${highest}), so it fails closed and never only warns.`,
        at: at(entry, "compatibility"),
        subject: entry.ref,
      });
    }
  },
});
