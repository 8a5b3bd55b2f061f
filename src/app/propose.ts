/**
 * `--pull-request`: what a writing command planned becomes a commit on a branch of the remote and an open pull request
 * with the plan as its text. Neither the work tree nor a branch of this clone moves. The commit stands on the protected
 * branch as the remote has it now; what somebody else changed there meanwhile is never written over.
 */
import { Failure } from "../core/model/failure.ts";
import { compareBytes } from "../core/model/json.ts";
import { fullName, repositoryOfRemote, type RepositoryName } from "../core/model/repository-name.ts";
import type { Tree } from "../core/model/tree.ts";
import type { Diagnostic } from "../core/validate/report.ts";
import type { Instant } from "../core/model/instant.ts";
import { judge, sharedBranch, type Judged } from "./judge.ts";
import { locate } from "./lint.ts";
import { planned, type PlanResult } from "./plan.ts";
import type { Exchange, FileChange, Forge, Ports, Repository } from "./ports.ts";
import { needGit, type OpenRegistry } from "./read.ts";
import { requireTip } from "./sign.ts";

/** Where and how pull requests are opened; the command line puts it together. */
export interface PullRequestWay {
  readonly ports: Ports;
  /** The repository as typed; undefined = where the remote is. */
  readonly repo: RepositoryName | undefined;
  /** The forge's host; a remote elsewhere is refused. */
  readonly host: string;
  /** Whether the environment holds a token, or an App's id and key. */
  readonly hasToken: boolean;
  /** The clock of the plan. */
  readonly asOf: Instant;
  openForge(): Promise<Forge>;
  /** The text of the pull request. */
  render(plan: PlanResult, message: string): Promise<string>;
}

export interface Proposal {
  readonly changes: readonly FileChange[];
  /** The commit's message; its first line is the title. */
  readonly message: string;
  /** What the branch is named after, where none is typed: `promote-prod-fraud-score`. */
  readonly topic: string;
  readonly branch: string | undefined;
  readonly dryRun: boolean;
}

export interface Proposed {
  readonly state: "planned" | "opened" | "updated" | "unchanged";
  readonly repo: RepositoryName;
  /** Null as long as it is only planned. */
  readonly number: number | null;
  readonly url: string | null;
  readonly branch: string;
  /** The protected branch. */
  readonly base: string;
  readonly commit: string;
  /** Whether the branch is new on the remote. */
  readonly created: boolean;
  readonly title: string;
  readonly body: string;
}

/** `landed`: the remote's protected branch says all of it already. `refused`: there it would bring these errors. */
export type Outcome =
  | { readonly outcome: "proposed"; readonly proposed: Proposed }
  | { readonly outcome: "landed" }
  | { readonly outcome: "refused"; readonly diagnostics: readonly Diagnostic[]; readonly tree: Tree };

/** Proposes a change; asked again, it brings the same pull request up to date. */
export async function propose(
  proposal: Proposal,
  open: Pick<OpenRegistry, "repository" | "registry" | "workTree" | "sandbox">,
  way: PullRequestWay,
): Promise<Outcome> {
  const repository = needGit(open.repository, "--pull-request");
  const exchange = await way.ports.openExchange(open.workTree.root);
  const repo = await repositoryFor(exchange, way);
  const forge = proposal.dryRun ? undefined : await way.openForge();
  const main = await sharedBranch(exchange, repository);
  const branch = proposal.branch ?? branchFor(proposal.topic);
  requireOwnBranch(branch, main);
  const tips = await exchange.fetch([main, branch]);
  const base = requireTip(tips.get(main), main);
  const tip = tips.get(branch) ?? null;
  const title = firstLine(proposal.message);
  const place = { repository, exchange, forge, repo, main, base, tip };
  const parent = await parentFor(place, proposal.branch !== undefined);
  const paths = proposal.changes.map(({ path }) => path);
  const landed = await repository.treeAt(base, { paths });
  refuseMoved(proposal.changes, open.registry.tree, landed, main);
  const there = parent === base ? landed : await repository.treeAt(parent, { paths });
  if (proposal.branch !== undefined && parent !== base) refuseOther(proposal.changes, landed, there, branch);
  const left = proposal.changes.filter(
    (change) => !sameBytes(bytesOf(change), there.get(change.path)?.read()),
  );
  if (left.length === 0 && parent === base) return { outcome: "landed" };
  const head = left.length === 0 ? parent : await commit(exchange, parent, left, proposal.message);
  const judged = await judge({ base, head, ref: `refs/heads/${main}` }, repository, {
    asOf: way.asOf,
    sandbox: open.sandbox,
    approvals: null,
  });
  const errors = await errorsIn(judged, paths);
  if (errors.length > 0)
    return { outcome: "refused", diagnostics: errors, tree: judged.read.change.result.tree };
  const body = await way.render(await planned(judged, true), proposal.message);
  const said = { repo, branch, base: main, commit: head, created: tip === null, title, body };
  if (forge === undefined)
    return { outcome: "proposed", proposed: { ...said, state: "planned", number: null, url: null } };
  await push(exchange, branch, tip, head);
  // A branch that somebody named may hold other changes besides, and has its title from them.
  const keepTitle = proposal.branch !== undefined;
  const request = { head: branch, base: main, title, keepTitle, body };
  const { number, url, created, updated } = await forge.openPullRequest(repo, request);
  const state = created ? "opened" : updated || head !== tip ? "updated" : "unchanged";
  return { outcome: "proposed", proposed: { ...said, state, number, url } };
}

