/** A decision for the terminal: the answer, the requirements that do not hold, who counted, and what to do. */
import type { Decision, Outcome, Requirement } from "../../core/model/decision.ts";
import type { Diagnostic } from "../../core/validate/report.ts";
import type { Style } from "../command.ts";
import type { RenderContext } from "./diagnostics.ts";
import { escapeLine } from "./escape.ts";
import { nextLines } from "./plan-text.ts";
import { renderTable } from "./table.ts";
import { renderBlocks } from "./text.ts";

export interface DecisionView {
  readonly decision: Decision;
  readonly diagnostics: readonly Diagnostic[];
}

/** The whole decision, with an empty line between its parts. */
export function renderDecisionText({ decision, diagnostics }: DecisionView, context: RenderContext): string {
  const { style, columns } = context;
  const { outcome, base, head, digest, reviews } = decision;
  const rows = reviews.map(({ id, user, identity, counted, reason }) => [
    user ?? id,
    identity ?? "-",
    counted ? "counts" : "does not count",
    reason,
  ]);
  const report = { entries: 0, counts: { error: 0, warning: 0, info: 0 }, diagnostics };
  const parts = [
    [`${answer(decision, style)}  ${base.slice(0, 10)}..${head.slice(0, 10)}  ${style.dim(digest)}`],
    treeLines(decision.tree, style, 0),
    rows.length === 0 ? [] : renderTable(["APPROVAL", "OF", "", "BECAUSE"], rows, columns, style),
    outcome === "allowed" ? [] : nextLines(decision.next, style),
    ...renderBlocks(report, context).map((block) => block.trimEnd().split("\n")),
  ];
  return `${parts
    .filter((part) => part.length > 0)
    .map((part) => part.join("\n"))
    .join("\n\n")}\n`;
}

/** The answer in a word or two. */
export function answer({ outcome, decision, mode, enforced, eligibleAt }: Decision, style: Style): string {
  if (mode === "observe" && enforced !== "allowed")
    return style.yellow(`allowed, because the registry observes (enforced: ${enforced ?? "-"})`);
  if (outcome === "allowed")
    return style.green(decision === "OVERRIDE" ? "allowed as an OVERRIDE" : "allowed");
  if (outcome === "denied") return style.red("denied");
  return style.yellow(eligibleAt === null ? "pending" : `pending until ${eligibleAt}`);
}

/** What holds is one line; what does not is shown with its reasons. */
export function treeLines(
  { requirement, outcome, because, children }: Requirement,
  style: Style,
  depth: number,
): readonly string[] {
  const open = children.filter((child) => child.outcome !== "allowed");
  const line = `${"  ".repeat(depth)}${mark(outcome, style)} ${escapeLine(requirement)}`;
  if (open.length === 0 && children.length === 0 && outcome !== "allowed")
    return [`${line}: ${escapeLine(because)}`];
  const shown = depth === 0 ? children : open;
  return [line, ...shown.flatMap((child) => treeLines(child, style, depth + 1))];
}

function mark(outcome: Outcome, style: Style): string {
  if (outcome === "allowed") return style.green("ok");
  return outcome === "denied" ? style.red("no") : style.yellow("..");
}
