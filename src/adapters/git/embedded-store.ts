/**
 * Objects, branches and trees of a repository without git. isomorphic-git finds and unpacks objects; each is checked
 * against its id here. It must never follow anything but ids and the names of branches.
 */
import fs from "node:fs";
import * as git from "isomorphic-git";
import { compareBytes } from "../../core/model/json.ts";
import type { Commit, PathChange } from "../../core/model/landing.ts";
import type { FileMode } from "../../core/model/tree.ts";
import type { ListedFile } from "./checks.ts";
import type { RepositoryPlace } from "./discover.ts";
import { corruptObject, missingObject } from "./failures.ts";
import { isWanted, type Wanted } from "./listing.ts";
import {
  parseCommit,
  parseTree,
  requireOid,
  verifyObject,
  type GitObject,
  type TreeEntry,
} from "./object.ts";

/** Objects of one repository by id. */
export interface ObjectStore {
  readonly gitdir: string;
  /** Reads and checks; a missing object is a Failure. */
  read(oid: string): Promise<GitObject>;
  /** The entries of a tree. */
  tree(oid: string): Promise<readonly TreeEntry[]>;
  commit(oid: string): Promise<Commit & { readonly tree: string }>;
}

/** The objects below a `.git` folder. */
export function objectStore(gitdir: string): ObjectStore {
  const cache = {};
  const known = new Map<string, readonly TreeEntry[]>();
  const read = async (oid: string): Promise<GitObject> => {
    let found: git.ReadObjectResult;
    try {
      found = await git.readObject({ fs, gitdir, oid, format: "content", cache });
    } catch (cause) {
      if (cause instanceof git.Errors.NotFoundError) throw missingObject(oid);
      throw corruptObject(`The object ${oid} cannot be read.`, cause);
    }
    if (found.format !== "content" || found.type === undefined || typeof found.object === "string")
      throw missingObject(oid);
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

/** All files of a commit that are one of these paths or below one. */
export async function listEmbedded(
  store: ObjectStore,
  commit: string,
  paths: readonly string[],
): Promise<readonly ListedFile[]> {
  const changes = await difference(store, null, commit, paths);
  return changes.map(({ path, modeTo, oidTo }) => ({ path, mode: modeTo as FileMode, oid: oidTo ?? "" }));
}

/** Paths that differ between two commits, in byte order. */
export async function difference(
  store: ObjectStore,
  from: string | null,
  to: string,
  paths: Wanted,
): Promise<readonly PathChange[]> {
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
  paths: Wanted,
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
    const inside = isWanted(path, paths);
    if (!inside && paths !== "everywhere" && !paths.some((wanted) => wanted.startsWith(`${path}/`))) continue;
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
    if (folderA !== null || folderB !== null)
      await compareTrees(store, folderA, folderB, `${path}/`, paths, changes);
  }
}
