/**
 * The coverage report: how much of what is in use was measured, each share with the names of what is missing from it.
 * What is counted, and when it is covered, is defined in core/find/coverage.ts and nowhere else.
 */
import { coverageOf, type Coverage, type CoverageMeasure } from "../../find/coverage.ts";
import { daysSince } from "./clock.ts";
import { column, defineReport, sectionOf, shareFact, type Row, type SectionShape } from "./define.ts";

/** Days after which a run is no longer fresh. */
const FRESH_DAYS = 90;

const measuresShape: SectionShape = {
  key: "measures",
  title: "Measures",
  note: "What is counted, and how much of it is covered.",
  none: "There is no measure.",
  columns: [
    column("measure", "Measure", "text", "The measure's name.", "brief"),
    column("share", "Share", "share", "The covered part; empty where there is nothing to cover.", "brief"),
    column("part", "Covered", "count", "How many are covered.", "brief"),
    column("whole", "Of", "count", "How many there are.", "brief"),
    column("missing", "Missing", "count", "How many are not covered.", "brief"),
    column("means", "What is counted", "text", "What the measure counts, and when that is covered."),
  ],
};

const missingShape: SectionShape = {
  key: "missing",
  title: "What is not covered",
  note: "One row for each thing that is missing from a measure, in the order of the measures.",
  none: "Everything that is counted is covered.",
  columns: [
    column("measure", "Measure", "text", "The measure it is missing from.", "brief"),
    column("what", "What", "ref", "The entry, the scope with its gate, or the case of a suite.", "brief"),
  ],
};

const subjectsShape: SectionShape = {
  key: "subjects",
  title: "What is in use",
  note: "Bundles, models and pipelines that something live reaches; what was never measured first.",
  none: "Nothing is live.",
  columns: [
    column("entry", "Entry", "ref", "The version in use.", "brief"),
    column("kind", "Kind", "text", "Its kind."),
    column("title", "Title", "text", "What people call it."),
    column(
      "status",
      "Status",
      "status",
      "`uncovered`: no run counts for it. `failed`: the newest run of one of its suites did not pass. `passed`: all newest ones did.",
      "brief",
    ),
    column("scopes", "Live in", "list", "The scopes that reach it."),
    column("runs", "Runs", "count", "Runs of exactly its content that tried something.", "brief"),
    column("suites", "Suites", "list", "The suites that ran on it."),
    column("latest", "Newest run", "instant", "When the newest of them began.", "brief"),
    column("days", "Days ago", "days", "Whole days since then.", "brief"),
  ],
};

const suitesShape: SectionShape = {
  key: "suites",
  title: "Suites",
  note: "Active suites and those that ran on something in use.",
  none: "There is no suite.",
  columns: [
    column("suite", "Suite", "ref", "The suite.", "brief"),
    column("state", "State", "status", "Its state.", "brief"),
    column("subjects", "Ran on", "count", "On how many things in use it ran.", "brief"),
    column("runs", "Runs", "count", "How many of its runs count.", "brief"),
    column("cases", "Cases", "count", "How many cases it has.", "brief"),
    column("casesRun", "Cases run", "count", "How many of them some run did not leave out or skip.", "brief"),
  ],
};

/** The report. */
export const coverage = defineReport({
  name: "coverage",
  title: "Coverage by evaluations",
  summary: "how much of what is in use was measured, and what was not",
  shapes: [measuresShape, suitesShape, subjectsShape, missingShape],
  main: "measures",
  make({ registry, asOf, environment, usecase }) {
    const found = coverageOf(registry, { asOf, environment, usecase, freshDays: FRESH_DAYS });
    const subjects = subjectRows(found, (instant) => daysSince(instant, asOf));
    return {
      facts: found.measures.map(({ id, title, part, whole }) => shareFact(id, title, part, whole)),
      charts: [
        {
          type: "bars",
          title: "Covered and missing by measure",
          series: [
            { name: "Covered", tone: "good" },
            { name: "Missing", tone: "bad" },
          ],
          rows: found.measures.map(({ title, part, whole }) => ({
            label: title,
            values: [part, whole - part],
          })),
        },
      ],
      sections: [
        sectionOf(measuresShape, found.measures.map(measureRow)),
        sectionOf(
          suitesShape,
          found.suites.map(({ ref, ...rest }): Row => ({ suite: ref, ...rest })),
        ),
        sectionOf(subjectsShape, subjects),
        sectionOf(
          missingShape,
          found.measures.flatMap(({ title, missing }) =>
            missing.map((what): Row => ({ measure: title, what })),
          ),
        ),
      ],
      notes: [
        "In use = live or the fallback of a scope, and all that such a bundle reaches.",
        "A run counts where it measured exactly this content, came to a result and tried something.",
        `A run is fresh for ${FRESH_DAYS} days.`,
        "A signature counts here where a key of this registry made it; whether a policy demands one is the gate's to judge.",
      ],
    };
  },
});

function measureRow({ title, share, part, whole, missing, means }: CoverageMeasure): Row {
  return { measure: title, share, part, whole, missing: missing.length, means };
}

function subjectRows(
  { subjects }: Coverage,
  age: (instant: Coverage["subjects"][number]["latest"]) => number | null,
): readonly Row[] {
  const rows = subjects.map(({ ref, kind, title, scopes, runs, suites, latest, passed }): Row => ({
    entry: ref,
    kind,
    title,
    status: passed === null ? "uncovered" : passed ? "passed" : "failed",
    scopes,
    runs: runs.length,
    suites,
    latest,
    days: age(latest),
  }));
  const order = ["uncovered", "failed", "passed"];
  return rows.sort((a, b) => order.indexOf(String(a["status"])) - order.indexOf(String(b["status"])));
}
