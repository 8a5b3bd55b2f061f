/** `assent diff`: what two versions differ in, and what that means. */
import { diff as operation } from "../../app/diff.ts";
import type { Command } from "../command.ts";
import { selectionOf } from "../flags.ts";
import { differenceText, differenceWire } from "../render/difference.ts";

export const diff: Command = {
  name: "diff",
  summary: "what two versions differ in, and what that means",
  arguments: [
    { name: "<from>", description: "the older entry" },
    { name: "<to>", description: "the newer entry, of the same kind" },
  ],
  examples: [
    {
      line: "assent diff bundle:fraud/score@1.3.0 bundle:fraud/score@1.4.0",
      does: "every difference, with prompts and schemas compared by meaning",
    },
  ],
  async run(context, args) {
    const request = { ...selectionOf(context), from: String(args[0]), to: String(args[1]) };
    const result = await operation(request, context.ports);
    if (context.global.format === "json")
      context.out(`${JSON.stringify(differenceWire(result, "assent.diff/v1"))}\n`);
    else context.out(differenceText(result, context, true));
    return 0;
  },
};
