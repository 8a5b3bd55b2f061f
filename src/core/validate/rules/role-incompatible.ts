/** role/incompatible: nobody holds two roles that exclude each other. */
import { isObserving } from "../people.ts";
import { at, defineEntryRule } from "../rule.ts";
import type { Entry } from "../../model/registry.ts";

export const roleIncompatible = defineEntryRule({
  code: "role/incompatible",
  severity: "error",
  category: "invalid",
  summary: "Somebody is a member of two roles that exclude each other.",
  why: "Segregation of duties: who builds a bundle must not be the one who accepts its risk.",
  fix: "Take the person out of one of the two roles.",
  kinds: ["Role"],
  find(entry, { registry }, report) {
    for (const other of entry.value.incompatibleWith ?? []) {
      const role = registry.get(other);
      if (role?.kind !== "Role" || role.ref === entry.ref) continue;
      const { members, incompatibleWith } = (role as Entry<"Role">).value;
      // Where both sides say so, the first in byte order reports it.
      if (incompatibleWith?.includes(entry.ref) === true && role.ref < entry.ref) continue;
      entry.value.members.forEach((member, index) => {
        if (!members.includes(member)) return;
        report({
          message: `${member} is in ${entry.ref} and in ${role.ref}, which exclude each other.`,
          at: at(entry, "members", index),
          subject: entry.ref,
          ...(isObserving(registry) ? { severity: "warning" as const } : {}),
        });
      });
    }
  },
});
