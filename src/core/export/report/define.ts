/**
 * What a report is: a value, made of a registry, a clock and, where there is one, its history. One file per report and
 * a line in index.ts; everything that shows one (text, JSON, CSV, HTML, PDF) shows the same value. A report must never
 * read anything else than its arguments, and never decide anything: it tells what holds.
 */
import type { Instant } from "../../model/instant.ts";
import type { Registry } from "../../model/registry.ts";
import type { EntryCompliance } from "../../policy/compliance.ts";

/**
 * How a cell is meant. `status` is one word of a fixed set, shown with its tone; `share` is 0 to 1; `days` are whole and
 * negative where they are over; a `commit` may be shown by its first digits; `list` is short texts that belong together.
 */
export type ColumnType =
  | "text"
  | "ref"
  | "status"
  | "instant"
  | "date"
  | "commit"
  | "count"
  | "days"
  | "share"
  | "list";

/** Null = there is none, or nobody knows; the column's meaning says which. */
export type Cell = string | number | null | readonly string[];

export interface Column {
  /** In JSON and as the header of CSV: `camelCase`, never changed while the format is v1. */
  readonly key: string;
  readonly title: string;
  readonly type: ColumnType;
  /** What stands in it, in a sentence; the page of columns is made of these. */
  readonly means: string;
  /** Shown where there is room for few columns. */
  readonly brief?: true;
}

/** A row's cells by the keys of its section's columns. */
export type Row = Readonly<Record<string, Cell>>;

/** A table before it has rows; what the page of columns describes. */
export interface SectionShape {
  readonly key: string;
  readonly title: string;
  /** What it holds and in which order. */
  readonly note: string;
  /** What it means that there are no rows. */
  readonly none: string;
  readonly columns: readonly Column[];
}

export interface Section extends SectionShape {
  readonly rows: readonly Row[];
}

/** How a value is to be taken, beside its colour: whoever sees no colour reads the word or the number. */
export type Tone = "good" | "info" | "warn" | "bad" | "neutral";

/** One number or word that stands above the tables. */
export interface Fact {
  readonly key: string;
  readonly title: string;
  readonly type: "count" | "share" | "text" | "days";
  /** Null = it cannot be said: a share of nothing, say. */
  readonly value: number | string | null;
  readonly tone: Tone;
  /** Whether its course over releases is worth a line. */
  readonly followed: boolean;
}

export interface Series {
  readonly name: string;
  readonly tone: Tone;
}

/** Horizontal bars, one a row, made of a part for each series; counts. */
export interface BarChart {
  readonly type: "bars";
  readonly title: string;
  readonly series: readonly Series[];
  readonly rows: readonly { readonly label: string; readonly values: readonly number[] }[];
}

/** A line for each series over moments in time; null = not known then. */
export interface LineChart {
  readonly type: "lines";
  readonly title: string;
  readonly moments: readonly { readonly label: string; readonly at: Instant }[];
  readonly series: readonly (Series & { readonly values: readonly (number | null)[] })[];
}

export type Chart = BarChart | LineChart;

/** What a report says; who says it and of what stands around it in `Report`. */
export interface ReportBody {
  readonly facts: readonly Fact[];
  readonly charts: readonly Chart[];
  readonly sections: readonly Section[];
  /** What a reader must know to read it rightly: formulas, what is missing and why. */
  readonly notes: readonly string[];
}

/** A report on a registry at a moment. */
export interface Report extends ReportBody {
  readonly name: string;
  readonly title: string;
  /** The key of its main table. */
  readonly main: string;
  readonly registry: string;
  /** Null for the work tree. */
  readonly commit: string | null;
  readonly sequence: number | null;
  /** The clock that everything in it was judged by. */
  readonly asOf: Instant;
  readonly environment: string | null;
  readonly usecase: string | null;
}

/** When something happened and who did it; `by` is an identity or `unknown`. */
export interface PastMark {
  readonly at: Instant;
  readonly by: string;
}

/** What only history knows. Undefined = it has not landed. */
export interface Past {
  registered(ref: string): PastMark | undefined;
  /** Who agreed to what a waiver says now, as evidence or signatures tell; none where neither does. */
  approvers(waiver: string): readonly string[];
  /** Since when an entry is in the state that landed last. */
  stateSince(ref: string): PastMark | undefined;
  /** Since when a rule is not met without interruption; `environment` as a reference. */
  unmetSince(ref: string, environment: string | null, policy: string, rule: string): Instant | undefined;
}

export interface ReportInput {
  readonly registry: Registry;
  readonly asOf: Instant;
  /** Only this environment, by its bare name. */
  readonly environment: string | null;
  /** Only what belongs to this use case, `<ns>/<name>`. */
  readonly usecase: string | null;
  /** What ends within so many days of asOf is about to end. */
  readonly within: number;
  /** Of every entry, computed when first asked for. */
  compliance(): readonly EntryCompliance[];
  /** Null where there is no history at hand. */
  readonly past: Past | null;
}

export interface ReportDefinition {
  readonly name: string;
  readonly title: string;
  /** One line for help. */
  readonly summary: string;
  readonly shapes: readonly SectionShape[];
  /** The key of the table that CSV is made of: the rows a report is about. */
  readonly main: string;
  readonly make: (input: ReportInput) => ReportBody;
}

/** Checks a report's definition. */
export function defineReport(report: ReportDefinition): ReportDefinition {
  return report;
}

/** A table with its rows, and with columns that only this registry has. */
export function sectionOf(
  shape: SectionShape,
  rows: readonly Row[],
  further: readonly Column[] = [],
): Section {
  return { ...shape, columns: [...shape.columns, ...further], rows };
}

/** A count whose course is followed. */
export function countFact(key: string, title: string, value: number, tone: Tone = "neutral"): Fact {
  return { key, title, type: "count", value, tone, followed: true };
}

/** A part of a whole; of nothing there is no part. */
export function shareFact(key: string, title: string, part: number, whole: number): Fact {
  const value = whole === 0 ? null : part / whole;
  const tone: Tone = value === null ? "neutral" : value === 1 ? "good" : value >= 0.5 ? "warn" : "bad";
  return { key, title, type: "share", value, tone, followed: true };
}

/** How words of status are to be taken; what is not here is neutral. */
const tones: Readonly<Record<string, Tone>> = {
  compliant: "good",
  exempt: "info",
  pending: "warn",
  "non-compliant": "bad",
  critical: "bad",
  high: "bad",
  medium: "warn",
  low: "info",
  live: "good",
  idle: "neutral",
  lapsing: "warn",
  lapsed: "bad",
  overdue: "bad",
  due: "warn",
  planned: "good",
  resolved: "good",
  fallback: "warn",
  "fail-closed": "bad",
  deprecated: "warn",
  emergency: "bad",
  covered: "good",
  uncovered: "bad",
  failed: "bad",
  passed: "good",
};

/** The tone of a word of status. */
export function toneOf(word: string): Tone {
  return Object.hasOwn(tones, word) ? (tones[word] ?? "neutral") : "neutral";
}

/** A column; `brief` = shown where there is room for few. */
export function column(
  key: string,
  title: string,
  type: ColumnType,
  means: string,
  brief: "brief" | "full" = "full",
): Column {
  return brief === "brief" ? { key, title, type, means, brief: true } : { key, title, type, means };
}
