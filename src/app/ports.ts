/**
 * What the application needs from the world; the only interfaces between operations and adapters.
 * Nothing here decides anything: a port fetches and stores values. What stops it as a whole (no such revision, a
 * shallow clone, an unreadable file) is a Failure with the command that mends it.
 */
import type { Commit, FileChange, Landing, PathChange } from "../core/model/landing.ts";
import type { SourceFile } from "../core/import/record.ts";
import type { Digest } from "../core/model/digest.ts";
import type { Instant } from "../core/model/instant.ts";
import type { Sandbox } from "../core/model/plugin.ts";
import type { Told } from "../core/model/progress.ts";
import type { Tree } from "../core/model/tree.ts";
import type { Forge, ForgeDirectory, WebhookOptions } from "./forge-ports.ts";
import type { ArtifactOptions, ArtifactSource } from "./artifact-port.ts";
import type { Exchange, Signer } from "./exchange-port.ts";
import type { DestinationOptions, ReleaseDestination } from "./release-port.ts";
import type { KeyStore } from "./keys-port.ts";
import type { SnapshotFolder } from "./snapshot-port.ts";
import type { Walk, WalkOptions } from "./walk-port.ts";
import type { IdentitySigner } from "./witness-port.ts";

export type { Commit, FileChange, Landing, PathChange } from "../core/model/landing.ts";
export type { ArtifactOptions, ArtifactSource } from "./artifact-port.ts";
export type {
  BranchMove,
  ChainStep,
  Exchange,
  NewCommit,
  NewFile,
  Published,
  Signer,
} from "./exchange-port.ts";
export type {
  CompleteRelease,
  DestinationOptions,
  ReleaseDestination,
  RemovedFiles,
  ReleaseFile,
} from "./release-port.ts";
export type { KeyStore } from "./keys-port.ts";
export type { SnapshotFolder } from "./snapshot-port.ts";
export type { IdentitySigner } from "./witness-port.ts";
export type {
  Delivery,
  Forge,
  ForgeDirectory,
  GateCheck,
  ListedPullRequest,
  OpenedPullRequest,
  PullRequestText,
  WebhookOptions,
} from "./forge-ports.ts";

/** The files on disk. Synchronous, because reading thousands of small files is faster so. */
export interface WorkTree {
  /** Absolute path of the repository's root. */
  readonly root: string;
  /**
   * Everything governed (GOVERNED_ROOTS), read into memory, in byte order. Hidden files, symlinks (mode 120000, their
   * target as content, never followed), nested repositories (mode 160000) and executable bits are in it, for rules to
   * report. `also` adds further files or folders by their path.
   */
  readTree(options?: { readonly also?: readonly string[] }): Tree;
  /** One file's bytes, or undefined where there is none; a symlink is refused. */
  readFile(path: string): Uint8Array | undefined;
  /**
   * Writes whole files: whenever the process is killed, each file is the old or the new one. Makes folders that are
   * missing and removes folders that deleting leaves empty. Refuses, before anything is written, every path that leaves
   * the root, enters `.git` or goes through a symlink. `told` hears of each file written.
   */
  write(changes: readonly FileChange[], told?: Told): void;
}

/** Where a commit was made, for printing what to do next. */
export interface Committed {
  readonly oid: string;
  /** Without `refs/heads/`. */
  readonly branch: string;
  /** Whether the branch is new. */
  readonly created: boolean;
}

/** Where a commit goes, and what has to happen with it; see `Repository.commit`. */
export interface CommitOptions {
  readonly branch?: string | undefined;
  readonly ready?: (() => void) | undefined;
}

