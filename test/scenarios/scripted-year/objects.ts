/** Git objects made in memory and handed to git as one pack: a thousand landings take a second instead of minutes. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { deflateSync } from "node:zlib";

const environment = { PATH: process.env["PATH"] ?? "", HOME: "/nonexistent", GIT_CONFIG_NOSYSTEM: "1" };

/** Runs git in a folder. */
export function runGit(folder: string, args: readonly string[], input: string | Uint8Array = ""): string {
  return execFileSync("git", args, { cwd: folder, env: environment, input, maxBuffer: 1 << 28, stdio: "pipe" }).toString("latin1");
}

const types = { commit: 1, tree: 2, blob: 3 } as const;

/** The files of a commit by path; each is its content's object id, or `tree:` and the object id of a whole folder. */
export type Files = ReadonlyMap<string, string>;

export interface NewCommit {
  readonly files: Files;
  readonly parents: readonly string[];
  /** `Name <address>`. */
  readonly author: string;
  readonly committer?: string;
  /** Seconds since the epoch. */
  readonly time: number;
  readonly message: string;
  /** Signs the commit as git does. */
  readonly sign?: (payload: string) => string;
}

export interface ObjectMaker {
  blob(content: string | Uint8Array): string;
  /** A folder that many commits share, as a value of their files. */
  folder(files: Files): string;
  commit(commit: NewCommit): string;
  /** Gives git everything that was made since the last time, and moves these refs. */
  write(folder: string, refs: Readonly<Record<string, string>>): void;
}

export function objectMaker(): ObjectMaker {
  const made = new Set<string>();
  let fresh: { readonly type: keyof typeof types; readonly bytes: Buffer }[] = [];
  const put = (type: keyof typeof types, content: string | Uint8Array): string => {
    const bytes = Buffer.from(content);
    const oid = createHash("sha1").update(`${type} ${bytes.length}\0`).update(bytes).digest("hex");
    if (!made.has(oid)) fresh.push({ type, bytes });
    made.add(oid);
    return oid;
  };
  return {
    blob: (content) => put("blob", content),
    folder: (files) => `tree:${treeOf(files, put)}`,
    commit({ files, parents, author, committer = author, time, message, sign }) {
      const lines = [`tree ${treeOf(files, put)}`, ...parents.map((parent) => `parent ${parent}`), `author ${author} ${time} +0000`, `committer ${committer} ${time} +0000`];
      const payload = `${lines.join("\n")}\n\n${message}\n`;
      if (sign === undefined) return put("commit", payload);
      const signature = sign(payload).trimEnd().replaceAll("\n", "\n ");
      return put("commit", `${lines.join("\n")}\ngpgsig ${signature}\n\n${message}\n`);
    },
    write(folder, refs) {
      if (fresh.length > 0) {
        runGit(folder, ["index-pack", "--stdin", "--fix-thin"], packOf(fresh));
        fresh = [];
      }
      const updates = Object.entries(refs).map(([ref, oid]) => `update ${ref} ${oid}\n`);
      runGit(folder, ["update-ref", "--stdin"], updates.join(""));
    },
  };
}

type Node = Map<string, Node | string>;

function treeOf(files: Files, put: (type: "tree", content: Uint8Array) => string): string {
  const root: Node = new Map();
  for (const [path, oid] of files) {
    const parts = path.split("/");
    let at = root;
    for (const part of parts.slice(0, -1)) {
      let below = at.get(part);
      if (!(below instanceof Map)) at.set(part, (below = new Map()));
      at = below;
    }
    at.set(parts.at(-1) ?? "", oid);
  }
  return write(root, put);
}

function write(node: Node, put: (type: "tree", content: Uint8Array) => string): string {
  // Git sorts folders as if their names ended in a slash.
  const isFolder = (value: Node | string): boolean => value instanceof Map || value.startsWith("tree:");
  const named = [...node].map(([name, value]) => ({ name, value, key: Buffer.from(isFolder(value) ? `${name}/` : name) }));
  named.sort((a, b) => Buffer.compare(a.key, b.key));
  const parts = named.map(({ name, value }) => {
    const oid = value instanceof Map ? write(value, put) : value.replace("tree:", "");
    return Buffer.concat([Buffer.from(`${isFolder(value) ? "40000" : "100644"} ${name}\0`), Buffer.from(oid, "hex")]);
  });
  return put("tree", Buffer.concat(parts));
}

/** A pack, version 2, without deltas (git's gitformat-pack). */
function packOf(objects: readonly { readonly type: keyof typeof types; readonly bytes: Buffer }[]): Buffer {
  const head = Buffer.alloc(12);
  head.write("PACK");
  head.writeUInt32BE(2, 4);
  head.writeUInt32BE(objects.length, 8);
  const parts = [head];
  for (const { type, bytes } of objects) {
    const size: number[] = [];
    let rest = bytes.length >> 4;
    let first = (types[type] << 4) | (bytes.length & 15);
    while (rest > 0) {
      size.push(first | 0x80);
      first = rest & 0x7f;
      rest >>= 7;
    }
    size.push(first);
    parts.push(Buffer.from(size), deflateSync(bytes, { level: 1 }));
  }
  const pack = Buffer.concat(parts);
  return Buffer.concat([pack, createHash("sha1").update(pack).digest()]);
}
