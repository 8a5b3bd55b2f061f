/**
 * Trends: the followed numbers of a report at earlier moments beside those of now, as a table and a chart for each unit.
 * It must never compare what was counted by different rules; each point is the same report, made of the registry then.
 */
import type { Instant } from "../../model/instant.ts";
import {
  column,
  sectionOf,
  type Fact,
  type LineChart,
  type Report,
  type Row,
  type SectionShape,
} from "./define.ts";

/** One moment of the past. */
export interface Point {
  /** The word it was asked for with, or the landing's number. */
  readonly label: string;
  readonly commit: string;
  readonly sequence: number | null;
  readonly at: Instant;
  readonly facts: readonly Fact[];
}

export const trendShape: SectionShape = {
  key: "trend",
  title: "Trend",
  note: "The same report at earlier landings, oldest first; the last row is now. After these columns comes one for each number above.",
  none: "There is nothing to compare with.",
  columns: [
    column("moment", "Moment", "text", "What was asked for, or the landing's number.", "brief"),
    column(
      "at",
      "As of",
      "instant",
      "The clock that it was judged by: for a landing the time it landed.",
      "brief",
    ),
    column("commit", "Commit", "commit", "The landing's commit; empty for the work tree."),
  ],
};

/** The report with its course: a section, and charts, in front. Points are oldest first and end before the report. */
export function withTrend(report: Report, points: readonly Point[]): Report {
  const followed = report.facts.filter(({ followed }) => followed);
  const now: Point = {
    label: report.commit === null ? "now" : (report.sequence?.toString() ?? report.commit.slice(0, 10)),
    commit: report.commit ?? "",
    sequence: report.sequence,
    at: report.asOf,
    facts: report.facts,
  };
  const all = [...points, now];
  const rows = all.map(({ label, at, commit, facts }): Row => ({
    moment: label,
    at,
    commit: commit === "" ? null : commit,
    ...Object.fromEntries(followed.map(({ key }) => [key, valueIn(facts, key)])),
  }));
  const further = followed.map(({ key, title, type }) =>
    column(key, title, type, `${title}, then.`, "brief"),
  );
  return {
    ...report,
    charts: [
      ...(["share", "count"] as const).flatMap((type) => chartOf(type, followed, all)),
      ...report.charts,
    ],
    sections: [...report.sections, sectionOf(trendShape, rows, further)],
  };
}

function chartOf(
  type: "share" | "count",
  followed: readonly Fact[],
  all: readonly Point[],
): readonly LineChart[] {
  const facts = followed.filter((fact) => fact.type === type);
  if (facts.length === 0) return [];
  return [
    {
      type: "lines",
      title: type === "share" ? "Trend in percent" : "Trend",
      moments: all.map(({ label, at }) => ({ label, at })),
      series: facts.map(({ key, title, tone }) => ({
        name: title,
        tone,
        values: all.map(({ facts }) => {
          const value = valueIn(facts, key);
          return value === null ? null : type === "share" ? value * 100 : value;
        }),
      })),
    },
  ];
}

function valueIn(facts: readonly Fact[], key: string): number | null {
  const value = facts.find((fact) => fact.key === key)?.value;
  return typeof value === "number" ? value : null;
}

/** At most so many of a list, evenly spread, the first and the last among them. */
export function spread<T>(all: readonly T[], most: number): readonly T[] {
  if (all.length <= most) return all;
  return Array.from(
    { length: most },
    (_, index) => all[Math.round((index * (all.length - 1)) / (most - 1))]!,
  );
}
