/** role/too-small: a role has as many active humans as it says it needs. */
import { isActiveHuman, isObserving, membersOf } from "../people.ts";
import { at, defineEntryRule } from "../rule.ts";

export const roleTooSmall = defineEntryRule({
  code: "role/too-small",
  severity: "error",
  category: "invalid",
  summary: "A role has fewer active human members than its minimum.",
  why: "A role that hangs on one person stops all work when that person is away, and that person alone decides.",
  fix: "Add members by a governance change, or lower `minimumMembers` if that is what you mean.",
  kinds: ["Role"],
  find(entry, { registry }, report) {
    const { members, minimumMembers = 1 } = entry.value;
    const unknown = members.some((member) => registry.isBroken(member));
    const active = new Set(membersOf(entry, registry).filter(isActiveHuman)).size;
    if (unknown || active >= minimumMembers) return;
    report({
      message: `${entry.ref} has ${active} active human ${active === 1 ? "member" : "members"} and needs ${minimumMembers}.`,
      at: at(entry, "members"),
      subject: entry.ref,
      ...(isObserving(registry) ? { severity: "warning" as const } : {}),
    });
  },
});
