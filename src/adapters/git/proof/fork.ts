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
  // Both are followed by turns, so that neither is read further than the other asks for. Where they meet first is the
  // fork: whatever stands behind it on one stands behind it on the other as well.
  const [line, branch] = [following(base), following(head)];
  while (!line.isOver || !branch.isOver) {
    await line.step(objects, FAR);
    const from = line.last !== undefined && branch.seen.has(line.last) ? line.last : undefined;
    if (from !== undefined) return cut(objects, line, branch.seen, from);
    await branch.step(objects, FAR);
    if (branch.last !== undefined && line.seen.has(branch.last))
      return cut(objects, line, branch.seen, branch.last);
  }
  return undefined;
}

/** Commits from first parent to first parent, latest first, by how far they are from where it began. */
interface Following {
  readonly seen: ReadonlyMap<string, number>;
  /** What the last step came to. */
  readonly last: string | undefined;
  readonly isOver: boolean;
  step(objects: ProofObjects, most: number): Promise<void>;
}

function following(tip: string): Following {
  const seen = new Map<string, number>();
  let next: string | undefined = tip;
  let last: string | undefined;
  return {
    seen,
    get last() {
      return last;
    },
    get isOver() {
      return next === undefined;
    },
    async step(objects, most) {
      last = next;
      if (next === undefined) return;
      seen.set(next, seen.size);
      next = seen.size < most ? (await objects.commit(next)).parents[0] : undefined;
    },
  };
}

/** The fork at a commit of both; undefined where the branch merged something, or the line merged the branch. */
async function cut(
  objects: ProofObjects,
  line: Following,
  branch: ReadonlyMap<string, number>,
  from: string,
): Promise<Fork | undefined> {
  const own = [...branch.keys()].slice(0, branch.get(from));
  for (const oid of own) if ((await objects.commit(oid)).parents.length > 1) return undefined;
  return (await reachesAny(objects, line, from, own)) ? undefined : { from, own };
}

/** Whether what was merged into the line since a landing holds one of these commits; true as well where that is long. */
async function reachesAny(
  objects: ProofObjects,
  line: Following,
  since: string,
  own: readonly string[],
): Promise<boolean> {
  if (own.length === 0) return false;
  const wanted = new Set(own);
  const behind = line.seen.get(since) ?? 0;
  const open: string[] = [];
  for (const [oid, distance] of line.seen) {
    if (distance < behind) open.push(...(await objects.commit(oid)).parents.slice(1));
  }
  const seen = new Set(open);
  for (let oid = open.pop(); oid !== undefined; oid = open.pop()) {
    if (wanted.has(oid) || seen.size > FAR) return true;
    // What was merged left the line somewhere behind; it is followed faster than what was merged.
    for (let ahead = 0; ahead < 4; ahead++) await line.step(objects, FAR);
    if (line.seen.has(oid)) continue;
    for (const parent of (await objects.commit(oid)).parents) {
      if (!seen.has(parent)) open.push(parent);
      seen.add(parent);
    }
  }
  return false;
}
