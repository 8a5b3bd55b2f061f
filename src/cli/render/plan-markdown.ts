/**
 * A plan as the comment of a pull request: what goes live where and what it replaces stands first, the rest is folded
 * away. Every text of the registry is escaped; nothing in it can mention, link or mark up.
 */
import type { Comparison, TextComparison } from "../../core/govern/compare.ts";
import type { Plan } from "../../core/govern/plan.ts";
import type { NextStep } from "../../core/model/decision.ts";
import type { Diagnostic } from "../../core/validate/report.ts";
import { maskTokens } from "../../core/validate/mask.ts";
import { diffLines } from "./diff.ts";
import { escapeMarkdown, escapeTerminal, markdownCode } from "./escape.ts";
import {
  artifactWords,
  complianceLines,
  gateWords,
  moveWords,
  numberWords,
  runsWords,
  scopeMoves,
  whoWords,
} from "./plan-words.ts";
import { plural } from "./words.ts";

/** Rows of a table, and lines of a diff, that a comment shows; forges cut comments off at 65,536 characters. */
const MOST = 50;

/** The plan by itself. */
export function renderPlanMarkdown({
  plan,
  diagnostics,
}: {
  readonly plan: Plan;
  readonly diagnostics: readonly Diagnostic[];
}): string {
  const head = `**assent plan**: ${plural(plan.changes.length, "governed file")}, ${markdownCode(plan.digest)}`;
  return joined([
    head,
    goesLive(plan),
    requires(plan),
    nextSteps(plan.next),
    findings(diagnostics),
    ...details(plan),
  ]);
}

/** Parts with an empty line between them. */
export function joined(parts: readonly string[]): string {
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

/** What goes live where, and what it replaces. */
export function goesLive({ scopes }: Plan): string {
  const moves = scopeMoves(scopes);
  if (moves.length === 0) return "Nothing that is live changes.";
  const rows = moves.map(({ scope, from, to, modes }) => [
    code(scope),
    escapeMarkdown(from),
    `**${escapeMarkdown(to)}**`,
    escapeMarkdown(modes),
  ]);
  return table(["Scope", "Now", "Then", "In"], rows);
}

/** Who must agree, and how many have. */
export function requires({ requires: asked }: Plan): string {
  const rows = asked.map(({ policy, role, count, satisfied }) => [
    satisfied >= count ? "met" : "**missing**",
    escapeMarkdown(role),
    `${satisfied} of ${count}`,
    policy === "registry:registry" ? "owns what changes" : code(policy),
  ]);
  return rows.length === 0 ? "" : table(["", "Must agree", "Have", "Because of"], rows);
}

/** What to do next, by whom. */
export function nextSteps(next: readonly NextStep[]): string {
  return next
    .map((step) => {
      const until = step.until === undefined ? "" : ` (on ${step.until})`;
      const command = step.command === undefined ? "" : `: ${markdownCode(step.command)}`;
      return `- ${escapeMarkdown(whoWords(step.who))}: ${escapeMarkdown(step.do)}${until}${command}`;
    })
    .join("\n");
}

/** What is wrong, at its place. */
export function findings(diagnostics: readonly Diagnostic[]): string {
  if (diagnostics.length === 0) return "";
  const rows = diagnostics.map((d) => [
    d.severity,
    code(d.code),
    code(`${d.file}:${d.line}`),
    escapeMarkdown(d.message),
    escapeMarkdown(d.hint),
  ]);
  return table(["", "Code", "Where", "What", "How to fix"], rows);
}

/** Everything else, folded. */
export function details(plan: Plan): readonly string[] {
  const { changes, transitions, compare, texts, impact } = plan;
  const moves = transitions.map((each) => [
    escapeMarkdown(each.action),
    code(each.subject),
    escapeMarkdown(moveWords(each)),
    each.indirect === true ? "by way of another file" : "",
  ]);
  const files = changes.map(({ path, change }) => [change, code(path)]);
  const would = { same: "stay the same", changed: "change", refused: "not be rendered" } as const;
  const rerendered = plan.renderings.map(({ ref, outcome, comparison, reasons }) => {
    const places = (comparison?.changes ?? []).map(({ pointer }) => code(pointer.join(".")));
    return [code(ref), would[outcome], [...places, ...reasons.map(escapeMarkdown)].slice(0, 10).join(", ")];
  });
  const kept = artifactWords(plan.artifacts);
  const { direct, transitive, subjects } = impact;
  const hit = `${plural(direct, "entry", "entries")} directly, ${transitive} by way of others`;
  return [
    kept === null ? "" : `Artifacts: ${kept}`,
    folded(
      "Compliance",
      plan.compliance.length,
      complianceLines(plan.compliance)
        .map((line) => `${line.startsWith("  ") ? "  " : ""}- ${escapeMarkdown(line.trimStart())}`)
        .join("\n"),
    ),
    folded("Moves", moves.length, table(["Action", "Subject", "Move", ""], moves)),
    folded(
      "Measured",
      compare.length,
      table(["Subject", "Metric", "Gate", "Beside", "Before", "After", ""], compare.map(measured)),
    ),
    ...texts.map((text) => folded(`${text.part} of ${text.subject}`, 1, difference(text))),
    folded(
      "Rendered from what changes",
      plan.renderings.length,
      table(["Entry", "Would", "Where"], rerendered),
    ),
    folded(
      `Who is hit: ${hit}`,
      subjects.length,
      subjects
        .slice(0, MOST)
        .map((ref) => `- ${markdownCode(ref)}`)
        .join("\n"),
    ),
    folded("Files", files.length, table(["Change", "File"], files)),
  ];
}

function measured(each: Comparison): readonly string[] {
  const where = each.environment === null ? "" : ` in ${escapeMarkdown(each.environment)}`;
  return [
    `${code(each.subject)}${where}`,
    escapeMarkdown(each.metric),
    escapeMarkdown(each.threshold ?? ""),
    each.against === null ? "" : code(each.against),
    numberWords(each.before),
    escapeMarkdown(runsWords(each) ?? numberWords(each.after)),
    gateWords(each),
  ];
}

function difference({ before, after }: TextComparison): string {
  const lines = diffLines(before ?? "", after ?? "");
  const shown = lines.slice(0, MOST).map(({ sign, text }) => `${sign} ${escapeTerminal(maskTokens(text))}`);
  const more = lines.length > MOST ? [`... ${lines.length - MOST} more lines`] : [];
  // A fence longer than any run of backticks inside it.
  const longest = Math.max(2, ...shown.flatMap((line) => (line.match(/`+/g) ?? []).map((run) => run.length)));
  const fence = "`".repeat(longest + 1);
  return [`${fence}diff`, ...shown, ...more, fence].join("\n");
}

function folded(title: string, count: number, body: string): string {
  return count === 0 ? "" : `<details><summary>${escapeMarkdown(title)}</summary>\n\n${body}\n\n</details>`;
}

/** A table; cells are escaped already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const shown = rows.slice(0, MOST).map((row) => `| ${row.join(" | ")} |`);
  const more = rows.length > MOST ? [`| and ${rows.length - MOST} more |`] : [];
  return [`| ${head.join(" | ")} |`, `|${head.map(() => "---|").join("")}`, ...shown, ...more].join("\n");
}

/** Inline code in a cell of a table. */
export function code(text: string): string {
  return markdownCode(text).replaceAll("|", "\\|");
}
