/** `assent fmt`: canonical layout, comments kept. */
import { formatFiles } from "../../app/format.ts";
import { Failure } from "../../core/model/failure.ts";
import { countsOf } from "../../core/validate/report.ts";
import type { Command } from "../command.ts";
import { pathsFromRoot, selectionOf } from "../flags.ts";
import { escapeLine } from "../render/escape.ts";
import { diagnosticWire } from "../render/json.ts";
import { sourceReader } from "../render/source.ts";
import { renderBlocks } from "../render/text.ts";
import { plural } from "../render/words.ts";

export const fmt: Command = {
  name: "fmt",
  summary: "write entries in their canonical layout, comments kept",
  arguments: [{ name: "[paths...]", description: "files or folders (default: the whole registry)" }],
  options: [{ flags: "--check", description: "write nothing; exit 1 when a file would change" }],
  examples: [
    { line: "assent fmt", does: "formats the whole registry" },
    { line: "assent fmt --check registry/models", does: "fails when a model is not formatted" },
  ],
  async run(context, args, flags) {
    const check = flags["check"] === true;
    const { folder, at, onProgress } = selectionOf(context);
    if (at !== undefined) {
      throw new Failure(
        "usage/format-the-past",
        "fmt writes the files on disk, and --at names what landed.",
        {
          hint: "Leave out --at.",
        },
      );
    }
    const result = await formatFiles(
      { folder, onProgress, paths: await pathsFromRoot(args[0], context), check },
      context.ports,
    );
    const failed = countsOf(result.diagnostics).error > 0 || (check && result.changed.length > 0);
    const { style, columns, version, global } = context;
    if (global.format === "json") {
      const { files, changed } = result;
      const diagnostics = result.diagnostics.map(diagnosticWire);
      context.out(
        `${JSON.stringify({ format: "assent.fmt/v1", ok: !failed, files, changed, diagnostics })}\n`,
      );
      return failed ? 1 : 0;
    }
    for (const path of result.changed)
      context.out(`${check ? "would change" : "formatted"}  ${escapeLine(path)}\n`);
    const report = {
      entries: result.files,
      counts: countsOf(result.diagnostics),
      diagnostics: result.diagnostics,
    };
    for (const block of renderBlocks(report, {
      style,
      columns,
      version,
      sourceOf: sourceReader(result.tree),
    }))
      context.out(`${block}\n`);
    const words = `${plural(result.files, "file")}, ${result.changed.length} ${check ? "to format" : "changed"}`;
    context.out(`${failed ? style.red("failed") : style.green("ok")}  ${words}\n`);
    return failed ? 1 : 0;
  },
};
