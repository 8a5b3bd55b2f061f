/**
 * Objects of a repository in which nothing is believed: each is hashed when it is read, from `git cat-file`, which does
 * not do that itself. What the attacker controls: every byte of the object store. What is asked for at the same time is
 * read in one turn, so that walking many trees at once costs one question a level.
 */
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import * as crypto from "node:crypto";
import { corruptObject, missingObject } from "../failures.ts";
import {
  parseCommit,
  parseTree,
  requireOid,
  type GitObject,
  type ObjectType,
  type TreeEntry,
} from "../object.ts";
import type { Commit } from "../../../core/model/landing.ts";
import { keeping } from "./kept.ts";

/** How much is kept in memory, in bytes: commits are asked for along the line and again when they are judged. */
const COMMITS = 64 * 1024 * 1024;
const OTHERS = 24 * 1024 * 1024;

/** What an object takes in memory beside its bytes, and what an entry of a tree takes. */
const BESIDE = 500;
const ENTRY = 250;

/** A commit as it stands in the object store, and what it says. */
export type ReadCommit = Commit & { readonly tree: string; readonly bytes: Uint8Array };

export interface ProofObjects {
  commit(oid: string): Promise<ReadCommit>;
  tree(oid: string): Promise<readonly TreeEntry[]>;
  blob(oid: string): Promise<Uint8Array>;
  /** How many objects were read and hashed. */
  count(): number;
  /** Ends the process that reads. */
  close(): void;
}

/** How the reading process is started; its arguments and environment are those of every other call of git. */
export type StartGit = (args: readonly string[]) => ChildProcessWithoutNullStreams;

/** Opens the objects; git is started with the first question. */
export function proofObjects(start: StartGit): ProofObjects {
  const reader = batchReader(start);
  const commits = keeping<ReadCommit>(COMMITS);
  const trees = keeping<readonly TreeEntry[]>(OTHERS);
  const blobs = keeping<Uint8Array>(OTHERS);
  const typed = async (oid: string, type: ObjectType): Promise<Uint8Array> => {
    const object = await reader.read(requireOid(oid));
    if (object.type !== type) throw corruptObject(`${oid} is a ${object.type} where a ${type} belongs.`);
    return object.bytes;
  };
  return {
    async commit(oid) {
      const known = commits.get(oid);
      if (known !== undefined) return known;
      // Copied, because a part of what git has answered keeps all of that answer in memory.
      const bytes = Uint8Array.from(await typed(oid, "commit"));
      const commit = { ...parseCommit(oid, bytes), bytes };
      // What it says is parts of its text, which stays with them.
      commits.set(oid, commit, 2 * bytes.length + 2 * BESIDE);
      return commit;
    },
    async tree(oid) {
      const known = trees.get(oid);
      if (known !== undefined) return known;
      const entries = parseTree(await typed(oid, "tree"), oid.length === 64 ? 32 : 20);
      trees.set(oid, entries, entries.length * ENTRY + BESIDE);
      return entries;
    },
    async blob(oid) {
      const known = blobs.get(oid);
      if (known !== undefined) return known;
      const bytes = Uint8Array.from(await typed(oid, "blob"));
      blobs.set(oid, bytes, bytes.length + BESIDE);
      return bytes;
    },
    count: () => reader.count(),
    close: () => reader.close(),
  };
}

interface Waiting {
  readonly oid: string;
  done(object: GitObject): void;
  failed(error: unknown): void;
}

interface BatchReader {
  read(oid: string): Promise<GitObject>;
  count(): number;
  close(): void;
}

function batchReader(start: StartGit): BatchReader {
  let child: ChildProcessWithoutNullStreams | undefined;
  let asked: string[] = [];
  let waiting: Waiting[] = [];
  let next = 0;
  let rest: Buffer = Buffer.alloc(0);
  let stderr = "";
  let count = 0;

  const fail = (error: unknown): void => {
    const all = waiting.slice(next);
    [waiting, next, rest] = [[], 0, Buffer.alloc(0)];
    for (const each of all) each.failed(error);
  };
  /** Answers come in the order of the questions: `<oid> <type> <size> LF <content> LF`, or `<oid> missing LF`. */
  const take = (chunk: Buffer): void => {
    const buffer = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let at = 0;
    while (next < waiting.length) {
      const end = buffer.indexOf(0x0a, at);
      if (end < 0) break;
      const { oid, done, failed } = waiting[next] as Waiting;
      const header = buffer.toString("latin1", at, end);
      const [name, type, length] = header.split(" ");
      if (name !== oid || length === undefined) {
        next++;
        at = end + 1;
        failed(
          type === "missing"
            ? missingObject(oid)
            : corruptObject(`Git answers ${JSON.stringify(header.slice(0, 100))} when asked for ${oid}.`),
        );
        continue;
      }
      const stop = end + 1 + Number(length);
      if (buffer.length < stop + 1) break;
      next++;
      count++;
      // The answer differs from what the id is the hash of by one byte: a line feed where a NUL belongs.
      buffer[end] = 0;
      const whole = buffer.subarray(at + oid.length + 1, stop);
      if (hashOf(whole, oid.length === 64 ? "sha256" : "sha1") === oid)
        done({ type: type as ObjectType, bytes: buffer.subarray(end + 1, stop) });
      else failed(corruptObject(`The ${type ?? "object"} ${oid} does not have the content its id promises.`));
      at = stop + 1;
    }
    rest = buffer.subarray(at);
    if (next === waiting.length) [waiting, next] = [[], 0];
  };
  const running = (): ChildProcessWithoutNullStreams => {
    if (child !== undefined) return child;
    child = start(["cat-file", "--batch-command", "--buffer"]);
    child.stdout.on("data", collected(take));
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString("utf8")));
    child.stdin.on("error", () => {});
    child.on("error", fail);
    child.on("close", () => {
      child = undefined;
      fail(corruptObject(`Git cannot read an object: ${stderr.trim().split("\n").at(-1) ?? ""}.`));
    });
    return child;
  };
  const flush = (): void => {
    const text = asked.map((oid) => `contents ${oid}\n`).join("");
    asked = [];
    running().stdin.write(`${text}flush\n`);
  };
  const pending = new Map<string, Promise<GitObject>>();
  return {
    read(oid) {
      const known = pending.get(oid);
      if (known !== undefined) return known;
      const promise = new Promise<GitObject>((done, failed) => {
        waiting.push({ oid, done, failed });
        asked.push(oid);
        // What is asked for in the same turn goes out together.
        if (asked.length === 1) setImmediate(flush);
      }).finally(() => pending.delete(oid));
      pending.set(oid, promise);
      return promise;
    },
    count: () => count,
    close() {
      child?.removeAllListeners("close");
      child?.stdin.end();
      child = undefined;
    },
  };
}

/** Objects larger than one chunk arrive in many; they are joined once and not again with each chunk. */
function collected(take: (buffer: Buffer) => void): (chunk: Buffer) => void {
  let chunks: Buffer[] = [];
  return (chunk) => {
    chunks.push(chunk);
    if (chunks.length > 1) return;
    setImmediate(() => {
      const all = chunks;
      chunks = [];
      take(all.length === 1 ? (all[0] as Buffer) : Buffer.concat(all));
    });
  };
}

const oneShot: typeof crypto.hash | undefined = crypto.hash;

function hashOf(bytes: Uint8Array, algorithm: "sha1" | "sha256"): string {
  return oneShot === undefined
    ? crypto.createHash(algorithm).update(bytes).digest("hex")
    : oneShot(algorithm, bytes, "hex");
}
