/** `assent lint`: flags -> the lint operation -> a renderer -> exit code. */
import { lint as lintOperation } from "../../app/lint.ts";
import type { Command } from "../command.ts";
import { maxWarnings, pathsFromRoot, selectionOf, textFlag } from "../flags.ts";
import { diagnosticFormats } from "../render/diagnostics.ts";
import { sourceReader } from "../render/source.ts";

export const lint: Command = {
  name: "lint",
  summary: "check everything that can be known without approvals",
  description:
    "Checks every entry: syntax, schema, references, and each kind's own rules. Paths restrict what is " +
    "reported, not what is read. With --base it also checks the moves of a change: frozen specs, legal " +
    "transitions, nothing deleted that has landed.",
  arguments: [{ name: "[paths...]", description: "files or folders to report on (default: all)" }],
  options: [
    { flags: "--base <rev>", description: "also judge the change since this revision" },
    { flags: "--fix", description: "apply what has exactly one right answer" },
    {
      flags: "--lapses-within <time>",
      description: "instead: what ends or is due by then, such as 30d (waivers, reviews, sunsets)",
    },
    { flags: "--max-warnings <n>", description: "fail when there are more warnings than this" },
  ],
  formats: ["github", "sarif", "junit", "markdown"],
  examples: [
    { line: "assent lint", does: "checks the whole registry" },
    { line: "assent lint registry/live", does: "reports only on what is live" },
    { line: "assent lint --lapses-within 30d", does: "waivers that end, reviews that are due" },
    { line: "assent lint --base origin/main --format github", does: "annotates a pull request" },
  ],
  async run(context, args, flags) {
    const { global } = context;
    const most = maxWarnings(flags);
    const base = typeof flags["base"] === "string" ? flags["base"] : undefined;
    const paths = await pathsFromRoot(args[0], context);
    const result = await lintOperation(
      {
        ...selectionOf(context),
        paths,
        base,
        fix: flags["fix"] === true,
        lapsesWithin: textFlag(flags, "lapsesWithin"),
      },
      context.ports,
    );
    for (const path of result.fixed) context.note(`fixed ${path}\n`);
    const render = await diagnosticFormats[global.format]?.();
    if (render === undefined) throw new Error(`no renderer for ${global.format}`);
    const { style, columns, version } = context;
    const report = { entries: result.entries, counts: result.counts, diagnostics: result.diagnostics };
    context.out(render(report, { style, columns, version, sourceOf: sourceReader(result.tree) }));
    return result.counts.error > 0 || result.counts.warning > most ? 1 : 0;
  },
};
