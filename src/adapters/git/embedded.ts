/**
 * A repository read without git: isomorphic-git finds objects and branches, everything that means something is walked
 * here, because its own log and merge base are wrong on histories with merges. Slower than the binary, and loaded only
 * where that is missing. It reads no settings that could start a program.
 */
import fs from "node:fs";
import * as git from "isomorphic-git";
import type { Repository } from "../../app/ports.ts";
import type { Walk, WalkedFile, WalkOptions } from "../../app/walk-port.ts";
import { compareBytes } from "../../core/model/json.ts";
import {
  landingTime,
  numberLandings,
  type Commit,
  type Landing,
  type PathChange,
} from "../../core/model/landing.ts";
import { GOVERNED_ROOTS } from "../../core/model/path.ts";
import { treeOf, type FileMode } from "../../core/model/tree.ts";
import { dirtyAgainst, requireBranch, requireRevision } from "./checks.ts";
import { isShallowPlace, type RepositoryPlace } from "./discover.ts";
import { commitEmbedded } from "./embedded-commit.ts";
import {
  branchOf,
  difference,
  headOf,
  listEmbedded,
  objectStore,
  refOf,
  type ObjectStore,
} from "./embedded-store.ts";
import { missingObject, shallowHistory, unknownRevision } from "./failures.ts";
import { requireOid } from "./object.ts";
import type { OpenOptions } from "./process.ts";

/** Opens the repository at a place. Reads nothing yet. */
export function openEmbedded(place: RepositoryPlace, options: OpenOptions): Repository {
  const gitdir = place.commonDir;
  const store = objectStore(gitdir);
  const shallow = (): boolean => isShallowPlace(place);
  const self: Repository = {
    root: place.root,
    resolveRevision: async (revision) => resolveRevision(store, place, requireRevision(revision)),
    head: () => headOf(place),
    headTime: async () => {
      const head = await headOf(place);
      const chain = head === null ? [] : await firstParents(store, head, shallow());
      return landingTime(chain.map((commit) => commit.committer.time));
    },
    currentBranch: async () => branchOf(place),
    tipOf: async (branch) => {
      requireBranch(branch);
      return (
        (await refOf(gitdir, `refs/remotes/origin/${branch}`)) ??
        (await refOf(gitdir, `refs/heads/${branch}`)) ??
        null
      );
    },
    isShallow: async () => shallow(),
    commitOf: async (oid) => withoutTree(await store.commit(requireOid(oid))),
    treeAt: async (oid, treeOptions) => {
      const files = await listEmbedded(store, requireOid(oid), treeOptions?.paths ?? GOVERNED_ROOTS);
      const read = files.map(async ({ path, mode, oid: id }) => {
        const bytes = mode === "160000" ? new Uint8Array() : (await store.read(id)).bytes;
        return { path, mode, read: () => bytes };
      });
      return treeOf(await Promise.all(read));
    },
    changedPaths: (from, to, pathOptions) =>
      difference(store, from, to, pathOptions?.paths ?? GOVERNED_ROOTS),
    readBlobs: async (oids) => {
      const contents = new Map<string, Uint8Array>();
      for (const oid of oids) contents.set(oid, (await store.read(requireOid(oid))).bytes);
      return contents;
    },
    readCommits: async (oids) => {
      const commits = new Map<string, Uint8Array>();
      for (const oid of oids) {
        const { type, bytes } = await store.read(requireOid(oid));
        if (type !== "commit") throw missingObject(oid);
        commits.set(oid, bytes);
      }
      return commits;
    },
    commitsBetween: async (base, head) => {
      if (shallow()) throw shallowHistory();
      const known = await ancestorsOf(store, requireOid(base), new Map(), false);
      return [...(await ancestorsOf(store, requireOid(head), new Map(), false))]
        .filter((oid) => !known.has(oid))
        .sort(compareBytes);
    },
    namesIn: async (oid, folders) => {
      const { tree } = await store.commit(requireOid(oid));
      const names = folders.map(async (folder) => [folder, await namesBelow(store, tree, folder)] as const);
      return new Map(await Promise.all(names));
    },
    branches: async () => (await git.listBranches({ fs, gitdir })).sort(compareBytes),
    refAt: async (ref) => {
      if (!ref.startsWith("refs/heads/"))
        throw new Error(`not the name of a branch in full: ${JSON.stringify(ref)}`);
      requireBranch(ref.slice("refs/heads/".length));
      return (await refOf(gitdir, ref)) ?? null;
    },
    mergeBases: async (a, b) => {
      const bases = await mergeBases(store, requireOid(a), requireOid(b), shallow());
      if (bases.length === 0 && shallow()) throw shallowHistory();
      return bases;
    },
    landings: async (tip) => {
      if (shallow()) throw shallowHistory();
      return numberLandings(await firstParents(store, requireOid(tip), false));
    },
    changesOf: async (landings, pathOptions) => {
      const all: (readonly PathChange[])[] = [];
      for (const { oid, parents } of landings) {
        all.push(await difference(store, parents[0] ?? null, oid, pathOptions?.paths ?? GOVERNED_ROOTS));
      }
      return all;
    },
    walk: async function* (tip, walkOptions) {
      const line = await self.landings(tip);
      yield* walkEmbedded(store, line, walkOptions);
    },
    dirtyPaths: async (onDisk) => {
      const head = await headOf(place);
      return dirtyAgainst(head === null ? [] : await listEmbedded(store, head, GOVERNED_ROOTS), onDisk);
    },
    commit: (changes, message, commitOptions) =>
      commitEmbedded({ store, place, ...options }, changes, message, commitOptions),
  };
  return self;
}

