/** Two versions side by side: each difference with what it means, as text or as assent.diff/v1. */
import type { Difference, DiffResult } from "../../app/diff.ts";
import type { Json } from "../../core/model/json.ts";
import type { CommandContext } from "../command.ts";
import { escapeLine } from "./escape.ts";

/** The wire value of a comparison. */
export function differenceWire(result: DiffResult, format: string): object {
  const wire = ({ pointer, change, impact, why, before, after }: Difference): object => ({
    pointer: `/${pointer.map((step) => String(step).replaceAll("~", "~0").replaceAll("/", "~1")).join("/")}`,
    change,
    impact,
    why,
    before: before ?? null,
    after: after ?? null,
  });
  const { from, to, breaking } = result;
  return {
    format,
    from,
    to,
    breaking,
    changes: result.changes.map(wire),
    descriptive: result.descriptive.map(wire),
  };
}

/** Every difference, then the verdict. */
export function differenceText(result: DiffResult, { style, columns }: CommandContext, all: boolean): string {
  const lines = [`${style.bold(result.from)} -> ${style.bold(result.to)}`, ""];
  for (const each of result.changes) lines.push(...oneDifference(each));
  if (all && result.descriptive.length > 0) {
    lines.push(style.dim("said about it:"));
    for (const each of result.descriptive) lines.push(...oneDifference(each));
  }
  if (result.changes.length === 0) lines.push("They do and need the same.");
  const verdict =
    result.breaking === true
      ? style.red("breaking: it may not replace the other without a new major version")
      : result.breaking === "unknown"
        ? style.yellow("unknown: somebody has to look at the changes marked so")
        : style.green("compatible: it may replace the other");
  return `${lines.join("\n")}\n${verdict}\n`;

  function oneDifference(each: Difference): string[] {
    const paint =
      each.impact === "breaking" ? style.red : each.impact === "unknown" ? style.yellow : style.green;
    const half = Math.max(20, columns - 8);
    const shown = (value: Json | undefined): string =>
      cut(escapeLine(typeof value === "string" ? value : JSON.stringify(value)), half);
    const place = escapeLine(each.pointer.join("."));
    const out = [`  ${paint(each.impact.padEnd(10))} ${place}  ${style.dim(escapeLine(each.why))}`];
    if (each.before !== undefined) out.push(style.red(`    - ${shown(each.before)}`));
    if (each.after !== undefined) out.push(style.green(`    + ${shown(each.after)}`));
    return out;
  }
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}\u2026`;
}
