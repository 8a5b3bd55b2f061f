/**
 * The table of formats that diagnostics are shown in. A new format is its file and one line here.
 * All of them render the same value; none may decide what is in it.
 */
import type { Counts, Diagnostic } from "../../core/validate/report.ts";
import type { Style } from "../command.ts";

/** What `assent lint` found, ready to be shown. */
export interface LintReport {
  /** How many files were read as entries, good or bad. */
  readonly entries: number;
  readonly counts: Counts;
  readonly diagnostics: readonly Diagnostic[];
}

export interface RenderContext {
  readonly style: Style;
  readonly columns: number;
  readonly version: string;
  /** The text of a file, for code frames; undefined when it cannot be read. */
  sourceOf(file: string): string | undefined;
}

export type RenderDiagnostics = (report: LintReport, context: RenderContext) => string;

export const diagnosticFormats: Readonly<Record<string, () => Promise<RenderDiagnostics>>> = {
  text: async () => (await import("./text.ts")).renderText,
  json: async () => (await import("./json.ts")).renderJson,
  github: async () => (await import("./github.ts")).renderGithub,
  sarif: async () => (await import("./sarif.ts")).renderSarif,
  junit: async () => (await import("./junit.ts")).renderJunit,
  markdown: async () => (await import("./markdown.ts")).renderMarkdown,
};
