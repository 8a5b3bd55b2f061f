/**
 * Trees compared and listed, from tree objects that were hashed. Equal ids are never opened, so the cost follows what
 * differs. It must never follow a path into anything but a tree object.
 */
import { compareBytes } from "../../../core/model/json.ts";
import type { PathChange } from "../../../core/model/landing.ts";
import type { FileMode } from "../../../core/model/tree.ts";
import type { ListedFile } from "../checks.ts";
import { isWanted, type Wanted } from "../listing.ts";
import type { TreeEntry } from "../object.ts";

/** What hands out tree objects by id. */
export interface Trees {
  tree(oid: string): Promise<readonly TreeEntry[]>;
}

/** Paths that differ between two trees, in byte order; null is the empty one. */
export async function treeDifference(
  objects: Trees,
  from: string | null,
  to: string | null,
  wanted: Wanted,
): Promise<readonly PathChange[]> {
  const changes: PathChange[] = [];
  await compare(objects, from, to, "", wanted, changes);
  return changes.sort((a, b) => compareBytes(a.path, b.path));
}

/** The files of a tree, in byte order. */
export async function treeFiles(
  objects: Trees,
  tree: string,
  wanted: Wanted,
): Promise<readonly ListedFile[]> {
  const changes = await treeDifference(objects, null, tree, wanted);
  return changes.map(({ path, modeTo, oidTo }) => ({ path, mode: modeTo as FileMode, oid: oidTo as string }));
}

async function compare(
  objects: Trees,
  from: string | null,
  to: string | null,
  prefix: string,
  wanted: Wanted,
  changes: PathChange[],
): Promise<void> {
  if (from === to) return;
  const [before, after] = await Promise.all([
    from === null ? [] : objects.tree(from),
    to === null ? [] : objects.tree(to),
  ]);
  const pairs = paired(before, after);
  const below: Promise<void>[] = [];
  for (const [a, b] of pairs) {
    const path = `${prefix}${(a ?? b)?.name ?? ""}`;
    const inside = isWanted(path, wanted);
    if (!inside && (wanted === "everywhere" || !wanted.some((each) => each.startsWith(`${path}/`)))) continue;
    const [fileA, fileB] = [fileOf(a), fileOf(b)];
    if (inside && (fileA !== undefined || fileB !== undefined)) {
      changes.push({
        path,
        modeFrom: fileA?.mode ?? null,
        modeTo: fileB?.mode ?? null,
        oidFrom: fileA?.oid ?? null,
        oidTo: fileB?.oid ?? null,
      });
    }
    const [folderA, folderB] = [folderOf(a), folderOf(b)];
    if (folderA !== null || folderB !== null)
      below.push(compare(objects, folderA, folderB, `${path}/`, wanted, changes));
  }
  if (below.length > 0) await Promise.all(below);
}

/** Entries of one name side by side, without those that are equal. A name that stands twice is seen twice. */
function paired(
  before: readonly TreeEntry[],
  after: readonly TreeEntry[],
): readonly (readonly [TreeEntry | undefined, TreeEntry | undefined])[] {
  const pairs: (readonly [TreeEntry | undefined, TreeEntry | undefined])[] = [];
  const pair = (other: TreeEntry | undefined, entry: TreeEntry): void => {
    if (other === undefined || other.oid !== entry.oid || other.mode !== entry.mode)
      pairs.push([other, entry]);
  };
  // Most trees that differ hold the same names, in the same order.
  let same = 0;
  for (; same < after.length && before[same]?.name === after[same]?.name; same++)
    pair(before[same], after[same] as TreeEntry);
  if (same === before.length && same === after.length) return pairs;
  const others = new Map(before.slice(same).map((entry) => [entry.name, entry]));
  for (const entry of after.slice(same)) {
    const other = others.get(entry.name);
    others.delete(entry.name);
    pair(other, entry);
  }
  for (const entry of others.values()) pairs.push([entry, undefined]);
  return pairs;
}

function fileOf(entry: TreeEntry | undefined): { readonly mode: FileMode; readonly oid: string } | undefined {
  return entry === undefined || entry.mode === "40000" ? undefined : { mode: entry.mode, oid: entry.oid };
}

function folderOf(entry: TreeEntry | undefined): string | null {
  return entry?.mode === "40000" ? entry.oid : null;
}
