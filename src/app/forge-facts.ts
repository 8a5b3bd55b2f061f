/**
 * What a forge says about a pull request -> facts for the gate, compared with git wherever git knows too: a difference
 * denies (CLI.md, gate). D at each reviewed commit is computed here, from git, never believed.
 */
import type { Account, Facts, ReviewFact } from "../core/govern/facts.ts";
import { settingsOf } from "../core/govern/ownership.ts";
import { compareBytes } from "../core/model/json.ts";
import type { Instant } from "../core/model/instant.ts";
import type { Digest } from "../core/model/digest.ts";
import type { ForgeAccount, PullRequestFacts } from "../core/model/pull-request.ts";
import { Failure } from "../core/model/failure.ts";
import type { Repository } from "./ports.ts";
import { digestAt, type ReadChange } from "./read-change.ts";

/** One review; what stands in a file may lack what a forge always tells. */
export type Reviewed = Omit<PullRequestFacts["reviews"][number], "user" | "state" | "submitted_at"> & {
  readonly user: Account | null;
  readonly state: string;
  readonly submitted_at: Instant | null;
};

/** What of a pull request the gate asks; what a forge or a file leaves out is not compared. */
export type ReviewedFacts = Pick<PullRequestFacts, "mergedAt" | "pushers"> & {
  readonly author: Account | null;
  readonly requestedBy?: ForgeAccount | null;
  readonly reviews: readonly Reviewed[];
  readonly base: { readonly ref: string; readonly sha?: string };
  readonly head?: { readonly sha: string };
  /** Absent where only git says which commits there are. */
  readonly commits?: PullRequestFacts["commits"];
  readonly gaps?: readonly string[];
};

/** Completes what git knows by what the forge says. */
export async function withForge(
  facts: Facts,
  { change }: ReadChange,
  forge: ReviewedFacts,
  repository: Repository,
): Promise<Facts> {
  const unknown = [...(forge.gaps ?? [])];
  const said = (what: string, theirs: string | undefined, ours: string): void => {
    if (theirs !== undefined && theirs !== ours)
      unknown.push(`The forge says that ${what} is ${theirs}, and git says ${ours}.`);
  };
  said("the base branch", forge.base.ref, change.ref);
  said("the base", forge.base.sha, change.base.commit);
  said("the head", forge.head?.sha, change.head);
  const settings = settingsOf(change.base.registry);
  const { protectedBranch = "main" } = settings?.value ?? {};
  if (settings !== undefined) said("the protected branch", forge.base.ref, `refs/heads/${protectedBranch}`);
  const accounts = new Map((forge.commits ?? []).map((commit) => [commit.sha, commit]));
  if (forge.commits !== undefined) {
    const ours = facts.commits.map(({ sha }) => sha).sort(compareBytes);
    // A commit that is listed twice may name two people, and only one of them would be looked at.
    const theirs = forge.commits.map(({ sha }) => sha).sort(compareBytes);
    if (ours.join(" ") !== theirs.join(" "))
      unknown.push(
        `The forge lists ${theirs.length} commits, and git finds ${ours.length} that are not the same.`,
      );
  }
  const commits = facts.commits.map((fact) => {
    const { author, committer } = accounts.get(fact.sha) ?? { author: null, committer: null };
    const known = (account: ForgeAccount | null) =>
      account === null ? {} : { id: account.id, login: account.login };
    return {
      ...fact,
      author: { ...fact.author, ...known(author) },
      committer: { ...fact.committer, ...known(committer) },
    };
  });
  return {
    ...facts,
    origin: "forge",
    author: forge.author,
    commits,
    reviews: await reviewFacts(forge, change, repository),
    pushers: forge.pushers ?? null,
    requestedBy: forge.requestedBy ?? null,
    mergedAt: forge.mergedAt,
    unknown: [...facts.unknown, ...unknown],
  };
}

async function reviewFacts(
  { reviews }: ReviewedFacts,
  change: ReadChange["change"],
  repository: Repository,
): Promise<readonly ReviewFact[]> {
  const looked = new Map<string, { readonly digest: Digest | null; readonly isAncestor: boolean }>();
  for (const { commit_id: oid } of reviews) {
    if (oid === null || looked.has(oid)) continue;
    looked.set(
      oid,
      oid === change.head
        ? { digest: change.digest, isAncestor: true }
        : await lookedAt(oid, change, repository),
    );
  }
  return reviews.map(({ id, user, state, commit_id, submitted_at }) => {
    const { digest, isAncestor } = looked.get(commit_id ?? "") ?? { digest: null, isAncestor: false };
    return { id, user, state, commitId: commit_id ?? "", submittedAt: submitted_at, digest, isAncestor };
  });
}

/** What somebody saw who reviewed a commit; nothing where this clone does not have it. */
async function lookedAt(
  oid: string,
  change: ReadChange["change"],
  repository: Repository,
): Promise<{ readonly digest: Digest | null; readonly isAncestor: boolean }> {
  try {
    await repository.commitOf(oid);
  } catch (error) {
    if (error instanceof Failure && error.code === "git/missing-object")
      return { digest: null, isAncestor: false };
    throw error;
  }
  const bases = await repository.mergeBases(oid, change.head);
  return {
    digest: await digestAt(oid, change, repository),
    isAncestor: bases.length === 1 && bases[0] === oid,
  };
}
