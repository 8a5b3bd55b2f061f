/**
 * Landings as the repository has them, one after the other: what each changed, the registry it left, what lint says, who
 * its commits name (DESIGN 6). Both recording and verifying read here, so that they cannot see two different landings.
 * Nothing of it is believed from a record, and nothing is decided.
 */
import type { Landed } from "../../core/audit/chain-state.ts";
import type { LandingPoint } from "../../core/audit/evidence.ts";
import { changeOf, resultTree } from "../../core/govern/change.ts";
import { governedBy } from "../../core/govern/governed.ts";
import { sha256Hex } from "../../core/model/digest.ts";
import type { Finding } from "../../core/model/diagnostic.ts";
import type { Landing, PathChange } from "../../core/model/landing.ts";
import { isGovernedPath } from "../../core/model/path.ts";
import type { Sandbox } from "../../core/model/plugin.ts";
import type { Registry } from "../../core/model/registry.ts";
import type { ChangedPath } from "../../core/model/transition.ts";
import { treeOf, type TreeFile } from "../../core/model/tree.ts";
import { commitSigner } from "../../core/trust/signed-commit.ts";
import { commitFacts } from "../git-facts.ts";
import { landedLint, type LandedLint } from "./landed-lint.ts";
import { loadAfter, loadRevision, nothing, ownBase, type LoadedRevision } from "./landed-registry.ts";
import type { ProofRepository } from "../ports.ts";

/** A landing before it is known at which instant it is judged. */
export interface ReadLanding extends Omit<Landed, "findings"> {
  /** What keeps files of the landing's registry from being entries. */
  readonly loading: readonly Finding[];
  /** Whether its registry is its base's with the changed entries in place, and no file of either has a finding. */
  readonly isPatched: boolean;
}

/** Which landings before may be restored: those that stood, latest first; asked only while something is to be healed. */
export type Standing = () => Iterable<LandingPoint>;

export interface LandedReader {
  /** Lints a landing that was read here. */
  readonly linted: LandedLint;
  /** Reads ahead what these landings changed; landings are then to be asked for in this order. */
  prefetch(landings: readonly Landing[]): Promise<void>;
  /** Reads one landing; fast where it follows the one before. `standing` where something is to be healed. */
  read(landing: Landing, standing: Standing | null): Promise<ReadLanding>;
}

/** Opens a reader for a protected branch, named in full. */
export function landedReader(repository: ProofRepository, ref: string, sandbox: Sandbox): LandedReader {
  let last: { readonly commit: string; readonly loaded: LoadedRevision } | undefined;
  let latest: ReadLanding | undefined;
  const fetched = new Map<string, readonly PathChange[]>();

  const differingOf = async (landing: Landing): Promise<readonly PathChange[]> => {
    const known = fetched.get(landing.oid);
    fetched.delete(landing.oid);
    return known ?? repository.changedPaths(landing.parents[0] ?? null, landing.oid, { paths: "everywhere" });
  };

  return {
    linted: landedLint(sandbox),
    async prefetch(landings) {
      await Promise.all(
        landings.map(async (landing) => {
          const differing = await repository.changedPaths(landing.parents[0] ?? null, landing.oid, {
            paths: "everywhere",
          });
          fetched.set(landing.oid, differing);
          await repository.readBlobs(contentsOf(differing.filter(({ path }) => isGovernedPath(path))));
          const head = landing.parents[1];
          await repository.readCommits(head === undefined ? [] : [head]);
        }),
      );
    },
    async read(landing, standing) {
      // Whoever records reads it once to judge and once to verify.
      if (latest?.landing.oid === landing.oid) return latest;
      const [parent] = landing.parents;
      const base =
        parent === undefined
          ? nothing
          : last?.commit === parent
            ? last.loaded
            : await loadRevision(parent, repository);
      const differing = await differingOf(landing);
      const isGoverned = governedBy(base.revision.registry);
      const governed = differing.filter(({ path }) => isGoverned(path));
      const { paths, files } = await digested(governed, repository);
      const loaded = await loadAfter(
        base,
        resultTree(base.revision.registry.tree, treeOf(files), paths),
        paths,
      );
      const result = loaded.registry;
      const healed =
        standing === null ? null : await restoredBy(landing, standing(), base.revision.registry, repository);
      const heals = healed === null ? undefined : (await loadRevision(healed.commit, repository)).revision;
      const mergeBases = parent === undefined ? [] : [parent];
      const change = changeOf({
        ref,
        base: base.revision,
        head: landing.oid,
        mergeBases,
        paths,
        result,
        ...(heals && { heals }),
      });
      last = { commit: landing.oid, loaded: await ownBase(landing.oid, base, loaded, governed, repository) };
      const head = await headOf(landing, differing, repository);
      const signer = commitSigner((await repository.readCommits([head])).get(head) ?? new Uint8Array());
      latest = {
        landing,
        change,
        loading: loaded.findings,
        isPatched: loaded.isPatched,
        head,
        headKey: "key" in signer ? signer.key.fingerprint : null,
        commits: parent === undefined ? [] : await commitFacts({ ...change, head }, repository),
        healed,
      };
      return latest;
    },
  };
}

