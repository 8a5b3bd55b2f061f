/** codeowners/unknown-role: whoever owns a path exists. */
import { at, defineEntryRule } from "../rule.ts";

export const codeownersUnknownRole = defineEntryRule({
  code: "codeowners/unknown-role",
  severity: "error",
  category: "invalid",
  summary: "`ownership` names a role that does not exist.",
  why: "Nobody could ever agree to a change of that path for this role, and CODEOWNERS would leave its people out.",
  fix: "Correct the name, or add the role below registry/governance/roles/.",
  kinds: ["Registry"],
  find(entry, { registry }, report) {
    (entry.value.ownership ?? []).forEach((line, i) => {
      line.roles.forEach((ref, j) => {
        if (registry.get(ref) !== undefined || registry.isBroken(ref)) return;
        report({ message: `${ref} does not exist.`, at: at(entry, "ownership", i, "roles", j), subject: entry.ref });
      });
    });
  },
});
