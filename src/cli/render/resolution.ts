/** A resolution for people: the answer first, then why; the same value as its JSON, nothing added. */
import type { Resolution, Step } from "../../core/model/snapshot.ts";
import { scopePath } from "../../core/model/scope.ts";
import type { Style } from "../command.ts";
import { escapeLine } from "./escape.ts";

/** With `explain`, every step that led there. */
export function renderResolution(answer: Resolution, explain: boolean, style: Style): string {
  const { outcome, scope, bundle, posture, compatible, reasons, steps, snapshot } = answer;
  const good = outcome === "resolved" && compatible;
  const paint = good
    ? style.green
    : outcome === "resolved" || outcome === "fallback"
      ? style.yellow
      : style.red;
  const lines = [`${paint(outcome)}  ${style.bold(scopePath(scope))}`];
  if (bundle !== null) lines.push(`  ${style.bold(escapeLine(bundle.ref))}  ${style.dim(bundle.digest)}`);
  if (bundle !== null && !compatible)
    lines.push(`  ${style.yellow("does not fit this environment, which only warns")}`);
  if (posture !== "NORMAL") lines.push(`  posture ${style.yellow(posture)}`);
  lines.push(`  because ${reasons.map(escapeLine).join(", ")}`);
  if (explain) lines.push(...steps.map((step) => stepLine(step, style)));
  const { digest, commit, sequence } = snapshot;
  const from = commit === null ? "the work tree" : `${commit.slice(0, 12)}, landing ${sequence}`;
  lines.push(style.dim(`  snapshot ${digest}, ${from}`));
  return `${lines.join("\n")}\n`;
}

function stepLine({ try: what, result, reason }: Step, style: Style): string {
  return `  ${style.dim("tried")} ${escapeLine(what)}: ${result}${reason === null ? "" : style.dim(`  ${escapeLine(reason)}`)}`;
}
