/** `assent edit`: one change over many entries. */
import { editEntries } from "../../app/edit.ts";
import { Failure } from "../../core/model/failure.ts";
import type { Command } from "../command.ts";
import { readFields, setOption, unsetOption } from "../field-flags.ts";
import { selectionOf, textFlag } from "../flags.ts";
import { showWritten } from "../render/written.ts";
import { plural } from "../render/words.ts";
import { readReason, readWriteFlags, reasonOption, writeOptions } from "../write-flags.ts";

export const edit: Command = {
  name: "edit",
  summary: "change the same fields of many entries, all of them or none",
  description:
    "Refused as a whole when one entry would become invalid or landed content would change. Comments are kept.",
  arguments: [{ name: "<kind>", description: "model, bundle, usecase, ..." }],
  options: [
    {
      flags: "--where <cel>",
      description: "which entries, such as 'spec.provider == \"provider:openai\"'; true is all of them",
    },
    setOption,
    unsetOption,
    reasonOption,
    ...writeOptions,
  ],
  examples: [
    {
      line: 'assent edit model --where \'ns == "openai"\' --set owner=role:ml-platform --reason "One team for all of them"',
      does: "changes the owner of many models",
    },
  ],
  async run(context, args, flags) {
    const where = textFlag(flags, "where");
    if (where === undefined) {
      throw new Failure("usage/where-missing", "Which entries is missing.", {
        hint: "Add --where <cel>; --where true means all of them.",
      });
    }
    const changes = readFields(flags);
    if (changes.length === 0) {
      throw new Failure("usage/set", "What to change is missing.", {
        hint: "Add --set path=value or --unset path.",
      });
    }
    const request = {
      ...selectionOf(context),
      kind: String(args[0]),
      where,
      changes,
      reason: readReason(flags),
    };
    const result = await editEntries(request, readWriteFlags(flags, context), context.ports);
    const { matched, refs, unreadable } = result;
    if (unreadable > 0)
      context.note(
        `${plural(unreadable, "file")} could not be read and was left alone: assent lint says why\n`,
      );
    const title =
      matched === 0
        ? "no entry matches"
        : `${refs.length} of ${plural(matched, "matching entry", "matching entries")}`;
    const next = [{ command: "assent lint --base HEAD", does: "check the change" }];
    return showWritten(result, { title, wire: { matched, refs, unreadable }, next }, context);
  },
};
