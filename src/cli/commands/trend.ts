/** `assent trend`: how a metric of a use case went. */
import { trend as operation } from "../../app/results.ts";
import type { Command } from "../command.ts";
import { neededFlag, selectionOf, textFlag } from "../flags.ts";
import { trendCsv, trendText, trendWire } from "../render/trend.ts";

export const trend: Command = {
  name: "trend",
  summary: "how a metric of a use case went over time and versions",
  description:
    "Every run on any version of the use case's bundle that carries the metric, oldest first, with the gates that ask " +
    "for it. As a table with a line of bars, as a drawing that stands alone (svg), csv or json.",
  arguments: [{ name: "<metric>", description: "as runs record it: auc_roc" }],
  options: [
    { flags: "--usecase <usecase>", description: "whose bundles: <ns>/<name>" },
    { flags: "--suite <suite>", description: "only runs of this suite" },
  ],
  formats: ["svg", "csv"],
  examples: [
    { line: "assent trend auc --usecase fraud/score", does: "a table and a line of bars" },
    { line: "assent trend auc --usecase fraud/score --format svg", does: "a drawing for a page" },
  ],
  async run(context, args, flags) {
    const { global } = context;
    const request = {
      ...selectionOf(context),
      metric: String(args[0]),
      usecase: neededFlag(flags, "usecase", "--usecase <usecase>"),
      suite: textFlag(flags, "suite"),
    };
    const found = await operation(request, context.ports);
    if (global.format === "svg") context.out((await import("../render/trend-svg.ts")).trendSvg(found));
    else if (global.format === "csv") context.out(trendCsv(found));
    else if (global.format === "json") context.out(`${JSON.stringify(trendWire(found))}\n`);
    else context.out(trendText(found, context));
    return 0;
  },
};
