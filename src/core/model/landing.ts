/**
 * What a change is and what a landing is (DESIGN 5.1 and 6), as values: paths, modes, object ids, people, times.
 * This module must never know how git stores them.
 */
import type { Instant } from "./instant.ts";
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
