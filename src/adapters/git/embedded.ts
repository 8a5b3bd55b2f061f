/**
 * A repository read without git: isomorphic-git finds objects and branches, everything that means something is walked
 * here, because its own log and merge base are wrong on histories with merges. Slower than the binary, and loaded only
 * where that is missing. It reads no settings that could start a program.
 */
import fs from "node:fs";
import * as git from "isomorphic-git";
import type { Repository } from "../../app/ports.ts";
import { numberLandings } from "../../core/audit/landings.ts";
import { compareBytes } from "../../core/model/json.ts";
import type { Commit, PathChange } from "../../core/model/landing.ts";
import { GOVERNED_ROOTS, isAtOrBelow } from "../../core/model/path.ts";
import { treeOf, type FileMode } from "../../core/model/tree.ts";
import { dirtyAgainst, requireBranch, requireRevision, type ListedFile } from "./checks.ts";
import { isShallowPlace, type RepositoryPlace } from "./discover.ts";
import { commitEmbedded } from "./embedded-commit.ts";
import { missingObject, shallowHistory, unknownRevision } from "./failures.ts";
import { parseCommit, parseTree, requireOid, verifyObject, type GitObject, type TreeEntry } from "./object.ts";
import type { OpenOptions } from "./open.ts";

/** Objects of one repository by id. */
export interface ObjectStore {
  readonly gitdir: string;
  /** Reads and checks; a missing object is a Failure. */
  read(oid: string): Promise<GitObject>;
  /** The entries of a tree. */
  tree(oid: string): Promise<readonly TreeEntry[]>;
  commit(oid: string): Promise<Commit & { readonly tree: string }>;
}

/** Opens the repository at a place. Reads nothing yet. */
export function openEmbedded(place: RepositoryPlace, options: OpenOptions): Repository {
  const gitdir = place.commonDir;
  const store = objectStore(gitdir);
  const shallow = (): boolean => isShallowPlace(place);
  const self: Repository = {
    root: place.root,
    resolveRevision: (revision) => resolveRevision(store, place, requireRevision(revision)),
    head: () => headOf(place),
    currentBranch: async () => branchOf(place),
    tipOf: async (branch) => {
      requireBranch(branch);
      return (await refOf(gitdir, `refs/remotes/origin/${branch}`)) ?? (await refOf(gitdir, `refs/heads/${branch}`)) ?? null;
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
    changedPaths: (from, to, pathOptions) => difference(store, from, to, pathOptions?.paths ?? GOVERNED_ROOTS),
    readBlobs: async (oids) => {
      const contents = new Map<string, Uint8Array>();
      for (const oid of oids) contents.set(oid, (await store.read(requireOid(oid))).bytes);
      return contents;
    },
    mergeBases: async (a, b) => {
      const bases = await mergeBases(store, requireOid(a), requireOid(b), shallow());
      if (bases.length === 0 && shallow()) throw shallowHistory();
      return bases;
    },
    landings: async (tip) => {
      if (shallow()) throw shallowHistory();
      const chain: Commit[] = [];
      for (let at: string | undefined = requireOid(tip); at !== undefined; at = chain.at(-1)?.parents[0]) {
        chain.push(withoutTree(await store.commit(at)));
      }
      return numberLandings(chain.reverse());
    },
    changesOf: async (landings, pathOptions) => {
      const all: (readonly PathChange[])[] = [];
      for (const { oid, parents } of landings) {
        all.push(await difference(store, parents[0] ?? null, oid, pathOptions?.paths ?? GOVERNED_ROOTS));
      }
      return all;
    },
    dirtyPaths: async (onDisk) => {
      const head = await headOf(place);
      return dirtyAgainst(head === null ? [] : await listEmbedded(store, head, GOVERNED_ROOTS), onDisk);
    },
    commit: (changes, message, commitOptions) =>
      commitEmbedded({ store, place, ...options }, changes, message, commitOptions?.branch),
  };
  return self;
}

function objectStore(gitdir: string): ObjectStore {
  const cache = {};
  const known = new Map<string, readonly TreeEntry[]>();
  const read = async (oid: string): Promise<GitObject> => {
    let found: git.ReadObjectResult;
    try {
      found = await git.readObject({ fs, gitdir, oid, format: "content", cache });
    } catch (cause) {
      if (cause instanceof git.Errors.NotFoundError) throw missingObject(oid);
      throw cause;
    }
    if (found.format !== "content" || found.type === undefined || typeof found.object === "string") throw missingObject(oid);
    const object = { type: found.type as GitObject["type"], bytes: found.object as Uint8Array };
    verifyObject(oid, object);
    return object;
  };
  return {
    gitdir,
    read,
    async tree(oid) {
      const cached = known.get(oid);
      if (cached !== undefined) return cached;
      const object = await read(oid);
      if (object.type !== "tree") throw missingObject(oid);
      const entries = parseTree(object.bytes);
      known.set(oid, entries);
      return entries;
    },
    async commit(oid) {
      const object = await read(oid);
      if (object.type !== "commit") throw missingObject(oid);
      return parseCommit(oid, object.bytes);
    },
  };
}

function withoutTree({ tree: _tree, ...commit }: Commit & { readonly tree: string }): Commit {
  return commit;
}

/** The branch HEAD names; null when it is detached. HEAD of a linked work tree is its own. */
export function branchOf(place: RepositoryPlace): string | null {
  return /^ref: refs\/heads\/(.+)\n?$/.exec(fs.readFileSync(`${place.gitDir}/HEAD`, "utf8"))?.[1] ?? null;
}

/** The commit that is checked out; null before the first. */
export async function headOf(place: RepositoryPlace): Promise<string | null> {
  const branch = branchOf(place);
  if (branch !== null) return (await refOf(place.commonDir, `refs/heads/${branch}`)) ?? null;
  return fs.readFileSync(`${place.gitDir}/HEAD`, "utf8").trim();
}

/** What a full reference name stands at. */
export async function refOf(gitdir: string, ref: string): Promise<string | undefined> {
  try {
    return await git.resolveRef({ fs, gitdir, ref });
  } catch (cause) {
    if (cause instanceof git.Errors.NotFoundError) return undefined;
    throw cause;
  }
}

async function resolveRevision(store: ObjectStore, place: RepositoryPlace, revision: string): Promise<string> {
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
    const hops: readonly number[] = kind === "~" ? Array<number>(times).fill(0) : times === 0 ? [] : [times - 1];
    for (const parent of hops) {
      const next: string | undefined = (await store.commit(oid)).parents[parent];
      if (next === undefined) throw unknown;
      oid = next;
    }
  }
  return oid;
}

