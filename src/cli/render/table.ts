/** Columns for a terminal: aligned, escaped, cut to the width. */
import type { Style } from "../command.ts";
import { escapeLine } from "./escape.ts";

/** Lines of a table under a heading; the columns in `shrink` are cut first when the width does not suffice. */
export function renderTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  columns: number,
  style: Style,
  shrink = head.length - 1,
): string[] {
  const cells = rows.map((row) => row.map(escapeLine));
  const widths = head.map((title, index) =>
    Math.max(title.length, ...cells.map((row) => row[index]?.length ?? 0)),
  );
  const excess = widths.reduce((sum, width) => sum + width + 2, -2) - columns;
  if (excess > 0) widths[shrink] = Math.max(8, (widths[shrink] ?? 0) - excess);
  const line = (row: readonly string[], paint: (text: string) => string): string =>
    row
      .map((cell, index) => paint(cut(cell, widths[index] ?? 0).padEnd(widths[index] ?? 0)))
      .join("  ")
      .trimEnd();
  return [line(head, style.dim), ...cells.map((row) => line(row, (text) => text))];
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(1, width - 1))}\u2026`;
}
