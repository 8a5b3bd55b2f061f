/** codeowners/role-without-owner: a role that owns a path has somebody the forge can ask. */
import { at, defineEntryRule } from "../rule.ts";
import { ownersOfRole } from "../../govern/ownership.ts";
import type { Entry } from "../../model/registry.ts";

export const codeownersRoleWithoutOwner = defineEntryRule({
  code: "codeowners/role-without-owner",
  severity: "error",
  category: "invalid",
  summary: "A role that owns paths has neither a GitHub team nor an active member with a GitHub login.",
  why: "Its line in CODEOWNERS would name nobody, which on GitHub means that the path needs nobody's review.",
  fix: "Set `githubTeam` in the role, or `github.login` on at least one of its active human members.",
  kinds: ["Registry"],
  find(entry, { registry }, report) {
    const told = new Set<string>();
    (entry.value.ownership ?? []).forEach((line, i) => {
      line.roles.forEach((ref, j) => {
        const role = registry.get(ref);
        if (role?.kind !== "Role" || told.has(ref)) return;
        const typed = role as Entry<"Role">;
        // A member that cannot be read may have a login; its own findings come first.
        if (typed.value.members.some((member) => registry.isBroken(member))) return;
        if (ownersOfRole(registry, typed).length > 0) return;
        told.add(ref);
        report({
          message: `${ref} owns \`${line.path}\`, but CODEOWNERS has no name for it.`,
          at: at(entry, "ownership", i, "roles", j),
          subject: entry.ref,
          related: [{ message: "the role", at: at(role, "members") }],
        });
      });
    });
  },
});