function contentsOf(changes: readonly PathChange[]): readonly string[] {
  return changes.flatMap(({ modeFrom, oidFrom, modeTo, oidTo }) => [
    ...(oidFrom === null || modeFrom === "160000" ? [] : [oidFrom]),
    ...(oidTo === null || modeTo === "160000" ? [] : [oidTo]),
  ]);
}

/** The same differences with digests of contents in place of git's ids, and the files as they are afterwards. */
async function digested(
  changes: readonly PathChange[],
  repository: ProofRepository,
): Promise<{ readonly paths: readonly ChangedPath[]; readonly files: readonly TreeFile[] }> {
  const contents = await repository.readBlobs(contentsOf(changes));
  // A submodule's content is elsewhere; its commit's id stands for it.
  const digestOf = (oid: string | null): string | null =>
    oid === null ? null : sha256Hex(contents.get(oid) ?? oid);
  const paths = changes.map(({ path, modeFrom, modeTo, oidFrom, oidTo }) => ({
    path,
    modeFrom,
    modeTo,
    from: digestOf(oidFrom),
    to: digestOf(oidTo),
  }));
  const files = changes.flatMap(({ path, modeTo, oidTo }) => {
    const bytes = contents.get(oidTo ?? "") ?? new Uint8Array();
    return modeTo === null ? [] : [{ path, mode: modeTo, read: () => bytes }];
  });
  return { paths, files };
}

/**
 * The commit whose people are asked about: the second parent of a merge whose content is exactly what that parent
 * changed; any other landing, an evil merge too, speaks for itself.
 */
async function headOf(
  { oid, parents }: Landing,
  landed: readonly PathChange[],
  repository: ProofRepository,
): Promise<string> {
  const [base = "", second, ...more] = parents;
  if (second === undefined || more.length > 0) return oid;
  const [from, ...others] = await repository.mergeBases(base, second);
  if (from === undefined || others.length > 0) return oid;
  const changed = await repository.changedPaths(from, second, { paths: "everywhere" });
  const sides = (changes: readonly PathChange[]): string =>
    JSON.stringify(changes.map(({ path, modeTo, oidTo }) => [path, modeTo, oidTo]));
  return sides(changed) === sides(landed) ? second : oid;
}

/** The latest landing that stood and whose governed files are exactly those of this one (DESIGN 5.9). */
async function restoredBy(
  landing: Landing,
  standing: Iterable<LandingPoint>,
  base: Registry,
  repository: ProofRepository,
): Promise<LandingPoint | null> {
  const isGoverned = governedBy(base);
  for (const each of standing) {
    const differing = await repository.changedPaths(each.commit, landing.oid, { paths: "everywhere" });
    if (!differing.some(({ path }) => isGoverned(path))) return each;
  }
  return null;
}
