/** `assent init`: begins a registry. */
import { relative, resolve } from "node:path";
import { init as operation } from "../../app/init.ts";
import type { Command, CommandContext, ExitCode, Flags } from "../command.ts";
import { selectionOf, textFlag } from "../flags.ts";
import { escapeLine } from "../render/escape.ts";
import { showWritten } from "../render/written.ts";
import { readWriteFlags, commitOptions } from "../write-flags.ts";

export const init: Command = {
  name: "init",
  summary: "begin a registry that lints clean, with entries to start from",
  description:
    "Writes a small registry: an identity from git's configuration, environments, a model, a use case with a bundle that " +
    "is live in dev, CODEOWNERS, a workflow that lints pull requests, one that publishes releases once it is switched on, " +
    "and schemas for editors. It observes and blocks nothing. Works in an existing repository; files that are there already stay as they are.",
  arguments: [{ name: "[dir]", description: "the registry's folder (default: where you are)" }],
  options: [
    { flags: "--id <id>", description: "the registry's id (default: the folder's name)" },
    { flags: "--team <@org/team>", description: "who owns it on GitHub: a team, or an account as @login" },
    {
      flags: "--witness",
      description: "instead: the repository of the witness, which records what lands in a registry",
    },
    ...commitOptions,
  ],
  examples: [
    {
      line: "assent init acme-models --team @acme/ml-platform",
      does: "makes the folder and the registry in it",
    },
  ],
  async run(context, args, flags) {
    const { folder } = selectionOf(context);
    const target = resolve(folder, typeof args[0] === "string" ? args[0] : ".");
    if (flags["witness"] === true) return initWitness(target, flags, context);
    const request = {
      folder: target,
      id: textFlag(flags, "id"),
      team: textFlag(flags, "team"),
      version: context.version,
    };
    const result = await operation(request, readWriteFlags(flags, context), context.ports);
    const { id, kept, needsOwner } = result;
    const away = relative(context.cwd, target);
    const next = [
      ...(away === "" ? [] : [{ command: `cd ${quoted(away)}`, does: "go there" }]),
      ...(needsOwner
        ? [
            {
              command: "edit registry/governance/roles/maintainers.yaml",
              does: "name your GitHub login or team, then: assent lint --fix",
            },
          ]
        : []),
      { command: "assent lint", does: "check it" },
      ...(result.hasGit ? [] : [{ command: "git init -b main", does: "make it a repository" }]),
      ...(result.committed === undefined
        ? [{ command: "git add -A && git commit -m 'Begin the registry'", does: "the first landing" }]
        : []),
      { command: "assent resolve dev/support/reply", does: "see what a service would get" },
      {
        command: "assent promote support/reply@1.0.0 --to stage --reason 'Works in dev'",
        does: "your first promotion",
      },
    ];
    const code = showWritten(
      result,
      { title: `registry ${id} in ${target}`, wire: { id, kept, needsOwner }, next },
      context,
    );
    for (const path of kept)
      context.note(`kept ${escapeLine(path)}: it was there already${adviceFor(path)}\n`);
    return code;
  },
};

/** The other repository: the one of whoever records. */
async function initWitness(target: string, flags: Flags, context: CommandContext): Promise<ExitCode> {
  const { initWitness: begin } = await import("../../app/init-witness.ts");
  const request = { folder: target, version: context.version };
  const result = await begin(request, readWriteFlags(flags, context), context.ports);
  const next = [
    {
      command: 'ssh-keygen -t ed25519 -N "" -f witness',
      does: "the witness's key; README.md says where it goes",
    },
  ];
  return showWritten(
    result,
    { title: `the witness's repository in ${target}`, wire: { kept: result.kept }, next },
    context,
  );
}

/** What the user may want to add to a file that was theirs. */
function adviceFor(path: string): string {
  if (path === ".gitattributes") return "; add the line: registry/** text eol=lf";
  if (path === ".vscode/settings.json") return "; assent schema prints what to add";
  return path === ".gitignore" ? "; add the lines: node_modules/ and .assent-*.tmp" : "";
}

/** A path as a POSIX shell takes it. */
function quoted(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
