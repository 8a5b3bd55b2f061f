/** A plan for the terminal: what goes live where and what it replaces first, then what it takes. */
import type { TextComparison } from "../../core/govern/compare.ts";
import type { Plan } from "../../core/govern/plan.ts";
import type { NextStep } from "../../core/model/decision.ts";
import type { PlanResult } from "../../app/plan.ts";
import { maskTokens } from "../../core/validate/mask.ts";
import type { Style } from "../command.ts";
import { diffLines } from "./diff.ts";
import { escapeLine } from "./escape.ts";
import { changedLines } from "./template.ts";
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
import { renderBlocks } from "./text.ts";
import type { RenderContext } from "./diagnostics.ts";
import { renderTable } from "./table.ts";
import { plural } from "./words.ts";

/** Lines of a diff that are shown; the rest is told as a number. */
const MOST_LINES = 40;

/** The whole plan, with an empty line between its parts. */
export function renderPlanText({ plan, diagnostics }: PlanResult, context: RenderContext): string {
  const { style, columns } = context;
  const head = [
    `${style.bold("Plan")}  ${plural(plan.changes.length, "governed file")}  ${plan.base.slice(0, 10)}..${plan.head.slice(0, 10)}`,
    style.dim(plan.digest),
  ];
  const report = { entries: 0, counts: { error: 0, warning: 0, info: 0 }, diagnostics };
  const parts = [
    head,
    ...movesOf(plan, columns, style),
    ...evidenceOf(plan, columns, style),
    requiresOf(plan, columns, style),
    nextLines(plan.next, style),
  ];
  const blocks = renderBlocks(report, context).map((block) => block.trimEnd().split("\n"));
  return `${[...parts, ...blocks]
    .filter((part) => part.length > 0)
    .map((part) => part.join("\n"))
    .join("\n\n")}\n`;
}

function movesOf(plan: Plan, columns: number, style: Style): readonly (readonly string[])[] {
  const moves = scopeMoves(plan.scopes).map(({ scope, from, to, modes }) => [scope, from, to, modes]);
  const transitions = plan.transitions.map((each) => [
    each.action,
    each.subject,
    moveWords(each),
    each.indirect === true ? "by way of another file" : "",
  ]);
  const changes = plan.changes.map(({ change, path }) => [change, path]);
  return [
    moves.length === 0
      ? ["Nothing that is live changes."]
      : renderTable(["SCOPE", "NOW", "THEN", "IN"], moves, columns, style),
    transitions.length === 0
      ? []
      : renderTable(["ACTION", "SUBJECT", "MOVE", ""], transitions, columns, style, 1),
    changes.length === 0 ? [] : renderTable(["CHANGE", "FILE"], changes, columns, style),
  ];
}

function evidenceOf(plan: Plan, columns: number, style: Style): readonly (readonly string[])[] {
  const rows = plan.compare.map((each) => [
    `${each.subject.replace(/^bundle:/, "")}${each.environment === null ? "" : ` in ${each.environment}`}`,
    each.metric,
    each.threshold ?? "",
    each.against?.replace(/^.*@/, "") ?? "-",
    numberWords(each.before),
    numberWords(each.after),
    gateWords(each),
  ]);
  const runs = plan.compare.flatMap((each) => {
    const words = runsWords(each);
    const where = each.environment === null ? "" : ` in ${each.environment}`;
    return words === null
      ? []
      : [`  ${escapeLine(`${each.metric} of ${each.subject.replace(/^bundle:/, "")}${where}: ${words}`)}`];
  });
  const { direct, transitive, subjects } = plan.impact;
  const hit = `${style.bold("Who is hit")}  ${plural(direct, "entry", "entries")} directly, ${transitive} by way of others`;
  const names = subjects.slice(0, 10).map((ref) => `  ${escapeLine(ref)}`);
  const kept = artifactWords(plan.artifacts);
  const moved = complianceLines(plan.compliance);
  return [
    moved.length === 0 ? [] : [style.bold("Compliance"), ...moved.map((line) => `  ${escapeLine(line)}`)],
    kept === null ? [] : [`${style.bold("Artifacts")}  ${kept}`],
    rows.length === 0
      ? []
      : renderTable(["MEASURED", "METRIC", "GATE", "BESIDE", "BEFORE", "AFTER", ""], rows, columns, style, 0),
    runs.length === 0 ? [] : [style.bold("All runs, newest first"), ...new Set(runs)],
    ...plan.texts.map((text) => textLines(text, style)),
    plan.renderings.length === 0
      ? []
      : [
          `${style.bold("Rendered from what changes")}  ${plural(plan.renderings.length, "entry", "entries")}; none of them changes until it is rendered again`,
          ...changedLines(plan.renderings, style).slice(0, MOST_LINES),
        ],
    subjects.length === 0
      ? []
      : [hit, ...names, ...(subjects.length > 10 ? [`  and ${subjects.length - 10} more`] : [])],
  ];
}

function textLines(
  { subject, against, part, before, after }: TextComparison,
  style: Style,
): readonly string[] {
  const lines = diffLines(before ?? "", after ?? "");
  const shown = lines.slice(0, MOST_LINES).map(({ sign, text }) => {
    const line = `  ${sign} ${escapeLine(maskTokens(text))}`;
    return sign === "+" ? style.green(line) : sign === "-" ? style.red(line) : line;
  });
  const title = `${style.bold(escapeLine(part))}  ${escapeLine(subject)} beside ${escapeLine(against ?? "nothing")}`;
  return [
    title,
    ...shown,
    ...(lines.length > MOST_LINES ? [`  ... ${lines.length - MOST_LINES} more lines`] : []),
  ];
}

function requiresOf(plan: Plan, columns: number, style: Style): readonly string[] {
  if (plan.requires.length === 0) return [];
  const rows = plan.requires.map(({ policy, role, count, satisfied }) => [
    role,
    `${satisfied} of ${count}`,
    policy === "registry:registry" ? "owns what changes" : policy,
  ]);
  return renderTable(["MUST AGREE", "HAVE", "BECAUSE OF"], rows, columns, style);
}

/** What to do next, by whom; empty when nothing is. */
export function nextLines(next: readonly NextStep[], style: Style): readonly string[] {
  if (next.length === 0) return [];
  return [
    style.bold("Next"),
    ...next.flatMap((step) => {
      const until = step.until === undefined ? "" : ` (on ${step.until})`;
      const command = step.command === undefined ? [] : [`      ${style.bold(escapeLine(step.command))}`];
      return [`  ${escapeLine(whoWords(step.who))}: ${escapeLine(step.do)}${until}`, ...command];
    }),
  ];
}
