/** approval-policy/deadlock: what a policy asks for can be given. */
import { hasPerfectFilling } from "../../govern/slots.ts";
import { isActiveHuman, isObserving, membersOf } from "../people.ts";
import { at, defineEntryRule, type Report, type RuleContext } from "../rule.ts";
import type { Entry } from "../../model/registry.ts";

export const approvalPolicyDeadlock = defineEntryRule({
  code: "approval-policy/deadlock",
  severity: "error",
  category: "invalid",
  summary: "No group of distinct people could meet a policy's approvals.",
  why: "Distinct people fill the slots, and the author of a change is none of them; a policy that nobody can meet blocks every change it matches.",
  fix: "Add members to the roles, or ask for fewer approvals.",
  kinds: ["ApprovalPolicy"],
  find(entry, context, report) {
    check(entry, "require", entry.value.require?.approvals ?? [], context, report);
    check(entry, "emergency", entry.value.emergency?.approvals ?? [], context, report);
  },
});

function check(
  entry: Entry<"ApprovalPolicy">,
  block: "require" | "emergency",
  approvals: readonly { readonly role: string; readonly count?: number }[],
  { registry }: RuleContext,
  report: Report,
): void {
  const slots: string[][] = [];
  for (const { role: ref, count = 1 } of approvals) {
    const role = registry.get(ref);
    // `owner` depends on the change; a role that is missing is another rule's finding.
    if (role?.kind !== "Role") return;
    const people = membersOf(role as Entry<"Role">, registry)
      .filter(isActiveHuman)
      .map(({ ref: person }) => person);
    for (let slot = 0; slot < count; slot++) slots.push(people);
  }
  if (slots.length === 0 || hasPerfectFilling(slots)) return;
  report({
    message: `No ${slots.length} distinct active people can fill what \`${block}\` asks for.`,
    at: at(entry, block, "approvals"),
    subject: entry.ref,
    ...(isObserving(registry) ? { severity: "warning" as const } : {}),
  });
}
