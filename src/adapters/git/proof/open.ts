/**
 * A repository for proofs: everything that history says is read from objects that were hashed here, and git is asked
 * only where refs stand and what is probably in them. What the attacker controls: the whole clone. What does not have
 * the content that its id promises stops the proof.
 */
import { spawn } from "node:child_process";
import type { ProofRepository } from "../../../app/ports.ts";
import { Failure } from "../../../core/model/failure.ts";
import { compareBytes } from "../../../core/model/json.ts";
import { numberLandings, type Commit, type PathChange } from "../../../core/model/landing.ts";
import { GOVERNED_ROOTS } from "../../../core/model/path.ts";
import { treeOf } from "../../../core/model/tree.ts";
import type { WalkedLanding, WalkOptions } from "../../../app/walk-port.ts";
import { openWithBinary } from "../binary.ts";
import { discoverRepository, isShallowPlace } from "../discover.ts";
import { needsBinary, shallowHistory } from "../failures.ts";
import { requireOid, type TreeEntry } from "../object.ts";
import { findGit, gitCommand, gitIn, type Environment } from "../process.ts";
import { forkOf } from "./fork.ts";
import { commitGraph } from "./graph.ts";
import { proofObjects, type ReadCommit } from "./objects.ts";
import { refusalsOf } from "./refusals.ts";
import { treeDifference, treeFiles } from "./trees.ts";

/** Opens the repository around a folder for proofs. Whoever opens it closes it. */
export function openProof(folder: string, env: Environment): ProofRepository {
  const place = discoverRepository(folder);
  const binary = findGit(env);
  if (place === undefined)
    throw new Failure("git/no-repository", `There is no git repository around ${folder}.`, {
      hint: "Run it inside a clone.",
    });
  if (binary === undefined) throw needsBinary("Proving history");
  const git = gitIn(binary, place.root ?? place.gitDir, env);
  const command = gitCommand(place.root ?? place.gitDir, env);
  const objects = proofObjects((args) =>
    spawn(binary, command.args(args), {
      cwd: command.cwd,
      env: command.env,
      stdio: "pipe",
      windowsHide: true,
    }),
  );
  const graph = commitGraph(objects);

  const linesOf = async (args: readonly string[]): Promise<readonly string[]> => {
    const { stdout } = await git(args);
    return stdout
      .toString("latin1")
      .split("\n")
      .filter((line) => line !== "");
  };
  /** All history up to a tip, once. What git lists is a hint that makes reading fast; the graph follows parents itself. */
  const loaded = new Set<string>();
  const load = async (tips: readonly string[]): Promise<void> => {
    const fresh = tips.filter((tip) => !loaded.has(tip));
    if (fresh.length === 0) return;
    if (isShallowPlace(place)) throw shallowHistory();
    const hints = await linesOf([
      "rev-list",
      ...fresh.map(requireOid),
      ...[...loaded].slice(-50).map((tip) => `^${tip}`),
      "--",
    ]);
    await graph.load(fresh, hints.map(requireOid));
    for (const oid of [...fresh, ...hints]) loaded.add(oid);
  };
  const treeIdOf = async (oid: string): Promise<string> => (await objects.commit(oid)).tree;
  /** The last differences; a merge and the branch that it merges often hold the same tree. */
  const differences = new Map<string, Promise<readonly PathChange[]>>();
  const difference = async (
    from: string | null,
    to: string,
    wanted: readonly string[] | "everywhere",
  ): Promise<readonly PathChange[]> => {
    const [before, after] = [from === null ? null : await treeIdOf(from), await treeIdOf(to)];
    const trees = JSON.stringify([before, after, wanted]);
    const known = differences.get(trees);
    if (known !== undefined) return known;
    const changes = treeDifference(objects, before, after, wanted);
    if (differences.size >= DIFFERENCES) differences.clear();
    differences.set(trees, changes);
    return changes;
  };

  const self: ProofRepository = {
    ...openWithBinary(binary, place, env),
    refusals: () => refusalsOf(place, git),
    async reachable(tip) {
      await load([tip]);
      return graph.reachable(tip);
    },
    objectsRead: () => objects.count(),
    close: () => objects.close(),
    commitOf: async (oid) => plain(await objects.commit(oid)),
    async treeAt(oid, options) {
      const files = await treeFiles(objects, await treeIdOf(oid), options?.paths ?? GOVERNED_ROOTS);
      const read = files.map(async ({ path, mode, oid: id }) => {
        const bytes = mode === "160000" ? new Uint8Array() : await objects.blob(id);
        return { path, mode, read: () => bytes };
      });
      return treeOf(await Promise.all(read));
    },
    changedPaths: (from, to, options) => difference(from, to, options?.paths ?? GOVERNED_ROOTS),
    readBlobs: async (oids) =>
      new Map(
        await Promise.all([...new Set(oids)].map(async (oid) => [oid, await objects.blob(oid)] as const)),
      ),
    readCommits: async (oids) =>
      new Map(
        await Promise.all(
          [...new Set(oids)].map(async (oid) => [oid, (await objects.commit(oid)).bytes] as const),
        ),
      ),
    async commitsBetween(base, head) {
      const fork = graph.has(base) && graph.has(head) ? undefined : await forkOf(objects, base, head);
      if (fork !== undefined) return [...fork.own].sort(compareBytes);
      await load([base, head]);
      return graph.between(base, head);
    },
    async mergeBases(a, b) {
      const fork = graph.has(a) && graph.has(b) ? undefined : await forkOf(objects, a, b);
      if (fork !== undefined) return [fork.from];
      await load([a, b]);
      return graph.mergeBases(a, b);
    },
    async landings(tip) {
      await load([tip]);
      const line = graph.firstParents(tip);
      const chain: Commit[] = [];
      for (let at = 0; at < line.length; at += BATCH)
        chain.push(...(await Promise.all(line.slice(at, at + BATCH).map(objects.commit))).map(plain));
      return numberLandings(chain.reverse());
    },
    async has(commit) {
      try {
        await objects.commit(commit);
        return true;
      } catch (error) {
        if (error instanceof Failure && error.code === "git/missing-object") return false;
        throw error;
      }
    },
    async landingsAfter(tip, { sequence, commit: oid, time }) {
      if (isShallowPlace(place)) throw shallowHistory();
      const chain: Commit[] = [];
      for (let at: string | undefined = tip; at !== oid;) {
        if (at === undefined) return null;
        const commit: ReadCommit = await objects.commit(at);
        chain.push(plain(commit));
        at = commit.parents[0];
      }
      const after = { ...plain(await objects.commit(oid)), sequence, time };
      return numberLandings(chain.reverse(), after);
    },
    async namesIn(oid, wanted) {
      const found = new Map<string, readonly string[]>();
      for (const name of wanted) {
        let entries: readonly TreeEntry[] = await objects.tree(await treeIdOf(oid));
        for (const part of name === "" ? [] : name.split("/")) {
          const below = entries.find((entry) => entry.name === part && entry.mode === "40000");
          entries = below === undefined ? [] : await objects.tree(below.oid);
        }
        found.set(
          name,
          entries.map((entry) => entry.name),
        );
      }
      return found;
    },
    walk: (tip, options) => walkProof(self, tip, options),
    changesOf: (of, options) =>
      Promise.all(
        of.map(({ oid, parents }) => difference(parents[0] ?? null, oid, options?.paths ?? GOVERNED_ROOTS)),
      ),
  };
  return self;
}

