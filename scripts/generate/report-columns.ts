/** The page of what each column of each report means, made of the reports' own definitions. */
import type { ReportDefinition, SectionShape } from "../../src/core/export/report/define.ts";
import { reports } from "../../src/core/export/report/index.ts";
import { trendShape } from "../../src/core/export/report/trend.ts";

/** Markdown; the same definitions give the same text. */
export async function reportColumnsPage(): Promise<string> {
  const definitions = await Promise.all(Object.values(reports).map((load) => load()));
  return [
    "# Reports: what each column means",
    "",
    "Written by `npm run generate` from the definitions in this folder; the same sentences stand under each page and",
    "document. `assent report <report>` shows a report as text, JSON, CSV, HTML or PDF. JSON and CSV use the keys, hold",
    "every row, and spell instants in full (RFC 3339, UTC), shares as 0 to 1 and lists whole; text, HTML and PDF show a",
    "number of rows and say how many they leave out (`--limit 0` shows all). CSV is the table marked as main, or the one",
    "that `--section <key>` names. An empty cell means that there is none, or that nobody knows; the column says which.",
    ...definitions.flatMap(reportLines),
    "",
    "## With `--since` or `--compare`",
    ...sectionLines(trendShape, false),
    "",
  ].join("\n");
}

function reportLines({ name, title, summary, shapes, main }: ReportDefinition): readonly string[] {
  return [
    "",
    `## ${title}: \`assent report ${name}\``,
    "",
    `${summary.slice(0, 1).toUpperCase()}${summary.slice(1)}.`,
    ...shapes.flatMap((shape) => sectionLines(shape, shape.key === main)),
  ];
}

function sectionLines({ key, title, note, columns }: SectionShape, isMain: boolean): readonly string[] {
  return [
    "",
    `### ${title} (\`${key}\`${isMain ? ", main" : ""})`,
    "",
    note,
    "",
    "| Column | Key | Type | What stands in it |",
    "|---|---|---|---|",
    ...columns.map(({ key, title, type, means }) => `| ${title} | \`${key}\` | ${type} | ${means} |`),
  ];
}
