/**
 * Git's objects as bytes: their ids, what a commit and a tree say. Both adapters read through here, so that what was
 * read is what the id promises (git itself checks neither on reading). It must never touch a repository.
 */
import { createHash } from "node:crypto";
import type { Commit, Person } from "../../core/model/landing.ts";
import { pathOfBytes } from "../../core/model/path.ts";
import type { FileMode } from "../../core/model/tree.ts";
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

/** Refuses an object whose bytes are not what its id promises: corruption, or somebody's hand in the object store. */
export function verifyObject(oid: string, object: GitObject): void {
  if (oidOf(object.type, object.bytes, oid.length === 64 ? "sha256" : "sha1") === oid) return;
  throw corruptObject(`The ${object.type} ${oid} does not have the content its id promises.`);
}

/** Guards every id that goes to git: anything but a full id could be an option or a name. */
export function requireOid(oid: string): string {
  if (/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(oid)) return oid;
  throw new Error(`not a full object id: ${JSON.stringify(oid)}`);
}

/** The names a commit gives, and its tree. Malformed people are empty, never an error: history cannot be changed. */
export function parseCommit(oid: string, bytes: Uint8Array): Commit & { readonly tree: string } {
  const text = decoder.decode(bytes);
  const blank = text.indexOf("\n\n");
  const header = blank < 0 ? text : text.slice(0, blank);
  const message = blank < 0 ? "" : text.slice(blank + 2);
  const parents: string[] = [];
  let tree = "";
  let author = nobody;
  let committer = nobody;
  for (const line of header.split("\n")) {
    if (line.startsWith("parent ")) parents.push(line.slice(7));
    else if (line.startsWith("tree ")) tree = line.slice(5);
    else if (line.startsWith("author ")) author = parsePerson(line.slice(7));
    else if (line.startsWith("committer ")) committer = parsePerson(line.slice(10));
    // Only the first header lines are git's own; a signature below may hold anything.
    if (line.startsWith("committer ")) break;
  }
  return {
    oid,
    tree,
    parents,
    author,
    committer,
    subject: message.replace(/^\n+/, "").split("\n", 1)[0] ?? "",
  };
}

/** One entry of a tree object. */
export interface TreeEntry {
  readonly mode: FileMode | "40000";
  readonly name: string;
  readonly oid: string;
}

/** The entries of a tree object, in git's order. `width` is the length of a raw id, 20 or 32 bytes. */
export function parseTree(bytes: Uint8Array, width: 20 | 32 = 20): readonly TreeEntry[] {
  const entries: TreeEntry[] = [];
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(0x20, at);
    const end = bytes.indexOf(0, space);
    const mode = fileMode(decoder.decode(bytes.subarray(at, space)));
    const oid = Buffer.from(bytes.subarray(end + 1, end + 1 + width)).toString("hex");
    entries.push({ mode, name: pathOfBytes(bytes.subarray(space + 1, end)), oid });
    at = end + 1 + width;
  }
  return entries;
}

/** A mode as git spells it; group-writable files of very old repositories count as plain ones. */
export function fileMode(text: string): FileMode | "40000" {
  if (text === "40000" || text === "040000") return "40000";
  if (text === "100755" || text === "120000" || text === "160000") return text;
  return "100644";
}

const decoder = new TextDecoder();
const nobody: Person = { name: "", email: "", time: 0 };

function parsePerson(text: string): Person {
  const match = /^(.*?) ?<([^>]*)>(?: (-?\d+))?/.exec(text);
  const time = Number(match?.[3] ?? 0);
  return { name: match?.[1] ?? "", email: match?.[2] ?? "", time: Number.isSafeInteger(time) ? time : 0 };
}
