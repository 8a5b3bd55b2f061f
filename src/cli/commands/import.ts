/** `assent import`: foreign catalogues become entries. */
import { importSource } from "../../app/import.ts";
import { importFormats } from "../../core/import/index.ts";
import type { Command } from "../command.ts";
import { listFlag, selectionOf, textFlag } from "../flags.ts";
import { showImport } from "../render/import.ts";
import { readWriteFlags, writeOptions } from "../write-flags.ts";

const files = importFormats.flatMap(({ name, source }) => (source.is === "file" ? [name] : [])).join(", ");

export const importCommand: Command = {
  name: "import",
  summary: "make entries of a foreign catalogue, and keep them up to date",
  description:
    `Formats: models.dev (a folder); ${files} (a file). New models get version 1.0.0; a second import ` +
    "changes nothing. Where the source changed, facts and prices are edited in place, a changed spec becomes the " +
    "next version, and a model that vanished becomes deprecated. Titles, owners, tags, comments and keys that the " +
    "source does not know stay as people wrote them. Records that cannot be imported are reported one by one, and so is " +
    "each fact on which an entry and the source differ. With --adopt new entries carry the label adopted, and what the " +
    "source says is live becomes an Activation.",
  arguments: [
    { name: "<format>", description: "one of the formats above, or plugin:<name> (assent plugin list)" },
    { name: "<source>", description: "the folder or file to import" },
  ],
  options: [
    {
      flags: "--only <patterns...>",
      description: "only these <provider>/<id>; * stands for anything",
      repeatable: true,
    },
    { flags: "--namespace <name>", description: "put new models here (default: the provider's name)" },
    { flags: "--state <state>", description: "state of new models (default: experimental)" },
    { flags: "--owner <entry>", description: "owner of new models, such as role:ml-platform" },
    { flags: "--adopt", description: "take over entries of others; bring what is live" },
    { flags: "--id <id>", description: "huggingface-card: the model that the card is about" },
    { flags: "--map <words...>", description: "csv: <column>=<field of the entry>", repeatable: true },
    { flags: "--allow-vanished", description: "go on when over 5% of the imported models are missing" },
    ...writeOptions,
  ],
  examples: [
    { line: "assent import models.dev ../models.dev --dry-run", does: "shows what an import would do" },
    { line: 'assent import models.dev ../models.dev --only "openai/gpt-4o*"', does: "imports a few models" },
    { line: "assent import mlflow models.json --adopt --owner role:ml", does: "brings what already runs" },
  ],
  async run(context, args, flags) {
    const result = await importSource(
      {
        ...selectionOf(context),
        format: String(args[0]),
        source: String(args[1]),
        only: listFlag(flags, "only")
          .flatMap((list) => list.split(","))
          .map((pattern) => pattern.trim())
          .filter((pattern) => pattern !== ""),
        columns: listFlag(flags, "map"),
        id: textFlag(flags, "id"),
        namespace: textFlag(flags, "namespace"),
        state: textFlag(flags, "state"),
        owner: textFlag(flags, "owner"),
        adopt: flags["adopt"] === true,
        allowVanished: flags["allowVanished"] === true,
      },
      readWriteFlags(flags, context),
      context.ports,
    );
    return showImport(result, context);
  },
};
