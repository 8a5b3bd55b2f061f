/** `assent list`: entries of one kind, filtered and sorted. */
import { list as operation } from "../../app/find.ts";
import type { Command } from "../command.ts";
import { limitFlag, selectionOf, textFlag } from "../flags.ts";
import { showFound } from "../render/found.ts";

export const list: Command = {
  name: "list",
  summary: "entries of a kind, filtered and sorted",
  arguments: [{ name: "[kind]", description: "model, bundle, policy, ... (default: all kinds)" }],
  options: [
    { flags: "--where <cel>", description: "only entries for which this is true" },
    {
      flags: "--sort <field>",
      description: "title, spec.provider, facts.releaseDate, ...; -field for the highest first",
    },
    { flags: "--limit <n>", description: "at most this many" },
    { flags: "--after <cursor>", description: "go on after this entry" },
  ],
  examples: [
    { line: "assent list bundle", does: "every bundle with its state" },
    {
      line: `assent list model --where 'state == "production"' --sort -facts.releaseDate`,
      does: "production models, newest first",
    },
  ],
  async run(context, args, flags) {
    const request = {
      ...selectionOf(context),
      kind: typeof args[0] === "string" ? args[0] : undefined,
      where: textFlag(flags, "where"),
      sort: textFlag(flags, "sort"),
      limit: limitFlag(flags),
      after: textFlag(flags, "after"),
    };
    showFound(await operation(request, context.ports), context);
    return 0;
  },
};
