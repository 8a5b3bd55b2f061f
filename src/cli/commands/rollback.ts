/** `assent rollback`: returns a scope to what it had before. */
import { rollback as operation } from "../../app/activate.ts";
import { readScope } from "../../app/entry.ts";
import type { Command } from "../command.ts";
import { selectionOf, textFlag } from "../flags.ts";
import { showWritten } from "../render/written.ts";
import { readReason, readWriteFlags, reasonOption, writeOptions } from "../write-flags.ts";

export const rollback: Command = {
  name: "rollback",
  summary: "return a scope to what was live before",
  arguments: [{ name: "<scope>", description: "such as prod/fraud/score" }],
  options: [
    { flags: "--to <version>", description: "the version to return to (default: what was live before)" },
    reasonOption,
    ...writeOptions,
  ],
  examples: [
    {
      line: 'assent rollback prod/fraud/score --reason "False alarms abroad"',
      does: "edits the Activation back",
    },
  ],
  async run(context, args, flags) {
    const scope = readScope(String(args[0]));
    const to = textFlag(flags, "to");
    const request = { ...selectionOf(context), scope, to, reason: readReason(flags) };
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
