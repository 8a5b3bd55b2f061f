/**
 * The text of a pull request: the reason first, as it stands in the commit, then the plan. Texts of the registry are
 * escaped as everywhere; nothing in them can mention, link or mark up.
 */
import type { PlanResult } from "../../app/plan.ts";
import { escapeMarkdown } from "./escape.ts";
import { renderPlanMarkdown } from "./plan-markdown.ts";

/** The text for a commit's message and what landing it would mean. */
export function renderPullRequest(plan: PlanResult, message: string): string {
  const reason = message
    .split("\n")
    .slice(1)
    .filter((line) => line.trim() !== "")
    .map((line) => `> ${escapeMarkdown(line)}`);
  const parts = [...(reason.length === 0 ? [] : [reason.join("\n>\n")]), renderPlanMarkdown(plan)];
  return parts.join("\n\n");
}
