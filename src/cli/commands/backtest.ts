/** `assent backtest`: which past landings an approval policy or a policy binding would have denied. */
import { backtest as operation } from "../../app/backtest.ts";
import { countsOf as countDiagnostics } from "../../core/validate/report.ts";
import { Failure } from "../../core/model/failure.ts";
import type { Command } from "../command.ts";
import { selectionOf, textFlag, wholeNumber } from "../flags.ts";
import { backtestJson, backtestText, countsOf } from "../render/backtest.ts";
import { sourceReader } from "../render/source.ts";
import { renderBlocks } from "../render/text.ts";

export const backtest: Command = {
  name: "backtest",
  summary: "which past landings a policy would have denied",
  description:
    "Judges the last landings as if this ApprovalPolicy or PolicyBinding had been in force, with what git still knows: " +
    "who made them, what was live since when, which evaluations there were, which signatures are on the branch " +
    "registry-approvals. Reviews on a forge are not in git, so for them it says who would have been asked. " +
    "Exit code 1 when any landing would have been denied.",
  arguments: [
    {
      name: "<policy-file>",
      description: "a file like those in registry/governance; it need not stand there",
    },
  ],
  options: [{ flags: "--last <n>", description: "how many landings, from the newest (default: 20)" }],
  examples: [
    {
      line: "assent backtest registry/governance/approval-policies/go-live-prod.yaml",
      does: "tries a policy before its change is proposed",
    },
  ],
  async run(context, args, flags) {
    const last = wholeNumber(textFlag(flags, "last") ?? "20", "--last");
    if (last === 0)
      throw new Failure("usage/last", "--last 0 would judge nothing.", {
        hint: "Leave it out, or name how many.",
      });
    const result = await operation({ ...selectionOf(context), file: String(args[0]), last }, context.ports);
    const { policy, diagnostics, tree } = result;
    if (context.global.format === "json") context.out(backtestJson(result));
    else {
      const { style, columns, version } = context;
      const report = { entries: 0, counts: countDiagnostics(diagnostics), diagnostics };
      for (const block of renderBlocks(report, { style, columns, version, sourceOf: sourceReader(tree) }))
        context.out(`${block}\n`);
      if (policy === null)
        context.out(`${style.red("refused")}  ${String(args[0])} is no policy that could be in force.\n`);
      else context.out(backtestText(result, context));
    }
    return policy === null || countsOf(result.landings).denied > 0 ? 1 : 0;
  },
};