/** The line in batches; each content is handed out whenever it was asked for. */
async function* walkProof(
  repository: ProofRepository,
  tip: string,
  { paths, after, reads }: WalkOptions,
): AsyncGenerator<readonly WalkedLanding[] | null> {
  const chain = await repository.landings(tip);
  const from = after === undefined ? 0 : chain[after.sequence - 1]?.oid === after.oid ? after.sequence : -1;
  if (from < 0) yield null;
  for (let at = from; at >= 0 && at < chain.length; at += BATCH) {
    const batch = chain.slice(at, at + BATCH);
    const changes = await repository.changesOf(batch, paths === undefined ? {} : { paths });
    const wanted = changes.flat().filter(({ path }) => reads(path));
    const contents = await repository.readBlobs(wanted.flatMap(contentIds));
    const side = (path: string, oid: string | null): Uint8Array | null =>
      reads(path) ? (contents.get(oid ?? "") ?? null) : null;
    yield batch.map((landing, index) => ({
      landing,
      files: (changes[index] ?? []).map((each) => ({
        ...each,
        from: side(each.path, each.oidFrom),
        to: side(each.path, each.oidTo),
      })),
    }));
  }
}

/** So many landings at once. */
const BATCH = 500;

/** So many differences are kept. */
const DIFFERENCES = 512;

function contentIds({ modeFrom, oidFrom, modeTo, oidTo }: PathChange): readonly string[] {
  return [
    ...(oidFrom === null || modeFrom === "160000" ? [] : [oidFrom]),
    ...(oidTo === null || modeTo === "160000" ? [] : [oidTo]),
  ];
}

function plain({ tree: _tree, bytes: _bytes, ...commit }: ReadCommit): Commit {
  return commit;
}