/** One landing after the other; see `Repository.walk`. */
async function* walkEmbedded(
  store: ObjectStore,
  line: readonly Landing[],
  { paths, after, reads }: WalkOptions,
): Walk {
  const from = after?.sequence ?? 0;
  if (after !== undefined && line[from - 1]?.oid !== after.oid) {
    yield null;
    return;
  }
  const read = async (path: string, mode: FileMode | null, oid: string | null): Promise<Uint8Array | null> =>
    oid === null || mode === "160000" || !reads(path) ? null : (await store.read(oid)).bytes;
  for (const landing of line.slice(from)) {
    const files: WalkedFile[] = [];
    for (const change of await difference(
      store,
      landing.parents[0] ?? null,
      landing.oid,
      paths ?? GOVERNED_ROOTS,
    )) {
      const { path, modeFrom, modeTo, oidFrom, oidTo } = change;
      files.push({
        ...change,
        from: await read(path, modeFrom, oidFrom),
        to: await read(path, modeTo, oidTo),
      });
    }
    if (paths === undefined || files.length > 0 || landing.sequence === from + 1 || landing === line.at(-1))
      yield [{ landing, files }];
  }
}

function withoutTree({ tree: _tree, ...commit }: Commit & { readonly tree: string }): Commit {
  return commit;
}

async function resolveRevision(
  store: ObjectStore,
  place: RepositoryPlace,
  revision: string,
): Promise<string> {
  const [, base = "", steps = ""] = /^(.*?)((?:\^\{commit\}|\^\d*|~\d*)*)$/.exec(revision) ?? [];
  const unknown = unknownRevision(revision, isShallowPlace(place));
  let oid = await resolveBase(store, place, base);
  for (let depth = 0; oid !== undefined && depth < 10; depth++) {
    const object = await store.read(oid);
    if (object.type !== "tag") break;
    oid = /^object ([0-9a-f]+)/.exec(new TextDecoder().decode(object.bytes))?.[1];
  }
  if (oid === undefined || (await store.read(oid)).type !== "commit") throw unknown;
  for (const [, kind, count] of steps.matchAll(/(~|\^)(\d*)(?!\{)/g)) {
    const times = count === "" ? 1 : Number(count);
    const hops: readonly number[] =
      kind === "~" ? Array<number>(times).fill(0) : times === 0 ? [] : [times - 1];
    for (const parent of hops) {
      const next: string | undefined = (await store.commit(oid)).parents[parent];
      if (next === undefined) throw unknown;
      oid = next;
    }
  }
  return oid;
}

async function resolveBase(
  store: ObjectStore,
  place: RepositoryPlace,
  base: string,
): Promise<string | undefined> {
  if (base === "HEAD" || base === "@") return (await headOf(place)) ?? undefined;
  const names = base.startsWith("refs/")
    ? [base]
    : [`refs/tags/${base}`, `refs/heads/${base}`, `refs/remotes/${base}`];
  if (!base.split("/").some((part) => part === "" || part === "." || part === "..")) {
    for (const name of names) {
      const found = await refOf(store.gitdir, name);
      if (found !== undefined) return found;
    }
  }
  if (!/^[0-9a-f]{4,40}$/.test(base)) return undefined;
  try {
    return await git.expandOid({ fs, gitdir: store.gitdir, oid: base });
  } catch {
    // Not there, or more than one begins like this: unknown either way.
    return undefined;
  }
}

async function namesBelow(store: ObjectStore, root: string, folder: string): Promise<readonly string[]> {
  let tree = root;
  for (const part of folder === "" ? [] : folder.split("/")) {
    const found = (await store.tree(tree)).find(({ name, mode }) => name === part && mode === "40000");
    if (found === undefined) return [];
    tree = found.oid;
  }
  return (await store.tree(tree)).map(({ name }) => name);
}

/** Common ancestors that no other common ancestor descends from. */
async function mergeBases(
  store: ObjectStore,
  a: string,
  b: string,
  shallow: boolean,
): Promise<readonly string[]> {
  const parents = new Map<string, readonly string[]>();
  const ofA = await ancestorsOf(store, a, parents, shallow);
  const common = [...(await ancestorsOf(store, b, parents, shallow))].filter((oid) => ofA.has(oid));
  // Parents of common ancestors are common ancestors, so one step suffices to find those that are not best.
  const beaten = new Set(common.flatMap((oid) => parents.get(oid) ?? []));
  return common.filter((oid) => !beaten.has(oid)).sort(compareBytes);
}

/** A commit and everything before it; `parents` is filled with what was read on the way. */
async function ancestorsOf(
  store: ObjectStore,
  tip: string,
  parents: Map<string, readonly string[]>,
  shallow: boolean,
): Promise<ReadonlySet<string>> {
  const seen = new Set<string>();
  const waiting = [tip];
  for (let oid = waiting.pop(); oid !== undefined; oid = waiting.pop()) {
    if (seen.has(oid)) continue;
    seen.add(oid);
    if (!parents.has(oid)) parents.set(oid, await parentsOf(store, oid, shallow));
    waiting.push(...(parents.get(oid) ?? []));
  }
  return seen;
}

/** The first-parent chain that ends here, oldest first. */
async function firstParents(store: ObjectStore, tip: string, shallow: boolean): Promise<readonly Commit[]> {
  const chain: Commit[] = [];
  for (let at: string | undefined = tip; at !== undefined;) {
    chain.push(withoutTree(await store.commit(at)));
    at = (await parentsOf(store, at, shallow))[0];
  }
  return chain.reverse();
}

async function parentsOf(store: ObjectStore, oid: string, shallow: boolean): Promise<readonly string[]> {
  const { parents } = await store.commit(oid);
  if (!shallow) return parents;
  const kept = fs.readFileSync(`${store.gitdir}/shallow`, "utf8").split("\n");
  return kept.includes(oid) ? [] : parents;
}
