/**
 * Registries of landings, each from the one before: what a landing leaves alone is not read again. A registry that was
 * made of another is the very value that loading all of it gives; where a file cannot be read, all of it is loaded.
 */
import type { Revision } from "../../core/govern/change.ts";
import { governedBy } from "../../core/govern/governed.ts";
import { settingsOf } from "../../core/govern/ownership.ts";
import type { PathChange } from "../../core/model/landing.ts";
import { isGovernedPath } from "../../core/model/path.ts";
import type { ChangedPath } from "../../core/model/transition.ts";
import { treeOf, type Tree } from "../../core/model/tree.ts";
import { loadRegistry, scanTree, type Loaded } from "../../core/source/load.ts";
import { reloadRegistry } from "../../core/source/reload.ts";
import type { ProofRepository } from "../ports.ts";
import { loadTree } from "../read.ts";

/** A commit's registry, as later landings stand on it. */
export interface LoadedRevision {
  readonly revision: Revision;
  /** Whether no file of it has a finding; then what follows need not be loaded from its beginning. */
  readonly isClean: boolean;
}

/** What the first landing stands on. */
export const nothing: LoadedRevision = {
  revision: { commit: "", registry: loadRegistry(scanTree(treeOf([]))).registry },
  isClean: false,
};

/** A registry after a landing, and whether it was made of the one before. */
export interface After extends Pick<Loaded, "registry" | "findings"> {
  readonly isPatched: boolean;
}

/** The registry of a tree that differs from a base's in these files. */
export async function loadAfter(
  base: LoadedRevision,
  tree: Tree,
  paths: readonly ChangedPath[],
): Promise<After> {
  const whole = async (): Promise<After> => ({ ...(await loadTree(tree)), isPatched: false });
  if (!base.isClean) return whole();
  const changed = paths.map(({ path }) => path);
  const own = await loadTree(treeOf(changed.flatMap((path) => tree.get(path) ?? [])));
  const registry = reloadRegistry(base.revision.registry, tree, changed, own);
  return registry === undefined ? whole() : { registry, findings: [], isPatched: true };
}

/** A commit's registry with everything that it governs. */
export async function loadRevision(commit: string, repository: ProofRepository): Promise<LoadedRevision> {
  const tree = await repository.treeAt(commit);
  const loaded = await loadTree(tree);
  const own = { revision: { commit, registry: loaded.registry }, isClean: loaded.findings.length === 0 };
  if ((settingsOf(loaded.registry)?.value.alsoGoverned ?? []).length === 0) return own;
  const isGoverned = governedBy(loaded.registry);
  const all = await repository.changedPaths(null, commit, { paths: "everywhere" });
  const more = all.filter(({ path }) => isGoverned(path) && !isGovernedPath(path)).map(({ path }) => path);
  if (more.length === 0) return own;
  const also = await repository.treeAt(commit, { paths: more });
  const whole = await loadTree(treeOf([...tree.files, ...also.files]));
  return { revision: { commit, registry: whole.registry }, isClean: whole.findings.length === 0 };
}

/** What the next landing stands on: the result, unless the landing itself altered what is governed. */
export async function ownBase(
  commit: string,
  base: LoadedRevision,
  { registry, findings }: After,
  governed: readonly PathChange[],
  repository: ProofRepository,
): Promise<LoadedRevision> {
  const alters = base === nothing || governed.some(({ path }) => path === "registry/registry.yaml");
  return alters
    ? loadRevision(commit, repository)
    : { revision: { commit, registry }, isClean: findings.length === 0 };
}
