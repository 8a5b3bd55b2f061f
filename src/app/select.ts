/** Paths as people type them -> files of a tree. A path that means nothing is a Failure: a check of nothing cannot fail. */
import { Failure } from "../core/model/failure.ts";
import type { Tree } from "../core/model/tree.ts";

/**
 * A test for "is this file meant": each path is a file or a folder of the repository, relative to the root.
 * `undefined` when no path is given (everything is meant).
 */
export function selector(paths: readonly string[], tree: Tree): ((file: string) => boolean) | undefined {
  if (paths.length === 0) return undefined;
  const wanted = paths.map((path) => path.replace(/^\.\//, "").replace(/\/+$/, ""));
  for (const path of wanted) {
    if (path === "" || path === "." || tree.files.some((file) => isAt(file.path, path))) continue;
    throw new Failure("usage/no-such-path", `"${path}" is no file or folder of this registry.`, {
      hint: "Paths are relative to the folder you are in; only governed files (registry/, CODEOWNERS, .github/) are read.",
    });
  }
  return (file) => wanted.some((path) => path === "" || path === "." || isAt(file, path));
}

function isAt(file: string, path: string): boolean {
  return file === path || file.startsWith(`${path}/`);
}
