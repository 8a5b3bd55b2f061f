/** `assent promote`: makes a bundle live in a scope, as a two-line change. */
import { promote as operation } from "../../app/activate.ts";
import { Failure } from "../../core/model/failure.ts";
import type { Command } from "../command.ts";
import { selectionOf, textFlag } from "../flags.ts";
import { showWritten } from "../render/written.ts";
import { readReason, readWriteFlags, reasonOption, writeOptions } from "../write-flags.ts";

export const promote: Command = {
  name: "promote",
  summary: "make a bundle live in a scope",
  arguments: [{ name: "<bundle>", description: "the exact version, such as fraud/score@1.4.0" }],
  options: [
    { flags: "--to <environment>", description: "the environment" },
    { flags: "--tenant <tenant>", description: "only for this tenant" },
    { flags: "--scenario <scenario>", description: "only for this scenario" },
    {
      flags: "--emergency",
      description: "ask for the emergency approvals; shown everywhere until it is taken away",
    },
    reasonOption,
    ...writeOptions,
  ],
  examples: [
    {
      line: 'assent promote fraud/score@1.4.0 --to prod --reason "Better recall abroad"',
      does: "edits registry/live/prod/fraud/score.yaml",
    },
  ],
  async run(context, args, flags) {
    const environment = textFlag(flags, "to");
    if (environment === undefined) {
      throw new Failure("usage/environment", "Where to is missing.", {
        hint: "Add --to <environment>, such as --to stage.",
      });
    }
    const result = await operation(
      {
        ...selectionOf(context),
        bundle: String(args[0]),
        environment,
        tenant: textFlag(flags, "tenant") ?? null,
        scenario: textFlag(flags, "scenario") ?? null,
        emergency: flags["emergency"] === true,
        reason: readReason(flags),
      },
      readWriteFlags(flags, context),
      context.ports,
    );
    const { scope, from, to } = result;
    return showWritten(
      result,
      {
        title: `${scope}: ${from ?? "nothing"} -> ${to}`,
        wire: { scope, from, to },
        next: [
          { command: "assent lint --base HEAD", does: "check the change" },
          { command: `assent resolve ${scope}`, does: "see what services will get" },
        ],
      },
      context,
    );
  },
};
