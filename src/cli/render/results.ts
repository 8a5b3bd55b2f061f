/** Results as text, the gates side by side with every run; and as assent.results/v1. */
import type { GateResult, Results, RunResult } from "../../core/find/results.ts";
import { barText } from "../../core/model/bar.ts";
import type { CommandContext, Style } from "../command.ts";
import { escapeLine } from "./escape.ts";
import { renderTable } from "./table.ts";
import { plural } from "./words.ts";

/** Metrics that have a column of their own. */
const MOST_METRICS = 4;
/** What the other columns need. */
const OTHER_COLUMNS = 66;
/** Failing cases that are shown; JSON has all. */
const MOST_CASES = 20;

/** The answer for people. */
export function resultsText(found: Results, { style, columns }: CommandContext): string {
  const { ref, title, digest, runs } = found;
  const head = [
    `${style.bold(ref)}${title === null ? "" : `  ${escapeLine(title)}`}`,
    style.dim(`${digest}  ${plural(runs.length, "run")}`),
  ];
  if (runs.length === 0)
    return `${[...head, "", "Nothing was measured on this content.", `  ${style.bold("assent evaluation add <file>")}`].join("\n")}\n`;
  const parts = [
    head,
    runLines(found, columns, style),
    gateLines(found, columns, style),
    caseLines(found, columns, style),
  ];
  return `${parts
    .filter((part) => part.length > 0)
    .map((part) => part.join("\n"))
    .join("\n\n")}\n`;
}

function runLines({ runs, gates }: Results, columns: number, style: Style): readonly string[] {
  const shown = columnsFor(runs, gates, columns);
  const hasClass = runs.some((run) => run.class !== null);
  const rows = runs.map((run) => [
    run.executedAt.slice(0, "2026-01-01T00:00".length).replace("T", " "),
    run.suite.replace(/^suite:/, ""),
    run.status,
    casesWords(run),
    ...shown.map((metric) => String(run.metrics[metric] ?? "")),
    ...(hasClass ? [run.class ?? ""] : []),
    run.attestedBy?.replace(/^identity:/, "") ?? "-",
  ]);
  const titles = [
    "EXECUTED",
    "SUITE",
    "STATUS",
    "CASES",
    ...shown,
    ...(hasClass ? ["CLASS"] : []),
    "SIGNED BY",
  ];
  const more = new Set(runs.flatMap(({ metrics }) => Object.keys(metrics))).size - shown.length;
  const ignored = runs.flatMap((run) =>
    run.ignored === null ? [] : [style.yellow(`  ${escapeLine(run.run)} does not count: ${run.ignored}`)],
  );
  return [
    ...renderTable(titles, rows, columns, style, 1),
    ...(more > 0 ? [style.dim(`  and ${plural(more, "more metric")}: --format json`)] : []),
    ...ignored,
  ];
}

/** The metrics that a line has room for: gated ones first, standard errors last. */
function columnsFor(
  runs: readonly RunResult[],
  gates: readonly GateResult[],
  columns: number,
): readonly string[] {
  const own = [...new Set(runs.flatMap(({ metrics }) => Object.keys(metrics)))];
  const gated = [...new Set(gates.map(({ metric }) => metric))].filter((metric) => own.includes(metric));
  const isError = (metric: string): boolean => metric.includes("_stderr");
  const ordered = [...gated, ...own.filter((each) => !isError(each)), ...own.filter(isError)];
  let room = columns - OTHER_COLUMNS;
  const shown: string[] = [];
  for (const metric of new Set(ordered)) {
    room -= metric.length + 2;
    if (room < 0 || shown.length === MOST_METRICS) break;
    shown.push(metric);
  }
  return shown;
}

function casesWords({ summary }: RunResult): string {
  if (summary === null) return "-";
  const ran = summary.total - summary.skipped;
  return `${summary.passed} of ${ran}${summary.skipped === 0 ? "" : `, ${summary.skipped} skipped`}`;
}

function gateLines({ gates, usecase }: Results, columns: number, style: Style): readonly string[] {
  if (gates.length === 0) return usecase === null ? [] : [style.dim(`${usecase} has no gates.`)];
  const rows = gates.map((gate) => [
    barText(gate),
    gate.environments.length === 0 ? "everywhere" : gate.environments.join(", "),
    gate.met ? "met" : "NOT MET",
    ...[gate.newest, gate.worst, gate.best].map((value) => (value === null ? "-" : String(value))),
    `${gate.passing} of ${gate.values.filter(({ ignored }) => ignored === null).length}`,
  ]);
  return [
    ...renderTable(
      ["GATE", "WHERE", "", "NEWEST", "WORST", "BEST", "RUNS THAT MEET IT"],
      rows,
      columns,
      style,
      1,
    ),
    ...gates
      .filter(isPicked)
      .map((gate) =>
        style.yellow(
          `  ${escapeLine(barText(gate))}: ${plural(gate.failing, "run")} missed it. Every run counts, whichever is the best.`,
        ),
      ),
  ];
}

/** Whether some run meets the gate and another does not: then somebody may be looking at the best of them. */
function isPicked({ passing, failing }: GateResult): boolean {
  return passing > 0 && failing > 0;
}

function caseLines({ failures }: Results, columns: number, style: Style): readonly string[] {
  if (failures.length === 0) return [];
  const rows = failures
    .slice(0, MOST_CASES)
    .map((each) => [
      each.case,
      `${each.failed} of ${plural(each.runs, "run")}`,
      each.otherRuns === 0 ? "-" : `${each.otherFailed} of ${each.otherRuns}`,
      each.message?.split("\n", 1)[0] ?? each.name ?? "",
    ]);
  const left = failures.length - MOST_CASES;
  return [
    ...renderTable(["CASE", "FAILED IN", "OTHER VERSIONS", "SAID"], rows, columns, style),
    ...(left > 0 ? [style.dim(`  and ${plural(left, "more case")}: --format json`)] : []),
  ];
}

/** assent.results/v1. */
export function resultsWire(found: Results) {
  const { ref, digest, title, usecase } = found;
  return {
    format: "assent.results/v1",
    ref,
    digest,
    title,
    usecase,
    runs: found.runs.map((run) => ({
      run: run.run,
      suite: run.suite,
      executedAt: run.executedAt,
      status: run.status,
      class: run.class,
      issuer: run.issuer,
      attestedBy: run.attestedBy,
      ignored: run.ignored,
      summary: run.summary,
      metrics: run.metrics,
    })),
    gates: found.gates.map((gate) => ({
      metric: gate.metric,
      operator: gate.operator,
      threshold: gate.threshold,
      environments: gate.environments,
      met: gate.met,
      passing: gate.passing,
      failing: gate.failing,
      newest: gate.newest,
      worst: gate.worst,
      best: gate.best,
      values: gate.values.map(({ run, value, passed, ignored }) => ({ run, value, passed, ignored })),
    })),
    failures: found.failures.map((each) => ({
      suite: each.suite,
      case: each.case,
      name: each.name,
      runs: each.runs,
      failed: each.failed,
      otherRuns: each.otherRuns,
      otherFailed: each.otherFailed,
      message: each.message,
    })),
  };
}
