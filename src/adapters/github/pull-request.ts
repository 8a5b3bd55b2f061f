/**
 * A pull request as facts (CLI.md, reviews.json). All of it is read, then its head again: what changed meanwhile is read
 * anew, so that the facts were true at one moment. What the attacker controls: titles, logins, dates of commits, when
 * things change. Which files changed is never asked: GitHub lists 3,000 at most, git knows all.
 */
import { Failure } from "../../core/model/failure.ts";
import type {
  ForgeAccount,
  ForgeCommit,
  ForgeReview,
  PullRequestFacts,
} from "../../core/model/pull-request.ts";
import type { RepositoryName } from "../../core/model/repository-name.ts";
import { accountOf, instantOf, malformed, numberOf, objectOf, shaOf, textOf, type Fields } from "./answer.ts";
import type { Client, Parameters } from "./client.ts";
import { readCursor, readPages, type Pages } from "./pages.ts";

/** The commits endpoint of pull requests stops here without saying so. */
const commitsLimit = 250;

/** The facts about one pull request; gaps say what could not be read whole. */
export async function readPullRequest(
  client: Client,
  repo: RepositoryName,
  number: number,
): Promise<PullRequestFacts> {
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    const pull = await readPull(client, repo, number);
    const facts = await factsOf(client, repo, pull);
    const again = await readPull(client, repo, number);
    if (sameMoment(pull, again)) return facts;
  }
  throw new Failure("forge/moving", `Pull request #${number} keeps changing while it is read.`, {
    hint: "Try again when the pushes and reviews have settled.",
    category: "conflict",
  });
}

interface Pull {
  readonly fields: Fields;
  readonly number: number;
  readonly state: "open" | "closed";
  readonly base: string;
  readonly defaultBranch: string;
  readonly head: string;
  readonly headBranch: string;
  readonly headRepo: RepositoryName | null;
  readonly updatedAt: string;
}

const pullRoute = "GET /repos/{owner}/{repo}/pulls/{pull_number}";

async function readPull(client: Client, repo: RepositoryName, number: number): Promise<Pull> {
  const { data } = await client.ask(pullRoute, { owner: repo.owner, repo: repo.name, pull_number: number });
  const fields = objectOf(data, "the pull request");
  const state = textOf(fields, "state", "the pull request");
  if (state !== "open" && state !== "closed") throw malformed("the pull request is neither open nor closed");
  if (numberOf(fields, "number", "the pull request") !== number)
    throw malformed("another pull request was answered");
  const base = objectOf(fields["base"], "the pull request's base");
  const head = objectOf(fields["head"], "the pull request's head");
  return {
    fields,
    number,
    state,
    base: textOf(base, "ref", "the pull request's base"),
    defaultBranch: textOf(objectOf(base["repo"], "the repository"), "default_branch", "the repository"),
    head: shaOf(head, "sha", "the pull request's head"),
    headBranch: textOf(head, "ref", "the pull request's head"),
    headRepo: repositoryOf(head["repo"]),
    updatedAt: textOf(fields, "updated_at", "the pull request"),
  };
}

/** A fork that is gone is answered as null. */
function repositoryOf(value: unknown): RepositoryName | null {
  if (value === null || value === undefined) return null;
  const fields = objectOf(value, "the head's repository");
  const owner = objectOf(fields["owner"], "the head's owner");
  return {
    owner: textOf(owner, "login", "the head's owner"),
    name: textOf(fields, "name", "the head's repository"),
  };
}

function sameMoment(a: Pull, b: Pull): boolean {
  return a.head === b.head && a.base === b.base && a.state === b.state && a.updatedAt === b.updatedAt;
}

async function factsOf(client: Client, repo: RepositoryName, pull: Pull): Promise<PullRequestFacts> {
  const { fields, number } = pull;
  const what = "the pull request";
  const place = { owner: repo.owner, repo: repo.name };
  const author = accountOf(fields["user"], "the author");
  // Each part notes its own gaps, so that the order of the answers does not show.
  const gaps: Record<"reviews" | "commits" | "pushes", string[]> = { reviews: [], commits: [], pushes: [] };
  const tip = branchTip(client, repo, pull.base);
  const isMerged = fields["merged_at"] !== null;
  // Since it was merged the branch holds all of it, and there is nothing to compare with its tip.
  const from = isMerged
    ? Promise.resolve(shaOf(objectOf(fields["base"], "the pull request's base"), "sha", what))
    : tip;
  const [baseSha, reviews, commits, pushes] = await Promise.all([
    tip,
    readReviews(client, { ...place, pull_number: number }, gaps.reviews),
    readCommits(client, repo, pull, from, numberOf(fields, "commits", what), gaps.commits),
    readPushes(client, repo, pull),
  ]);
  const pushers = pushes === undefined ? undefined : pushersIn(pushes, commits, gaps.pushes);
  const requester = author?.type === "Bot" ? soleAssignee(fields["assignees"]) : undefined;
  return {
    number,
    state: pull.state,
    author,
    base: { ref: `refs/heads/${pull.base}`, sha: baseSha },
    defaultBranch: `refs/heads/${pull.defaultBranch}`,
    head: { sha: pull.head },
    mergedAt: isMerged ? instantOf(fields, "merged_at", what) : null,
    mergeCommit: isMerged ? shaOf(fields, "merge_commit_sha", what) : null,
    reviews,
    commits,
    ...(pushers !== undefined && { pushers }),
    ...(requester !== undefined && { requestedBy: requester }),
    changedFiles: numberOf(fields, "changed_files", what),
    gaps: [
      ...(author === null ? ["The account that opened the pull request is gone."] : []),
      ...gaps.reviews,
      ...gaps.commits,
      ...gaps.pushes,
    ],
  };
}

