/**
 * The graph of commits, from commits that were hashed: merge bases and what lies between, exact whatever dates commits
 * claim, because commits are taken in the order of their generation (one more than their parents' greatest).
 * It must never ask git who is whose ancestor.
 */
import { compareBytes } from "../../../core/model/json.ts";
import type { ProofObjects } from "./objects.ts";

export interface CommitGraph {
  /** Reads these commits and everything they can reach; `hints` are ids that are probably among them. */
  load(tips: readonly string[], hints?: readonly string[]): Promise<void>;
  /** Whether a commit and everything that it reaches was loaded. */
  has(oid: string): boolean;
  mergeBases(a: string, b: string): readonly string[];
  /** A commit, its first parent, and so on to the first. */
  firstParents(tip: string): readonly string[];
  /** Whether a tip reaches a commit. */
  reachable(tip: string): (commit: string) => boolean;
  /** What `head` reaches and `base` does not. */
  between(base: string, head: string): readonly string[];
}

/** So many commits are asked for at once; all of a long history would be held at once as well. */
const AT_ONCE = 2_000;

export function commitGraph(objects: ProofObjects): CommitGraph {
  const parents = new Map<string, readonly string[]>();
  const generations = new Map<string, number>();
  const ids = new Map<string, string>();

  /** One text for each id: what a commit says of its parents are parts of its text, and would keep all of it. */
  const own = (oid: string): string => {
    let known = ids.get(oid);
    if (known === undefined) {
      known = Buffer.from(oid, "latin1").toString("latin1");
      ids.set(known, known);
    }
    return known;
  };
  const parentsOf = (oid: string): readonly string[] => parents.get(oid) as readonly string[];
  const generation = (oid: string): number => generations.get(oid) as number;

  /** Numbers everything below a commit, parents first, without recursion: histories are long. */
  const number = (tip: string): void => {
    const stack = [tip];
    while (stack.length > 0) {
      const oid = stack.at(-1) as string;
      if (generations.has(oid)) {
        stack.pop();
        continue;
      }
      const open = parentsOf(oid).filter((parent) => !generations.has(parent));
      if (open.length > 0) stack.push(...open);
      else {
        generations.set(
          oid,
          1 + parentsOf(oid).reduce((most, parent) => Math.max(most, generation(parent)), 0),
        );
        stack.pop();
      }
    }
  };

  return {
    async load(tips, hints = []) {
      let wanted = [...new Set([...tips, ...hints])].filter((oid) => !parents.has(oid));
      while (wanted.length > 0) {
        const next = new Set<string>();
        for (let at = 0; at < wanted.length; at += AT_ONCE) {
          const read = await Promise.all(wanted.slice(at, at + AT_ONCE).map((oid) => objects.commit(oid)));
          for (const commit of read) {
            parents.set(own(commit.oid), commit.parents.map(own));
            for (const parent of commit.parents) next.add(own(parent));
          }
        }
        wanted = [...next].filter((oid) => !parents.has(oid));
      }
      for (const tip of tips) number(tip);
    },
    has: (oid) => generations.has(oid),
    firstParents(tip) {
      const line: string[] = [];
      for (let oid: string | undefined = tip; oid !== undefined; oid = parentsOf(oid)[0]) line.push(oid);
      return line;
    },
    mergeBases(a, b) {
      if (a === b) return [a];
      const flags = new Map<string, number>();
      const queue = byGeneration(generation);
      const mark = (oid: string, add: number): void => {
        const known = flags.get(oid) ?? 0;
        if (known === 0) queue.push(oid);
        flags.set(oid, known | add);
      };
      mark(a, 1);
      mark(b, 2);
      const bases: string[] = [];
      while (queue.some((oid) => ((flags.get(oid) ?? 0) & 4) === 0)) {
        const oid = queue.pop();
        const own = flags.get(oid) ?? 0;
        // Everything that reaches it has been taken before, so its marks are complete.
        if (own === 3) bases.push(oid);
        for (const parent of parentsOf(oid)) mark(parent, (own & 3) === 3 ? 7 : own);
      }
      return bases.sort(compareBytes);
    },
    reachable(tip) {
      let reached: Set<string> | undefined;
      return (commit) => {
        if (!parents.has(commit)) return false;
        if (reached === undefined) {
          reached = new Set([tip]);
          for (const oid of reached) for (const parent of parentsOf(oid)) reached.add(parent);
        }
        return reached.has(commit);
      };
    },
    between(base, head) {
      const known = new Set<string>([base]);
      const seen = new Set<string>([base, head]);
      const queue = byGeneration(generation);
      queue.push(base);
      if (head !== base) queue.push(head);
      const found: string[] = [];
      while (queue.some((oid) => !known.has(oid))) {
        const oid = queue.pop();
        const isKnown = known.has(oid);
        if (!isKnown) found.push(oid);
        for (const parent of parentsOf(oid)) {
          if (isKnown) known.add(parent);
          if (seen.has(parent)) continue;
          seen.add(parent);
          queue.push(parent);
        }
      }
      return found.sort(compareBytes);
    },
  };
}

interface Queue {
  push(oid: string): void;
  /** The one of the greatest generation. */
  pop(): string;
  some(test: (oid: string) => boolean): boolean;
}

function byGeneration(generation: (oid: string) => number): Queue {
  const sorted: string[] = [];
  return {
    push(oid) {
      const own = generation(oid);
      let low = 0;
      let high = sorted.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (generation(sorted[middle] as string) <= own) low = middle + 1;
        else high = middle;
      }
      sorted.splice(low, 0, oid);
    },
    pop: () => sorted.pop() as string,
    some: (test) => sorted.some(test),
  };
}
