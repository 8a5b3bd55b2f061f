/** `assent search`: full text, typos forgiven. */
import { search as operation } from "../../app/find.ts";
import type { Command } from "../command.ts";
import { limitFlag, selectionOf, textFlag } from "../flags.ts";
import { showFound } from "../render/found.ts";

export const search: Command = {
  name: "search",
  summary: "find entries by words in titles, descriptions, tags and names",
  arguments: [{ name: "<words...>", description: "typos are forgiven" }],
  options: [
    { flags: "--where <cel>", description: "only entries for which this is true" },
    { flags: "--limit <n>", description: "at most this many (default: 20)" },
    { flags: "--after <cursor>", description: "go on after this entry" },
  ],
  examples: [{ line: "assent search sonet claude", does: "finds Claude Sonnet" }],
  async run(context, args, flags) {
    const words = Array.isArray(args[0]) ? args[0].join(" ") : String(args[0]);
    const request = {
      ...selectionOf(context),
      words,
      where: textFlag(flags, "where"),
      limit: limitFlag(flags) ?? 20,
      after: textFlag(flags, "after"),
    };
    const found = await operation(request, context.ports);
    showFound(found, context);
    return 0;
  },
};
