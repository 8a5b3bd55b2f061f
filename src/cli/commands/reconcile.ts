/** `assent reconcile`: where code and registry disagree. */
import { reconcile as reconcileWith } from "../../app/reconcile.ts";
import type { Command } from "../command.ts";
import { maxWarnings, selectionOf } from "../flags.ts";
import { diagnosticFormats } from "../render/diagnostics.ts";
import { diagnosticWire } from "../render/json.ts";
import { jsonLine } from "../render/escape.ts";
import { sourceReader } from "../render/source.ts";

export const reconcile: Command = {
  name: "reconcile",
  summary: "where code, or another system's configuration, and the registry disagree",
  description:
    "Reads a folder of code, or one file, and looks at the names of models in it: unknown to the registry, deprecated, " +
    "retired, or exact where an alias stands for them. In a LiteLLM configuration it compares prices and limits. Exit 1 " +
    "when code names what is retired, or when there are more warnings than --max-warnings.",
  arguments: [{ name: "<source>", description: "a folder of code, a file of code, or a configuration" }],
  options: [{ flags: "--max-warnings <n>", description: "fail when there are more warnings than this" }],
  formats: ["github", "sarif", "junit", "markdown"],
  examples: [
    { line: "assent reconcile ../service/src", does: "hard-coded models in a service's code" },
    { line: "assent reconcile litellm.yaml --max-warnings 0", does: "prices and limits of a proxy" },
  ],
  async run(context, args, flags) {
    const { global, style, columns, version } = context;
    const most = maxWarnings(flags);
    const result = await reconcileWith({ ...selectionOf(context), source: String(args[0]) }, context.ports);
    const { source, files, counts, diagnostics } = result;
    const failed = counts.error > 0 || counts.warning > most;
    if (global.format === "json") {
      const { error, warning, info } = counts;
      const wire = diagnostics.map(diagnosticWire);
      const ok = !failed;
      context.out(
        jsonLine({
          format: "assent.reconcile/v1",
          ok,
          source,
          files,
          counts: { error, warning, info },
          diagnostics: wire,
        }),
      );
    } else {
      const render = await diagnosticFormats[global.format]?.();
      if (render === undefined) throw new Error(`no renderer for ${global.format}`);
      const report = { entries: files, counts, diagnostics };
      context.out(render(report, { style, columns, version, sourceOf: sourceReader(result.tree) }));
    }
    return failed ? 1 : 0;
  },
};
