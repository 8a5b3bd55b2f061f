/**
 * Finds the repository around a folder by looking, without starting git and without reading its configuration.
 * Environment variables (GIT_DIR and its like) are not asked: the folder says which registry is meant.
 */
import { existsSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";

export interface RepositoryPlace {
  /** The root of the work tree; null for a bare repository. */
  readonly root: string | null;
  /** Where HEAD and the index are; in a linked work tree not the same as `commonDir`. */
  readonly gitDir: string;
  /** Where objects and branches are. */
  readonly commonDir: string;
}

/** The repository whose work tree holds the folder, or the bare repository that the folder is. */
export function discoverRepository(folder: string): RepositoryPlace | undefined {
  let at = resolve(folder);
  if (!existsSync(at)) return undefined;
  at = realpathSync(at);
  // A bare repository counts only where it is named itself: one that hides below a work tree is nobody's choice.
  if (isGitDir(at) && !at.endsWith("/.git")) return placeOf(null, at);
  for (;;) {
    const gitDir = gitDirOf(`${at}/.git`);
    if (gitDir !== undefined) return placeOf(at, gitDir);
    if (dirname(at) === at) return undefined;
    at = dirname(at);
  }
}

/** Whether a folder is a repository without a work tree. One that holds a registry's files is meant as their folder. */
export function isBareRepository(folder: string): boolean {
  return isGitDir(folder) && !existsSync(`${folder}/registry/registry.yaml`) && !folder.endsWith("/.git");
}

/** `.git` is a folder, or in linked work trees and submodules a file that names one. */
function gitDirOf(path: string): string | undefined {
  // Asked first, because below a file and behind a name that is too long `statSync` throws.
  if (!existsSync(path)) return undefined;
  const found = statSync(path);
  if (found.isDirectory()) return isGitDir(path) ? path : undefined;
  if (!found.isFile() || found.size > 8192) return undefined;
  const target = /^gitdir: (.+?)\r?\n*$/.exec(readFileSync(path, "utf8"))?.[1];
  if (target === undefined) return undefined;
  const gitDir = resolve(dirname(path), target);
  return isGitDir(gitDir) ? gitDir : undefined;
}

function isGitDir(path: string): boolean {
  if (!existsSync(`${path}/HEAD`)) return false;
  return existsSync(`${path}/commondir`) || (existsSync(`${path}/objects`) && existsSync(`${path}/refs`));
}

function placeOf(root: string | null, gitDir: string): RepositoryPlace {
  const common = `${gitDir}/commondir`;
  const commonDir = existsSync(common) ? resolve(gitDir, readFileSync(common, "utf8").trim()) : gitDir;
  return { root, gitDir, commonDir };
}

/** Whether history was cut off when this was cloned. */
export function isShallowPlace(place: RepositoryPlace): boolean {
  return (statSync(`${place.commonDir}/shallow`, { throwIfNoEntry: false })?.size ?? 0) > 0;
}

/** What git is in the middle of, in its own words; null when nothing is. */
export function unfinishedOperation(place: RepositoryPlace): string | null {
  const marks = {
    MERGE_HEAD: "merge",
    "rebase-merge": "rebase",
    "rebase-apply": "rebase",
    CHERRY_PICK_HEAD: "cherry-pick",
    REVERT_HEAD: "revert",
  };
  for (const [file, name] of Object.entries(marks)) if (existsSync(`${place.gitDir}/${file}`)) return name;
  return null;
}
