/** A trend as text with a line of bars, as CSV, and as assent.trend/v1. */
import type { Trend, TrendGate } from "../../core/find/trend.ts";
import type { CommandContext } from "../command.ts";
import { escapeCsv } from "../../core/export/escape.ts";
import { escapeLine } from "./escape.ts";
import { renderTable } from "./table.ts";
import { plural } from "./words.ts";

const BARS = "\u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588";

/**
 * Values as bars from the lowest to the highest, at most `width` of them; of more, each bar is the worst a reader could
 * miss: the value farthest from the one before. Equal values are bars of half the height.
 */
export function sparkline(values: readonly number[], width: number): string {
  const shown = thinned(values, width);
  const [low, high] = [Math.min(...shown), Math.max(...shown)];
  return shown
    .map((value) => {
      const place = high === low ? 3 : Math.round(((value - low) / (high - low)) * (BARS.length - 1));
      return BARS[place] ?? "";
    })
    .join("");
}

function thinned(values: readonly number[], width: number): readonly number[] {
  if (values.length <= width) return values;
  const shown: number[] = [];
  for (let bar = 0; bar < width; bar++) {
    const part = values.slice(
      Math.floor((bar * values.length) / width),
      Math.floor(((bar + 1) * values.length) / width),
    );
    const before = shown.at(-1) ?? part[0] ?? 0;
    shown.push(
      part.reduce((far, value) => (Math.abs(value - before) > Math.abs(far - before) ? value : far)),
    );
  }
  return shown;
}

/** A gate in words: `>= 0.9 in prod`. */
export function gateWords({ operator, threshold, environments }: TrendGate): string {
  const where = environments.length === 0 ? "everywhere" : `in ${environments.join(", ")}`;
  return `${operator} ${threshold} ${where}`;
}

/** The answer for people. */
export function trendText(found: Trend, { style, columns }: CommandContext): string {
  const { metric, usecase, gates, points, leftOut } = found;
  const values = points.map(({ value }) => value);
  const head = `${style.bold(escapeLine(metric))} of ${escapeLine(usecase)}  ${style.dim(plural(points.length, "run"))}`;
  const told =
    leftOut === 0 ? [] : [style.dim(`${plural(leftOut, "run")} left out: broken, empty or of other content`)];
  if (points.length === 0) return `${[head, ...told].join("\n")}\n`;
  const span = `${Math.min(...values)} to ${Math.max(...values)}`;
  const gated = gates.map((gate) => `gate ${gateWords(gate)}`).join(", ");
  const rows = points.map((point, index) => [
    point.executedAt.slice(0, "2026-01-01".length),
    point.version,
    String(point.value),
    index === 0 ? "" : changeWords(point.value, values[index - 1] ?? point.value),
    point.passed === null ? "" : point.passed ? "meets" : "FAILS",
    point.live.join(", "),
    point.suite.replace(/^suite:/, ""),
  ]);
  return `${[
    head,
    `${style.cyan(sparkline(values, Math.max(10, columns - span.length - 2)))}  ${span}`,
    ...(gated === "" ? [] : [style.dim(gated)]),
    "",
    ...renderTable(
      ["EXECUTED", "VERSION", "VALUE", "CHANGE", "GATES", "LIVE IN", "SUITE"],
      rows,
      columns,
      style,
      5,
    ),
    ...told,
  ].join("\n")}\n`;
}

/** The difference to the value before, without the last bits of binary fractions. */
function changeWords(value: number, before: number): string {
  const change = Number((value - before).toPrecision(6));
  return change === 0 ? "=" : `${change > 0 ? "+" : ""}${change}`;
}

/** One run a line, the same keys as the JSON. */
export function trendCsv({ metric, usecase, points }: Trend): string {
  const head = ["usecase", "metric", "executedAt", "version", "value", "passed", "suite", "run", "live"];
  const lines = points.map((point) => [
    escapeCsv(usecase),
    escapeCsv(metric),
    escapeCsv(point.executedAt),
    escapeCsv(point.version),
    String(point.value),
    point.passed === null ? "" : String(point.passed),
    escapeCsv(point.suite),
    escapeCsv(point.run),
    escapeCsv(point.live.join("; ")),
  ]);
  return [head, ...lines].map((cells) => `${cells.join(",")}\r\n`).join("");
}

/** assent.trend/v1. */
export function trendWire(found: Trend) {
  return {
    format: "assent.trend/v1",
    usecase: found.usecase,
    metric: found.metric,
    suite: found.suite,
    gates: found.gates.map(({ operator, threshold, environments }) => ({
      operator,
      threshold,
      environments,
    })),
    points: found.points.map((point) => ({
      run: point.run,
      suite: point.suite,
      target: point.target,
      version: point.version,
      executedAt: point.executedAt,
      value: point.value,
      passed: point.passed,
      live: point.live,
    })),
    leftOut: found.leftOut,
  };
}
