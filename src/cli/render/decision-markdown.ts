/** A decision as the comment of a pull request: the answer and what is missing from whom come first. */
import type { Decision, Outcome, Requirement } from "../../core/model/decision.ts";
import type { Plan } from "../../core/govern/plan.ts";
import type { DecisionView } from "./decision-text.ts";
import { escapeMarkdown, markdownCode } from "./escape.ts";
import { code, details, findings, goesLive, joined, nextSteps, requires, table } from "./plan-markdown.ts";

/** The decision; with the plan of the same change, what it means as well. */
export function renderDecisionMarkdown({
  decision,
  diagnostics,
  plan,
}: DecisionView & { readonly plan?: Plan | undefined }): string {
  const { outcome, digest, base, head, asOf, reviews, tree } = decision;
  const rows = reviews.map(({ id, user, identity, counted, reason }) => [
    counted ? "counts" : "does not count",
    escapeMarkdown(user ?? id),
    identity === null ? "" : code(identity),
    escapeMarkdown(reason),
  ]);
  return joined([
    `**${headline(decision)}**`,
    plan === undefined ? "" : goesLive(plan),
    outcome === "allowed" ? "" : nextSteps(decision.next),
    plan === undefined ? "" : requires(plan),
    findings(diagnostics),
    rows.length === 0 ? "" : table(["", "Approval", "Of", "Because"], rows),
    `<details><summary>Everything that was asked</summary>\n\n${treeItems(tree, 0).join("\n")}\n\n</details>`,
    ...(plan === undefined ? [] : details(plan)),
    `<sub>${markdownCode(digest)} ${base.slice(0, 10)}..${head.slice(0, 10)} as of ${asOf}</sub>`,
  ]);
}

/** The answer as one line of plain text. */
export function headline({ outcome, decision, mode, enforced, eligibleAt }: Decision): string {
  if (mode === "observe" && enforced !== "allowed")
    return `Allowed, because the registry observes (enforced it would be ${enforced ?? "-"})`;
  if (outcome === "allowed")
    return decision === "OVERRIDE"
      ? "Allowed as an emergency override"
      : decision === "NON_GOVERNED"
        ? "Allowed: no governed file changes"
        : "Allowed";
  if (outcome === "denied") return "Denied";
  return eligibleAt === null ? "Waiting for approvals" : `Waiting until ${eligibleAt}`;
}

function treeItems(
  { requirement, outcome, because, children }: Requirement,
  depth: number,
): readonly string[] {
  const line = `${"  ".repeat(depth)}- ${sign(outcome)} ${escapeMarkdown(requirement)}: ${escapeMarkdown(because)}`;
  return [line, ...children.flatMap((child) => treeItems(child, depth + 1))];
}

function sign(outcome: Outcome): string {
  return outcome === "allowed" ? "holds:" : outcome === "denied" ? "**does not hold:**" : "**waits:**";
}
