/**
 * Findings -> diagnostics: the symbolic place becomes line and column once, here.
 * The result is the wire value of `assent lint` (assent.lint/v1); renderers only show it.
 */
import type { Category, Finding, Location, Severity } from "../model/diagnostic.ts";
import { compareBytes } from "../model/json.ts";
import type { Tree } from "../model/tree.ts";
import { locateFast } from "../source/locate-fast.ts";
import { decodeText, parseFast } from "../source/parse.ts";

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

/** Places findings in the files of one tree. */
export interface Placer {
  /** The range, or undefined where only the YAML library can tell and `createLocator` was not given. */
  place(location: Location): Range | undefined;
}

/** A placer that reads each file once. Without `createLocator` it places what stands in plain, canonical lines. */
export function createPlacer(tree: Tree, createLocator?: CreateLocator): Placer {
  const files = new Map<
    string,
    { text: string; isCanonical: boolean; locate?: (location: Location) => Range }
  >();
  return {
    place(location) {
      let file = files.get(location.file);
      if (file === undefined) files.set(location.file, (file = read(location.file, tree)));
      const fast = file.isCanonical ? locateFast(file.text, location) : undefined;
      if (fast !== undefined || createLocator === undefined) return fast;
      file.locate ??= createLocator(file.text);
      return file.locate(location);
    },
  };
}

/** What is no ordinary file (a folder, a link, nothing) has one place: its beginning. */
function read(path: string, tree: Tree): { text: string; isCanonical: boolean } {
  const file = tree.get(path);
  if (file?.mode.startsWith("100") !== true) return { text: "", isCanonical: true };
  const bytes = file.read();
  return { text: decodeText(bytes), isCanonical: parseFast(bytes) !== undefined };
}

/** Every place that findings point at. */
export function locationsOf(findings: readonly Finding[]): Location[] {
  return findings.flatMap(({ at, related }) => [at, ...(related ?? []).map((each) => each.at)]);
}

/** Findings with their places, sorted by file, line, column, code and message; exact repeats are dropped. */
export function diagnosticsOf(findings: readonly Finding[], { place }: Placer): Diagnostic[] {
  const rangeOf = (location: Location): Range => place(location) ?? start;
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
      related: (finding.related ?? []).map(({ message, at: other }) => ({
        message,
        file: other.file,
        ...rangeOf(other),
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
