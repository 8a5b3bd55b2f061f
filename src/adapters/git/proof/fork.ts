/**
 * Where a branch left the line of landings, read from as few commits as that takes: for one new landing on top of a long
 * history that was verified before. Exact, or nothing: where a branch is anything but commits in a row, or is old, the
 * whole graph is asked.
 */
import type { ProofObjects } from "./objects.ts";

export interface Fork {
  /** The one merge base. */
  readonly from: string;
  /** The commits of `head` that `base` does not reach. */
  readonly own: readonly string[];
}

/** How far back branches are followed. */
const FAR = 500;

/** The fork of a branch whose commits stand in a row, from the first-parent line of a base. */
export async function forkOf(objects: ProofObjects, base: string, head: string): Promise<Fork | undefined> {
  const line = await firstParents(objects, base);
  const own: string[] = [];
  for (let oid = head; !line.has(oid);) {
    const { parents } = await objects.commit(oid);
    const [parent, ...more] = parents;
    if (parent === undefined || more.length > 0 || own.length >= FAR) return undefined;
    own.push(oid);
    oid = parent;
    if (line.has(oid)) return (await reachesAny(objects, line, oid, own)) ? undefined : { from: oid, own };
  }
  return { from: head, own };
}

/** The line, latest first, by how far it is from the base. */
async function firstParents(objects: ProofObjects, base: string): Promise<ReadonlyMap<string, number>> {
  const line = new Map<string, number>();
  for (let oid: string | undefined = base; oid !== undefined && line.size < FAR;) {
    line.set(oid, line.size);
    oid = (await objects.commit(oid)).parents[0];
  }
  return line;
}

/** Whether what was merged into the line since a landing holds one of these commits; true as well where that is long. */
async function reachesAny(
  objects: ProofObjects,
  line: ReadonlyMap<string, number>,
  since: string,
  own: readonly string[],
): Promise<boolean> {
  const wanted = new Set(own);
  const behind = line.get(since) ?? 0;
  const open: string[] = [];
  for (const [oid, distance] of line) {
    if (distance < behind) open.push(...(await objects.commit(oid)).parents.slice(1));
  }
  const seen = new Set(open);
  for (let oid = open.pop(); oid !== undefined; oid = open.pop()) {
    if (wanted.has(oid) || seen.size > FAR) return true;
    if (line.has(oid)) continue;
    for (const parent of (await objects.commit(oid)).parents) {
      if (!seen.has(parent)) open.push(parent);
      seen.add(parent);
    }
  }
  return false;
}
