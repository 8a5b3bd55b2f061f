/** `assent results`: what was measured on a version. */
import { results as operation } from "../../app/results.ts";
import type { Command } from "../command.ts";
import { selectionOf } from "../flags.ts";
import { resultsText, resultsWire } from "../render/results.ts";

export const results: Command = {
  name: "results",
  summary: "every run on a version, beside its gates, and the cases that fail",
  description:
    "Lists all runs on exactly this content, newest first, those that count for nothing too; the gates of its use case " +
    "with the newest, worst and best value, because a gate is met only when every run meets it; and the cases that fail " +
    "most, here and in other versions.",
  arguments: [{ name: "<entry>", description: "a version: bundle:fraud/score@1.4.0" }],
  examples: [{ line: "assent results bundle:fraud/score@1.4.0", does: "runs, gates and failing cases" }],
  async run(context, args) {
    const found = await operation({ ...selectionOf(context), entry: String(args[0]) }, context.ports);
    context.out(
      context.global.format === "json"
        ? `${JSON.stringify(resultsWire(found))}\n`
        : resultsText(found, context),
    );
    return 0;
  },
};
