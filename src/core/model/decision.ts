/**
 * The Decision: what the gate says about a change, as a tree that explains itself (DESIGN 5).
 * Vocabulary only; this module must never decide anything.
 */
import type { Digest } from "./digest.ts";
import type { Finding } from "./diagnostic.ts";
import type { Instant } from "./instant.ts";

/** `pending`: nothing is wrong, but somebody or some time is missing. */
export type Outcome = "allowed" | "pending" | "denied";

/** One requirement, what it comes to, and why; the outcome of a node with children follows from them. */
export interface Requirement {
  readonly requirement: string;
  readonly outcome: Outcome;
  readonly because: string;
  readonly children: readonly Requirement[];
}

/** One review, or one signature, and whether it counted. */
export interface ReviewVerdict {
  /** The forge's id as text; of a signature `signature:<identity>`, of an assumed approval `assumed:<identity>`. */
  readonly id: string;
  /** The account's login for people; null where the account is gone or there is none. */
  readonly user: string | null;
  /** The person it counts for, at B; null where the account maps to nobody or to several. */
  readonly identity: string | null;
  readonly counted: boolean;
  readonly reason: string;
}

/** What somebody can do to move the change on. */
export interface NextStep {
  /** Identity references, in byte order; empty = whoever works on the change. */
  readonly who: readonly string[];
  readonly do: string;
  /** When time alone is waited for. */
  readonly until?: Instant;
  readonly command?: string;
}

/** Somebody who made the change, who therefore cannot approve it. */
export interface Contributor {
  /** Which part they had: author, committer, co-author, pusher, requester, controller. */
  readonly part: string;
  /** As the forge or the commit names them; the e-mail address itself never stands in a Decision. */
  readonly name: string;
  /** Null = maps to nobody, and excludes nobody. */
  readonly identity: string | null;
}

export interface Decision {
  readonly outcome: Outcome;
  /** What a landing would be recorded as; null where it must not land, and where an observed change would be denied. */
  readonly decision: "APPROVED" | "NON_GOVERNED" | "OVERRIDE" | null;
  readonly mode: "observe" | "enforce";
  /** In observe mode, which never blocks: what `enforce` would have said; otherwise null. */
  readonly enforced: Outcome | null;
  /** The evaluator's clock. */
  readonly asOf: Instant;
  /** Commits B and H. */
  readonly base: string;
  readonly head: string;
  readonly digest: Digest;
  /** Of the rules it was judged under. */
  readonly policyRevision: Digest;
  /** Of a pending decision: the first instant at which no time is missing any more; null where only people are. */
  readonly eligibleAt: Instant | null;
  readonly reviews: readonly ReviewVerdict[];
  readonly contributors: readonly Contributor[];
  readonly tree: Requirement;
  readonly next: readonly NextStep[];
  readonly findings: readonly Finding[];
}
