/**
 * A release in a folder: what any static host serves, and what pull writes. Every file is written beside its place and
 * renamed into it, so whenever the process is killed a file is there whole or not at all; the timestamp moves last.
 * What the attacker controls: nothing of the folder, but the release's paths may be a stranger's: each was matched
 * against the layout of a release (core/model/release.ts) and is matched again here.
 */
import {
  closeSync,
  constants,
  fstatSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeSync,
} from "node:fs";
import { randomUUID } from "node:crypto";
import { dirname, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type {
  CompleteRelease,
  MadeCurrent,
  ReleaseDestination,
  ReleaseFile,
  RemovedFiles,
} from "../app/release-port.ts";
import { fileTag } from "../client/source/directory.ts";
import { sha256Hex } from "../core/model/digest.ts";
import { Failure } from "../core/model/failure.ts";
import { digestInPath, isReleasePath, TIMESTAMP_PATH } from "../core/model/release.ts";

const LOCK = "metadata/.timestamp.lock";
/** The switch itself takes a few milliseconds: a lock this old was left by somebody who was killed. */
const LOCK_MS = 5_000;
/** Metadata that nobody published within this time was left by an abandoned push. */
const ABANDONED_MS = 10 * 60_000;
/** Files that no release reaches may be those of a push that has not switched yet. */
const UNPUBLISHED_MS = 60 * 60_000;
const readFlags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** Opens the folder `path`, relative to `folder`; it need not exist. `address` is for messages. */
export function openDirectoryDestination(folder: string, path: string, address: string): ReleaseDestination {
  const root = resolve(folder, path);
  return {
    address,
    present: (files) =>
      attempt(address, () => {
        const there = files.filter((file) => isWhole(root, file));
        return Promise.resolve(new Set(there.map((file) => file.path)));
      }),
    store: (files, told) =>
      attempt(address, async () => {
        for (const file of files) {
          if (!isReleasePath(file.path)) throw new Error(`${file.path} is no path of a release`);
          writeImmutable(root, file.path, await file.read(), address);
          told(file);
        }
      }),
    makeCurrent: (release, expected) => attempt(address, () => makeCurrent(root, release, expected, address)),
    remove: (isOld, expected) => attempt(address, () => remove(root, isOld, expected, address)),
  };
}

async function makeCurrent(
  root: string,
  { timestamp, files }: CompleteRelease,
  expected: string | undefined,
  address: string,
): Promise<MadeCurrent> {
  mkdirSync(`${root}/metadata`, { recursive: true });
  await whileCurrent(root, expected, address, () => {
    // Whoever pruned meanwhile did not know that a file of an old release is needed once more.
    for (const { path, length } of files)
      if (lstatSync(`${root}/${path}`, { throwIfNoEntry: false })?.size !== length) throw overtaken(address);
    const fresh = writeBeside(root, TIMESTAMP_PATH, timestamp);
    outdate(`${root}/${TIMESTAMP_PATH}`, fresh);
    renameSync(fresh, `${root}/${TIMESTAMP_PATH}`);
    clearLeftovers(root);
  });
  return { atomic: true };
}

/**
 * Static hosts tell versions of a file apart by the second it was written in and its length (nginx's ETag, and
 * Last-Modified everywhere): two releases within one second would look the same to whoever polls, so the later one is
 * dated at least a second after the one it replaces.
 */
function outdate(current: string, fresh: string): void {
  const before = lstatSync(current, { throwIfNoEntry: false });
  if (before === undefined) return;
  const next = Math.floor(before.mtimeMs / 1000) + 1;
  if (lstatSync(fresh).mtimeMs < next * 1000) utimesSync(fresh, next, next);
}

/** Does something while nobody else can switch or prune, and only if what is current is what the caller has seen. */
async function whileCurrent(
  root: string,
  expected: string | undefined,
  address: string,
  work: () => void,
): Promise<void> {
  await lock(root, address);
  try {
    const found = lstatSync(`${root}/${TIMESTAMP_PATH}`, { throwIfNoEntry: false, bigint: true });
    if ((found === undefined ? undefined : fileTag(found)) !== expected) throw overtaken(address);
    work();
  } finally {
    rmSync(`${root}/${LOCK}`, { force: true });
  }
}

async function remove(
  root: string,
  isOld: (path: string) => boolean,
  expected: string | undefined,
  address: string,
): Promise<RemovedFiles> {
  let files = 0;
  let bytes = 0;
  await whileCurrent(root, expected, address, () => {
    const now = diskTime(root);
    for (const name of readdirSync(root, { recursive: true, encoding: "utf8" })) {
      const path = name.replaceAll("\\", "/");
      if (!isReleasePath(path) || !isOld(path)) continue;
      const found = lstatSync(`${root}/${path}`);
      if (!found.isFile() || now - found.mtimeMs < UNPUBLISHED_MS) continue;
      rmSync(`${root}/${path}`, { force: true });
      files++;
      bytes += found.size;
      // Whoever waits takes the lock for one that was left behind when it grows old.
      if (files % 500 === 0) utimesSync(`${root}/${LOCK}`, new Date(), new Date());
    }
  });
  return { files, bytes };
}

/** Between comparing and renaming nobody else may rename: the lock lasts as long as that takes. */
async function lock(root: string, address: string): Promise<void> {
  const path = `${root}/${LOCK}`;
  for (let turns = 0; turns < LOCK_MS / 25; turns++) {
    try {
      closeSync(openSync(path, "wx"));
      return;
    } catch (error) {
      if (codeOf(error) !== "EEXIST") throw error;
    }
    const age = ageOf(root, LOCK);
    if (age !== undefined && age > LOCK_MS) rmSync(path, { force: true });
    else await wait(25);
  }
  throw overtaken(address);
}

function overtaken(address: string): Failure {
  return new Failure("push/overtaken", `Somebody else has published to ${address} meanwhile.`, {
    hint: "What is current there is whole. Run the push again: it compares with what is there now.",
    category: "conflict",
  });
}

/** Content of the right length and digest. A file that was damaged is written again. */
function isWhole(root: string, { path, sha256, length }: ReleaseFile): boolean {
  const bytes = readIfRegular(`${root}/${path}`, length);
  return bytes !== undefined && bytes.length === length && sha256Hex(bytes) === sha256;
}

function readIfRegular(path: string, length: number): Uint8Array | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(path, readFlags);
  } catch (error) {
    if (["ENOENT", "ENOTDIR", "ELOOP"].includes(codeOf(error))) return undefined;
    throw error;
  }
  try {
    const found = fstatSync(descriptor);
    return found.isFile() && found.size === length ? readFileSync(descriptor) : undefined;
  } finally {
    closeSync(descriptor);
  }
}

