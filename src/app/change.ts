/**
 * The change since a base: which governed paths differ, and what stood there before (DESIGN 5.1).
 * Work and reading are proportional to the change, not to the registry. It must never judge anything.
 */
import { Failure } from "../core/model/failure.ts";
import type { Registry } from "../core/model/registry.ts";
import { treeOf } from "../core/model/tree.ts";
import { registryOf } from "../core/source/registry-of.ts";
import { identityOfPath } from "../core/source/reference.ts";
import type { EntryChange } from "../core/validate/rule.ts";
import { loadTree, type OpenRegistry, needGit } from "./read.ts";

export interface BaseSide {
  /** The registry as it landed, as far as the change touches it; what the change leaves alone is the head's. */
  readonly registry: Registry;
  readonly changes: readonly EntryChange[];
}

/** Compares what was opened with the merge base of `revision` and the head. */
export async function changeSince(revision: string, open: OpenRegistry): Promise<BaseSide> {
  const repository = needGit(open.repository, "--base");
  const base = await repository.resolveRevision(revision);
  const head = open.commit ?? (await repository.head());
  if (head === null) {
    throw new Failure("repository/no-commit", "This repository has no commit to compare.", {
      hint: "Commit first.",
    });
  }
  const bases = await repository.mergeBases(base, head);
  // Several merge bases: the base itself is the stricter side, and the gate refuses such a branch anyway.
  const from = bases.length === 1 ? (bases[0] ?? base) : base;
  const differing = (await repository.changedPaths(from, head)).map(({ path }) => path);
  const dirty = open.commit === null ? await repository.dirtyPaths(open.registry.tree) : [];
  const paths = [...new Set([...differing, ...dirty])].filter((path) => path.startsWith("registry/"));
  return baseSide(
    paths,
    open.registry,
    paths.length === 0 ? treeOf([]) : await repository.treeAt(from, { paths }),
  );
}

async function baseSide(paths: readonly string[], head: Registry, tree: Registry["tree"]): Promise<BaseSide> {
  const touched = new Set(paths);
  const before = (await loadTree(tree)).registry;
  const kept = head.entries.filter((entry) => !touched.has(entry.path));
  const registry = registryOf(tree, [...kept, ...before.entries]);
  const changes = paths.map((path): EntryChange => {
    const ref = identityOfPath(path)?.ref;
    const landed = ref === undefined ? undefined : before.get(ref);
    const now = ref === undefined ? undefined : head.get(ref);
    const inBase = tree.get(path) !== undefined;
    const inHead = head.tree.get(path) !== undefined;
    return { path, ...(landed && { before: landed }), ...(now && { after: now }), inBase, inHead };
  });
  // A dirty path may equal the base again; that is no change.
  return { registry, changes: changes.filter((change) => !isSame(change, tree, head.tree)) };
}

function isSame(change: EntryChange, base: Registry["tree"], head: Registry["tree"]): boolean {
  const from = base.get(change.path);
  const to = head.get(change.path);
  if (from === undefined || to === undefined || from.mode !== to.mode) return from === to;
  const a = from.read();
  const b = to.read();
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
