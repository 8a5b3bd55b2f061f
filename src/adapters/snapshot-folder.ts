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

/**
 * Two compiles may do this at once. Who renames the manifest last has won; so nobody clears up below another's manifest,
 * and after its own is in place a compile looks whether all it names is still there. See `clear` for how the two meet.
 */
function replaceSnapshot(root: string, files: readonly File[]): void {
  refuseForeign(root);
  makeFolder(root);
  const before = filesBelow(root);
  const parts = new Set(
    files.flatMap(({ path }) => (isManifest(path) ? [] : [path.slice(0, path.indexOf("/"))])),
  );
  for (const part of parts) makeFolder(`${root}/${part}`);
  const keep = new Set(files.map(({ path }) => path));
  const blobs = files.filter(({ path }) => !isManifest(path));
  for (const file of blobs) {
    if (!isSnapshotPath(file.path)) throw new Error(`${file.path} is no path of a snapshot`);
    if (!before.has(file.path) || !holds(root, file)) writeWhole(root, file);
  }
  // The history stands for itself; the snapshot's manifest is what consumers begin with, so it moves last.
  const manifests = [HISTORY_PATH, MANIFEST_PATH].flatMap(
    (path) => files.find((file) => file.path === path) ?? [],
  );
  for (const manifest of manifests) if (!holds(root, manifest)) writeWhole(root, manifest);
  const hasWon = (): boolean => manifests.every((manifest) => holds(root, manifest));
  if (!hasWon()) return;
  for (const file of blobs) if (!existsSync(`${root}/${file.path}`)) writeWhole(root, file);
  clear(
    root,
    [...before].filter((path) => !keep.has(path)),
    hasWon,
  );
}

/**
 * Removes files of older snapshots: first out of the way, then, if the manifest is still ours, for good. A compile that
 * has put its manifest there meanwhile either finds its file missing and writes it again, or we see its manifest and put
 * the file back.
 */
function clear(root: string, paths: readonly string[], hasWon: () => boolean): void {
  const aside = paths.flatMap((path) => {
    const name = withoutTemporary(path);
    const beside = temporary(name);
    return moved(`${root}/${path}`, `${root}/${beside}`)
      ? [{ beside, back: path === name ? path : undefined }]
      : [];
  });
  const isOver = hasWon();
  for (const { beside, back } of aside) {
    if (isOver || back === undefined) rmSync(`${root}/${beside}`, { force: true });
    else moved(`${root}/${beside}`, `${root}/${back}`);
  }
}

/** Renames what is there; false when another compile was faster. */
function moved(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
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

/** Every file that is there, leftovers of a killed compile among them. */
function filesBelow(root: string): ReadonlySet<string> {
  const files = new Set<string>();
  for (const entry of readdirSync(root, { withFileTypes: true })) {
    if (entry.isFile()) files.add(entry.name);
    else for (const name of readdirSync(`${root}/${entry.name}`)) files.add(`${entry.name}/${name}`);
  }
  return files;
}

/** Whether a file has this content already. Reading costs less than writing, and heals what somebody broke. */
function holds(root: string, { path, bytes }: File): boolean {
  const found = readRegular(root, path);
  return found !== undefined && found.length === bytes.length && Buffer.compare(found, bytes) === 0;
}

/** Another compile that clears up may take our new file for a leftover; then it is written again. */
function writeWhole(root: string, file: File): void {
  for (let attempt = 1; attempt < 5; attempt++) if (wroteWhole(root, file)) return;
  if (!wroteWhole(root, file)) throw new Error(`somebody keeps removing ${file.path}`);
}

function wroteWhole(root: string, { path, bytes }: File): boolean {
  const beside = `${root}/${temporary(path)}`;
  const descriptor = openSync(beside, "wx");
  try {
    try {
      for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
    } finally {
      closeSync(descriptor);
    }
    return moved(beside, `${root}/${path}`);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}

/** A name of its own for each writer: two that write one file must not meet in it. */
function temporary(path: string): string {
  return `${path}.${Math.random().toString(36).slice(2)}.tmp`;
}

function withoutTemporary(name: string): string {
  return name.replace(/\.[0-9a-z]+\.tmp$/, "");
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
