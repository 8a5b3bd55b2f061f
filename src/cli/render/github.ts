/** Diagnostics as GitHub workflow commands: annotations at file and line. */
import type { Severity } from "../../core/model/diagnostic.ts";
import type { RenderDiagnostics } from "./diagnostics.ts";
import { escapeCommandData, escapeCommandProperty } from "./escape.ts";

const commandOf: Readonly<Record<Severity, string>> = { error: "error", warning: "warning", info: "notice" };

export const renderGithub: RenderDiagnostics = ({ diagnostics }) =>
  diagnostics
    .map((d) => {
      const properties = [
        `file=${escapeCommandProperty(d.file)}`,
        `line=${d.line}`,
        `endLine=${d.endLine}`,
        // GitHub shows columns only for findings within one line.
        ...(d.line === d.endLine ? [`col=${d.column}`, `endColumn=${d.endColumn}`] : []),
        `title=${escapeCommandProperty(d.code)}`,
      ].join(",");
      return `::${commandOf[d.severity]} ${properties}::${escapeCommandData(`${d.message}\nfix: ${d.hint}`)}\n`;
    })
    .join("");
