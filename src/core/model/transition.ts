/**
 * Transitions: what the change of a file means, and the digest D that an approval is bound to (DESIGN 4 and 5.4).
 * Vocabulary only; this module must never read a tree or judge a move.
 */
import { digestOfBytes, type Digest } from "./digest.ts";
import { bytesOfPath } from "./path.ts";
import type { FileMode } from "./tree.ts";

/** What ApprovalPolicies match (DESIGN 4, Actions). */
export type Action =
  | "create"
  | "approve"
  | "reject"
  | "beta"
  | "release"
  | "deprecate"
  | "retire"
  | "restore"
  | "start"
  | "pause"
  | "resume"
  | "archive"
  | "activate"
  | "promote"
  | "rollback"
  | "inherit"
  | "deactivate"
  | "amend"
  | "edit"
  | "serve"
  | "remove";

/** One governed path that differs. A renaming is two of them. */
export interface ChangedPath {
  readonly path: string;
  /** Null on the side where the path does not exist. */
  readonly modeFrom: FileMode | null;
  readonly modeTo: FileMode | null;
  /** sha256 of the content, 64 lower-case hex digits; of a submodule the sha256 of its commit's hex. Null with the mode. */
  readonly from: string | null;
  readonly to: string | null;
}

/** One move of one subject. */
export interface Transition {
  /** A reference; of a governed file that is no entry its path. */
  readonly subject: string;
  readonly action: Action;
  /** A state, a live version, `none` or `inherit`; null where there is none. */
  readonly from: string | null;
  readonly to: string | null;
  /** The path below `live/`, for moves of a scope. */
  readonly scope?: string;
  /** Whether the scope's resolution changes although its own file holds no such move (DESIGN 5.2). */
  readonly indirect?: true;
}

/** Which registry and which branch a transition digest is for. */
export interface TransitionTarget {
  /** The registry's id at B, at R when B has none; empty when neither has one. */
  readonly registryId: string;
  /** The full name: `refs/heads/main`. */
  readonly ref: string;
}

const encoder = new TextEncoder();
const NUL = Uint8Array.of(0);

/**
 * The transition digest D (DESIGN 5.4), as `sha256:<hex>`; file names and signatures hold the hex alone
 * (`bareDigest`). The order of `paths` does not matter; the same path twice is a bug and throws, because two contents
 * could then hide behind one digest.
 */
export function transitionDigest(
  { registryId, ref }: TransitionTarget,
  paths: readonly ChangedPath[],
): Digest {
  const records = paths
    .map((change) => ({ change, bytes: bytesOfPath(change.path) }))
    .sort((a, b) => compareArrays(a.bytes, b.bytes));
  const parts: Uint8Array[] = [encoder.encode(`assent-transition/v1\0${registryId}\0${ref}\0`)];
  let previous: Uint8Array | undefined;
  for (const { change, bytes } of records) {
    if (previous !== undefined && compareArrays(previous, bytes) === 0)
      throw new Error(`${change.path} is listed twice`);
    previous = bytes;
    const { modeFrom, modeTo, from, to } = change;
    parts.push(encoder.encode(`${modeFrom ?? "000000"} ${modeTo ?? "000000"} ${from ?? "-"} ${to ?? "-"} `));
    parts.push(bytes, NUL);
  }
  return digestOfBytes(joined(parts));
}

/** D as file names and signatures spell it: 64 hex digits. */
export function bareDigest(digest: Digest): string {
  return digest.slice("sha256:".length);
}

function compareArrays(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return a.length - b.length;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
