/** `assent setup github`: the forge's side of a level, printed, then made. */
import { setupGithub, type SetupResult } from "../../app/setup.ts";
import type { SetupStep } from "../../core/govern/setup.ts";
import { fullName } from "../../core/model/repository-name.ts";
import type { Command, CommandContext } from "../command.ts";
import { repositoryFlag, selectionOf, textFlag, wholeNumber } from "../flags.ts";
import { escapeLine } from "../render/escape.ts";

const github: Command = {
  name: "github",
  summary: "rulesets, settings and workflows of a level",
  description:
    "Compares a repository on GitHub with what a level needs and prints the differences; with --apply it makes them. " +
    "Level 1: the gate as an Action. Level 2: the gate as an App (permissions: checks and pull requests write, contents " +
    "read) with a merge queue. Level 3: signed approvals. At every level the environment `release`, whose secrets are the " +
    "keys of releases; how they get there is told and left to people. Needs an administrator's token in GITHUB_TOKEN.",
  options: [
    { flags: "--level <n>", description: "how far it goes", choices: ["1", "2", "3"] },
    { flags: "--github <owner/repo>", description: "the repository (default: $GITHUB_REPOSITORY)" },
    { flags: "--app-id <number>", description: "the App whose check counts; needed from level 2 on" },
    { flags: "--apply", description: "make it so; without it nothing is changed" },
  ],
  examples: [
    { line: "assent setup github --level 1 --github octo/registry", does: "shows what level 1 would change" },
    {
      line: "assent setup github --level 1 --github octo/registry --apply",
      does: "changes it; a second run finds nothing to do",
    },
  ],
  async run(context, _args, flags) {
    const repo = repositoryFlag(flags, context, true);
    const appId = textFlag(flags, "appId");
    const level = textFlag(flags, "level") === "3" ? 3 : textFlag(flags, "level") === "2" ? 2 : 1;
    const request = {
      ...selectionOf(context),
      repo,
      level,
      appId: appId === undefined ? undefined : wholeNumber(appId, "--app-id"),
      apply: flags["apply"] === true,
    } as const;
    const forge = await context.ports.openForge({ env: context.env, version: context.version });
    const result = await setupGithub(request, forge, context.ports);
    if (context.global.format === "json") {
      const wire = (step: SetupStep) => ({
        kind: step.change.kind,
        what: step.what,
        why: step.why,
        body: step.change.body,
      });
      const { branch, applied, files, byHand } = result;
      const value = { format: "assent.setup/v1", repository: fullName(repo), level, branch, applied };
      context.out(
        `${JSON.stringify({ ...value, steps: result.steps.map(wire), later: result.later.map(wire), files, byHand })}\n`,
      );
    } else context.out(renderSetup(`${fullName(repo)}, level ${level}`, result, context));
    return 0;
  },
};

function renderSetup(
  title: string,
  { steps, later, files, applied, branch, byHand }: SetupResult,
  { style }: CommandContext,
): string {
  const lines = [`${style.bold(escapeLine(title))}  protected branch ${escapeLine(branch)}`];
  const list = (heading: string, items: readonly (readonly [string, string])[]): void => {
    if (items.length === 0) return;
    lines.push("", style.bold(heading));
    for (const [what, why] of items)
      lines.push(`  ${escapeLine(what)}`, ...(why === "" ? [] : [`    ${style.dim(escapeLine(why))}`]));
  };
  const told = (each: readonly SetupStep[]) => each.map(({ what, why }) => [what, why] as const);
  list(applied ? "Changed on GitHub" : "To change on GitHub", told(steps));
  list(
    applied ? "Written here" : "To write here",
    files.map(({ path, change }) => [`${change}  ${path}`, ""] as const),
  );
  list("To change once these files have landed", told(later));
  if (files.length + later.length === 0)
    list(
      "By hand, to publish releases (what is set already cannot be seen from here)",
      byHand.map(({ what, command }) => [command, what] as const),
    );
  const nothing = steps.length + later.length + files.length === 0;
  lines.push("");
  if (nothing) lines.push(style.green("Nothing to do: it is as the level asks."));
  else if (!applied) lines.push("Nothing was changed. Run it again with --apply.");
  else if (files.length > 0 || later.length > 0)
    lines.push("Land the files by a pull request, then run this again.");
  else lines.push(style.green("Done."));
  return `${lines.join("\n")}\n`;
}

export const setup: Command = {
  name: "setup",
  summary: "make a forge guard the registry: rulesets, settings, workflows",
  examples: github.examples,
  subcommands: [github],
};
