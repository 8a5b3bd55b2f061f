/** The flags that every command that writes has (CLI.md, Author), and what they mean. */
import type { PullRequestWay } from "../app/propose.ts";
import { Failure } from "../core/model/failure.ts";
import { forgeHostOf } from "../core/model/repository-name.ts";
import type { CommandContext, Flags, Option } from "./command.ts";
import { repositoryFlag, textFlag } from "./flags.ts";

/** Those that ask for nothing to be there yet. */
export const commitOptions: readonly Option[] = [
  { flags: "--commit", description: "also commit, onto the branch that is checked out" },
  { flags: "--branch <name>", description: "commit onto this branch instead; the work tree stays as it is" },
  { flags: "--dry-run", description: "show what would be written, and write nothing" },
];

export const writeOptions: readonly Option[] = [
  ...commitOptions,
  {
    flags: "--pull-request",
    description: "commit onto a branch of origin and open a pull request with the plan as its text",
  },
  {
    flags: "--github <owner/repo>",
    description: "where the pull request is opened (default: where origin is)",
  },
];

export const reasonOption: Option = {
  flags: "--reason <text>",
  description: "why; stands in the entry and in the commit",
};

export interface WriteFlags {
  readonly dryRun: boolean;
  readonly commit: boolean;
  readonly branch: string | undefined;
  readonly pullRequest: PullRequestWay | undefined;
}

/** What the flags of a writing command say. */
export function readWriteFlags(flags: Flags, context: CommandContext): WriteFlags {
  const pullRequest = flags["pullRequest"] === true ? wayOf(flags, context) : undefined;
  if (pullRequest === undefined && flags["github"] !== undefined) {
    throw new Failure(
      "usage/github",
      "--github says where a pull request is opened, and none is asked for.",
      {
        hint: "Add --pull-request, or leave --github out.",
      },
    );
  }
  return {
    dryRun: flags["dryRun"] === true,
    commit: flags["commit"] === true,
    branch: textFlag(flags, "branch"),
    pullRequest,
  };
}

function wayOf(flags: Flags, context: CommandContext): PullRequestWay {
  const { ports, env, version } = context;
  const has = (name: string): boolean => (env[name] ?? "").trim() !== "";
  return {
    ports,
    repo: repositoryFlag(flags, context, false),
    host: forgeHostOf(env["GITHUB_SERVER_URL"], env["GITHUB_API_URL"]),
    hasToken: has("GITHUB_TOKEN") || has("GITHUB_APP_ID"),
    asOf: context.global.asOf ?? ports.now(),
    openForge: () => ports.openForge({ env, version }),
    async render(plan, message) {
      const { renderPullRequest } = await import("./render/pull-request.ts");
      return renderPullRequest(plan, message);
    },
  };
}

/** `--reason`, which is demanded: the registry's history is read by people who were not there. */
export function readReason(flags: Flags): string {
  const reason = textFlag(flags, "reason")?.trim() ?? "";
  if (reason !== "") return reason;
  throw new Failure("usage/reason", "A reason is missing.", {
    hint: 'Add --reason "<why>"; reviewers and auditors will read it.',
  });
}
