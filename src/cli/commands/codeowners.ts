/** `assent codeowners`: generate the file from ownership, ask it who owns a path, and find what is wrong with it. */
import { dirname, resolve } from "node:path";
import { generateCodeowners, whoOwns } from "../../app/codeowners.ts";
import type { Command } from "../command.ts";
import { maxWarnings, selectionOf, textFlag } from "../flags.ts";
import { diagnosticFormats } from "../render/diagnostics.ts";
import { sourceReader } from "../render/source.ts";
import { renderTable } from "../render/table.ts";

const generate: Command = {
  name: "generate",
  summary: "write CODEOWNERS from registry.yaml's ownership",
  options: [{ flags: "--check", description: "write nothing; exit 1 when the file differs" }],
  examples: [{ line: "assent codeowners generate", does: "brings CODEOWNERS up to date" }],
  async run(context, _args, flags) {
    const check = flags["check"] === true;
    const { current } = await generateCodeowners({ ...selectionOf(context), check }, context.ports);
    const failed = check && !current;
    if (context.global.format === "json") {
      context.out(
        `${JSON.stringify({ format: "assent.codeowners-generated/v1", ok: !failed, changed: !current && !check })}\n`,
      );
    } else if (current)
      context.out(`${context.style.green("unchanged")}  CODEOWNERS says what ownership says\n`);
    else if (check)
      context.out(
        `${context.style.red("differs")}  CODEOWNERS is not what ownership says; run assent codeowners generate\n`,
      );
    else context.out(`${context.style.green("written")}  CODEOWNERS\n`);
    return failed ? 1 : 0;
  },
};

const who: Command = {
  name: "who",
  summary: "who owns these paths, as GitHub reads the file",
  arguments: [{ name: "<paths...>", description: "relative to the repository" }],
  options: [{ flags: "--file <file>", description: "another CODEOWNERS file" }],
  examples: [
    { line: "assent codeowners who registry/registry.yaml", does: "the owners, and the line that decides" },
  ],
  async run(context, args, flags) {
    const paths = (Array.isArray(args[0]) ? args[0] : []).map(String);
    const { folder } = selectionOf(context);
    const answers = whoOwns({ folder, paths, file: textFlag(flags, "file") }, context.ports);
    if (context.global.format === "json") {
      const wire = answers.map(({ path, owners, line, pattern }) => ({ path, owners, line, pattern }));
      context.out(`${JSON.stringify({ format: "assent.codeowners/v1", paths: wire })}\n`);
      return 0;
    }
    const rows = answers.map(({ path, owners, line, pattern }) => [
      path,
      owners === null ? "no line matches" : owners.length === 0 ? "nobody" : owners.join(" "),
      line === null ? "" : `line ${line}: ${pattern}`,
    ]);
    context.out(
      `${renderTable(["PATH", "OWNERS", "BECAUSE OF"], rows, context.columns, context.style).join("\n")}\n`,
    );
    return 0;
  },
};

const lint: Command = {
  name: "lint",
  summary: "what GitHub skips, what decides nothing, who is not known",
  description:
    "Reads a CODEOWNERS file as GitHub reads it: lines it skips, several files, lines that match no file or that a later " +
    "line overrides, paths with one owner only, and rules without owners. In a registry, owners are compared with its " +
    "identities and roles. Any repository's file can be asked about; --file is judged with the repository around it, or with -C.",
  options: [
    { flags: "--file <file>", description: "another CODEOWNERS file" },
    { flags: "--max-warnings <n>", description: "fail when there are more warnings than this" },
  ],
  formats: ["github", "sarif", "junit", "markdown"],
  examples: [
    { line: "assent codeowners lint", does: "checks the file that GitHub reads" },
    { line: "assent codeowners lint --format github", does: "annotates a pull request" },
  ],
  async run(context, _args, flags) {
    const { global, style, columns, version } = context;
    const most = maxWarnings(flags);
    const selection = selectionOf(context);
    const typed = textFlag(flags, "file");
    const file = typed === undefined ? undefined : resolve(selection.folder, typed);
    const folder = file === undefined || global.repo !== undefined ? selection.folder : dirname(file);
    const { lintOwners } = await import("../../app/codeowners-lint.ts");
    const result = await lintOwners({ ...selection, folder, file }, context.ports);
    const render = await diagnosticFormats[global.format]?.();
    if (render === undefined) throw new Error(`no renderer for ${global.format}`);
    context.out(render(result, { style, columns, version, sourceOf: sourceReader(result.tree) }));
    return result.counts.error > 0 || result.counts.warning > most ? 1 : 0;
  },
};

export const codeowners: Command = {
  name: "codeowners",
  summary: "who owns which path, and the file that tells GitHub",
  examples: [...generate.examples, ...who.examples, ...lint.examples],
  subcommands: [generate, who, lint],
};
