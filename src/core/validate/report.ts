/**
 * Findings -> diagnostics: the symbolic place becomes line and column once, here.
 * The result is the wire value of `assent lint` (assent.lint/v1); renderers only show it.
 */
import type { Category, Finding, Location, Severity } from "../model/diagnostic.ts";
import { compareBytes } from "../model/json.ts";
import type { Tree } from "../model/tree.ts";
import { decodeText } from "../source/parse.ts";

/** A range in a text; lines and columns start at 1, columns count UTF-16 units, the end is exclusive. */
export interface Range {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** Makes the locator of one file's text (core/source/locate.ts, loaded only when something was found). */
export type CreateLocator = (text: string) => (location: Location) => Range;

export interface Related extends Range {
  readonly message: string;
  readonly file: string;
}

/** One diagnostic of the wire format assent.lint/v1 (CLI.md). */
export interface Diagnostic extends Range {
  readonly code: string;
  readonly severity: Severity;
  readonly category: Category;
  readonly message: string;
  readonly hint: string;
  readonly file: string;
  readonly subject: string | null;
  readonly related: readonly Related[];
}

export interface Counts {
  readonly error: number;
  readonly warning: number;
  readonly info: number;
}

const start: Range = { line: 1, column: 1, endLine: 1, endColumn: 1 };

/** Findings with their places, sorted by file, line, column, code and message; exact repeats are dropped. */
export function diagnosticsOf(findings: readonly Finding[], tree: Tree, createLocator: CreateLocator): Diagnostic[] {
  const locators = new Map<string, (location: Location) => Range>();
  const rangeOf = (location: Location): Range => {
    let locate = locators.get(location.file);
    if (locate === undefined) {
      const file = tree.get(location.file);
      const readable = file !== undefined && (file.mode === "100644" || file.mode === "100755");
      locate = readable ? createLocator(decodeText(file.read())) : () => start;
      locators.set(location.file, locate);
    }
    return locate(location);
  };
  const diagnostics = findings.map((finding): Diagnostic => {
    const { definition, at } = finding;
    return {
      code: definition.code,
      severity: finding.severity ?? definition.severity,
      category: definition.category,
      message: finding.message,
      hint: finding.hint ?? definition.fix,
      file: at.file,
      ...rangeOf(at),
      subject: finding.subject ?? null,
      related: (finding.related ?? []).map(({ message, at: place }) => ({
        message,
        file: place.file,
        ...rangeOf(place),
      })),
    };
  });
  diagnostics.sort(compareDiagnostics);
  return diagnostics.filter((diagnostic, index) => {
    const previous = diagnostics[index - 1];
    return previous === undefined || compareDiagnostics(previous, diagnostic) !== 0;
  });
}

/** The order of CLI.md: file, line, column, code; the message decides what is left. */
function compareDiagnostics(a: Diagnostic, b: Diagnostic): number {
  return (
    compareBytes(a.file, b.file) ||
    a.line - b.line ||
    a.column - b.column ||
    compareBytes(a.code, b.code) ||
    compareBytes(a.message, b.message)
  );
}

/** How many diagnostics of each severity. */
export function countsOf(diagnostics: readonly { readonly severity: Severity }[]): Counts {
  const counts = { error: 0, warning: 0, info: 0 };
  for (const { severity } of diagnostics) counts[severity]++;
  return counts;
}