/** A git repository. Every argument called `oid` is a full object id; only `resolveRevision` reads what users type. */
export interface Repository {
  /** Absolute path of the work tree's root; null for a bare repository. */
  readonly root: string | null;
  /** The commit a revision means. A revision that this clone lacks is a Failure that says how to fetch it. */
  resolveRevision(revision: string): Promise<string>;
  /** The commit that is checked out; null before the first commit. */
  head(): Promise<string | null>;
  /**
   * The landing time of HEAD (DESIGN 6), in one question and in a shallow clone too, where it is that of the commits at
   * hand; null before the first commit. Spelled to the second.
   */
  headTime(): Promise<Instant | null>;
  /** The branch that is checked out, without `refs/heads/`; null when HEAD is detached. */
  currentBranch(): Promise<string | null>;
  /** The commit `origin/<branch>` stands at, else the local branch (CLI.md, Words); null when this clone has neither. */
  tipOf(branch: string): Promise<string | null>;
  isShallow(): Promise<boolean>;
  commitOf(oid: string): Promise<Commit>;
  /** The governed files of a commit, read and checked against their object ids. `paths`: these files and folders instead. */
  treeAt(oid: string, options?: { readonly paths?: readonly string[] }): Promise<Tree>;
  /**
   * Paths that differ between two commits, in byte order; no renames. `from: null` is the empty tree. Governed ones; with
   * `paths` these files and folders instead, with "everywhere" all there are.
   */
  changedPaths(
    from: string | null,
    to: string,
    options?: { readonly paths?: readonly string[] | "everywhere" },
  ): Promise<readonly PathChange[]>;
  /** The contents of blobs, each checked against its object id. */
  readBlobs(oids: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>>;
  /** Whole commit objects, byte for byte, each checked against its id: signatures are over bytes. */
  readCommits(oids: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>>;
  /** Every commit reachable from `head` and not from `base`, in byte order of ids. A shallow clone is a Failure. */
  commitsBetween(base: string, head: string): Promise<readonly string[]>;
  /** The names directly in folders of a commit, folders and files, in one question; "" is the root. None where there is no such folder. */
  namesIn(oid: string, folders: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
  /** The names of all local branches, without `refs/heads/`, in byte order. */
  branches(): Promise<readonly string[]>;
  /** The commit at which a ref stands, named in full (`refs/heads/main`); null where there is none. */
  refAt(ref: string): Promise<string | null>;
  /** All best common ancestors, in byte order; more than one is a criss-cross, none means unrelated histories. */
  mergeBases(a: string, b: string): Promise<readonly string[]>;
  /** The whole first-parent chain that ends at `tip`, oldest first. A shallow clone is a Failure. */
  landings(tip: string): Promise<readonly Landing[]>;
  /** What each of these landings changed against its first parent, in their order. */
  changesOf(
    landings: readonly Landing[],
    options?: { readonly paths?: readonly string[] },
  ): Promise<readonly (readonly PathChange[])[]>;
  /** The first-parent line that ends at `tip`, with changes and contents, in one go and at any length. */
  walk(tip: string, options: WalkOptions): Walk;
  /**
   * The governed paths at which a tree (the one on disk) differs from HEAD, in byte order. Line ends do not count where
   * only they differ: git may have changed them on checkout. No filter of the repository's configuration is run.
   */
  dirtyPaths(onDisk: Tree): Promise<readonly string[]>;
  /**
   * Commits these files and nothing else; whatever else is dirty or staged stays so.
   * Without `branch`: onto the branch that is checked out, and the index follows; the files on disk are the caller's to
   * write, in `ready`, which is called when everything that can be refused was, before anything moves. With `branch`: onto that branch (made from HEAD when it is new), leaving disk and index alone;
   * refused as a conflict when the branch already holds another version of one of the files.
   * Runs no hooks: they are programs, and the registry's own checks ran before.
   */
  commit(changes: readonly FileChange[], message: string, options?: CommitOptions): Promise<Committed>;
}

/** What in a clone could show another history than the one that landed (DESIGN 6). */
export type CloneRefusal = "shallow" | "grafts" | "replace-refs" | "alternates";

/**
 * A repository for proofs: commits, trees and files come from objects that were hashed when read, and who is whose
 * ancestor is followed from commit to commit. A damaged or swapped object is a Failure.
 */
export interface ProofRepository extends Repository {
  /** What of that kind is in this clone; nothing of it is ever used. */
  refusals(): Promise<readonly CloneRefusal[]>;
  /** Whether this clone holds a commit, whole. */
  has(commit: string): Promise<boolean>;
  /** The landings that follow one, read from as few commits as that takes; null where the tip's line does not hold it. */
  landingsAfter(
    tip: string,
    after: { readonly sequence: number; readonly commit: string; readonly time: Instant },
  ): Promise<readonly Landing[] | null>;
  /** Tells of commits whether a tip reaches them; follows all history once. */
  reachable(tip: string): Promise<(commit: string) => boolean>;
  /** How many objects were read and hashed so far. */
  objectsRead(): number;
  close(): void;
}

/** What the program notes for itself inside git's folder of a clone; it may be lost at any time. */
export interface CloneNotes {
  read(name: string): string | undefined;
  /** Whole or not at all; silently not where the clone cannot be written to. */
  write(name: string, text: string): void;
}

/** Who the user is, as git's configuration says. The address is for digests only and is never written in clear. */
export interface GitPerson {
  readonly name: string;
  readonly email: string | null;
}

/** A file as artifacts need it. */
export interface MeasuredInput {
  readonly digest: Digest;
  /** In bytes. */
  readonly size: number;
  /** The content, where it is small enough to stand in an entry. */
  readonly bytes: Uint8Array | undefined;
}

/** The neighbours of an operation; main.ts joins them to the adapters. */
export interface Ports {
  /** The machine's clock, to the second. Only for defaults that CLI.md says are "now". */
  now(): Instant;
  /**
   * The root for a folder somebody named: the git work tree around it, else the nearest folder upwards that holds
   * `registry/registry.yaml` (CLI.md, Global); undefined when there is neither.
   */
  findRoot(folder: string): string | undefined;
  /** The files below a root. Never fails: a root without a registry reads as an empty tree. */
  openWorkTree(root: string): WorkTree;
  /** The git repository around a folder, work tree or bare; undefined without one. Starts no process. */
  openRepository(folder: string): Promise<Repository | undefined>;
  /** The repository that is receiving a push and has called us as its pre-receive hook; it sees what is pushed too. */
  openReceiving(folder: string): Promise<Repository>;
  /** The repository around a folder with every object hashed. Needs the git binary; whoever opens it closes it. */
  openProof(folder: string): Promise<ProofRepository>;
  openCloneNotes(folder: string): Promise<CloneNotes>;
  /** The branches that clones of the repository around a folder share. Needs the git binary. */
  openExchange(folder: string): Promise<Exchange>;
  readonly signer: Signer;
  /** Runs plugins; nothing of it starts before the first one is read. */
  readonly sandbox: Sandbox;
  /**
   * The text of the witness's private key: of a file that was named (relative to `folder`), else of the environment's
   * ASSENT_WITNESS_KEY; undefined where there is neither. It is never to be shown.
   */
  readWitnessKey(request: {
    readonly folder: string;
    readonly file: string | undefined;
  }): Promise<string | undefined>;
  /** The signer by the identity that the environment's platform vouches for; undefined where there is none. */
  openIdentitySigner(): Promise<IdentitySigner | undefined>;
  /** Keys that releases are signed with. */
  openKeyStore(): Promise<KeyStore>;
  /** The forge that an environment names (GITHUB_API_URL, GITHUB_TOKEN, or an App's id and key). Asks nothing yet. */
  openForge(options: {
    readonly env: Readonly<Record<string, string | undefined>>;
    readonly version: string;
  }): Promise<Forge>;
  openDirectory(options: {
    readonly env: Readonly<Record<string, string | undefined>>;
    readonly version: string;
  }): Promise<ForgeDirectory>;
  /** Serves webhooks until it is closed; hands back the port. */
  serveWebhooks(options: WebhookOptions): Promise<{ readonly port: number; close(): Promise<void> }>;
  /** Where artifacts of entries are kept. Asks nothing yet. */
  openArtifacts(options: ArtifactOptions): Promise<ArtifactSource>;
  /** The user as git knows them in a folder; undefined without git or without a name. */
  gitPerson(folder: string): Promise<GitPerson | undefined>;
  /** The snapshot in a folder the user named, there or not yet; relative paths start at `folder`. */
  openSnapshotFolder(folder: string, path: string): SnapshotFolder;
  /** A host that releases are published to, by its address (client/source/open.ts); nothing is asked yet. */
  openDestination(address: string, options: DestinationOptions): Promise<ReleaseDestination>;
  /**
   * Everything in the named subfolders of a folder of foreign data, symlinks as links. Reads nothing outside it, whatever
   * it holds; what cannot be read or is larger than a file of the registry may be comes back as `unread` with the reason.
   * Folders of the names `skipped` are not entered.
   */
  readSourceFolder(
    folder: string,
    path: string,
    subfolders: readonly string[],
    skipped?: ReadonlySet<string>,
  ): readonly SourceFile[];
  /** The files that a shell pattern means (`registry/models/openai/*`), relative to the root, in byte order. */
  expandPattern(root: string, pattern: string): Promise<readonly string[]>;
  /** Writes a file the user named, whole or not at all; relative paths start at `folder`. */
  writeOutput(folder: string, path: string, bytes: Uint8Array): void;
  /** The bytes of a file the user named; relative paths start at `folder`. Follows symlinks: the user chose it. */
  readInput(folder: string, path: string): Uint8Array;
  /** Digest and size of a file the user named, of any size; its bytes where there are at most `most`. */
  measureInput(folder: string, path: string, most: number): Promise<MeasuredInput>;
}
