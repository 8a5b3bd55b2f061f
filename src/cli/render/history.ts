/** What happened to a scope or an entry -> text, or the wire value assent.history/v1. Who acted is what a commit claims. */
import type { HistoryItem, HistoryResult } from "../../app/history.ts";
import type { Style } from "../command.ts";
import { escapeLine } from "./escape.ts";

/** The whole history, latest first. */
export function renderHistory(result: HistoryResult, format: string, style: Style): string {
  if (format === "json") return `${JSON.stringify(wireOf(result))}\n`;
  return result.items.map((item) => `${textOf(item, style)}\n`).join("");
}

function wireOf({ registry, subjects, commit, sequence, items }: HistoryResult): object {
  return {
    format: "assent.history/v1",
    registry,
    subjects,
    commit,
    sequence,
    items: items.map(({ event, before, after, changes, decision, approvals }) => ({
      sequence: event.sequence,
      at: event.observedAt,
      by: event.actor,
      claimed: event.claimed,
      type: event.type,
      subject: event.subject,
      scope: event.scope,
      before,
      after,
      changes,
      reason: event.reason,
      decision,
      approvals,
      commit: event.commit,
      policyRevision: event.policyRevision,
      eventId: event.eventId,
    })),
  };
}

function textOf({ event, before, after, changes, decision, approvals }: HistoryItem, style: Style): string {
  const moved =
    before === null && after === null ? "" : `  ${escapeLine(before ?? "-")} -> ${escapeLine(after ?? "-")}`;
  const lines = [
    `${style.bold(`#${event.sequence}`)}  ${event.observedAt}  ${style.cyan(event.type)}  ${escapeLine(event.subject)}${moved}`,
    `    ${escapeLine(event.reason)}`,
  ];
  // The bundle and its reason stand in the lines above.
  const told = event.scope === null ? ["/state", "/reason"] : ["/bundle", "/reason"];
  for (const { path, before: from, after: to } of changes) {
    if (told.includes(path)) continue;
    lines.push(
      `    ${escapeLine(path.slice(1).replaceAll("/", "."))}: ${valueText(from)} -> ${valueText(to)}`,
    );
  }
  const agreed = approvals.map(({ identity, level }) => `${escapeLine(identity)} (${level})`).join(", ");
  if (decision !== null || agreed !== "")
    lines.push(`    ${[decision ?? "", agreed].filter((part) => part !== "").join("  ")}`);
  lines.push(style.dim(`    ${escapeLine(event.actor)} (as the commit says)  ${event.commit.slice(0, 12)}`));
  return lines.join("\n");
}

function valueText(value: unknown): string {
  if (value === null) return "-";
  const text = escapeLine(typeof value === "string" ? value : JSON.stringify(value));
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
