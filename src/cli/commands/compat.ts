/** `assent compat`: may one version replace the other. */
import { diff as operation } from "../../app/diff.ts";
import type { Command } from "../command.ts";
import { selectionOf } from "../flags.ts";
import { differenceText, differenceWire } from "../render/difference.ts";

export const compat: Command = {
  name: "compat",
  summary: "may one version replace the other",
  arguments: [
    { name: "<from>", description: "the older entry" },
    { name: "<to>", description: "the newer entry, of the same kind" },
  ],
  examples: [
    {
      line: "assent compat bundle:fraud/score@1.3.0 bundle:fraud/score@1.4.0",
      does: "exit 1 when it may not",
    },
  ],
  async run(context, args) {
    const request = { ...selectionOf(context), from: String(args[0]), to: String(args[1]) };
    const result = await operation(request, context.ports);
    if (context.global.format === "json")
      context.out(`${JSON.stringify(differenceWire(result, "assent.compat/v1"))}\n`);
    else context.out(differenceText(result, context, false));
    return result.breaking === false ? 0 : 1;
  },
};
