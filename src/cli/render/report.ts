/** A report for a terminal: what stands above, a table a section with its most telling columns, what is left out and where it is. */
import type { Cell, Column, Report, Section, Tone } from "../../core/export/report/define.ts";
import { spread, trendShape } from "../../core/export/report/trend.ts";
import { headOf } from "../../core/export/report/render/head.ts";
import { factText, lineText } from "../../core/export/report/render/words.ts";
import type { Style } from "../command.ts";
import { escapeLine } from "./escape.ts";
import { renderTable } from "./table.ts";
import { plural } from "./words.ts";

/** So many rows of a table a terminal gets unless told otherwise. */
export const TEXT_ROWS = 30;

const same = (text: string): string => text;

/** How a text goes into a file: the same from every terminal, without colours. */
export const inFile: { readonly style: Style; readonly columns: number } = {
  style: { bold: same, dim: same, red: same, yellow: same, green: same, blue: same, cyan: same },
  columns: 100,
};

/** The whole text. */
export function reportText(
  report: Report,
  most: number,
  { style, columns }: { readonly style: Style; readonly columns: number },
): string {
  const lines = [style.bold(escapeLine(`${report.title}  ${report.registry}`))];
  for (const [name, value] of headOf(report).slice(1)) lines.push(style.dim(`${name}: ${escapeLine(value)}`));
  lines.push("");
  const width = Math.max(0, ...report.facts.map(({ title }) => title.length));
  for (const fact of report.facts)
    lines.push(`  ${fact.title.padEnd(width)}  ${paint(fact.tone, style)(escapeLine(factText(fact)))}`);
  for (const section of report.sections) lines.push("", ...sectionLines(section, most, columns, style));
  lines.push("");
  for (const note of report.notes)
    lines.push(...wrappedAt(note, columns).map((line) => style.dim(escapeLine(line))));
  return `${lines.join("\n")}\n`;
}

function sectionLines(section: Section, most: number, width: number, style: Style): readonly string[] {
  const { key, title, none, rows } = section;
  const heading = style.bold(`${title} (${rows.length})`);
  if (rows.length === 0) return [heading, style.dim(none)];
  const { heads, cells, left } = key === trendShape.key ? acrossOf(section) : downOf(section, most, width);
  const table = renderTable(
    heads.map(({ title }) => title.toUpperCase()),
    fitted(heads, cells, width),
    width,
    style,
  );
  return [heading, ...table, ...left.map((line) => style.yellow(line))];
}

/** A column as a terminal needs it. */
type Head = Pick<Column, "title" | "type">;

interface Shown {
  readonly heads: readonly Head[];
  readonly cells: readonly (readonly string[])[];
  /** What has to be said of what is not shown. */
  readonly left: readonly string[];
}

/** Rows as rows, with as many of the telling columns as there is room for. */
function downOf({ key, columns, rows }: Section, most: number, width: number): Shown {
  const brief = columns.filter(({ brief }) => brief === true);
  let heads = brief;
  while (leastWidth(heads) > width) heads = heads.slice(0, -1);
  const cells = rows
    .slice(0, most)
    .map((row) => heads.map((column) => textOf(row[column.key] ?? null, column)));
  const hidden = brief.slice(heads.length).map(({ title }) => title);
  const more = rows.length - cells.length;
  return {
    heads,
    cells,
    left: [
      ...(hidden.length === 0 ? [] : [`no room for ${hidden.join(", ")}: --section ${key} --format csv`]),
      ...(more === 0
        ? []
        : [`${plural(more, "more row", "more rows")}: --limit 0, or --section ${key} --format csv`]),
    ],
  };
}

/** A course over time reads from left to right: a row for each number, a column for some of the moments. */
function acrossOf({ key, columns, rows }: Section): Shown {
  const numbers = columns.filter(({ key }) => !trendShape.columns.some((own) => own.key === key));
  const shown = spread(rows, MOMENTS);
  const more = rows.length - shown.length;
  return {
    heads: [
      { title: "", type: "text" },
      ...shown.map(({ moment, at }): Head => ({
        title: isDated(moment)
          ? String(at).slice(0, 10)
          : `${String(moment).slice(0, 12)} ${String(at).slice(0, 10)}`,
        type: "text",
      })),
    ],
    cells: numbers.map((column) => [
      column.title,
      ...shown.map((row) => textOf(row[column.key] ?? null, column)),
    ]),
    left: more === 0 ? [] : [`${plural(more, "more moment")}: --section ${key} --format csv`],
  };
}

/** So many moments fit beside names. */
const MOMENTS = 4;

function isDated(moment: Cell | undefined): boolean {
  return typeof moment === "string" && /^\d{4}-\d\d-\d\dT/.test(moment);
}

/** No column is narrower than its title, nor than this. */
const NARROW = 8;

function leastWidth(heads: readonly Head[]): number {
  return heads.reduce((sum, { title }) => sum + Math.max(NARROW, title.length) + 2, -2);
}

function textOf(cell: Cell, { type }: Column): string {
  const text = lineText(cell, type);
  return text === "" ? "-" : text;
}

/** Cells made to fit: the widest columns give way first, and references keep both their ends. */
function fitted(
  columns: readonly Head[],
  cells: readonly (readonly string[])[],
  width: number,
): readonly (readonly string[])[] {
  const widths = columns.map(({ title }, at) =>
    Math.max(title.length, ...cells.map((row) => escapeLine(row[at] ?? "").length)),
  );
  const room = width - 2 * (columns.length - 1);
  const least = columns.map(({ title }) => Math.max(NARROW, title.length));
  while (widths.reduce((sum, each) => sum + each, 0) > room) {
    const spare = widths.map((each, at) => (each > (least[at] ?? 0) ? each : 0));
    const most = Math.max(...spare);
    if (most === 0) break;
    widths[spare.indexOf(most)] = most - 1;
  }
  return cells.map((row) => row.map((cell, at) => cut(cell, widths[at] ?? 0, columns[at]?.type === "ref")));
}

function cut(cell: string, width: number, isRef: boolean): string {
  const text = escapeLine(cell);
  if (text.length <= width) return text;
  const end = isRef ? Math.floor((width - 1) / 2) : 0;
  return `${text.slice(0, width - 1 - end)}\u2026${end === 0 ? "" : text.slice(-end)}`;
}

function wrappedAt(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

function paint(tone: Tone, style: Style): (text: string) => string {
  const paints = {
    good: style.green,
    info: style.cyan,
    warn: style.yellow,
    bad: style.red,
    neutral: style.bold,
  };
  return paints[tone];
}
