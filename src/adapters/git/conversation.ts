/**
 * One `git cat-file` that answers a command's questions as they come up, instead of one process for each. Every object
 * is checked against its id. What the attacker controls: every byte that git reads. It must never keep the program from
 * ending, nor outlive it: while nothing is asked it holds nothing open, and its input ends with the program, however
 * that ends; in a program that goes on it ends by itself.
 */
import { oidInPlace, otherContent, type GitObject, type ObjectType } from "./object.ts";
import type { Running, StartGit } from "./process.ts";

/** An object with the id that git found for what was asked. */
export interface FoundObject extends GitObject {
  readonly oid: string;
}

export interface Conversation {
  /**
   * The object of that name, a full id or anything else that git takes for one, without control characters; undefined
   * where this process cannot tell, for whatever reason. A Failure where the bytes are not what their id promises.
   */
  ask(name: string): Promise<FoundObject | undefined>;
  /** Whether this process cannot tell anything, now and later. */
  isOver(): boolean;
}

interface Waiting {
  done(object: FoundObject | undefined): void;
  failed(error: unknown): void;
}

/** In milliseconds; longer than anything computes between two questions, shorter than anybody minds a process. */
const IDLE = 200;

const HEADER = /^([0-9a-f]{40}|[0-9a-f]{64}) (blob|tree|commit|tag) (\d{1,15})$/;

/** Prepares to ask; git is started by the first question. */
export function startConversation(start: StartGit): Conversation {
  let running: Running | undefined;
  let asked = "";
  let waiting: Waiting[] = [];
  let next = 0;
  let chunks: Buffer[] = [];
  let length = 0;
  let needed = 0;
  /** A git that cannot do this (before 2.36), or that has given up: everything is asked in another way. */
  let isOver = false;
  let idle: NodeJS.Timeout | undefined;

  const giveUp = (): void => {
    const left = waiting.slice(next);
    [waiting, next, chunks, length, needed, asked] = [[], 0, [], 0, 0, ""];
    for (const each of left) each.done(undefined);
  };
  const take = (chunk: Buffer): void => {
    chunks.push(chunk);
    length += chunk.length;
    // Large objects arrive in many pieces, which are joined once.
    if (length < needed) return;
    const data = chunks.length === 1 ? chunk : Buffer.concat(chunks);
    let at = 0;
    needed = 0;
    while (next < waiting.length) {
      const end = data.indexOf(0x0a, at);
      if (end < 0) break;
      const { done, failed } = waiting[next] as Waiting;
      const [, oid, type, size] = HEADER.exec(data.toString("latin1", at, end)) ?? [];
      if (oid === undefined || type === undefined) {
        // `<name> missing`, or ambiguous.
        at = end + 1;
        next++;
        done(undefined);
        continue;
      }
      const stop = end + 1 + Number(size);
      if (stop >= data.length) {
        needed = stop + 1 - at;
        break;
      }
      next++;
      if (oidInPlace(data, at + oid.length + 1, end + 1, stop, oid.length) !== oid)
        failed(otherContent(oid, type));
      else done({ oid, type: type as ObjectType, bytes: data.subarray(end + 1, stop) });
      at = stop + 1;
    }
    chunks = at === data.length ? [] : [data.subarray(at)];
    length = data.length - at;
    if (next < waiting.length) return;
    // Nothing is asked: the program may end, and if it does not, git ends soon.
    [waiting, next] = [[], 0];
    running?.hold(false);
    idle?.refresh();
  };
  const begin = (): Running => {
    const own = start(
      ["cat-file", "--batch-command", "--buffer"],
      (chunk) => void (running === own && take(chunk)),
      {
        codes: [0, 128, 129],
      },
    );
    idle = setTimeout(() => {
      if (running !== own || waiting.length > 0) return;
      running = undefined;
      own.end();
    }, IDLE).unref();
    const over = (): void => {
      if (running !== own) return;
      running = undefined;
      // It was not told to end, and another would end as it did.
      isOver = true;
      giveUp();
    };
    own.ended.then(over, over);
    return own;
  };
  const flush = (): void => {
    if (asked === "") return;
    const text = `${asked}flush\n`;
    asked = "";
    running ??= begin();
    running.hold(true);
    running.write(text);
  };
  return {
    isOver: () => isOver,
    ask: (name) =>
      new Promise((done, failed) => {
        if (isOver) {
          done(undefined);
          return;
        }
        waiting.push({ done, failed });
        // What is asked in the same turn goes out together.
        if (asked === "") setImmediate(flush);
        asked += `contents ${name}\n`;
      }),
  };
}
