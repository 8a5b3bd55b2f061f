/**
 * A release in a folder of this machine. Reads regular files only and follows no symlink to one: a folder that came with
 * a checkout or an archive is a stranger's, and what it holds is verified by whoever asked.
 */
import { type BigIntStats, closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { resolve } from "node:path";
import { Failure } from "../../core/model/failure.ts";
import { isReleasePath } from "../../core/model/release.ts";
import { tooLong, unavailable } from "./failures.ts";
import type { ReadAnswer, ReadOptions, ReleaseReader } from "./reader.ts";

const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** Reads below a folder; what it is relative to is the caller's to say. */
export function openDirectory(folder: string, path: string): ReleaseReader {
  const root = resolve(folder, path);
  return {
    address: path,
    read: (file, options) => Promise.resolve().then(() => readFrom(root, path, file, options)),
  };
}

function readFrom(root: string, address: string, path: string, { maxLength, tag }: ReadOptions): ReadAnswer {
  if (!isReleasePath(path)) return undefined;
  let descriptor: number;
  try {
    descriptor = openSync(`${root}/${path}`, flags);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw unavailable(address, `${path}: ${code}`, error);
  }
  try {
    const found = fstatSync(descriptor, { bigint: true });
    if (!found.isFile()) throw unavailable(address, `${path} is no plain file`);
    const now = fileTag(found);
    if (tag === now) return "unchanged";
    if (found.size > BigInt(maxLength)) throw tooLong(address, path, maxLength);
    return { bytes: bytesOf(descriptor, Number(found.size)), tag: now };
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw unavailable(address, `${path}: ${error instanceof Error ? error.message : String(error)}`, error);
  } finally {
    closeSync(descriptor);
  }
}

/** Tells a file from the one that replaced it: that is done by renaming another one to its place, never in place. */
export function fileTag({ ino, mtimeNs, size }: Pick<BigIntStats, "ino" | "mtimeNs" | "size">): string {
  return `${ino}-${mtimeNs}-${size}`;
}

/** No more than was there when we looked, however fast somebody appends. */
function bytesOf(descriptor: number, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let at = 0;
  while (at < size) {
    const read = readSync(descriptor, bytes, at, size - at, at);
    if (read === 0) return bytes.subarray(0, at);
    at += read;
  }
  return bytes;
}