/** The commit a branch stands at now; what a pull request itself says about its base is older. */
export async function branchTip(client: Client, repo: RepositoryName, branch: string): Promise<string> {
  const { data } = await client.ask("GET /repos/{owner}/{repo}/git/ref/{+ref}", {
    owner: repo.owner,
    repo: repo.name,
    // The octokit template keeps slashes with {+ref}; what else a branch may hold is escaped here.
    ref: `heads/${branch.split("/").map(encodeURIComponent).join("/")}`,
  });
  const fields = objectOf(data, "the base branch");
  if (fields["ref"] !== `refs/heads/${branch}`) throw malformed("another branch was answered");
  return shaOf(objectOf(fields["object"], "the base branch"), "sha", "the base branch");
}

async function readReviews(
  client: Client,
  place: Parameters,
  gaps: string[],
): Promise<readonly ForgeReview[]> {
  const pages = await readPages(client, "GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews", place);
  const reviews = new Map<number, ForgeReview>();
  for (const item of pages.items) {
    const review = reviewOf(objectOf(item, "a review"));
    if (review === undefined) continue;
    if (reviews.has(review.id))
      gaps.push(`Review ${review.id} was answered twice: the list moved while it was read.`);
    reviews.set(review.id, review);
  }
  if (!pages.whole) gaps.push("Not all reviews could be read.");
  return [...reviews.values()].sort((a, b) => a.id - b.id);
}

/** One review; a draft that nobody but its author sees is none yet. */
function reviewOf(fields: Fields): ForgeReview | undefined {
  const state = textOf(fields, "state", "a review");
  if (state === "PENDING") return undefined;
  if (
    state !== "APPROVED" &&
    state !== "CHANGES_REQUESTED" &&
    state !== "COMMENTED" &&
    state !== "DISMISSED"
  ) {
    throw malformed("a review has a state that is not known");
  }
  return {
    id: numberOf(fields, "id", "a review"),
    user: accountOf(fields["user"], "a reviewer"),
    state,
    commit_id: fields["commit_id"] === null ? null : shaOf(fields, "commit_id", "a review"),
    submitted_at: instantOf(fields, "submitted_at", "a review"),
  };
}

async function readCommits(
  client: Client,
  repo: RepositoryName,
  pull: Pull,
  base: Promise<string>,
  count: number,
  gaps: string[],
): Promise<readonly ForgeCommit[]> {
  const place = { owner: repo.owner, repo: repo.name };
  // Beyond the limit the comparison of the two commits lists them all, a page at a time.
  const pages: Pages =
    count <= commitsLimit
      ? await readPages(client, "GET /repos/{owner}/{repo}/pulls/{pull_number}/commits", {
          ...place,
          pull_number: pull.number,
        })
      : await readPages(
          client,
          "GET /repos/{owner}/{repo}/compare/{basehead}",
          { ...place, basehead: `${await base}...${pull.head}` },
          { key: "commits" },
        );
  const commits = pages.items.map((item) => {
    const fields = objectOf(item, "a commit");
    const short = (value: unknown): ForgeAccount | null => {
      const account = accountOf(value, "a commit's account");
      return account === null ? null : { id: account.id, login: account.login };
    };
    return {
      sha: shaOf(fields, "sha", "a commit"),
      author: short(fields["author"]),
      committer: short(fields["committer"]),
    };
  });
  const known = new Set(commits.map(({ sha }) => sha));
  if (!pages.whole || known.size !== count || !known.has(pull.head)) {
    gaps.push(
      `GitHub counts ${count} commits and lists ${known.size}${known.has(pull.head) ? "" : ", without the head"}.`,
    );
  }
  return commits;
}

/** The log of pushes to the head's branch; undefined where it may not be read (a fork, a small token). */
async function readPushes(client: Client, repo: RepositoryName, pull: Pull): Promise<Pages | undefined> {
  const { headRepo } = pull;
  if (headRepo === null || headRepo.owner !== repo.owner || headRepo.name !== repo.name) return undefined;
  const place = { owner: repo.owner, repo: repo.name, ref: `refs/heads/${pull.headBranch}` };
  try {
    return await readCursor(client, "GET /repos/{owner}/{repo}/activity", place, 20);
  } catch (error) {
    if (error instanceof Failure && (error.code === "forge/forbidden" || error.code === "forge/not-found"))
      return undefined;
    throw error;
  }
}

/** Who pushed these commits. A push whose commits are gone again has no part in the head. */
function pushersIn(pushes: Pages, commits: readonly ForgeCommit[], gaps: string[]): readonly ForgeAccount[] {
  if (!pushes.whole) gaps.push("Not all pushes to the branch could be read.");
  const shas = new Set(commits.map(({ sha }) => sha));
  const pushers = new Map<number, ForgeAccount>();
  for (const item of pushes.items) {
    const fields = objectOf(item, "a push");
    if (!shas.has(textOf(fields, "after", "a push"))) continue;
    const actor = accountOf(fields["actor"], "a pusher");
    if (actor === null) gaps.push("An account that pushed to the branch is gone.");
    else pushers.set(actor.id, { id: actor.id, login: actor.login });
  }
  return [...pushers.values()].sort((a, b) => a.id - b.id);
}

/** Bots assign their pull requests to whoever asked for them. Naming somebody here only ever excludes a reviewer. */
function soleAssignee(value: unknown): ForgeAccount | undefined {
  if (!Array.isArray(value) || value.length !== 1) return undefined;
  const account = accountOf(value[0], "the assignee");
  return account === null ? undefined : { id: account.id, login: account.login };
}
