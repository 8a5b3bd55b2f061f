/**
 * What the application needs from a forge: pull requests, decisions posted, settings, teams, webhooks. A part of
 * ports.ts, which everybody imports it from; nothing here decides anything.
 */
import type { Account, Team } from "../core/govern/directory.ts";
import type { ForgeSettings, SettingChange } from "../core/govern/forge-settings.ts";
import type { Instant } from "../core/model/instant.ts";
import type { Annotation } from "../core/model/posting.ts";
import type { PullRequestFacts } from "../core/model/pull-request.ts";
import type { RepositoryName } from "../core/model/repository-name.ts";

/** The gate's check on one commit, ready to be posted. */
export interface GateCheck {
  readonly sha: string;
  /** D; the check is bound to it. */
  readonly digest: string;
  /** Null = it waits, and is in progress. */
  readonly conclusion: "success" | "failure" | null;
  readonly eligibleAt: Instant | null;
  readonly title: string;
  /** Markdown. */
  readonly summary: string;
  readonly annotations: readonly Annotation[];
}

/** An open pull request in a list. */
export interface ListedPullRequest {
  readonly number: number;
  /** In full: `refs/heads/main`. */
  readonly base: string;
  readonly head: string;
}

/** A pull request that is to be open. */
export interface PullRequestText {
  /** Branches, without `refs/heads/`. */
  readonly head: string;
  readonly base: string;
  readonly title: string;
  /** Leave the title of one that is open as it is. */
  readonly keepTitle?: boolean;
  /** Markdown. */
  readonly body: string;
}

export interface OpenedPullRequest {
  readonly number: number;
  readonly url: string;
  readonly created: boolean;
  /** Whether title or text of one that was open had to change. */
  readonly updated: boolean;
}

/** A forge that hosts a registry. Reads whole or says what is missing; writes only what it is told, and only once. */
export interface Forge {
  pullRequest(repo: RepositoryName, number: number): Promise<PullRequestFacts>;
  openPullRequests(repo: RepositoryName): Promise<readonly ListedPullRequest[]>;
  /** The open pull requests whose head is this commit. */
  openWithHead(repo: RepositoryName, sha: string): Promise<readonly ListedPullRequest[]>;
  /** When a pending check may be decided anew: null when only people are missing, undefined when none is pending. */
  pendingUntil(repo: RepositoryName, sha: string): Promise<Instant | null | undefined>;
  /** Each of these posts what is not there yet, and says whether it did. */
  postCheck(repo: RepositoryName, check: GateCheck): Promise<boolean>;
  postComment(repo: RepositoryName, number: number, markdown: string): Promise<boolean>;
  /** Hands back who was asked; who may not review is passed over. */
  requestReviews(
    repo: RepositoryName,
    number: number,
    ask: { readonly users: readonly string[]; readonly teams: readonly string[] },
  ): Promise<readonly string[]>;
  /** Opens a pull request from a branch that is pushed, or brings the text of the one that is open up to date. */
  openPullRequest(repo: RepositoryName, request: PullRequestText): Promise<OpenedPullRequest>;
  settings(repo: RepositoryName): Promise<ForgeSettings>;
  changeSetting(repo: RepositoryName, change: SettingChange): Promise<void>;
  /**
   * Brings the objects of a pull request and of its base branch into the git repository in a folder (made bare where
   * there is none): the head under a ref of its own, the base as origin's. `commits` are brought as well. No file is
   * checked out.
   */
  bring(
    repo: RepositoryName,
    request: {
      readonly number: number;
      readonly base: string;
      readonly folder: string;
      readonly commits?: readonly string[];
    },
  ): Promise<{ readonly base: string; readonly head: string }>;
}

/** Who is in an organisation on a forge. Read whole, or a Failure: somebody missing would lose their role. */
export interface ForgeDirectory {
  team(org: string, slug: string): Promise<Team>;
  /** One account by the id that never changes: what it is called now, and whether it is in the organisation. */
  account(org: string, id: number): Promise<Account>;
}

/** One webhook delivery, its signature verified. */
export interface Delivery {
  readonly id: string;
  readonly event: string;
  readonly payload: unknown;
}

/** What a webhook server needs. */
export interface WebhookOptions {
  readonly port: number;
  /** Proves that a delivery comes from the forge. */
  readonly secret: string;
  /** Takes each verified delivery once; the forge is answered before it is worked on. */
  handle(delivery: Delivery): void;
  /** What was refused, for a log. */
  refused(reason: string): void;
}
