/**
 * The graph of commits, from commits that were hashed: merge bases and what lies between, exact whatever dates commits
 * claim, because commits are taken in the order of their generation (one more than their parents' greatest).
 * It must never ask git who is whose ancestor.
 */
import { compareBytes } from "../../../core/model/json.ts";
import type { ProofObjects, ReadCommit } from "./objects.ts";

export interface CommitGraph {
  /** Reads these commits and everything they can reach; `hints` are ids that are probably among them. */
  load(tips: readonly string[], hints?: readonly string[]): Promise<void>;
  /** Whether a commit and everything that it reaches was loaded. */
  has(oid: string): boolean;
  mergeBases(a: string, b: string): readonly string[];
  /** Whether a tip reaches a commit. */
  reachable(tip: string): (commit: string) => boolean;
  /** What `head` reaches and `base` does not. */
  between(base: string, head: string): readonly string[];
}

export function commitGraph(objects: ProofObjects): CommitGraph {
  const commits = new Map<string, ReadCommit>();
  const generations = new Map<string, number>();

  const parentsOf = (oid: string): readonly string[] => (commits.get(oid) as ReadCommit).parents;
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
      const parents = parentsOf(oid);
      const open = parents.filter((parent) => !generations.has(parent));
      if (open.length > 0) stack.push(...open);
      else {
        generations.set(oid, 1 + parents.reduce((most, parent) => Math.max(most, generation(parent)), 0));
        stack.pop();
      }
    }
  };

  return {
    async load(tips, hints = []) {
      let wanted = [...tips, ...hints].filter((oid) => !commits.has(oid));
      while (wanted.length > 0) {
        const read = await Promise.all(wanted.map((oid) => objects.commit(oid)));
        for (const commit of read) commits.set(commit.oid, commit);
        const parents = new Set(read.flatMap((commit) => commit.parents));
        wanted = [...parents].filter((oid) => !commits.has(oid));
      }
      for (const tip of tips) number(tip);
    },
    has: (oid) => generations.has(oid),
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
        if (!commits.has(commit)) return false;
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
