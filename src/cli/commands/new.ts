/** `assent new`: scaffolds an entry. */
import { newEntry } from "../../app/new.ts";
import type { Command } from "../command.ts";
import { artifactOption, readArtifacts, readFields, setOption, unsetOption } from "../field-flags.ts";
import { selectionOf, textFlag } from "../flags.ts";
import { showCreated } from "../render/created.ts";
import { readWriteFlags, writeOptions } from "../write-flags.ts";

export const newCommand: Command = {
  name: "new",
  summary: "add an entry; what follows from the registry or an older version is filled in",
  description:
    "Fills in what has one right answer, and lists what is still missing with the flag to type; until then nothing is " +
    "written. --from carries over everything of an older version but its state, reason, receipt and sunset.",
  arguments: [
    { name: "<kind>", description: "model, bundle, usecase, environment, ..." },
    { name: "<id>", description: "such as openai/gpt-4o@1.0.0, fraud/score or prod" },
  ],
  options: [
    { flags: "--from <entry>", description: "start from this entry; without a version, from its highest" },
    setOption,
    unsetOption,
    artifactOption,
    ...writeOptions,
  ],
  examples: [
    {
      line: "assent new model openai/gpt-5@1.0.0 --from openai/gpt-4o@1.0.0 --set spec.upstreamId=gpt-5",
      does: "adds a model like another",
    },
    {
      line: "assent new bundle support/reply@1.1.0 --from support/reply --artifact prompt=prompt.txt",
      does: "adds a version with another prompt",
    },
    { line: "assent new environment qa", does: "adds an environment above the others" },
  ],
  async run(context, args, flags) {
    const result = await newEntry(
      {
        ...selectionOf(context),
        kind: String(args[0]),
        id: String(args[1]),
        from: textFlag(flags, "from"),
        sets: readFields(flags),
        artifacts: await readArtifacts(flags, context),
      },
      readWriteFlags(flags, context),
      context.ports,
    );
    return showCreated(result, context);
  },
};
