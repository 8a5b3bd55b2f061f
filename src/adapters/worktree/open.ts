/**
 * The files on disk: reads a folder into a tree, writes whole files. It must never follow a symlink below the root,
 * never wait (pipes, devices), and never understand what it reads.
 */
import { existsSync, lstatSync, readFileSync, realpathSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { Failure } from "../../core/model/failure.ts";
import { GOVERNED_ROOTS, isAtOrBelow, isSafePath } from "../../core/model/path.ts";
import { treeOf, type Tree, type TreeFile } from "../../core/model/tree.ts";
import type { WorkTree } from "../../app/ports.ts";
import { attempt, codeOf, linked } from "./failures.ts";
import { Reader } from "./read.ts";
import { writeFiles } from "./write.ts";

/** The work tree at a root. Reads nothing yet. */
export function openWorkTree(folder: string): WorkTree {
  const root = realpath(folder);
  return {
    root,
    readTree: (options) => readTree(root, options?.also ?? []),
    readFile: (path) => readOne(root, path),
    write: (changes, told) => writeFiles(root, changes, told),
  };
}

/** The nearest folder upwards that holds `registry/registry.yaml`; undefined when there is none. */
export function findRegistryFolder(folder: string): string | undefined {
  for (let at = resolve(folder); ; at = dirname(at)) {
    if (existsSync(`${at}/registry/registry.yaml`)) return at;
    if (dirname(at) === at) return undefined;
  }
}

/** The bytes of a file the user named; relative paths start at `folder`. */
export function readInput(folder: string, path: string): Uint8Array {
  try {
    return readFileSync(resolve(folder, path));
  } catch (cause) {
    throw new Failure("file/unreadable", `${path} cannot be read (${codeOf(cause)}).`, {
      hint: "Check the path and that you may read the file.",
      cause,
    });
  }
}

function realpath(folder: string): string {
  try {
    return realpathSync(folder);
  } catch (cause) {
    throw new Failure(
      "worktree/no-folder",
      `${folder} is not a folder that can be opened (${codeOf(cause)}).`,
      {
        hint: "Name the registry's folder with -C.",
        cause,
      },
    );
  }
}

function readTree(root: string, also: readonly string[]): Tree {
  const reader = new Reader(root);
  for (const path of GOVERNED_ROOTS) reader.start(path);
  const extra = also.filter((path) => !isAtOrBelow(path, GOVERNED_ROOTS) && isSafePath(path));
  if (extra.length > 0) {
    for (const path of new Set(extra)) reader.start(path);
    return treeOf([...new Map(reader.files.map((file) => [file.path, file])).values()]);
  }
  return treeOfSorted(reader.files);
}

/** Like `treeOf`, without sorting again what was walked in order. */
function treeOfSorted(files: readonly TreeFile[]): Tree {
  let index: Map<string, TreeFile> | undefined;
  return {
    files,
    get(path) {
      index ??= new Map(files.map((file) => [file.path, file]));
      return index.get(path);
    },
  };
}

/** One file's bytes; undefined where there is none. */
function readOne(root: string, path: string): Uint8Array | undefined {
  if (!isSafePath(path)) return undefined;
  const segments = path.split("/");
  for (let depth = 1; depth <= segments.length; depth++) {
    const at = segments.slice(0, depth).join("/");
    const found = attempt(at, () => lstatSync(`${root}/${at}`, { throwIfNoEntry: false }));
    if (found?.isSymbolicLink() === true) throw linked(at);
    if (found === undefined || (depth === segments.length) === found.isDirectory()) return undefined;
  }
  const reader = new Reader(root);
  reader.start(path);
  return reader.files[0]?.read();
}
