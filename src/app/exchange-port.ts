/**
 * What operations need of branches that several people share, and of keys: commits made on others, published only
 * where nobody was faster, and signed. Only interfaces; nothing here decides.
 */
import type { FileMode } from "../core/model/tree.ts";

/** A commit that is to be made on top of others; on no branch until `publish` moves one. */
export interface NewCommit {
  /** The first one's files are the commit's, but for `files`; null = there are none before it. */
  readonly parents: readonly string[];
  readonly files: readonly NewFile[];
  readonly message: string;
  /** Signs the commit as git does; hands back the armored signature over the payload. */
  readonly sign?: ((payload: Uint8Array) => Promise<string>) | undefined;
}

/** One of several commits that stand on one another. */
export type ChainStep = Pick<NewCommit, "files" | "message">;

/** A file of a new commit: bytes, or what another commit has there. `null` deletes. */
export interface NewFile {
  readonly path: string;
  readonly content: Uint8Array | { readonly mode: FileMode; readonly oid: string } | null;
}

/** A branch that is to move, if it still stands where it is expected to. */
export interface BranchMove {
  /** Without `refs/heads/`. */
  readonly branch: string;
  /** Null = there must be none. */
  readonly expected: string | null;
  readonly to: string;
}

/** `lost` = somebody else moved a branch meanwhile; `refused` = the other side said no, in its own words. */
export type Published =
  | { readonly outcome: "published" }
  | { readonly outcome: "lost" }
  | { readonly outcome: "refused"; readonly said: string };

/** Branches as all clones share them: those of `origin`, or where there is no remote this repository's own. */
export interface Exchange {
  /** `origin`, or null where this repository has no remote and is itself what all share. */
  readonly remote: string | null;
  /** Where pushes to the remote go; it may hold credentials and is not to be shown. Null without a remote. */
  address(): Promise<string | null>;
  /** The branch that HEAD of the shared repository names; null when it names none. */
  defaultBranch(): Promise<string | null>;
  /** Where branches stand now, everything they need brought here; null = there is none. */
  fetch(branches: readonly string[]): Promise<ReadonlyMap<string, string | null>>;
  /** Makes a commit and hands back its id. Runs no hooks and no filters. */
  makeCommit(commit: NewCommit): Promise<string>;
  /** Makes at least one commit, each on top of the one before, the first on `parent`; hands back the last one's id. */
  makeChain(parent: string | null, steps: readonly ChainStep[]): Promise<string>;
  /** Moves all of these branches or none. */
  publish(moves: readonly BranchMove[]): Promise<Published>;
}

/** Signs with somebody's SSH key, wherever it is: a file, an agent, a token. */
export interface Signer {
  /**
   * An armored SSHSIG. With `keyFile` by that key (relative paths start at `folder`), else by the first of `publicKeys`
   * that is at hand. Passphrases and touches are asked for on the terminal, by ssh-keygen itself.
   */
  sign(request: {
    readonly message: string | Uint8Array;
    readonly namespace: string;
    readonly folder: string;
    readonly keyFile: string | undefined;
    readonly publicKeys: readonly string[];
  }): Promise<string>;
}
