/**
 * The one way in which commands write: plan the files, judge the registry as it would be, then write whole files,
 * and commit when told to. Nothing is written when the result would be worse than before.
 */
import type { Finding } from "../core/model/diagnostic.ts";
import type { Registry } from "../core/model/registry.ts";
import { treeOf, type Tree, type TreeFile } from "../core/model/tree.ts";
import { identityOfPath } from "../core/source/reference.ts";
import type { Diagnostic } from "../core/validate/report.ts";
import { Failure } from "../core/model/failure.ts";
import type { EntryChange } from "../core/validate/rule.ts";
import { findingsIn, locate } from "./lint.ts";
import type { Committed, FileChange } from "./ports.ts";
import type { Proposed, PullRequestWay } from "./propose.ts";
import { judgedBy, loadTree, needGit, type OpenRegistry } from "./read.ts";

/** What every command that writes understands (CLI.md, Author). */
export interface WriteOptions {
  /** Plan and judge, but write nothing. */
  readonly dryRun?: boolean;
  /** Also commit the files, onto the branch that is checked out. */
  readonly commit?: boolean;
  /** Commit them onto this branch instead, leaving the work tree alone. */
  readonly branch?: string | undefined;
  /** Commit them onto a branch of the remote and open a pull request instead; work tree and local branches stay. */
  readonly pullRequest?: PullRequestWay | undefined;
  /** The commit's message. */
  readonly message: string;
  /** What is changed, in a few words, for naming a branch; by default the message's first line. */
  readonly topic?: string;
  /** What speaks against the registry that the change would make, beside what lint says. */
  readonly against?: (result: Registry) => Promise<readonly Finding[]>;
}

export interface WrittenFile {
  readonly path: string;
  readonly change: "added" | "modified" | "removed";
  /** The texts, for showing what changes; null on the side where the file does not exist. */
  readonly before: string | null;
  readonly after: string | null;
}

export interface WriteResult {
  /** `unchanged`: the registry says already what was asked for. `refused`: the diagnostics say why. */
  readonly outcome: "written" | "planned" | "unchanged" | "refused";
  readonly files: readonly WrittenFile[];
  /** Errors that the change would bring, or, when it was written, its warnings. */
  readonly diagnostics: readonly Diagnostic[];
  readonly committed?: Committed;
  /** With `dryRun` the one that would be opened. */
  readonly pullRequest?: Proposed;
  /** The tree that was judged; for code frames. */
  readonly tree: Tree;
}

/** A tree with these files in place of what it holds. */
export function withChanges(tree: Tree, changes: readonly FileChange[]): Tree {
  const encoder = new TextEncoder();
  const touched = new Map(changes.map((change) => [change.path, change]));
  const files: TreeFile[] = tree.files.filter((file) => !touched.has(file.path));
  for (const { path, content } of touched.values()) {
    if (content === null) continue;
    const bytes = typeof content === "string" ? encoder.encode(content) : content;
    files.push({ path, mode: "100644", read: () => bytes });
  }
  return treeOf(files);
}

/** Judges planned files against the registry they would make, and writes them when they bring no error. */
export async function writeChanges(
  open: OpenRegistry,
  planned: readonly FileChange[],
  options: WriteOptions,
): Promise<WriteResult> {
  if (open.commit !== null) {
    throw new Failure("usage/write-the-past", "The past cannot be written.", { hint: "Leave out --at." });
  }
  const before = open.registry.tree;
  const files = planned
    .map((change) => describe(change, before))
    .filter((file) => file.before !== file.after);
  const changes = planned.filter(({ path }) => files.some((file) => file.path === path));
  if (changes.length === 0) {
    if (commits(options) && options.dryRun !== true) await refuseUncommitted(open, planned);
    return { outcome: "unchanged", files: [], diagnostics: [], tree: before };
  }
  const tree = withChanges(before, changes);
  const found = await broughtBy(changes, tree, open, options.against);
  const diagnostics = await locate(found, tree);
  if (diagnostics.some(({ severity }) => severity === "error"))
    return { outcome: "refused", files, diagnostics, tree };
  if (options.pullRequest !== undefined)
    return proposed(
      open,
      changes,
      { files, diagnostics, tree },
      { ...options, pullRequest: options.pullRequest },
    );
  if (options.dryRun === true) return { outcome: "planned", files, diagnostics, tree };
  const write = (): void => {
    refuseChangedMeanwhile(changes, open);
    open.workTree.write(changes);
  };
  if (!commits(options)) {
    write();
    return { outcome: "written", files, diagnostics, tree };
  }
  const { branch } = options;
  const ready = branch === undefined ? write : undefined;
  const repository = needGit(open.repository, "--commit");
  const committed = await repository.commit(changes, options.message, { branch, ready });
  return { outcome: "written", files, diagnostics, committed, tree };
}

