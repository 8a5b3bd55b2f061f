/** Diagnostics as Markdown, for job summaries and pull-request comments. Registry text is escaped. */
import { countWords } from "./words.ts";
import type { RenderDiagnostics } from "./diagnostics.ts";
import { escapeMarkdown, markdownCode } from "./escape.ts";

export const renderMarkdown: RenderDiagnostics = ({ diagnostics, counts, entries }) => {
  const summary = `**assent lint**: ${countWords(entries, counts)}`;
  if (diagnostics.length === 0) return `${summary}\n`;
  const rows = diagnostics.map((d) => {
    const place = markdownCode(`${d.file}:${d.line}:${d.column}`).replaceAll("|", "\\|");
    return `| ${d.severity} | ${markdownCode(d.code)} | ${place} | ${escapeMarkdown(d.message)} | ${escapeMarkdown(d.hint)} |`;
  });
  return [summary, "", "| | Code | Where | What | How to fix |", "|---|---|---|---|---|", ...rows, ""].join(
    "\n",
  );
};
