/**
 * Opens the registry an operation is about: finds the repository, reads the tree, loads the entries, and
 * settles the clock. Every operation that reads entries starts here, so that all of them see the same value.
 */
import { Failure } from "../core/model/failure.ts";
import type { Finding } from "../core/model/diagnostic.ts";
import { parseInstant, type Instant } from "../core/model/instant.ts";
import { counted, type Progress } from "../core/model/progress.ts";
import type { Sandbox } from "../core/model/plugin.ts";
import type { Registry } from "../core/model/registry.ts";
import type { Tree } from "../core/model/tree.ts";
import { withPlugins } from "../core/plugin/pinned.ts";
import { loadRegistry, scanTree, type Loaded } from "../core/source/load.ts";
import type { Ports, Repository, WorkTree } from "./ports.ts";
import { rootOf } from "./root.ts";

/** Which registry, at which moment (CLI.md, Global). */
export interface Selection {
  /** Where to look; the working folder when absent. */
  readonly folder: string;
  /** `--at`: an instant or a revision; absent = the work tree. */
  readonly at?: string | undefined;
  /** `--as-of`. */
  readonly asOf?: Instant | undefined;
  /** Who listens to how far long work is. */
  readonly onProgress?: Progress | undefined;
}

export interface OpenRegistry {
  readonly root: string;
  readonly workTree: WorkTree;
  /** Absent without git. */
  readonly repository: Repository | undefined;
  readonly registry: Registry;
  /** What keeps files from being entries. */
  readonly findings: readonly Finding[];
  /** How many files were read as entries, good or bad. */
  readonly files: number;
  /** The commit that was read; null for the work tree. */
  readonly commit: string | null;
  /** Its number on the first-parent line, 1-based; null for the work tree. */
  readonly sequence: number | null;
  readonly asOf: Instant;
  readonly onProgress: Progress | undefined;
  /** Where its plugins run. */
  readonly sandbox: Sandbox;
}

/** Opens the work tree, or with `at` the registry as it was. */
export async function openRegistry(selection: Selection, ports: Ports): Promise<OpenRegistry> {
  const root = rootOf(selection.folder, ports);
  const repository = await ports.openRepository(root);
  const { onProgress } = selection;
  const { sandbox } = ports;
  const workTree = telling(ports.openWorkTree(root), onProgress);
  if (selection.at !== undefined) {
    const moment = await momentOf(selection.at, needGit(repository, "Reading a commit"));
    const loaded = judgedBy(
      await loadTree(await moment.repository.treeAt(moment.commit), onProgress),
      sandbox,
    );
    const asOf = selection.asOf ?? moment.asOf;
    const { commit, sequence } = moment;
    return { root, workTree, repository, ...loaded, commit, sequence, asOf, onProgress, sandbox };
  }
  // git answers while the files are read.
  const clock = selection.asOf === undefined ? headTime(repository, ports) : Promise.resolve(selection.asOf);
  const loaded = judgedBy(await loadTree(workTree.readTree(), onProgress), sandbox);
  return {
    root,
    workTree,
    repository,
    ...loaded,
    commit: null,
    sequence: null,
    asOf: await clock,
    onProgress,
    sandbox,
  };
}

/** What was loaded, with the plugins that it pins itself. */
export function judgedBy(loaded: Loaded, sandbox: Sandbox): Loaded {
  return { ...loaded, registry: withPlugins(loaded.registry, sandbox) };
}

/** A work tree that says how far it is with writing. */
export function telling(workTree: WorkTree, progress: Progress | undefined): WorkTree {
  if (progress === undefined) return workTree;
  return {
    ...workTree,
    write: (changes) => workTree.write(changes, counted(progress, "writing files", changes.length)),
  };
}

/** The repository, or the Failure for a command that cannot do without history. */
export function needGit(repository: Repository | undefined, what: string): Repository {
  if (repository !== undefined) return repository;
  throw new Failure(
    "repository/no-git",
    `${what} needs the history of a git repository, and there is none here.`,
    {
      hint: "Run it inside a clone, or make this folder a repository: git init.",
    },
  );
}

interface Moment {
  readonly repository: Repository;
  readonly commit: string;
  readonly sequence: number | null;
  readonly asOf: Instant;
}

/** What `--at` means: an instant picks the last landing at or before it; anything else is a revision (CLI.md). */
async function momentOf(at: string, repository: Repository): Promise<Moment> {
  const instant = parseInstant(at);
  if (instant === undefined) {
    const commit = await repository.resolveRevision(at).catch((error: unknown) => {
      throw otherInstant(at) ?? error;
    });
    const landings = await repository.landings(commit);
    const landing = landings.at(-1);
    if (landing === undefined) throw new Error(`the first-parent chain of ${commit} is empty`);
    return { repository, commit, sequence: landing.sequence, asOf: landing.time };
  }
  const { landingsOf } = await import("./landed.ts");
  const landing = (await landingsOf(repository, at)).at(-1);
  if (landing === undefined) {
    const first = (await landingsOf(repository))[0];
    throw new Failure("repository/before-history", `The registry had no landing yet at ${at}.`, {
      hint: first === undefined ? "Make the first commit." : `Its first landing is of ${first.time}.`,
    });
  }
  return { repository, commit: landing.oid, sequence: landing.sequence, asOf: instant };
}

/** What is no revision and looks like this was meant as an instant. */
function otherInstant(at: string): Failure | undefined {
  if (!/^\d{4}-\d{2}-\d{2}(?:T\d{2}:.*)?$/.test(at)) return undefined;
  return new Failure("usage/instant", `"${at}" is neither an instant nor a revision.`, {
    hint: "Write RFC 3339 in UTC, such as 2026-07-01T00:00:00Z.",
  });
}

/** The landing time of HEAD, so that the same tree gives the same answer; without git or commits, now (CLI.md). */
async function headTime(repository: Repository | undefined, ports: Ports): Promise<Instant> {
  return (await repository?.headTime()) ?? ports.now();
}

/** Loads the registry of a tree; `yaml` is imported only when the fast parser declined a file. */
export async function loadTree(tree: Tree, progress?: Progress): Promise<Loaded> {
  const scan = scanTree(tree, counted(progress, "reading files", tree.files.length, 500));
  if (scan.declined === 0) return loadRegistry(scan);
  const { parseStrict } = await import("../core/source/strict.ts");
  return loadRegistry(scan, parseStrict);
}
