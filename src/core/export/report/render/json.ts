/** A report as `assent.report/v1`: rows with the keys of their columns, in the columns' order. Nothing is left out or rounded. */
import type { Column, Report, Row } from "../define.ts";

export const REPORT_FORMAT = "assent.report/v1";

/** One line of JSON. */
export function renderJson(report: Report): string {
  const { name, title, registry, commit, sequence, asOf, environment, usecase } = report;
  const value = {
    format: REPORT_FORMAT,
    report: name,
    title,
    registry,
    commit,
    sequence,
    asOf,
    environment,
    usecase,
    facts: report.facts.map(({ key, title, type, value }) => ({ key, title, type, value })),
    sections: report.sections.map(({ key, title, note, columns, rows }) => ({
      key,
      title,
      note,
      columns: columns.map(({ key, title, type, means }) => ({ key, title, type, means })),
      rows: rows.map((row) => inOrder(row, columns)),
    })),
    charts: report.charts,
    notes: report.notes,
  };
  return `${JSON.stringify(value)}\n`;
}

function inOrder(row: Row, columns: readonly Column[]): Row {
  return Object.fromEntries(columns.map(({ key }) => [key, row[key] ?? null]));
}
