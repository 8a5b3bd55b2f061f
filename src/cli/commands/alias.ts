/** `assent alias set`: a name for an exact version. */
import { setAlias } from "../../app/alias.ts";
import type { Command } from "../command.ts";
import { selectionOf } from "../flags.ts";
import { showWritten } from "../render/written.ts";
import { readWriteFlags, writeOptions } from "../write-flags.ts";

const set: Command = {
  name: "set",
  summary: "let an alias mean an exact version",
  arguments: [
    { name: "<entry>", description: "without version, such as openai/gpt-4o" },
    { name: "<alias>", description: "such as stable; never latest" },
    { name: "<version>", description: "an exact version" },
  ],
  options: writeOptions,
  examples: [
    {
      line: "assent alias set openai/gpt-4o stable 1.0.0",
      does: "edits registry/models/openai/gpt-4o/aliases.yaml",
    },
  ],
  async run(context, args, flags) {
    const [name, alias, version] = args.map(String) as [string, string, string];
    const request = { ...selectionOf(context), name, alias, version };
    const result = await setAlias(request, readWriteFlags(flags, context), context.ports);
    const title = `${result.ref}@${alias} -> ${version}`;
    const next = [{ command: `assent show ${result.ref}@${alias}`, does: "see what it means now" }];
    return showWritten(result, { title, wire: { ref: result.ref, alias, version }, next }, context);
  },
};

export const alias: Command = {
  name: "alias",
  summary: "names for exact versions of models and pipelines",
  examples: set.examples,
  subcommands: [set],
};
