/**
 * Walking the first-parent line of a repository with what each landing changed and the contents of it, in one go: what
 * `Repository.walk` hands out. It must never decide what a change means.
 */
import type { Landing, PathChange } from "../core/model/landing.ts";

/** One path's change in a landing, with the contents that were asked for. */
export interface WalkedFile extends PathChange {
  /**
   * What was there before. Null where there was nothing, where nobody asked, and where this very walk has handed out
   * this content before, as the last `to` of the same path.
   */
  readonly from: Uint8Array | null;
  readonly to: Uint8Array | null;
}

export interface WalkedLanding {
  readonly landing: Landing;
  /** In byte order of paths. */
  readonly files: readonly WalkedFile[];
}

export interface WalkOptions {
  /**
   * These files and folders. Then only the landings that changed one of them are handed out, and the first and the last;
   * of the others nothing is read. Without paths: all landings, and what is governed.
   */
  readonly paths?: readonly string[] | undefined;
  /** Only what follows this landing. */
  readonly after?: Landing | undefined;
  /** Which files' contents to read; each is checked against its id. */
  readonly reads: (path: string) => boolean;
}

/**
 * Landings in batches, oldest first. Null at once, before any batch, where `after` is not on the line.
 * Damage, missing objects and shallow clones are Failures.
 */
export type Walk = AsyncIterable<readonly WalkedLanding[] | null>;
