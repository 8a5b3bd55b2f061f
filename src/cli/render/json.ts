/** Diagnostics as assent.lint/v1 (CLI.md). The wire value is spelled out here so that internal types may change. */
import type { RenderDiagnostics } from "./diagnostics.ts";

export const renderJson: RenderDiagnostics = ({ entries, counts, diagnostics }) => {
  const wire = {
    format: "assent.lint/v1",
    ok: counts.error === 0,
    entries,
    counts: { error: counts.error, warning: counts.warning, info: counts.info },
    diagnostics: diagnostics.map((d) => ({
      code: d.code,
      severity: d.severity,
      category: d.category,
      message: d.message,
      hint: d.hint,
      file: d.file,
      line: d.line,
      column: d.column,
      endLine: d.endLine,
      endColumn: d.endColumn,
      subject: d.subject,
      related: d.related.map((r) => ({
        message: r.message,
        file: r.file,
        line: r.line,
        column: r.column,
        endLine: r.endLine,
        endColumn: r.endColumn,
      })),
    })),
  };
  return `${JSON.stringify(wire)}\n`;
};
