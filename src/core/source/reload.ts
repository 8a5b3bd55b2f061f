/**
 * A registry after some of its files changed, from the registry before: what did not change is not read again. The same
 * value as loading the whole tree, or nothing: where anything is wrong with a file, everything is loaded and told.
 */
import type { Registry } from "../model/registry.ts";
import type { Tree } from "../model/tree.ts";
import { registryOf, type Loaded } from "./load.ts";
import { crowdedFindings } from "./paths.ts";

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
): Loaded | undefined {
  if (own.findings.length > 0) return undefined;
  if (crowdedFindings(tree.files.filter(({ path }) => path.startsWith("registry/"))).length > 0)
    return undefined;
  const changed = new Set(paths);
  const kept = before.entries.filter(({ path }) => !changed.has(path));
  const entries = [...kept, ...own.registry.entries];
  return { registry: registryOf(tree, entries), findings: [], files: entries.length };
}
