/** Diagnostics for people: what, where with the lines, why to care, how to fix; fits the width it is given. */
import type { Severity } from "../../core/model/diagnostic.ts";
import type { Diagnostic } from "../../core/validate/report.ts";
import type { Style } from "../command.ts";
import type { LintReport, RenderContext, RenderDiagnostics } from "./diagnostics.ts";
import { escapeLine, escapeTerminal } from "./escape.ts";
import { countWords } from "./words.ts";

export const renderText: RenderDiagnostics = (report, context) => {
  const { style } = context;
  const blocks = renderBlocks(report, context);
  const words = countWords(report.entries, report.counts);
  const sign = report.counts.error > 0 ? style.red("failed") : style.green("ok");
  const codes = new Set(report.diagnostics.map(({ code }) => code));
  const first = [...codes][0];
  const more = first === undefined ? "" : style.dim(`  (assent explain ${first})`);
  return [...blocks, `${sign}  ${words}${more}\n`].join("\n");
};

/** One block of lines for each diagnostic, without a summary. */
export function renderBlocks(report: LintReport, context: RenderContext): string[] {
  // Diagnostics come sorted by file, so the lines of one file are enough to keep.
  let kept: { readonly file: string; readonly lines: readonly string[] | undefined } | undefined;
  const linesOf: LinesOf = (file) => {
    if (kept?.file !== file) {
      const source = context.sourceOf(file);
      kept = { file, lines: source === undefined || source === "" ? undefined : source.split("\n") };
    }
    return kept.lines;
  };
  return report.diagnostics.map((diagnostic) => renderOne(diagnostic, context, linesOf));
}

/** The lines of a file; undefined where there is nothing to show. */
type LinesOf = (file: string) => readonly string[] | undefined;

function renderOne(d: Diagnostic, context: RenderContext, linesOf: LinesOf): string {
  const { style } = context;
  const paint = paintOf(d.severity, style);
  const place = `${escapeLine(d.file)}:${d.line}:${d.column}`;
  const lines = [`${paint(d.severity)} ${style.bold(d.code)}  ${place}`];
  lines.push(...wrap(escapeTerminal(d.message), context.columns - 2).map((line) => `  ${line}`));
  lines.push(...codeFrame(d, linesOf(d.file), context, paint));
  for (const related of d.related) {
    lines.push(
      style.dim(
        `  see ${escapeLine(related.file)}:${related.line}:${related.column}  ${escapeLine(related.message)}`,
      ),
    );
  }
  const [firstLine = "", ...rest] = wrap(escapeTerminal(d.hint), context.columns - 7);
  lines.push(`  ${style.green("fix:")} ${firstLine}`, ...rest.map((line) => `       ${line}`), "");
  return lines.join("\n");
}

/** The line before, the line, a caret below, the line after; long lines are cut around the caret. */
function codeFrame(
  d: Diagnostic,
  lines: readonly string[] | undefined,
  context: RenderContext,
  paint: (text: string) => string,
): string[] {
  if (lines === undefined) return [];
  const gutter = String(Math.min(d.line + 1, lines.length)).length;
  const width = context.columns - gutter - 7;
  const from = Math.max(0, d.column - 1 - Math.floor(width / 2));
  const shift = d.column - 1 > width - 10 ? from : 0;
  const shown: string[] = [];
  for (let number = Math.max(1, d.line - 1); number <= Math.min(lines.length, d.line + 1); number++) {
    const text = (lines[number - 1] ?? "").replace(/\r$/, "");
    if (text === "" && number !== d.line && number === lines.length) continue;
    const cut = cutOut(oneCellEach(text), shift, width);
    const label = String(number).padStart(gutter);
    const sign = number === d.line ? paint(">") : " ";
    shown.push(`  ${sign} ${context.style.dim(`${label} |`)} ${cut}`.trimEnd());
    if (number !== d.line) continue;
    const end = d.endLine === d.line ? d.endColumn : text.length + 1;
    const start = d.column - 1 - shift;
    const before = " ".repeat(cellsOf(cut.slice(0, start)).length + Math.max(0, start - cut.length));
    const carets = cellsOf(cut.slice(start, end - 1 - shift)).replaceAll(" ", "^") || "^";
    shown.push(`    ${" ".repeat(gutter)} ${context.style.dim("|")} ${before}${paint(carets)}`);
  }
  return shown;
}

/** A piece of a line as wide as the frame; an ellipsis stands where something is left out. */
function cutOut(text: string, from: number, width: number): string {
  const piece = text.slice(from, from + width);
  const head = from > 0 && piece !== "" ? `\u2026${piece.slice(1)}` : piece;
  return from + width < text.length ? `${head.slice(0, -1)}\u2026` : head;
}

/** As many blanks as a terminal has cells for a text: none for combining marks, two for wide characters and most emoji. */
function cellsOf(text: string): string {
  // Nearly every line is ASCII, and preparing the question about Unicode takes milliseconds.
  if (/^[ -~]*$/.test(text)) return " ".repeat(text.length);
  return text
    .replace(/\p{Mn}/gu, "")
    .replace(
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/g,
      "  ",
    )
    .replace(/[\ud800-\udbff][\udc00-\udfff]/g, (pair) =>
      /\p{Emoji_Presentation}|\p{Script=Han}/u.test(pair) ? "  " : " ",
    )
    .replace(/[^ ]/g, " ");
}

/** Keeps columns aligned: every unsafe character takes one visible cell. Logs that CI systems read get no commands. */
function oneCellEach(text: string): string {
  return text
    .replaceAll("\t", " ")
    .replace(/##(?=[a-z]*\[)/gi, "#\ufffd")
    .replace(/[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, "\ufffd");
}

/** Breaks prose at spaces so that no line is longer than `width` where a space allows it. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split("\n")) {
    let line = "";
    for (const word of paragraph.split(" ")) {
      if (line !== "" && line.length + 1 + word.length > width) {
        lines.push(line);
        line = word;
      } else line = line === "" ? word : `${line} ${word}`;
    }
    lines.push(line);
  }
  return lines;
}

function paintOf(severity: Severity, style: Style): (text: string) => string {
  if (severity === "error") return style.red;
  return severity === "warning" ? style.yellow : style.blue;
}
