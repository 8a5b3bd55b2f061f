/** `assent deactivate`: takes what is live out of a scope. */
import { deactivate as operation } from "../../app/activate.ts";
import { readScope } from "../../app/entry.ts";
import type { Command } from "../command.ts";
import { selectionOf } from "../flags.ts";
import { showWritten } from "../render/written.ts";
import { readReason, readWriteFlags, reasonOption, writeOptions } from "../write-flags.ts";

export const deactivate: Command = {
  name: "deactivate",
  summary: "take what is live out of a scope",
  arguments: [{ name: "<scope>", description: "such as prod/fraud/score/acme" }],
  options: [
    { flags: "--inherit", description: "let the next wider scope decide, instead of nothing" },
    reasonOption,
    ...writeOptions,
  ],
  examples: [
    {
      line: 'assent deactivate prod/fraud/score/acme --inherit --reason "Acme is back on the default"',
      does: "acme gets what everybody gets",
    },
  ],
  async run(context, args, flags) {
    const scope = readScope(String(args[0]));
    const request = {
      ...selectionOf(context),
      scope,
      inherit: flags["inherit"] === true,
      reason: readReason(flags),
    };
    const result = await operation(request, readWriteFlags(flags, context), context.ports);
    return showWritten(
      result,
      {
        title: `${result.scope}: ${result.from ?? "nothing"} -> ${result.to}`,
        wire: { scope: result.scope, from: result.from, to: result.to },
        next: [{ command: `assent resolve ${result.scope}`, does: "see what services will get" }],
      },
      context,
    );
  },
};
