/**
 * Reads the change that the gate judges (DESIGN 5.1) out of a repository: the base B, what differs between the merge
 * base A and the head H, and the result R. It must never merge, guess a rename, or read a rule from anywhere but B.
 */
import { changeOf, registryIdOf, resultTree, type Change } from "../core/govern/change.ts";
import { governedBy } from "../core/govern/governed.ts";
import { settingsOf } from "../core/govern/ownership.ts";
import { sha256Hex, type Digest } from "../core/model/digest.ts";
import type { Finding } from "../core/model/diagnostic.ts";
import type { PathChange } from "../core/model/landing.ts";
import { isGovernedPath } from "../core/model/path.ts";
import type { Registry } from "../core/model/registry.ts";
import { transitionDigest, type ChangedPath } from "../core/model/transition.ts";
import { treeOf, type TreeFile } from "../core/model/tree.ts";
import { identityOfPath } from "../core/source/reference.ts";
import type { EntryChange } from "../core/validate/rule.ts";
import type { BaseSide } from "./change.ts";
import { narrowBase, readRules } from "./narrow.ts";
import type { Repository } from "./ports.ts";
import { loadTree } from "./read.ts";

/** Which change: B and H as commits, and the protected branch in full. */
export interface Question {
  readonly base: string;
  readonly head: string;
  readonly ref: string;
}

export interface ReadChange {
  readonly change: Change;
  /** What keeps files of R from being entries. */
  readonly findings: readonly Finding[];
  /** Everything that differs between A and H, governed or not, as git names it. */
  readonly differing: readonly PathChange[];
  /** Which files findings can be relied on about; undefined = all of them. */
  readonly asks: ((file: string) => boolean) | undefined;
}

/**
 * Reads a change, and of the registry what it can reach (narrow.ts). Criss-cross and unrelated histories are read too, as
 * differences from B; the gate denies them. `whole` reads everything in any case.
 */
export async function readChange(
  { base, head, ref }: Question,
  repository: Repository,
  { whole = false }: { readonly whole?: boolean } = {},
): Promise<ReadChange> {
  const [mergeBases, rules] = await Promise.all([
    repository.mergeBases(base, head),
    readRules(base, repository),
  ]);
  const from = mergeBases.length === 1 ? (mergeBases[0] ?? base) : base;
  const differing = await repository.changedPaths(from, head, { paths: "everywhere" });
  const isGoverned = governedBy(rules);
  const governed = differing.filter(({ path }) => isGoverned(path));
  const { paths, contents } = await digested(governed, repository);
  const changed = treeOf(
    governed.flatMap(({ path, modeTo, oidTo }) => {
      if (modeTo === null || oidTo === null) return [];
      const bytes = contents.get(oidTo) ?? new Uint8Array();
      return [{ path, mode: modeTo, read: () => bytes }];
    }),
  );
  const narrow = whole ? null : await narrowBase(rules, base, governed, changed, repository);
  const tree = narrow?.tree ?? treeOf([...(await repository.treeAt(base)).files, ...alsoGoverned(rules)]);
  const [{ registry }, { registry: result, findings }] = [
    await loadTree(tree),
    await loadTree(resultTree(tree, changed, paths)),
  ];
  const change = changeOf({ ref, base: { commit: base, registry }, head, mergeBases, paths, result });
  return { change, findings, differing, asks: narrow?.asks };
}

/** The registry of a commit with everything that it governs. */
export async function readWhole(commit: string, repository: Repository): Promise<Registry> {
  const rules = await readRules(commit, repository);
  return (await loadTree(treeOf([...(await repository.treeAt(commit)).files, ...alsoGoverned(rules)])))
    .registry;
}

/** What of the rules stands where only `alsoGoverned` reaches. */
function alsoGoverned({ tree }: Registry): readonly TreeFile[] {
  return tree.files.filter(({ path }) => !isGovernedPath(path));
}

/** D of what a commit changed against the base: what somebody agreed to who looked at that commit. */
export async function digestAt(
  commit: string,
  { base, ref }: Pick<Change, "base" | "ref">,
  repository: Repository,
): Promise<Digest | null> {
  const mergeBases = await repository.mergeBases(base.commit, commit);
  const [from] = mergeBases;
  if (from === undefined || mergeBases.length > 1) return null;
  const isGoverned = governedBy(base.registry);
  const differing = await repository.changedPaths(from, commit, { paths: "everywhere" });
  const { paths, contents } = await digested(
    differing.filter(({ path }) => isGoverned(path)),
    repository,
  );
  const settings = differing.find(({ path }) => path === "registry/registry.yaml")?.oidTo;
  // B without a registry has no id; then it is that of the result.
  const bytes =
    settingsOf(base.registry) !== undefined || settings == null ? undefined : contents.get(settings);
  const own =
    bytes === undefined
      ? undefined
      : treeOf([{ path: "registry/registry.yaml", mode: "100644", read: () => bytes }]);
  const result = own === undefined ? base.registry : (await loadTree(own)).registry;
  return transitionDigest({ registryId: registryIdOf(base.registry, result), ref }, paths);
}

/** The same differences with digests of contents in place of git's ids, which may be SHA-1. */
async function digested(
  differing: readonly PathChange[],
  repository: Repository,
): Promise<{ readonly paths: readonly ChangedPath[]; readonly contents: ReadonlyMap<string, Uint8Array> }> {
  const sides = differing.flatMap(({ modeFrom, oidFrom, modeTo, oidTo }) => [
    { mode: modeFrom, oid: oidFrom },
    { mode: modeTo, oid: oidTo },
  ]);
  const oids = sides.flatMap(({ mode, oid }) => (oid === null || mode === "160000" ? [] : [oid]));
  const contents = await repository.readBlobs([...new Set(oids)]);
  const digests = new Map([...contents].map(([oid, bytes]) => [oid, sha256Hex(bytes)]));
  // A submodule's content is elsewhere; its commit's id stands for it.
  const digestOf = (oid: string | null): string | null =>
    oid === null ? null : (digests.get(oid) ?? sha256Hex(oid));
  const paths = differing.map(({ path, modeFrom, modeTo, oidFrom, oidTo }) => ({
    path,
    modeFrom,
    modeTo,
    from: digestOf(oidFrom),
    to: digestOf(oidTo),
  }));
  return { paths, contents };
}

/** The change as rules about moves see it. */
export function baseSideOf({ base, result, paths }: Change): BaseSide {
  const changes = paths
    .filter(({ path }) => path.startsWith("registry/"))
    .map(({ path, modeFrom, modeTo }): EntryChange => {
      const ref = identityOfPath(path)?.ref;
      const before = ref === undefined ? undefined : base.registry.get(ref);
      const after = ref === undefined ? undefined : result.get(ref);
      return {
        path,
        ...(before && { before }),
        ...(after && { after }),
        inBase: modeFrom !== null,
        inHead: modeTo !== null,
      };
    });
  return { registry: base.registry, changes };
}
