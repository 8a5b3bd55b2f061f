/**
 * A compiled snapshot on disk. Every file but the manifests is named by its sha256, so one rename of the manifest is
 * what replaces a snapshot. What the attacker controls: what stands in the folder (it may come with a checkout), and
 * the paths an unsigned manifest names; so no symlink is followed below it and only paths of a snapshot's shape are read.
 */
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { dirname, resolve } from "node:path";
import { HISTORY_PATH, isSnapshotPath, MANIFEST_PATH, SNAPSHOT_PARTS } from "../core/model/snapshot.ts";
import { Failure } from "../core/model/failure.ts";
import type { SnapshotFolder } from "../app/ports.ts";

const READ_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** Opens the folder `path`, relative to `folder`; it need not exist. */
export function openSnapshotFolder(folder: string, path: string): SnapshotFolder {
  const root = resolve(folder, path);
  return {
    read: (file) => (isSnapshotPath(file) ? readRegular(root, file) : undefined),
    replace(files) {
      try {
        replaceSnapshot(root, files);
      } catch (cause) {
        if (cause instanceof Failure) throw cause;
        const reason = cause instanceof Error ? cause.message : String(cause);
        throw new Failure("snapshot/write", `The snapshot could not be written: ${reason}.`, {
          hint: "Make room or get the right to write, and run the command again; an older snapshot there is still whole.",
          cause,
        });
      }
    },
  };
}

interface File {
  readonly path: string;
  readonly bytes: Uint8Array;
}

function replaceSnapshot(root: string, files: readonly File[]): void {
  refuseForeign(root);
  makeFolder(root);
  const existing = namesBelow(root);
  const parts = new Set(
    files.flatMap(({ path }) => (isManifest(path) ? [] : [path.slice(0, path.indexOf("/"))])),
  );
  for (const part of parts) if (existing.get(part) === undefined) mkdirSync(`${root}/${part}`);
  const keep = new Set<string>();
  for (const file of files) {
    if (!isSnapshotPath(file.path)) throw new Error(`${file.path} is no path of a snapshot`);
    keep.add(file.path);
    const [part = "", name = ""] = file.path.split("/");
    if (isManifest(file.path) || (existing.get(part)?.has(name) === true && holds(root, file))) continue;
    writeWhole(root, file);
  }
  // The history stands for itself; the snapshot's manifest is what consumers begin with, so it moves last.
  for (const path of [HISTORY_PATH, MANIFEST_PATH]) {
    const manifest = files.find((file) => file.path === path);
    if (manifest !== undefined && !holds(root, manifest)) writeWhole(root, manifest);
  }
  if (!keep.has(HISTORY_PATH)) rmSync(`${root}/${HISTORY_PATH}`, { force: true });
  for (const [part, names] of existing) {
    for (const name of names) if (!keep.has(`${part}/${name}`)) rmSync(`${root}/${part}/${name}`);
  }
}

/** Like `recursive: true`, which never returns below `/proc`. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    // Another compile into the same folder was faster.
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
}

function isManifest(path: string): boolean {
  return path === MANIFEST_PATH || path === HISTORY_PATH;
}

/** Refuses a folder with something in it that no compile has written: it could be anybody's work. */
function refuseForeign(root: string): void {
  const found = lstatSync(root, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isDirectory()) throw foreign(root, "it is no folder");
  for (const entry of readdirSync(root, { withFileTypes: true })) {
    const { name } = entry;
    if (entry.isFile() && isManifest(withoutTemporary(name))) continue;
    if (!entry.isDirectory() || !SNAPSHOT_PARTS.includes(name))
      throw foreign(root, `it holds ${JSON.stringify(name)}`);
    for (const inner of readdirSync(`${root}/${name}`, { withFileTypes: true })) {
      if (!inner.isFile() || !isSnapshotPath(`${name}/${withoutTemporary(inner.name)}`))
        throw foreign(root, `it holds ${JSON.stringify(`${name}/${inner.name}`)}`);
    }
  }
}

function foreign(root: string, why: string): Failure {
  return new Failure(
    "snapshot/foreign-folder",
    `Nothing is written into ${root}: ${why}, and a snapshot takes the whole folder.`,
    {
      hint: "Name a new folder, or one that an earlier compile has written.",
    },
  );
}

/** The files of each part that is there, leftovers of a killed compile among them. */
function namesBelow(root: string): Map<string, Set<string>> {
  const names = new Map<string, Set<string>>();
  for (const part of readdirSync(root, { withFileTypes: true })) {
    if (part.isDirectory()) names.set(part.name, new Set(readdirSync(`${root}/${part.name}`)));
  }
  return names;
}

/** Whether a file has this content already. Reading costs less than writing, and heals what somebody broke. */
function holds(root: string, { path, bytes }: File): boolean {
  const found = readRegular(root, path);
  return found !== undefined && found.length === bytes.length && Buffer.compare(found, bytes) === 0;
}

function writeWhole(root: string, { path, bytes }: File): void {
  const target = `${root}/${path}`;
  const beside = `${root}/${temporary(path)}`;
  rmSync(beside, { force: true });
  const descriptor = openSync(beside, "wx");
  try {
    for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
  } finally {
    closeSync(descriptor);
  }
  renameSync(beside, target);
}

const ENDING = ".tmp";

function temporary(path: string): string {
  return `${path}${ENDING}`;
}

function withoutTemporary(name: string): string {
  return name.endsWith(ENDING) ? name.slice(0, -ENDING.length) : name;
}

function readRegular(root: string, path: string): Uint8Array | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(`${root}/${path}`, READ_FLAGS);
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new Failure("snapshot/unreadable", `${path} of the snapshot cannot be read: ${String(code)}.`, {
      hint: "Check the rights of the folder, or compile the snapshot again.",
      cause,
    });
  }
  try {
    return fstatSync(descriptor).isFile() ? readFileSync(descriptor) : undefined;
  } finally {
    closeSync(descriptor);
  }
}
