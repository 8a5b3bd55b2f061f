/** The rows that benchmarks make, what they promise, and how they are shown. It must never measure anything. */

/** What issue or design promises: a ratio that must not be exceeded, or one that must be reached. */
export type Bar = { readonly atMost: number } | { readonly atLeast: number };

export interface Row {
  readonly what: string;
  /** The measured value with its unit, and the value it is compared with. */
  readonly measured: string;
  readonly against: string;
  /** Measured through compared, or for a size or speed the value itself in the bar's unit. */
  readonly ratio: number;
  /** Absent where nothing is promised and the figure is for information. */
  readonly bar?: Bar;
  /** Peak memory of the measured process, MiB. */
  readonly peak?: number;
}

/** Whether a row keeps its promise; `slack` widens the bar (1 = as promised), for small and noisy runs. */
export function holds({ ratio, bar }: Row, slack = 1): boolean {
  if (bar === undefined) return true;
  return "atMost" in bar ? ratio <= bar.atMost * slack : ratio >= bar.atLeast / slack;
}

/** Three significant figures, no exponent. */
export function figure(value: number): string {
  if (value >= 1000) return String(Math.round(value));
  return String(Number(value.toPrecision(3)));
}

function renderBar(bar: Bar | undefined): string {
  if (bar === undefined) return "";
  return "atMost" in bar ? `≤ ${bar.atMost}` : `≥ ${bar.atLeast}`;
}

/** The rows as a Markdown table. */
export function renderTable(rows: readonly Row[]): string {
  const lines = rows.map((row) => {
    const bar = renderBar(row.bar);
    const held = row.bar === undefined ? "" : holds(row) ? "yes" : "NO";
    const peak = row.peak === undefined ? "" : `${figure(row.peak)} MiB`;
    return `| ${row.what} | ${row.measured} | ${row.against} | ${figure(row.ratio)} | ${bar} | ${held} | ${peak} |`;
  });
  return [
    "| What | Measured | Against | Ratio | Bar | Held | Peak memory |",
    "|---|---:|---:|---:|---:|---|---:|",
    ...lines,
  ].join("\n");
}

const begin = "<!-- measured: begin -->";
const end = "<!-- measured: end -->";

/** Puts text between the markers of a page. Throws when the page has lost them. */
export function betweenMarkers(page: string, text: string): string {
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from === -1 || to < from) throw new Error("the page has lost its markers for the measured table");
  return `${page.slice(0, from + begin.length)}\n${text}\n${page.slice(to)}`;
}
