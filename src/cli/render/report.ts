/** A report for a terminal: what stands above, a table a section with its most telling columns, what is left out and where it is. */
import type { Cell, Column, Report, Section, Tone } from "../../core/export/report/define.ts";
import { headOf } from "../../core/export/report/render/head.ts";
import { factText, lineText } from "../../core/export/report/render/words.ts";
import type { Style } from "../command.ts";
import { escapeLine } from "./escape.ts";
import { renderTable } from "./table.ts";
import { plural } from "./words.ts";

/** So many rows of a table a terminal gets unless told otherwise. */
export const TEXT_ROWS = 30;

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
  const columns = section.columns.filter(({ brief }) => brief === true);
  const cells = rows
    .slice(0, most)
    .map((row) => columns.map((column) => textOf(row[column.key] ?? null, column)));
  const table = renderTable(
    columns.map(({ title }) => title.toUpperCase()),
    fitted(columns, cells, width),
    width,
    style,
  );
  const left = rows.length - cells.length;
  return [
    heading,
    ...table,
    ...(left === 0
      ? []
      : [
          style.yellow(
            `${plural(left, "more row", "more rows")}: --limit 0, or --section ${key} --format csv`,
          ),
        ]),
  ];
}

function textOf(cell: Cell, { type }: Column): string {
  const text = lineText(cell, type);
  return text === "" ? "-" : text;
}

/** Cells made to fit: the widest columns give way first, and references keep both their ends. */
function fitted(
  columns: readonly Column[],
  cells: readonly (readonly string[])[],
  width: number,
): readonly (readonly string[])[] {
  const widths = columns.map(({ title }, at) =>
    Math.max(title.length, ...cells.map((row) => escapeLine(row[at] ?? "").length)),
  );
  const room = width - 2 * (columns.length - 1);
  while (widths.reduce((sum, each) => sum + each, 0) > room) {
    const most = Math.max(...widths);
    if (most <= 8) break;
    widths[widths.indexOf(most)] = most - 1;
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
