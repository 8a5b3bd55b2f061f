/** Diagnostics as assent.lint/v1 (CLI.md). The wire value is spelled out here so that internal types may change. */
import type { Diagnostic } from "../../core/validate/report.ts";
import type { RenderDiagnostics } from "./diagnostics.ts";
import { jsonLine } from "./escape.ts";

export const renderJson: RenderDiagnostics = ({ entries, counts, diagnostics }) => {
  const wire = {
    format: "assent.lint/v1",
    ok: counts.error === 0,
    entries,
    counts: { error: counts.error, warning: counts.warning, info: counts.info },
    diagnostics: diagnostics.map(diagnosticWire),
  };
  return jsonLine(wire);
};

/** One diagnostic as the wire spells it; also part of other answers. */
export function diagnosticWire(d: Diagnostic): object {
  const { code, severity, category, message, hint, file, line, column, endLine, endColumn, subject } = d;
  const related = d.related.map((r) => ({
    message: r.message,
    file: r.file,
    line: r.line,
    column: r.column,
    endLine: r.endLine,
    endColumn: r.endColumn,
  }));
  return {
    code,
    severity,
    category,
    message,
    hint,
    file,
    line,
    column,
    endLine,
    endColumn,
    subject,
    related,
  };
}
