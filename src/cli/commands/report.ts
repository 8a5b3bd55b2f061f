/** `assent report`: the registry as those read it who have to answer for it. */
import { resolve } from "node:path";
import { report as operation } from "../../app/report.ts";
import type { Report } from "../../core/export/report/define.ts";
import { reports } from "../../core/export/report/index.ts";
import { Failure } from "../../core/model/failure.ts";
import type { Command, CommandContext } from "../command.ts";
import { limitFlag, listFlag, selectionOf, textFlag, wholeNumber } from "../flags.ts";
import { inFile, reportText, TEXT_ROWS } from "../render/report.ts";

export const report: Command = {
  name: "report",
  summary:
    "compliance, coverage, waivers, lifecycle, inventory, degrade matrix: as text, table, page or document",
  description:
    `Reports: ${Object.keys(reports).join(", ")}. Text and pages show so many rows of each table and say what they ` +
    "leave out; JSON and CSV hold everything. CSV is one table, the report's main one unless --section names another. The " +
    "same registry at the same --as-of gives the same bytes. With --since or --compare the numbers stand beside those of " +
    "earlier landings, also as a chart.",
  arguments: [{ name: "<report>", description: "one of the reports above" }],
  options: [
    { flags: "--environment <name>", description: "only what holds in this environment" },
    { flags: "--usecase <usecase>", description: "only what belongs to this use case" },
    { flags: "--since <rev|instant>", description: "the course since then, at up to 12 landings" },
    {
      flags: "--compare <rev|instant...>",
      description: "beside these moments, tags of releases for example",
    },
    { flags: "--within <days>", description: "what ends within so many days is about to end (default: 30)" },
    { flags: "--section <key>", description: "only this table of the report" },
    { flags: "--limit <n>", description: "so many rows of a table in text, HTML and PDF; 0 for all of them" },
    { flags: "--out <file>", description: "write into this file, whole or not at all; PDF needs it" },
  ],
  formats: ["csv", "html", "pdf"],
  examples: [
    { line: "assent report compliance --environment prod", does: "what does not comply there" },
    {
      line: "assent report inventory --format html --out inventory.html",
      does: "a page to read and to print",
    },
    { line: "assent report waivers --within 60 --format csv", does: "a table for a spreadsheet" },
  ],
  async run(context, args, flags) {
    const { global } = context;
    const out = textFlag(flags, "out");
    if (global.format === "pdf" && out === undefined) {
      throw new Failure("usage/pdf-out", "A PDF is no text for a terminal.", {
        hint: "Name a file: --out report.pdf.",
      });
    }
    const within = textFlag(flags, "within");
    const request = {
      ...selectionOf(context),
      report: String(args[0]),
      environment: textFlag(flags, "environment"),
      usecase: textFlag(flags, "usecase"),
      since: textFlag(flags, "since"),
      compare: listFlag(flags, "compare"),
      within: within === undefined ? 30 : wholeNumber(within, "--within"),
      section: textFlag(flags, "section"),
    };
    const rendered = await render(
      await operation(request, context.ports),
      limitFlag(flags),
      out !== undefined,
      context,
    );
    if (out === undefined) {
      context.out(new TextDecoder().decode(rendered));
      return 0;
    }
    context.ports.writeOutput(context.cwd, resolve(context.cwd, out), rendered);
    context.note(`${context.style.green("written")}  ${out}  ${rendered.length} bytes\n`);
    return 0;
  },
};

/** The report in the format that was asked for; 0 rows stand for all. */
async function render(
  value: Report,
  limit: number | undefined,
  isFile: boolean,
  context: CommandContext,
): Promise<Uint8Array> {
  const most = limit === 0 ? Infinity : limit;
  const text = (rendered: string): Uint8Array => new TextEncoder().encode(rendered);
  switch (context.global.format) {
    case "json":
      return text((await import("../../core/export/report/render/json.ts")).renderJson(value));
    case "csv": {
      const section = value.sections.find(({ key }) => key === value.main);
      if (section === undefined) throw new Error(`the report ${value.name} has no table`);
      return text((await import("../../core/export/report/render/csv.ts")).renderCsv(section));
    }
    case "html":
      return text((await import("../../core/export/report/render/html.ts")).renderHtml(value, most));
    case "pdf":
      return (await import("../../core/export/report/render/pdf.ts")).renderPdf(value, most);
    default:
      return text(reportText(value, most ?? TEXT_ROWS, isFile ? inFile : context));
  }
}