/** Everything that can be refused before anything is fetched. */
async function repositoryFor(exchange: Exchange, way: PullRequestWay): Promise<RepositoryName> {
  const address = await exchange.address();
  if (address === null) {
    throw new Failure(
      "git/no-remote",
      "A pull request is opened where this clone pushes to, and it has no remote.",
      {
        hint: `Name the remote origin: git remote add origin https://${way.host}/<owner>/<name>.git.`,
      },
    );
  }
  const repo = way.repo ?? repositoryOfRemote(address, way.host);
  if (repo === undefined) {
    const shown = address.replace(/\/\/[^/@\s]*@/g, "//");
    throw new Failure("forge/not-github", `origin is ${shown}, which is no repository on ${way.host}.`, {
      hint: "Name the repository with --github <owner>/<name>; for a GitHub Enterprise Server set GITHUB_API_URL.",
    });
  }
  if (way.hasToken) return repo;
  throw new Failure(
    "forge/no-token",
    `Nobody may open a pull request in ${fullName(repo)} without a token.`,
    {
      hint: "Set GITHUB_TOKEN to one that may write pull requests (gh auth token prints one), or look first with --dry-run.",
      category: "auth",
    },
  );
}

/** The branch for a topic; a text that git and shells take as it is. */
export function branchFor(topic: string): string {
  const words = topic
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, "-")
    .replace(/\.(?=\.|-|$)|(?<=-)\./g, "")
    .slice(0, 100)
    .replace(/^[-.]+|[-.]+$/g, "")
    .replace(/\.lock$/, "-lock");
  return `assent/${words === "" ? "change" : words}`;
}

function requireOwnBranch(branch: string, main: string): void {
  if (branch !== main && !branch.startsWith("registry-")) return;
  throw new Failure("usage/branch", `${branch} is not a branch to propose a change on.`, {
    hint: "Leave --branch out, or name a new one.",
  });
}

interface Place {
  readonly repository: Repository;
  readonly exchange: Exchange;
  readonly forge: Forge | undefined;
  readonly repo: RepositoryName;
  readonly main: string;
  readonly base: string;
  /** Where the branch stands on the remote. */
  readonly tip: string | null;
}

/**
 * What the commit stands on. A branch goes on as long as it waits; one that has landed begins anew, and so does one of
 * our own naming that no open pull request stands on: it was merged by squashing, or given up.
 */
async function parentFor(
  { repository, forge, repo, main, base, tip }: Place,
  isNamed: boolean,
): Promise<string> {
  if (tip === null || (await repository.mergeBases(base, tip)).includes(tip)) return base;
  if (isNamed || forge === undefined) return tip;
  const open = await forge.openWithHead(repo, tip);
  return open.some((pull) => pull.base === `refs/heads/${main}`) ? tip : base;
}

/** The change was planned on what this clone has; where that is not what landed, it was planned on the wrong thing. */
function refuseMoved(changes: readonly FileChange[], here: Tree, landed: Tree, main: string): void {
  for (const change of changes) {
    const now = landed.get(change.path)?.read();
    if (sameBytes(here.get(change.path)?.read(), now) || sameBytes(bytesOf(change), now)) continue;
    throw new Failure("git/not-on-base", `${change.path} is not here what it is on ${main} of origin.`, {
      hint: `Bring this clone up to date (git pull origin ${main}), and run the command again.`,
      category: "conflict",
    });
  }
}

function refuseOther(changes: readonly FileChange[], landed: Tree, there: Tree, branch: string): void {
  for (const change of changes) {
    const now = there.get(change.path)?.read();
    if (sameBytes(landed.get(change.path)?.read(), now) || sameBytes(bytesOf(change), now)) continue;
    throw new Failure("git/other-version", `The branch ${branch} holds another version of ${change.path}.`, {
      hint: "Look at its pull request, or name another branch with --branch.",
      category: "conflict",
    });
  }
}

async function commit(
  exchange: Exchange,
  parent: string,
  changes: readonly FileChange[],
  message: string,
): Promise<string> {
  const files = changes.map((change) => ({ path: change.path, content: bytesOf(change) ?? null }));
  return exchange.makeCommit({ parents: [parent], files, message });
}

/** Errors in the files of the change as they would land: entries they lean on may be missing on the protected branch. */
async function errorsIn({ facts, read }: Judged, paths: readonly string[]): Promise<readonly Diagnostic[]> {
  const errors = (facts.findings ?? []).filter(
    ({ definition, severity, at }) =>
      (severity ?? definition.severity) === "error" && paths.includes(at.file),
  );
  const located = await locate(errors, read.change.result.tree);
  return [...located].sort((a, b) => compareBytes(a.file, b.file));
}

async function push(exchange: Exchange, branch: string, tip: string | null, head: string): Promise<void> {
  if (head === tip) return;
  const published = await exchange.publish([{ branch, expected: tip, to: head }]);
  if (published.outcome === "published") return;
  if (published.outcome === "refused") {
    throw new Failure("git/push-refused", `origin does not take the branch ${branch}: ${published.said}`, {
      hint: "Read what it says; the rules for branches there may allow other names (--branch).",
      category: "auth",
    });
  }
  throw new Failure("git/lost-race", `Somebody else has moved ${branch} meanwhile.`, {
    hint: "Run the command again.",
    category: "conflict",
  });
}

function firstLine(message: string): string {
  const line = message.split("\n", 1)[0] ?? "";
  return line.length <= 250 ? line : `${line.slice(0, 249).replace(/[\ud800-\udbff]$/, "")}\u2026`;
}

function bytesOf({ content }: FileChange): Uint8Array | undefined {
  if (content === null) return undefined;
  return typeof content === "string" ? new TextEncoder().encode(content) : content;
}

function sameBytes(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
