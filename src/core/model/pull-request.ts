/**
 * What a forge knows about a pull request, in the shape of CLI.md's reviews.json: facts that a decision counts.
 * Numeric ids decide who somebody is; logins are for people to read. Nothing here is judged, and nothing is left out:
 * what a forge could not tell completely is named in `gaps`, and anything unknown denies (DESIGN 5.5).
 */
import type { Instant } from "./instant.ts";

export interface ForgeAccount {
  readonly id: number;
  readonly login: string;
}

/** One review, as submitted. `user` is null when the account was deleted. */
export interface ForgeReview {
  readonly id: number;
  readonly user: (ForgeAccount & { readonly type: string }) | null;
  readonly state: "APPROVED" | "CHANGES_REQUESTED" | "COMMENTED" | "DISMISSED";
  /** The head that was looked at; null when the forge forgot it. */
  readonly commit_id: string | null;
  readonly submitted_at: Instant;
}

/** A commit of the pull request and the accounts that the forge maps it to; null where it knows none. */
export interface ForgeCommit {
  readonly sha: string;
  readonly author: ForgeAccount | null;
  readonly committer: ForgeAccount | null;
}

export interface PullRequestFacts {
  readonly number: number;
  readonly state: "open" | "closed";
  /** Null when the account was deleted. */
  readonly author: (ForgeAccount & { readonly type: string }) | null;
  /** `ref` in full (`refs/heads/main`); `sha` is where that branch stood when the facts were read. */
  readonly base: { readonly ref: string; readonly sha: string };
  /**
   * In full. The one branch whose workflows and rules the forge itself takes, so the only one a check may speak about:
   * what another branch says about itself is its author's word.
   */
  readonly defaultBranch: string;
  readonly head: { readonly sha: string };
  readonly mergedAt: Instant | null;
  /** The commit on the base branch that it was merged by; null while it was not. */
  readonly mergeCommit: string | null;
  /** In the order of their ids. */
  readonly reviews: readonly ForgeReview[];
  /** Every commit reachable from the head and not from the base, as the forge counts them. */
  readonly commits: readonly ForgeCommit[];
  /** Who pushed one of these commits; absent where the forge does not say. */
  readonly pushers?: readonly ForgeAccount[];
  /** The person for whom a bot opened it; absent where the forge does not say. */
  readonly requestedBy?: ForgeAccount;
  /** As the forge counts them, renames as one; for comparing sizes, never for deciding what changed. */
  readonly changedFiles: number;
  /** What could not be read whole, as sentences; anything in here denies. */
  readonly gaps: readonly string[];
}
