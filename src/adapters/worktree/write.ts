/**
 * Writing whole files below a root: temporary file beside the target, fsync, rename. Killed at any moment, each file is
 * the old or the new one. What the attacker controls: the paths, and the folders while they are written to; therefore
 * folders are opened one by one without following symlinks, and every later step starts from the opened folder.
 */
import {
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmdirSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { Failure } from "../../core/model/failure.ts";
import { compareBytes } from "../../core/model/json.ts";
import type { FileChange } from "../../core/model/landing.ts";
import type { Told } from "../../core/model/progress.ts";
import { isSafePath } from "../../core/model/path.ts";

const FOLDER_FLAGS = constants.O_RDONLY | (constants.O_DIRECTORY ?? 0) | (constants.O_NOFOLLOW ?? 0);
const NEW_FLAGS = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);

/** Writes the files of a change in byte order. Everything that can be refused is refused before the first write. `told` hears of each file. */
export function writeFiles(root: string, changes: readonly FileChange[], told?: Told): void {
  const sorted = [...changes].sort((a, b) => compareBytes(a.path, b.path));
  const twice = sorted.find((change, index) => sorted[index - 1]?.path === change.path);
  if (twice !== undefined) throw new Error(`${twice.path} is written twice in one change`);
  const folders = new Map<string, OpenFolder>();
  try {
    for (const change of sorted) refuseUnsafe(root, change.path);
    for (const [index, change] of sorted.entries()) {
      writeOne(root, change, folders);
      told?.(index + 1);
    }
    for (const folder of folders.values()) sync(folder);
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Failure("worktree/write", `The change could not be written: ${reason}.`, {
      hint: "Make room or get the right to write, and run the command again: files written so far are whole.",
      cause,
    });
  } finally {
    for (const folder of folders.values()) if (folder.descriptor !== undefined) closeSync(folder.descriptor);
  }
  for (const change of sorted) if (change.content === null) removeEmptyFolders(root, change.path);
}

function refuseUnsafe(root: string, path: string): void {
  if (!isSafePath(path)) {
    throw new Failure("worktree/unsafe-path", `${JSON.stringify(path)} is no path inside the repository.`, {
      hint: "Use a path below the repository's root, without .., empty parts or .git.",
    });
  }
  const parts = path.split("/");
  for (let depth = 1; depth <= parts.length; depth++) {
    const at = parts.slice(0, depth).join("/");
    const found = lstatSync(`${root}/${at}`, { throwIfNoEntry: false });
    if (found === undefined) return;
    if (found.isSymbolicLink()) throw throughLink(at);
    if (depth < parts.length !== found.isDirectory() || (depth === parts.length && !found.isFile())) {
      throw new Failure("worktree/in-the-way", `${at} is in the way of ${path}.`, {
        hint: `Remove ${at} or choose another name.`,
      });
    }
  }
}

function throughLink(path: string): Failure {
  return new Failure("worktree/symlink", `${path} is a symlink; nothing is written through it.`, {
    hint: "Replace it by a real file or folder.",
  });
}

/** A folder that was opened without following a symlink; `path` leads to it whatever happens to its name. */
interface OpenFolder {
  readonly path: string;
  readonly descriptor: number | undefined;
}

/** On Linux an open folder has a path of its own, so that swapping a parent for a symlink changes nothing. */
const anchored = existsSync("/proc/self/fd");

function writeOne(root: string, change: FileChange, folders: Map<string, OpenFolder>): void {
  const slash = change.path.lastIndexOf("/");
  const name = change.path.slice(slash + 1);
  if (change.content === null && !existsSync(`${root}/${change.path}`)) return;
  const folder = openFolder(root, slash < 0 ? "" : change.path.slice(0, slash), folders);
  const target = `${folder.path}/${name}`;
  if (change.content === null) {
    unlinkSync(target);
    return;
  }
  const bytes = typeof change.content === "string" ? Buffer.from(change.content) : change.content;
  // Two writers must not meet; a guessed name gains nothing, because the file must be new and no symlink.
  const temporary = `${folder.path}/.assent-${Math.random().toString(36).slice(2)}.tmp`;
  const descriptor = openSync(temporary, NEW_FLAGS, 0o666);
  try {
    try {
      for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, target);
  } catch (error) {
    unlinkSync(temporary);
    throw error;
  }
}

/** Opens a folder below the root step by step, making what is missing. At most 64 stay open. */
function openFolder(root: string, path: string, folders: Map<string, OpenFolder>): OpenFolder {
  const known = folders.get(path);
  if (known !== undefined) return known;
  if (folders.size >= 64) {
    for (const folder of folders.values()) {
      sync(folder);
      if (folder.descriptor !== undefined) closeSync(folder.descriptor);
    }
    folders.clear();
  }
  let folder: OpenFolder;
  if (path === "") folder = opened(root);
  else {
    const slash = path.lastIndexOf("/");
    const parent = openFolder(root, slash < 0 ? "" : path.slice(0, slash), folders);
    const at = `${parent.path}/${path.slice(slash + 1)}`;
    try {
      mkdirSync(at);
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    }
    folder = opened(at, path);
  }
  folders.set(path, folder);
  return folder;
}

function opened(at: string, path = "."): OpenFolder {
  if (constants.O_DIRECTORY === undefined) {
    if (lstatSync(at).isSymbolicLink()) throw throughLink(path);
    return { path: at, descriptor: undefined };
  }
  try {
    const descriptor = openSync(at, FOLDER_FLAGS);
    return { path: anchored ? `/proc/self/fd/${descriptor}` : at, descriptor };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ELOOP" || code === "ENOTDIR") throw throughLink(path);
    throw error;
  }
}

/** Makes renames in a folder survive a power cut. */
function sync(folder: OpenFolder): void {
  if (folder.descriptor !== undefined) fsyncSync(folder.descriptor);
}

/** Git keeps no empty folders; neither does a deletion. */
function removeEmptyFolders(root: string, path: string): void {
  for (let at = path; at.includes("/");) {
    at = at.slice(0, at.lastIndexOf("/"));
    try {
      rmdirSync(`${root}/${at}`);
    } catch {
      // Not empty, or gone already: both are what is wanted.
      return;
    }
  }
}
