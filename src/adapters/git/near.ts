/**
 * What lies near: questions about trees and history that are answered from a few objects, read and hashed here, sooner
 * than git could be started. Each answer is exact or undefined: whatever leads far is for git to say, which has an index
 * for that. It must never guess from names, dates or the order in which commits are met.
 */
import { compareBytes } from "../../core/model/json.ts";
import type { Landing, PathChange } from "../../core/model/landing.ts";
import type { ListedFile } from "./checks.ts";
import type { Wanted } from "./listing.ts";
import type { TreeEntry } from "./object.ts";
import type { Objects } from "./objects.ts";
import { treeDifference, treeFiles, type Trees } from "./proof/trees.ts";

/** So many tree objects are opened for one answer. */
const MOST_TREES = 400;

/** So many landings are compared with their parents. */
const MOST_LANDINGS = 120;

/** So many commits of a branch are looked at. */
const MOST_COMMITS = 64;

/** The files of a commit; undefined where they are in too many folders. */
export function filesNear(
  objects: Objects,
  oid: string,
  wanted: Wanted,
): Promise<readonly ListedFile[] | undefined> {
  return within(objects, async (trees) => treeFiles(trees, (await objects.commit(oid)).tree, wanted));
}

/** Paths that differ between two commits, in byte order (`from: null` is the empty tree); undefined where that is in too many folders. */
export function differenceNear(
  objects: Objects,
  from: string | null,
  to: string,
  wanted: Wanted,
): Promise<readonly PathChange[] | undefined> {
  return within(objects, async (trees) => {
    const [before, after] = await Promise.all([
      from === null ? null : objects.commit(from),
      objects.commit(to),
    ]);
    return treeDifference(trees, before?.tree ?? null, after.tree, wanted);
  });
}

/** What each landing changed; undefined where they are many, or what they changed is. */
export async function changesNear(
  objects: Objects,
  of: readonly Landing[],
  wanted: Wanted,
): Promise<readonly (readonly PathChange[])[] | undefined> {
  if (of.length > MOST_LANDINGS) return undefined;
  return within(objects, (trees) =>
    Promise.all(
      of.map(async ({ oid, parents: [parent] }) => {
        const [before, after] = await Promise.all([
          parent === undefined ? null : objects.commit(parent),
          objects.commit(oid),
        ]);
        return treeDifference(trees, before?.tree ?? null, after.tree, wanted);
      }),
    ),
  );
}

/** The names directly in folders of a commit; "" is the root. */
export async function namesNear(
  objects: Objects,
  oid: string,
  folders: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const { tree } = await objects.commit(oid);
  const names = folders.map(async (folder) => {
    let entries: readonly TreeEntry[] = await objects.tree(tree);
    for (const part of folder === "" ? [] : folder.split("/")) {
      const below = entries.find(({ name, mode }) => name === part && mode === "40000");
      entries = below === undefined ? [] : await objects.tree(below.oid);
    }
    return [folder, entries.map(({ name }) => name)] as const;
  });
  return new Map(await Promise.all(names));
}

/**
 * The merge base of a base and a branch that stands on it: the base itself. Undefined where the branch does not reach
 * the base within a few commits; nothing is said then.
 */
export async function mergeBaseNear(
  objects: Objects,
  base: string,
  head: string,
): Promise<string | undefined> {
  if (base === head) return base;
  const reaches = ({
    oid,
    parents,
  }: {
    readonly oid: string;
    readonly parents: readonly string[];
  }): boolean => oid === base || parents.includes(base);
  const line = await objects.line(head, MOST_COMMITS, reaches);
  return line?.some(reaches) === true ? base : undefined;
}

/** What a branch holds that stands on the base in one line, in byte order of ids; undefined where it is another branch. */
export async function commitsNear(
  objects: Objects,
  base: string,
  head: string,
): Promise<readonly string[] | undefined> {
  if (base === head) return [];
  const line = await objects.line(
    head,
    MOST_COMMITS,
    ({ parents }) => parents.length !== 1 || parents[0] === base,
  );
  const last = line?.at(-1);
  if (line === undefined || last?.parents.length !== 1 || last.parents[0] !== base) return undefined;
  return line.map(({ oid }) => oid).sort(compareBytes);
}

/** Told by throwing, because it ends walks that are under way side by side. */
const tooFar = Symbol("too far");

async function within<T>(objects: Objects, walk: (trees: Trees) => Promise<T>): Promise<T | undefined> {
  let opened = 0;
  const trees: Trees = {
    tree: (oid) => (++opened > MOST_TREES || !objects.isQuick() ? Promise.reject(tooFar) : objects.tree(oid)),
  };
  try {
    return await walk(trees);
  } catch (error) {
    if (error === tooFar) return undefined;
    throw error;
  }
}
