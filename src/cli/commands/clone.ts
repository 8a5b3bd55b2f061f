/** `assent clone`: a new entry that says what another one says. */
import { cloneEntry } from "../../app/new.ts";
import type { Command } from "../command.ts";
import { artifactOption, readArtifacts, readFields, setOption, unsetOption } from "../field-flags.ts";
import { selectionOf } from "../flags.ts";
import { showCreated } from "../render/created.ts";
import { readWriteFlags, writeOptions } from "../write-flags.ts";

export const clone: Command = {
  name: "clone",
  summary: "add an entry that says what another one says, under a new id",
  description:
    "Copies everything but the state, its reason, the gate receipt and the sunset; of an identity not its accounts and keys.",
  arguments: [
    { name: "<entry>", description: "such as pipeline:fraud/score@1.0.0" },
    { name: "<id>", description: "the new id, of the same kind" },
  ],
  options: [setOption, unsetOption, artifactOption, ...writeOptions],
  examples: [
    { line: "assent clone pipeline:fraud/score@1.0.0 fraud/triage@1.0.0", does: "adds a pipeline to change" },
  ],
  async run(context, args, flags) {
    const request = {
      ...selectionOf(context),
      entry: String(args[0]),
      id: String(args[1]),
      sets: readFields(flags),
      artifacts: await readArtifacts(flags, context),
    };
    return showCreated(await cloneEntry(request, readWriteFlags(flags, context), context.ports), context);
  },
};
