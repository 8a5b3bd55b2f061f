/**
 * Posts a decision to its pull request: the check, one comment, the review requests. Facts are read again right before,
 * and a decision about anything else than what stands there now is not posted (DESIGN 5.5, 5.8). What the attacker
 * controls: when the pull request changes, where it points, which other pull requests share its head.
 */
import { compareBytes } from "../core/model/json.ts";
import { Failure } from "../core/model/failure.ts";
import type { Posting } from "../core/model/posting.ts";
import type { PullRequestFacts } from "../core/model/pull-request.ts";
import { fullName, type RepositoryName } from "../core/model/repository-name.ts";
import type { Forge, GateCheck } from "./ports.ts";

export interface Posted {
  /** What the check says now. */
  readonly conclusion: GateCheck["conclusion"];
  /** Whether anything was posted; false = all of it stood there already. */
  readonly changed: boolean;
  readonly asked: readonly string[];
  /** Other open pull requests with the same head, for which the check is refused. */
  readonly sharedWith: readonly number[];
}

export interface PostRequest {
  readonly repo: RepositoryName;
  /** What the decision was made of. */
  readonly facts: PullRequestFacts;
  readonly posting: Posting;
  /** A merge queue's commit, which the check is for instead of the head. */
  readonly on?: string;
}

/** Posts, or throws a Failure (conflict) when the pull request is no longer what was judged. */
export async function postDecision({ repo, facts, posting, on }: PostRequest, forge: Forge): Promise<Posted> {
  const name = `${fullName(repo)}#${facts.number}`;
  // The check on this head would also count for the protected branch, so nothing may stand there for another one.
  if (facts.base.ref !== posting.ref) {
    throw new Failure(
      "forge/other-base",
      `${name} is to merge into ${shortRef(facts.base.ref)}, not into the protected branch ${shortRef(posting.ref)}.`,
      {
        hint: "Retarget the pull request to the protected branch; only there anything goes live.",
        category: "gate",
      },
    );
  }
  const now = await unchanged(facts, repo, forge);
  if (now.state === "closed" && now.mergedAt === null) {
    throw new Failure("forge/closed", `${name} is closed.`, {
      hint: "Reopen it, or open a new pull request.",
    });
  }
  // A check belongs to a commit: with two pull requests on one commit, one could pass by the other's approvals.
  const sharing = on === undefined ? await forge.openWithHead(repo, facts.head.sha) : [];
  const sharedWith = sharing.map(({ number }) => number).filter((number) => number !== facts.number);
  const check = sharedWith.length > 0 ? sharedCheck(facts, posting, sharedWith) : checkOf(facts, posting, on);
  const changes = [
    await forge.postCheck(repo, check),
    await forge.postComment(
      repo,
      facts.number,
      sharedWith.length > 0 ? `${check.summary}\n\n${posting.comment}` : posting.comment,
    ),
  ];
  // Between the last look and the post somebody may have taken an approval back, and another gate have seen it.
  if (check.conclusion === "success" && posting.blocks) await unchanged(facts, repo, forge);
  const open = posting.outcome !== "allowed" && now.state === "open";
  const asked = open ? await forge.requestReviews(repo, facts.number, posting.ask) : [];
  return {
    conclusion: check.conclusion,
    changed: changes.includes(true) || asked.length > 0,
    asked,
    sharedWith,
  };
}

/** Reads the pull request again; a Failure when it is no longer what was judged. */
async function unchanged(
  facts: PullRequestFacts,
  repo: RepositoryName,
  forge: Forge,
): Promise<PullRequestFacts> {
  const now = await forge.pullRequest(repo, facts.number);
  const moved = differenceOf(facts, now);
  if (moved === undefined) return now;
  const name = `${fullName(repo)}#${facts.number}`;
  throw new Failure(
    "forge/changed",
    `${moved} of ${name} changed while it was judged, so the decision does not stand.`,
    { hint: "Run the gate again; it decides about what stands there now.", category: "conflict" },
  );
}

function checkOf(facts: PullRequestFacts, posting: Posting, on: string | undefined): GateCheck {
  const { outcome, blocks, digest, eligibleAt, title, summary, annotations } = posting;
  const conclusion = !blocks || outcome === "allowed" ? "success" : outcome === "denied" ? "failure" : null;
  // Only what waits is looked at again by the schedule.
  return {
    sha: on ?? facts.head.sha,
    digest,
    conclusion,
    eligibleAt: conclusion === null ? eligibleAt : null,
    title,
    summary,
    annotations,
  };
}

function sharedCheck(facts: PullRequestFacts, posting: Posting, others: readonly number[]): GateCheck {
  const list = others.map((number) => `#${number}`).join(", ");
  return {
    sha: facts.head.sha,
    digest: posting.digest,
    conclusion: posting.blocks ? "failure" : "success",
    eligibleAt: null,
    title: `Another open pull request has the same head: ${list}`,
    summary: `A check belongs to a commit, and ${list} has the same head commit. Close one of them, or push a commit of its own to this one.`,
    annotations: [],
  };
}

/** What is different between two readings, for a sentence; undefined when nothing that counts is. */
function differenceOf(before: PullRequestFacts, after: PullRequestFacts): string | undefined {
  if (before.head.sha !== after.head.sha) return "The head";
  if (before.base.ref !== after.base.ref) return "The target branch";
  if (before.base.sha !== after.base.sha) return "The tip of the target branch";
  if (before.state !== after.state || before.mergedAt !== after.mergedAt) return "The state";
  if (reviewsOf(before) !== reviewsOf(after)) return "The reviews";
  const gaps = after.gaps.filter((gap) => !before.gaps.includes(gap));
  return gaps.length > 0 ? "What can be read" : undefined;
}

function reviewsOf({ reviews }: PullRequestFacts): string {
  const lines = reviews.map(
    ({ id, state, commit_id, user }) => `${id} ${state} ${commit_id ?? "-"} ${user?.id ?? "-"}`,
  );
  return lines.sort(compareBytes).join("\n");
}

function shortRef(ref: string): string {
  return ref.replace(/^refs\/heads\//, "");
}
