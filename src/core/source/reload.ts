/**
 * A registry after some of its files changed, from the registry before: what did not change is not read again. The same
 * value as loading the whole tree, or nothing: where anything is wrong with a file, everything is loaded and told.
 */
import type { Entry, Registry } from "../model/registry.ts";
import type { Tree } from "../model/tree.ts";
import type { Loaded } from "./load.ts";
import { hasCrowdedFolder } from "./paths.ts";
import { identityOfPath } from "./reference.ts";
import { patchedRegistry } from "./registry-of.ts";

/**
 * @param before a registry of which no file had a finding
 * @param tree all files as they are now; those that are not in `paths` as they were
 * @param own what loading the files of `paths` alone came to
 * @returns undefined where a file cannot be read as an entry, or the folders have become too full
 */
export function reloadRegistry(
  before: Registry,
  tree: Tree,
  paths: readonly string[],
  own: Loaded,
): Registry | undefined {
  if (own.findings.length > 0) return undefined;
  const added = paths.filter((path) => tree.get(path) !== undefined && before.tree.get(path) === undefined);
  if (hasCrowdedFolder(tree, added)) return undefined;
  const changes = new Map<string, Entry | undefined>();
  for (const path of paths) {
    const ref = identityOfPath(path)?.ref;
    if (ref !== undefined) changes.set(ref, own.registry.get(ref));
  }
  return patchedRegistry(before, tree, changes);
}
