/** What an import did, as text: what was skipped and why, one line each, and counts; or as assent.import/v1. */
import type { ImportResult } from "../../app/import.ts";
import type { Finding } from "../../core/model/diagnostic.ts";
import type { Json } from "../../core/model/json.ts";
import type { CommandContext, ExitCode } from "../command.ts";
import { escapeLine } from "./escape.ts";
import { diagnosticWire } from "./json.ts";
import { proposedLines, proposedWire } from "./proposed.ts";

/** Shows the result and says how the command ended: a refused import is 1, everything else 0. */
export function showImport(result: ImportResult, context: CommandContext): ExitCode {
  const { plan } = result;
  const refused = plan.refused !== undefined || result.outcome === "refused";
  context.out(context.global.format === "json" ? wireOf(result) : textOf(result, context));
  return refused ? 1 : 0;
}

function wireOf(result: ImportResult): string {
  const { plan, committed } = result;
  const wire = {
    format: "assent.import/v1",
    outcome: plan.refused === undefined ? result.outcome : "refused",
    imported: plan.imported,
    changed: plan.changed,
    unchanged: plan.unchanged.length,
    skipped: plan.skipped.map(reported),
    conflicts: plan.conflicts.map(reported),
    disagreements: plan.disagreements,
    notes: plan.notes.map(reported),
    dropped: Object.fromEntries(plan.dropped),
    committed: committed === undefined ? null : { commit: committed.oid, branch: committed.branch },
    ...(result.pullRequest && { pullRequest: proposedWire(result.pullRequest) }),
    refused: plan.refused === undefined ? null : reported(plan.refused),
    diagnostics: result.diagnostics.map(diagnosticWire),
  };
  return `${JSON.stringify(wire)}\n`;
}

function reported({ definition, message, at, subject }: Finding): object {
  return {
    code: definition.code,
    severity: definition.severity,
    file: at.file,
    message,
    ...(subject !== undefined && { subject }),
  };
}

function textOf(result: ImportResult, { style }: CommandContext): string {
  const { plan } = result;
  const lines: string[] = [];
  for (const finding of [...plan.skipped, ...plan.conflicts]) {
    lines.push(
      `${style.yellow(finding.definition.code)}  ${escapeLine(finding.at.file)}`,
      `  ${escapeLine(finding.message)}`,
    );
  }
  const shown = plan.disagreements.slice(0, mostDisagreements);
  for (const { ref, field, was, wasSource, now, nowSource } of shown) {
    lines.push(
      `${style.yellow("differs")}  ${escapeLine(ref)}  ${style.bold(escapeLine(field))}`,
      `  is   ${said(was)}  ${style.dim(escapeLine(wasSource ?? "written by hand"))}`,
      `  not  ${said(now)}  ${style.dim(escapeLine(nowSource))}`,
    );
  }
  const hidden = plan.disagreements.length - shown.length;
  if (hidden > 0) lines.push(style.dim(`and ${hidden} more facts that differ; --format json lists each`));
  if (lines.length > 0) lines.push("");
  const notes = [...countsByCode(plan.notes)].map(([code, count]) => `${code} (${count})`);
  if (notes.length > 0) lines.push(style.dim(`noted: ${notes.join(", ")}; --format json lists each`));
  const droppedKeys = plan.dropped.map(([key, records]) => `${escapeLine(key)} (${records})`);
  if (droppedKeys.length > 0) lines.push(style.dim(`without a field here: ${droppedKeys.join(", ")}`));
  const [errors, warnings] = ["error", "warning"].map(
    (severity) => result.diagnostics.filter((one) => one.severity === severity).length,
  );
  if ((errors ?? 0) + (warnings ?? 0) > 0)
    lines.push(style.dim(`lint: ${errors} errors, ${warnings} warnings; assent lint shows them`));
  if (lines.length > 0 && lines.at(-1) !== "") lines.push("");
  if (plan.refused !== undefined) {
    return `${[...lines, `${style.red("refused")}  ${escapeLine(plan.refused.message)}`, `  ${plan.refused.definition.fix}`].join("\n")}\n`;
  }
  const word = {
    written: style.green("written"),
    planned: style.blue("planned"),
    refused: style.red("refused"),
    unchanged: style.green("unchanged"),
  };
  lines.push(
    `${word[result.outcome]}  imported ${plan.imported.length}, changed ${plan.changed.length}, unchanged ${plan.unchanged.length}, ` +
      `skipped ${plan.skipped.length}, conflicts ${plan.conflicts.length}`,
  );
  if (result.committed !== undefined)
    lines.push(`  committed ${result.committed.oid.slice(0, 10)} on ${escapeLine(result.committed.branch)}`);
  if (result.pullRequest !== undefined) lines.push(...proposedLines(result.pullRequest, style));
  if (result.outcome === "refused")
    lines.push("  Nothing was written: the registry would have errors outside the imported entries.");
  return `${lines.join("\n")}\n`;
}

/** So many facts fit a terminal; there may be thousands. */
const mostDisagreements = 40;

function said(value: Json): string {
  const text = JSON.stringify(value) ?? "";
  return escapeLine(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

function countsByCode(findings: readonly Finding[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { definition } of findings) counts.set(definition.code, (counts.get(definition.code) ?? 0) + 1);
  return counts;
}
