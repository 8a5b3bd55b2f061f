/** `assent codeowners`: generate the file from ownership, and ask it who owns a path. */
import { generateCodeowners, whoOwns } from "../../app/codeowners.ts";
import type { Command } from "../command.ts";
import { selectionOf, textFlag } from "../flags.ts";
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
      context.out(`${JSON.stringify({ format: "assent.codeowners-generated/v1", ok: !failed, changed: !current && !check })}\n`);
    } else if (current) context.out(`${context.style.green("unchanged")}  CODEOWNERS says what ownership says\n`);
    else if (check) context.out(`${context.style.red("differs")}  CODEOWNERS is not what ownership says; run assent codeowners generate\n`);
    else context.out(`${context.style.green("written")}  CODEOWNERS\n`);
    return failed ? 1 : 0;
  },
};

const who: Command = {
  name: "who",
  summary: "who owns these paths, as GitHub reads the file",
  arguments: [{ name: "<paths...>", description: "relative to the repository" }],
  options: [{ flags: "--file <file>", description: "another CODEOWNERS file" }],
  examples: [{ line: "assent codeowners who registry/registry.yaml", does: "the owners, and the line that decides" }],
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
    context.out(`${renderTable(["PATH", "OWNERS", "BECAUSE OF"], rows, context.columns, context.style).join("\n")}\n`);
    return 0;
  },
};

export const codeowners: Command = {
  name: "codeowners",
  summary: "who owns which path, and the file that tells GitHub",
  examples: [...generate.examples, ...who.examples],
  subcommands: [generate, who],
};