async function resolveBase(store: ObjectStore, place: RepositoryPlace, base: string): Promise<string | undefined> {
  if (base === "HEAD" || base === "@") return (await headOf(place)) ?? undefined;
  const names = base.startsWith("refs/") ? [base] : [`refs/tags/${base}`, `refs/heads/${base}`, `refs/remotes/${base}`];
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

/** All files of a commit that are one of these paths or below one. */
export async function listEmbedded(store: ObjectStore, commit: string, paths: readonly string[]): Promise<readonly ListedFile[]> {
  const changes = await difference(store, null, commit, paths);
  return changes.map(({ path, modeTo, oidTo }) => ({ path, mode: modeTo as FileMode, oid: oidTo ?? "" }));
}

async function difference(store: ObjectStore, from: string | null, to: string, paths: readonly string[]): Promise<readonly PathChange[]> {
  const changes: PathChange[] = [];
  const a = from === null ? null : (await store.commit(requireOid(from))).tree;
  await compareTrees(store, a, (await store.commit(requireOid(to))).tree, "", paths, changes);
  return changes.sort((x, y) => compareBytes(x.path, y.path));
}

/** Walks two trees side by side; equal ids are never opened. */
async function compareTrees(
  store: ObjectStore,
  from: string | null,
  to: string | null,
  prefix: string,
  paths: readonly string[],
  changes: PathChange[],
): Promise<void> {
  if (from === to) return;
  const before = new Map((from === null ? [] : await store.tree(from)).map((entry) => [entry.name, entry]));
  const after = new Map((to === null ? [] : await store.tree(to)).map((entry) => [entry.name, entry]));
  for (const name of new Set([...before.keys(), ...after.keys()])) {
    const a = before.get(name);
    const b = after.get(name);
    if (a?.oid === b?.oid && a?.mode === b?.mode) continue;
    const path = `${prefix}${name}`;
    const inside = isAtOrBelow(path, paths);
    if (!inside && !paths.some((wanted) => wanted.startsWith(`${path}/`))) continue;
    const fileA = a === undefined || a.mode === "40000" ? undefined : a;
    const fileB = b === undefined || b.mode === "40000" ? undefined : b;
    if (inside && (fileA !== undefined || fileB !== undefined)) {
      changes.push({
        path,
        modeFrom: (fileA?.mode as FileMode | undefined) ?? null,
        modeTo: (fileB?.mode as FileMode | undefined) ?? null,
        oidFrom: fileA?.oid ?? null,
        oidTo: fileB?.oid ?? null,
      });
    }
    const folderA = a?.mode === "40000" ? a.oid : null;
    const folderB = b?.mode === "40000" ? b.oid : null;
    if (folderA !== null || folderB !== null) await compareTrees(store, folderA, folderB, `${path}/`, paths, changes);
  }
}

/** Common ancestors that no other common ancestor descends from. */
async function mergeBases(store: ObjectStore, a: string, b: string, shallow: boolean): Promise<readonly string[]> {
  const parents = new Map<string, readonly string[]>();
  const ancestors = async (tip: string): Promise<Set<string>> => {
    const seen = new Set<string>();
    const waiting = [tip];
    for (let oid = waiting.pop(); oid !== undefined; oid = waiting.pop()) {
      if (seen.has(oid)) continue;
      seen.add(oid);
      if (!parents.has(oid)) parents.set(oid, await parentsOf(store, oid, shallow));
      waiting.push(...(parents.get(oid) ?? []));
    }
    return seen;
  };
  const ofA = await ancestors(a);
  const common = [...(await ancestors(b))].filter((oid) => ofA.has(oid));
  // Parents of common ancestors are common ancestors, so one step suffices to find those that are not best.
  const beaten = new Set(common.flatMap((oid) => parents.get(oid) ?? []));
  return common.filter((oid) => !beaten.has(oid)).sort(compareBytes);
}

async function parentsOf(store: ObjectStore, oid: string, shallow: boolean): Promise<readonly string[]> {
  const { parents } = await store.commit(oid);
  if (!shallow) return parents;
  const kept = fs.readFileSync(`${store.gitdir}/shallow`, "utf8").split("\n");
  return kept.includes(oid) ? [] : parents;
}
