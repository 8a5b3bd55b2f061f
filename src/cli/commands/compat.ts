/** `assent compat`: may one version replace the other, and which model versions pipelines can run with. */
import { diff as operation } from "../../app/diff.ts";
import { Failure } from "../../core/model/failure.ts";
import type { Command, CommandContext, Flags } from "../command.ts";
import { listFlag, selectionOf, textFlag } from "../flags.ts";
import { differenceText, differenceWire } from "../render/difference.ts";

export const compat: Command = {
  name: "compat",
  summary: "may one version replace the other",
  description:
    "With --matrix: for every pipeline and every model that it names, which versions of that model could take the place, " +
    "which break it and which only measuring tells, each with the reason.",
  arguments: [
    { name: "[from]", description: "the older entry" },
    { name: "[to]", description: "the newer entry, of the same kind" },
  ],
  options: [
    { flags: "--matrix", description: "pipelines and the versions of the models they name" },
    {
      flags: "--pipeline <entry>",
      description: "in the matrix only this one; may be repeated",
      repeatable: true,
    },
    { flags: "--model <name>", description: "in the matrix only this model, such as openai/gpt-4o" },
  ],
  formats: ["csv", "html"],
  examples: [
    {
      line: "assent compat bundle:fraud/score@1.3.0 bundle:fraud/score@1.4.0",
      does: "exit 1 when it may not",
    },
    { line: "assent compat --matrix --format html", does: "pipelines and model versions as a page" },
  ],
  async run(context, args, flags) {
    const { format } = context.global;
    if (flags["matrix"] === true) {
      if (args[0] !== undefined)
        throw new Failure("usage/matrix", "A matrix is of all versions, and two were named.", {
          hint: "Leave out --matrix, or the entries; --pipeline and --model narrow it.",
        });
      await showMatrix(context, flags);
      return 0;
    }
    if (args[0] === undefined || args[1] === undefined)
      throw new Failure("usage/two-versions", "Two versions are compared.", {
        hint: "Write assent compat <from> <to>, or assent compat --matrix.",
      });
    if (
      format === "csv" ||
      format === "html" ||
      flags["pipeline"] !== undefined ||
      flags["model"] !== undefined
    )
      throw new Failure("usage/matrix", "CSV, HTML, --pipeline and --model are for the matrix.", {
        hint: "Add --matrix and name no entries.",
      });
    const request = { ...selectionOf(context), from: String(args[0]), to: String(args[1]) };
    const result = await operation(request, context.ports);
    if (format === "json") context.out(`${JSON.stringify(differenceWire(result, "assent.compat/v1"))}\n`);
    else context.out(differenceText(result, context, false));
    return result.breaking === false ? 0 : 1;
  },
};

async function showMatrix(context: CommandContext, flags: Flags): Promise<void> {
  const { matrix } = await import("../../app/matrix.ts");
  const { matrixCsv, matrixHtml, matrixText, matrixWire } = await import("../render/matrix.ts");
  const request = {
    ...selectionOf(context),
    pipelines: listFlag(flags, "pipeline"),
    model: textFlag(flags, "model"),
  };
  const found = await matrix(request, context.ports);
  switch (context.global.format) {
    case "json":
      return context.out(`${JSON.stringify(matrixWire(found))}\n`);
    case "csv":
      return context.out(matrixCsv(found));
    case "html":
      return context.out(matrixHtml(found));
    default:
      return context.out(matrixText(found, context.style));
  }
}
