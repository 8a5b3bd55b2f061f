/** Cases on a real disk, in real repositories: what the program is started in. */
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { unmark, type Case, type Files, type Unmarked } from "../cases/case.ts";
import { git, makeHistory, newFolder } from "../repository-on-disk.ts";

/** Writes a case's files as they are meant: links as links, submodules as repositories. */
export function writeFiles(folder: string, { files }: Unmarked): void {
  for (const [path, { mode, bytes }] of files) {
    const full = join(folder, path);
    mkdirSync(dirname(full), { recursive: true });
    if (mode === "120000") symlinkSync(new TextDecoder().decode(bytes), full);
    else if (mode === "160000") mkdirSync(join(full, ".git"), { recursive: true });
    else writeFileSync(full, bytes);
    if (mode === "100755") chmodSync(full, 0o755);
  }
}

/** Replaces the registry of a folder. */
export function replaceFiles(folder: string, files: Files): void {
  for (const name of ["registry", "CODEOWNERS", ".github"])
    rmSync(join(folder, name), { recursive: true, force: true });
  writeFiles(folder, unmark(files));
}

/** A repository whose one commit is what landed; the work tree is what the case makes of it. */
export function repositoryOf({ landed = {}, files }: Pick<Case, "landed" | "files">): string {
  const folder = newFolder();
  git(folder, ["init", "-q", "-b", "main", "."]);
  const standing = [...unmark(landed).files].map(([path, { bytes }]) => [path, bytes] as const);
  makeHistory(folder, [{ parents: [], files: Object.fromEntries(standing), message: "What landed" }]);
  replaceFiles(folder, files);
  return folder;
}

/** Commits everything that stands in a folder, and hands back the commit. */
export function commitAll(folder: string, message: string): string {
  git(folder, ["add", "-A"]);
  git(folder, ["commit", "-q", "--allow-empty", "-m", message]);
  return git(folder, ["rev-parse", "HEAD"]).trim();
}
