/**
 * The objects of a repository as a command reads them: each once, checked against its id, through one process of git for
 * all questions. Whatever that process cannot tell is asked again with a process of its own, which can say why. It must
 * never hand out an object that was not hashed here.
 */
import type { Commit } from "../../core/model/landing.ts";
import { readObjects } from "./cat-file.ts";
import { startConversation } from "./conversation.ts";
import { corruptObject, missingObject } from "./failures.ts";
import { parseCommit, parseTree, requireOid, type GitObject, type TreeEntry } from "./object.ts";
import type { Git, StartGit } from "./process.ts";

/** More objects than this are nobody's everyday: a process of its own reads them, and nothing of them is kept. */
const MANY = 2_000;

/** How much is kept, in bytes. */
const KEPT = 32 * 1024 * 1024;

/** So many commits of a line are asked for at first, and at most. */
const FIRST = 16;
const MOST = 512;

export type ReadCommit = Commit & { readonly tree: string };

export interface Objects {
  /** Objects by id, in the order of the ids; all must exist. */
  read(oids: readonly string[]): Promise<ReadonlyMap<string, GitObject>>;
  commit(oid: string): Promise<ReadCommit>;
  tree(oid: string): Promise<readonly TreeEntry[]>;
  /** Whether reading an object costs no process of its own. */
  isQuick(): boolean;
  /** The commit that a checked revision means; undefined where only another question can tell. */
  called(revision: string): Promise<string | undefined>;
  /**
   * A commit, its first parent, and so on: until one is `enough`, the line ends, or `most` were seen. Undefined where
   * only another question can tell.
   */
  line(
    tip: string,
    most: number,
    enough?: (commit: ReadCommit) => boolean,
  ): Promise<readonly ReadCommit[] | undefined>;
}

/** The objects of a repository; git is started by the first question. */
export function openObjects(git: Git, start: StartGit): Objects {
  const { ask, isOver } = startConversation(start);
  let kept = new Map<string, GitObject>();
  let size = 0;
  let waiting:
    | { readonly oids: Set<string>; readonly answer: Promise<ReadonlyMap<string, GitObject>> }
    | undefined;
  const commits = new Map<string, ReadCommit>();
  const trees = new Map<string, readonly TreeEntry[]>();

  const keep = (oid: string, object: GitObject): void => {
    if (size > KEPT) {
      [kept, size] = [new Map(), 0];
      trees.clear();
    }
    kept.set(oid, object);
    size += object.bytes.length + 200;
  };
  /** Reads with another process what was left open; all of one turn with one. */
  const again = (oids: readonly string[]): Promise<ReadonlyMap<string, GitObject>> => {
    if (waiting === undefined) {
      const all = new Set<string>();
      const turn = new Promise((resolve) => setImmediate(resolve));
      const answer = turn.then(() => {
        waiting = undefined;
        return readObjects(git, [...all]);
      });
      waiting = { oids: all, answer };
    }
    for (const oid of oids) waiting.oids.add(oid);
    return waiting.answer;
  };
  const read = async (oids: readonly string[]): Promise<ReadonlyMap<string, GitObject>> => {
    const wanted = [...new Set(oids)].map(requireOid);
    const open = wanted.filter((oid) => !kept.has(oid));
    const found = new Map<string, GitObject>();
    for (const oid of wanted) {
      const object = kept.get(oid);
      if (object !== undefined) found.set(oid, object);
    }
    if (open.length > MANY) {
      for (const [oid, object] of await readObjects(git, open)) found.set(oid, object);
      return inOrder(wanted, found);
    }
    const lacking: string[] = [];
    const answers = await Promise.all(open.map((oid) => ask(oid)));
    answers.forEach((object, index) => {
      const oid = open[index] as string;
      if (object?.oid !== oid) {
        lacking.push(oid);
        return;
      }
      keep(oid, object);
      found.set(oid, object);
    });
    const late = lacking.length === 0 ? undefined : await again(lacking);
    for (const oid of lacking) found.set(oid, late?.get(oid) as GitObject);
    return inOrder(wanted, found);
  };
  const one = async (oid: string, type: "commit" | "tree"): Promise<Uint8Array> => {
    const object = (await read([oid])).get(oid) as GitObject;
    if (object.type === type) return object.bytes;
    throw type === "commit"
      ? missingObject(oid)
      : corruptObject(`${oid} is a ${object.type} where a tree belongs.`);
  };
  const commit = async (oid: string): Promise<ReadCommit> => {
    const known = commits.get(oid);
    if (known !== undefined) return known;
    const parsed = parseCommit(oid, await one(oid, "commit"));
    commits.set(oid, parsed);
    return parsed;
  };
  return {
    read,
    commit,
    isQuick: () => !isOver(),
    async tree(oid) {
      const known = trees.get(oid);
      if (known !== undefined) return known;
      const parsed = parseTree(await one(oid, "tree"), oid.length === 64 ? 32 : 20);
      trees.set(oid, parsed);
      return parsed;
    },
    async called(revision) {
      const object = await ask(`${revision}^{commit}`);
      if (object?.type !== "commit") return undefined;
      keep(object.oid, object);
      return object.oid;
    },
    async line(tip, most, enough = () => false) {
      const line: ReadCommit[] = [];
      let size = FIRST;
      for (let oid: string | undefined = requireOid(tip); oid !== undefined && line.length < most;) {
        if (!commits.has(oid)) {
          // Git finds the way from parent to parent; what it finds is followed here, from object to object.
          const from: string = oid;
          const names = Array.from(
            { length: Math.min(size, most - line.length) },
            (_, index) => `${from}~${index}`,
          );
          for (const object of await Promise.all(names.map(ask))) {
            if (object?.type !== "commit") continue;
            keep(object.oid, object);
            if (!commits.has(object.oid)) commits.set(object.oid, parseCommit(object.oid, object.bytes));
          }
          size = Math.min(size * 4, MOST);
        }
        const next = commits.get(oid);
        if (next === undefined) return undefined;
        line.push(next);
        if (enough(next)) break;
        oid = next.parents[0];
      }
      return line;
    },
  };
}

function inOrder(
  oids: readonly string[],
  found: ReadonlyMap<string, GitObject>,
): ReadonlyMap<string, GitObject> {
  return new Map(oids.map((oid) => [oid, found.get(oid) as GitObject]));
}