function writeImmutable(root: string, path: string, bytes: Uint8Array, address: string): void {
  const place = `${root}/${path}`;
  mkdirSync(dirname(place), { recursive: true });
  const fresh = writeBeside(root, path, bytes);
  try {
    // Named by its digest: whoever writes it writes the same.
    if (digestInPath(path) !== undefined) return renameSync(fresh, place);
    try {
      linkSync(fresh, place);
    } catch (error) {
      if (codeOf(error) !== "EEXIST") throw error;
      const there = readIfRegular(place, bytes.length);
      if (there !== undefined && Buffer.compare(there, bytes) === 0) return;
      // Metadata is named by a version, and another push may be about to publish this one.
      if ((ageOf(root, path) ?? 0) <= ABANDONED_MS) throw inTheWay(address, path);
      renameSync(fresh, place);
    }
  } finally {
    rmSync(fresh, { force: true });
  }
}

function inTheWay(address: string, path: string): Failure {
  return new Failure("push/in-the-way", `${address} has another ${path}, sent less than ten minutes ago.`, {
    hint: "Another push is on its way, or was broken off. Wait for it, push that release again, or try after ten minutes.",
    category: "conflict",
  });
}

function writeBeside(root: string, path: string, bytes: Uint8Array): string {
  const fresh = `${root}/${dirname(path)}/.${randomUUID()}.tmp`;
  const descriptor = openSync(fresh, "wx", 0o644);
  try {
    for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
  return fresh;
}

/** Milliseconds since a file was written, by the clock of the disk it lies on; undefined where there is none. */
function ageOf(root: string, path: string): number | undefined {
  const found = lstatSync(`${root}/${path}`, { throwIfNoEntry: false });
  if (found === undefined) return undefined;
  return diskTime(root) - found.mtimeMs;
}

/** The clock of the disk, as the time of a file that was written just now. */
function diskTime(root: string): number {
  const probe = writeBeside(root, LOCK, new Uint8Array());
  try {
    return lstatSync(probe).mtimeMs;
  } finally {
    rmSync(probe, { force: true });
  }
}

/** Files of pushes that were killed while they wrote, from when nobody can be writing them any more. */
function clearLeftovers(root: string): void {
  for (const name of readdirSync(root, { recursive: true, encoding: "utf8" })) {
    if (!/(?:^|[/\\])\.[0-9a-f-]{36}\.tmp$/.test(name)) continue;
    if ((ageOf(root, name) ?? 0) > ABANDONED_MS) rmSync(`${root}/${name}`, { force: true });
  }
}

async function attempt<T>(address: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof Failure || codeOf(cause) === "") throw cause;
    throw new Failure("push/not-written", `${address} cannot be written: ${codeOf(cause)}.`, {
      hint: "Make room or get the right to write, and run the command again: it goes on where it stopped.",
      category: "unavailable",
      cause,
    });
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
