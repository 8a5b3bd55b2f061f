/**
 * Git's objects as bytes: their ids, what a commit and a tree say. Both adapters read through here, so that what was
 * read is what the id promises (git itself checks neither on reading). It must never touch a repository.
 */
import crypto, { createHash } from "node:crypto";
import type { Commit, Person } from "../../core/model/landing.ts";
import { pathOfBytes } from "../../core/model/path.ts";
import type { FileMode } from "../../core/model/tree.ts";
import type { Failure } from "../../core/model/failure.ts";
import { corruptObject } from "./failures.ts";

export type ObjectType = "blob" | "tree" | "commit" | "tag";

export interface GitObject {
  readonly type: ObjectType;
  readonly bytes: Uint8Array;
}

/** The id of an object; SHA-1 as nearly every repository, SHA-256 where the ids are that long. */
export function oidOf(type: ObjectType, bytes: Uint8Array, algorithm: "sha1" | "sha256" = "sha1"): string {
  return createHash(algorithm).update(`${type} ${bytes.length}\0`).update(bytes).digest("hex");
}

/**
 * The id of an object that stands in a larger buffer right behind `type SP size LF`, as `git cat-file` writes it. Git's
 * ids are over `type SP size NUL content`, so the line feed becomes NUL and nothing is copied.
 */
export function oidInPlace(
  data: Buffer,
  header: number,
  content: number,
  end: number,
  width: number,
): string {
  data[content - 1] = 0;
  const algorithm = width === 64 ? "sha256" : "sha1";
  const whole = data.subarray(header, end);
  return oneShot === undefined
    ? createHash(algorithm).update(whole).digest("hex")
    : oneShot(algorithm, whole, "hex");
}

/** Three times as fast for small objects; early versions of Node 20 lack it. */
const oneShot = (crypto as Partial<typeof crypto>).hash;

/** Refuses an object whose bytes are not what its id promises: corruption, or somebody's hand in the object store. */
export function verifyObject(oid: string, object: GitObject): void {
  if (oidOf(object.type, object.bytes, oid.length === 64 ? "sha256" : "sha1") === oid) return;
  throw otherContent(oid, object.type);
}

/** What a wrong id is called. */
export function otherContent(oid: string, type: string): Failure {
  return corruptObject(`The ${type} ${oid} does not have the content its id promises.`);
}

/** Guards every id that goes to git: anything but a full id could be an option or a name. */
export function requireOid(oid: string): string {
  if (/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(oid)) return oid;
  throw new Error(`not a full object id: ${JSON.stringify(oid)}`);
}

/** The names a commit gives, and its tree. Malformed people are empty, never an error: history cannot be changed. */
export function parseCommit(oid: string, bytes: Uint8Array): Commit & { readonly tree: string } {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8");
  const blank = text.indexOf("\n\n");
  const end = blank < 0 ? text.length : blank;
  const parents: string[] = [];
  let tree = "";
  let author = nobody;
  let committer = nobody;
  for (let at = 0; at < end;) {
    const feed = text.indexOf("\n", at);
    const stop = feed < 0 || feed > end ? end : feed;
    if (text.startsWith("parent ", at)) parents.push(text.slice(at + 7, stop));
    else if (text.startsWith("tree ", at)) tree = text.slice(at + 5, stop);
    else if (text.startsWith("author ", at)) author = parsePerson(text.slice(at + 7, stop));
    else if (text.startsWith("committer ", at)) {
      committer = parsePerson(text.slice(at + 10, stop));
      // Only the first header lines are git's own; a signature below may hold anything.
      break;
    }
    at = stop + 1;
  }
  return { oid, tree, parents, author, committer, subject: subjectOf(text, blank) };
}

/** The first line of the message that is not empty. */
function subjectOf(text: string, blank: number): string {
  if (blank < 0) return "";
  let from = blank + 2;
  while (text[from] === "\n") from++;
  const feed = text.indexOf("\n", from);
  return text.slice(from, feed < 0 ? text.length : feed);
}

/** One entry of a tree object. */
export interface TreeEntry {
  readonly mode: FileMode | "40000";
  readonly name: string;
  readonly oid: string;
}

/** The entries of a tree object, in git's order. `width` is the length of a raw id, 20 or 32 bytes. */
export function parseTree(bytes: Uint8Array, width: 20 | 32 = 20): readonly TreeEntry[] {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const entries: TreeEntry[] = [];
  for (let at = 0; at < data.length;) {
    const space = data.indexOf(0x20, at);
    const end = space < 0 ? -1 : data.indexOf(0, space);
    const next = end + 1 + width;
    if (end < 0 || next > data.length)
      throw corruptObject("A tree of this repository ends in the middle of an entry.");
    const mode = fileMode(data.toString("latin1", at, space));
    entries.push({
      mode,
      name: pathOfBytes(data.subarray(space + 1, end)),
      oid: data.toString("hex", end + 1, next),
    });
    at = next;
  }
  return entries;
}

/** A mode as git spells it; group-writable files of very old repositories count as plain ones. */
export function fileMode(text: string): FileMode | "40000" {
  if (text === "40000" || text === "040000") return "40000";
  if (text === "100755" || text === "120000" || text === "160000") return text;
  return "100644";
}

const nobody: Person = { name: "", email: "", time: 0 };

/** `name <address> seconds zone`; written without expressions, because histories are long. */
function parsePerson(text: string): Person {
  const open = text.indexOf("<");
  const close = open < 0 ? -1 : text.indexOf(">", open);
  if (close < 0) return nobody;
  const name = text.slice(0, open > 0 && text[open - 1] === " " ? open - 1 : open);
  const [, seconds = "0"] = text[close + 1] === " " ? text.slice(close + 1, close + 40).split(" ", 2) : [];
  const time = /^-?\d+/.test(seconds) ? Number.parseInt(seconds, 10) : 0;
  return { name, email: text.slice(open + 1, close), time: Number.isSafeInteger(time) ? time : 0 };
}
