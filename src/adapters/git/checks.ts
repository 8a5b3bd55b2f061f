/**
 * What both adapters check alike: names that users type, what is dirty, what a commit may change. Pure, so that the two
 * cannot differ.
 */
import { compareBytes } from "../../core/model/json.ts";
import type { FileChange } from "../../core/model/landing.ts";
import { isSafePath } from "../../core/model/path.ts";
import type { FileMode, Tree, TreeFile } from "../../core/model/tree.ts";
import { Failure } from "../../core/model/failure.ts";
import { branchDiffers, illegalBranch, nothingToCommit, unknownRevision } from "./failures.ts";
import { oidOf } from "./object.ts";

/** A file of a commit, unread. */
export interface ListedFile {
  readonly path: string;
  readonly mode: FileMode;
  readonly oid: string;
}

/** Refuses text that no revision can be, before anything else reads it. */
export function requireRevision(revision: string): string {
  // Control characters would start a new request in git's own line protocols.
  if (
    revision === "" ||
    revision.length > 1000 ||
    /[\u0000-\u001f\u007f]/.test(revision) ||
    revision.startsWith("-")
  ) {
    throw unknownRevision(revision.slice(0, 100), false);
  }
  return revision;
}

/** Refuses what git would not take as a branch (git-check-ref-format), and names that read as options. */
export function requireBranch(branch: string): string {
  const legal =
    branch.length <= 200 &&
    /^[^\u0000-\u0020\u007f~^:?*[\\]+$/.test(branch) &&
    !branch.startsWith("-") &&
    !/\.\.|@\{|\/\/|\/$|^\/|\.$|^@$|^HEAD$/.test(branch) &&
    branch.isWellFormed() &&
    branch.split("/").every((part) => !part.startsWith(".") && !part.endsWith(".lock"));
  if (!legal) throw illegalBranch(branch);
  return branch;
}

/** The installed tool; every registry's .gitignore names it. Where it has landed it counts like anything else. */
const installed = /^\.github\/(?:.*\/)?node_modules\//;

/** Paths at which the tree on disk is not what a commit lists, in byte order. */
export function dirtyAgainst(listed: readonly ListedFile[], onDisk: Tree): readonly string[] {
  const dirty: string[] = [];
  const committed = new Map(listed.map((file) => [file.path, file]));
  for (const file of onDisk.files) {
    const known = committed.get(file.path);
    committed.delete(file.path);
    if (known === undefined ? !installed.test(file.path) : !sameContent(known, file)) dirty.push(file.path);
  }
  for (const file of committed.values()) if (file.mode !== "160000") dirty.push(file.path);
  return dirty.sort(compareBytes);
}

function sameContent(known: ListedFile, file: TreeFile): boolean {
  if (known.mode !== file.mode) return false;
  if (file.mode === "160000") return true;
  const algorithm = known.oid.length === 64 ? "sha256" : "sha1";
  const bytes = file.read();
  if (oidOf("blob", bytes, algorithm) === known.oid) return true;
  const text = Buffer.from(bytes).toString("latin1");
  if (!text.includes("\r\n")) return false;
  return oidOf("blob", Buffer.from(text.replaceAll("\r\n", "\n"), "latin1"), algorithm) === known.oid;
}

/** A file as it is to be committed: its new bytes and id, or null where it goes. */
export interface PlannedFile {
  readonly path: string;
  readonly bytes: Uint8Array | null;
  readonly oid: string | null;
}

/** Refuses a change that leaves the repository or writes into `.git`. */
export function requireSafePaths(changes: readonly FileChange[]): void {
  for (const { path } of changes) {
    if (isSafePath(path) && path.isWellFormed()) continue;
    throw new Failure("git/unsafe-path", `${JSON.stringify(path)} is no path inside the repository.`, {
      hint: "Use a path below the repository's root, without .., empty parts or .git.",
    });
  }
}

/** Turns changes into bytes and ids, in byte order. */
export function plannedFiles(
  changes: readonly FileChange[],
  algorithm: "sha1" | "sha256",
): readonly PlannedFile[] {
  return [...changes]
    .sort((a, b) => compareBytes(a.path, b.path))
    .map(({ path, content }) => {
      if (content === null) return { path, bytes: null, oid: null };
      const bytes = typeof content === "string" ? Buffer.from(content) : content;
      return { path, bytes, oid: oidOf("blob", bytes, algorithm) };
    });
}

/**
 * What of a change still has to be committed on a branch. `base` lists the files as the user sees them (HEAD), `tip` as
 * the branch has them; a branch that has moved one of them elsewhere is a conflict, never overwritten.
 */
export function remaining(
  planned: readonly PlannedFile[],
  base: readonly ListedFile[],
  tip: readonly ListedFile[],
  branch: string,
): readonly PlannedFile[] {
  const seen = new Map(base.map((file) => [file.path, file.oid]));
  const there = new Map(tip.map((file) => [file.path, file.oid]));
  const left = planned.filter((file) => (there.get(file.path) ?? null) !== file.oid);
  for (const file of left) {
    if (seen.get(file.path) !== there.get(file.path)) throw branchDiffers(branch, file.path);
  }
  if (left.length === 0) throw nothingToCommit(branch);
  return left;
}
