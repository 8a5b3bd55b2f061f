/**
 * What a change is and what a landing is (DESIGN 5.1 and 6), as values: paths, modes, object ids, people, times.
 * This module must never know how git stores them.
 */
import { Failure } from "./failure.ts";
import { instantOfSeconds, type Instant } from "./instant.ts";
import type { FileMode } from "./tree.ts";

/** A file that is to be written, as a whole; `content: null` deletes it. */
export interface FileChange {
  /** Relative to the repository's root, `/`-separated. */
  readonly path: string;
  readonly content: string | Uint8Array | null;
}

/** One governed path that differs between two commits. A renaming is two of them. */
export interface PathChange {
  readonly path: string;
  /** Null on the side where the path does not exist. */
  readonly modeFrom: FileMode | null;
  readonly modeTo: FileMode | null;
  /** Git's object id, lower-case hex; null on the side where the path does not exist. */
  readonly oidFrom: string | null;
  readonly oidTo: string | null;
}

/** Somebody as a commit names them: a claim, nothing proved. */
export interface Person {
  readonly name: string;
  readonly email: string;
  /** Seconds since the epoch. */
  readonly time: number;
}

/** A commit, as far as the registry asks. */
export interface Commit {
  readonly oid: string;
  readonly parents: readonly string[];
  readonly author: Person;
  readonly committer: Person;
  /** The first line of the message. */
  readonly subject: string;
}

/** A first-parent commit of the protected branch (DESIGN 6). */
export interface Landing extends Commit {
  /** Its number from the root, 1-based. */
  readonly sequence: number;
  /** The running maximum of committer times on the first-parent chain. */
  readonly time: Instant;
}

/**
 * Numbers a first-parent chain from the root on, oldest first, or from the landing `after` on. Time is the running
 * maximum of committer times: a commit dated into the past lands when its parent did.
 */
export function numberLandings(chain: readonly Commit[], after?: Landing): readonly Landing[] {
  let previous = after;
  let latest = after === undefined ? -Infinity : secondsOf(after.time);
  return chain.map(({ oid, parents, author, committer, subject }) => {
    if (parents[0] !== previous?.oid) throw brokenChain(oid);
    latest = Math.max(latest, clamp(committer.time));
    const sequence = (previous?.sequence ?? 0) + 1;
    previous = { oid, parents, author, committer, subject, sequence, time: instantOfSeconds(latest) };
    return previous;
  });
}

/** The landing time of the last of these commits, from their committer times in seconds; null of none. */
export function landingTime(seconds: readonly number[]): Instant | null {
  if (seconds.length === 0) return null;
  return instantOfSeconds(seconds.reduce((latest, time) => Math.max(latest, clamp(time)), 0));
}

function secondsOf(time: string): number {
  return Date.parse(time) / 1000;
}

/** Commit times are claims; what RFC 3339 cannot spell counts as the nearest instant that it can. */
function clamp(seconds: number): number {
  return Math.min(Math.max(seconds, 0), 253_402_300_799);
}

/** A commit that does not continue the line it is listed on. */
export function brokenChain(oid: string): Failure {
  return new Failure("git/broken-chain", `Git lists ${oid} where another commit's first parent belongs.`, {
    hint: "Run git fsck and git commit-graph verify, or clone again.",
    category: "internal",
  });
}
