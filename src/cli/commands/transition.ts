/** `assent transition`: moves one version to another state. */
import { transition as operation } from "../../app/transition.ts";
import type { Command } from "../command.ts";
import { selectionOf, textFlag } from "../flags.ts";
import { showWritten } from "../render/written.ts";
import { readReason, readWriteFlags, reasonOption, writeOptions } from "../write-flags.ts";

export const transition: Command = {
  name: "transition",
  summary: "move an entry to another state",
  arguments: [
    { name: "<entry>", description: "the exact version, such as bundle:fraud/score@1.4.0" },
    { name: "<state>", description: "approved, deprecated, retired, ..." },
  ],
  options: [
    { flags: "--sunset <date>", description: "with deprecated: until when it works, or unknown" },
    { flags: "--replaced-by <entry>", description: "with deprecated: what takes its place" },
    reasonOption,
    ...writeOptions,
  ],
  examples: [
    {
      line: 'assent transition bundle:fraud/score@1.5.0 approved --reason "Reviewed by model risk"',
      does: "edits its state",
    },
  ],
  async run(context, args, flags) {
    const result = await operation(
      {
        ...selectionOf(context),
        entry: String(args[0]),
        state: String(args[1]),
        reason: readReason(flags),
        sunset: textFlag(flags, "sunset"),
        replacedBy: textFlag(flags, "replacedBy"),
      },
      readWriteFlags(flags, context),
      context.ports,
    );
    const { ref, from, to } = result;
    const goLive =
      to === "approved"
        ? [{ command: `assent promote ${ref} --to <environment> --reason <why>`, does: "make it live" }]
        : [];
    const next = [{ command: "assent lint --base HEAD", does: "check the change" }, ...goLive];
    return showWritten(
      result,
      { title: `${ref}: ${from ?? "no state"} -> ${to}`, wire: { ref, from, to }, next },
      context,
    );
  },
};
