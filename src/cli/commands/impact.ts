/** `assent impact`: who is hit when an entry goes, or another takes its place. */
import { impact as operation } from "../../app/impact.ts";
import type { Command } from "../command.ts";
import { selectionOf, textFlag } from "../flags.ts";
import { impactPatch, impactText, impactWire } from "../render/impact.ts";

export const impact: Command = {
  name: "impact",
  summary: "who is hit when an entry goes, or another takes its place",
  description:
    "Follows everything that stands on an entry up to what is live: how far away, by which way, whether it breaks, how " +
    "bad that is, and what to do. With --to, or where the entry names what replaces it, the two are compared, and the " +
    "exchange is planned: new versions as drafts, since published ones are frozen. --format patch prints that plan for " +
    "git apply; nothing is written.",
  arguments: [{ name: "<entry>", description: "what goes" }],
  options: [{ flags: "--to <entry>", description: "what would take its place" }],
  formats: ["patch"],
  examples: [
    {
      line: "assent impact model:fraud/scorer@2.1.0",
      does: "every bundle, scope and tenant that is hit, and how",
    },
  ],
  async run(context, args, flags) {
    const request = { ...selectionOf(context), entry: String(args[0]), to: textFlag(flags, "to") };
    const result = await operation(request, context.ports);
    const { format } = context.global;
    if (format === "json") context.out(`${JSON.stringify(impactWire(result))}\n`);
    else if (format === "patch") {
      context.out(impactPatch(result));
      for (const { ref } of result.migration?.requests ?? [])
        context.note(`${ref} has to be measured and published; --format json holds its spec.\n`);
    } else context.out(impactText(result, context));
    return 0;
  },
};