/** The same change by way of a pull request. */
async function proposed(
  open: OpenRegistry,
  changes: readonly FileChange[],
  judged: Pick<WriteResult, "files" | "diagnostics" | "tree">,
  {
    pullRequest: way,
    message,
    topic,
    branch,
    dryRun,
  }: WriteOptions & { readonly pullRequest: PullRequestWay },
): Promise<WriteResult> {
  const { propose } = await import("./propose.ts");
  const proposal = {
    changes,
    message,
    topic: topic ?? message.split("\n", 1)[0] ?? "",
    branch,
    dryRun: dryRun === true,
  };
  const answer = await propose(proposal, open, way);
  if (answer.outcome === "landed") return { ...judged, outcome: "unchanged", files: [] };
  if (answer.outcome === "refused")
    return { ...judged, outcome: "refused", diagnostics: answer.diagnostics, tree: answer.tree };
  const { proposed: made } = answer;
  if (made.state === "planned") return { ...judged, outcome: "planned", pullRequest: made };
  const committed = { oid: made.commit, branch: made.branch, created: made.created };
  return { ...judged, outcome: "written", committed, pullRequest: made };
}

/** Two writers at once: whoever comes second has planned on what is there no more, and must look again. */
function refuseChangedMeanwhile(changes: readonly FileChange[], open: OpenRegistry): void {
  for (const { path } of changes) {
    const planned = open.registry.tree.get(path)?.read();
    const now = open.workTree.readFile(path);
    const same = planned === undefined || now === undefined ? planned === now : compareContents(planned, now);
    if (same) continue;
    throw new Failure("worktree/changed", `${path} was changed by somebody else meanwhile.`, {
      hint: "Look at it, and run the command again.",
      category: "conflict",
    });
  }
}

function compareContents(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

function commits(options: WriteOptions): boolean {
  return options.commit === true || options.branch !== undefined || options.pullRequest !== undefined;
}

/** Files that say already what was asked for, but in no commit: to call that done would lose the commit asked for. */
async function refuseUncommitted(open: OpenRegistry, planned: readonly FileChange[]): Promise<void> {
  const dirty = new Set(await needGit(open.repository, "--commit").dirtyPaths(open.registry.tree));
  const paths = planned.map(({ path }) => path).filter((path) => dirty.has(path));
  if (paths.length === 0) return;
  throw new Failure(
    "worktree/uncommitted",
    `${paths.join(", ")}: this stands on disk already, but in no commit.`,
    {
      hint: "Look at it with git diff, and commit it yourself, or take it back (git restore) and run the command again.",
    },
  );
}

/** The findings that the change brings: those the registry did not have before, judged with what stood there as the base. */
async function broughtBy(
  changes: readonly FileChange[],
  tree: Tree,
  open: OpenRegistry,
  against: WriteOptions["against"],
): Promise<Finding[]> {
  const after = judgedBy(await loadTree(tree), open.sandbox);
  const moves = changes.map(({ path }): EntryChange => {
    const ref = identityOfPath(path)?.ref ?? "";
    const was = open.registry.get(ref);
    const now = after.registry.get(ref);
    const inBase = open.registry.tree.get(path) !== undefined;
    return {
      path,
      ...(was && { before: was }),
      ...(now && { after: now }),
      inBase,
      inHead: tree.get(path) !== undefined,
    };
  });
  const base = { registry: open.registry, changes: moves };
  const then = await findingsIn(after, open.asOf, base, undefined, open.onProgress);
  const now = await findingsIn({ registry: open.registry, findings: open.findings }, open.asOf);
  const known = new Set(now.map(keyOf));
  const brought = then.filter((finding) => !known.has(keyOf(finding)));
  return [...brought, ...((await against?.(after.registry)) ?? [])];
}

/** What makes two findings the same although lines have moved. */
function keyOf(finding: Finding): string {
  return JSON.stringify([
    finding.definition.code,
    finding.at.file,
    finding.at.pointer ?? null,
    finding.message,
  ]);
}

function describe(change: FileChange, tree: Tree): WrittenFile {
  const file = tree.get(change.path);
  const decoder = new TextDecoder();
  const before = file === undefined ? null : decoder.decode(file.read());
  const { content } = change;
  const after = content === null || typeof content === "string" ? content : decoder.decode(content);
  const kind = before === null ? "added" : after === null ? "removed" : "modified";
  return { path: change.path, change: kind, before, after };
}
