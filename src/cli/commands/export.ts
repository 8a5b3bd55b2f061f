/** `assent export`: the registry, or one entry of it, as what another program reads. */
import { resolve } from "node:path";
import { exportAs } from "../../app/export.ts";
import { exportFormats } from "../../core/export/formats.ts";
import type { Command } from "../command.ts";
import { selectionOf, textFlag } from "../flags.ts";

export const exportCommand: Command = {
  name: "export",
  summary: "the registry, or one entry, as what another program reads",
  description:
    `Formats: ${Object.keys(exportFormats).join(", ")}. The text goes to standard output, or with --out into a file. ` +
    "The same registry gives the same bytes. With --format json the text comes with its digest.",
  arguments: [
    { name: "<format>", description: "one of the formats above" },
    { name: "[entry]", description: "what it is about, for formats that are about one entry" },
  ],
  options: [{ flags: "--out <file>", description: "write into this file, whole or not at all" }],
  examples: [
    { line: "assent export cyclonedx bundle:fraud/score@1.4.0", does: "its bill of materials" },
    { line: "assent export model-card model:fraud/scorer@2.1.0", does: "its card, as Markdown" },
    { line: "assent export litellm --out config.yaml", does: "the models, for a LiteLLM proxy" },
    { line: "assent export openlineage", does: "events for a data catalogue" },
  ],
  async run(context, args, flags) {
    const out = textFlag(flags, "out");
    const request = {
      ...selectionOf(context),
      format: String(args[0]),
      entry: typeof args[1] === "string" ? args[1] : undefined,
      out: out === undefined ? undefined : resolve(context.cwd, out),
      version: context.version,
    };
    const { text, sha256, length, ...rest } = await exportAs(request, context.ports);
    if (context.global.format === "json") {
      const { format, subject, mediaType } = rest;
      context.out(
        `${JSON.stringify({ format: "assent.export/v1", export: format, subject, mediaType, sha256, length, text })}\n`,
      );
    } else if (out === undefined) context.out(text);
    else context.out(`${context.style.green("written")}  ${out}  ${length} bytes\n`);
    return 0;
  },
};
