/**
 * A folder of foreign data, read into memory for an import. What the attacker controls: every name and byte below the
 * folder, its symlinks, and how much there is. So links are reported and never followed, also not while the folder
 * changes under the reader; anything but regular files of bounded size and number is left alone, with the reason.
 */
import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  statSync,
} from "node:fs";
import { resolve } from "node:path";
import { Failure } from "../core/model/failure.ts";
import type { SourceFile } from "../core/import/record.ts";

const READ_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
/** Formats have tighter bounds of their own; this one keeps a huge file out of memory. */
const MOST_FILE_BYTES = 1024 * 1024;
/** Twenty times the largest catalogue known. */
const MOST_FILES = 100_000;
const MOST_BYTES = 512 * 1024 * 1024;
const DEEPEST = 32;

/**
 * Reads the named subfolders of `path`, which is relative to `folder`; a subfolder that is not there is empty, and folders
 * of the names `skipped` are not entered.
 */
export function readSourceFolder(
  folder: string,
  path: string,
  subfolders: readonly string[],
  skipped: ReadonlySet<string> = new Set(),
): readonly SourceFile[] {
  const root = resolve(folder, path);
  if (statSync(root, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new Failure("import/no-folder", `${JSON.stringify(path)} is no folder.`, {
      hint: "Unpack the source first, and name the folder that holds it.",
    });
  }
  const found: SourceFile[] = [];
  const bounds = { bytes: 0 };
  for (const name of subfolders) walk(root, name, 1, found, bounds, skipped);
  return found;
}

function walk(
  root: string,
  below: string,
  depth: number,
  found: SourceFile[],
  bounds: { bytes: number },
  skipped: ReadonlySet<string>,
): void {
  if (depth === 1 && isLink(root, below)) {
    found.push(readLink(root, below));
    return;
  }
  let entries;
  try {
    entries = readdirSync(`${root}/${below}`, { withFileTypes: true });
  } catch (error) {
    if (codeOf(error) !== "ENOENT" || depth > 1)
      found.push(unread(below, `The folder cannot be read (${codeOf(error)}).`));
    return;
  }
  for (const entry of entries) {
    if (found.length >= MOST_FILES) throw tooMuch(`more than ${MOST_FILES} files`);
    const path = `${below}/${entry.name}`;
    if (entry.isSymbolicLink()) found.push(readLink(root, path));
    else if (entry.isFile()) found.push(readRegular(root, path, bounds));
    else if (!entry.isDirectory()) found.push(unread(path, "It is neither a file nor a folder."));
    else if (depth >= DEEPEST) found.push(unread(path, `Folders are nested more than ${DEEPEST} deep.`));
    else if (!skipped.has(entry.name)) walk(root, path, depth + 1, found, bounds, skipped);
  }
}

function readRegular(root: string, path: string, bounds: { bytes: number }): SourceFile {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(`${root}/${path}`, READ_FLAGS);
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) return unread(path, "It is no regular file.");
    if (stat.size > MOST_FILE_BYTES)
      return unread(path, `The file has ${stat.size} bytes; at most ${MOST_FILE_BYTES} are read.`);
    bounds.bytes += stat.size;
    if (bounds.bytes > MOST_BYTES) throw tooMuch(`more than ${MOST_BYTES} bytes`);
    const bytes = new Uint8Array(stat.size);
    let length = 0;
    for (let read = -1; read !== 0 && length < bytes.length; length += read)
      read = readSync(descriptor, bytes, { offset: length });
    return { path, kind: "file", bytes: bytes.subarray(0, length) };
  } catch (error) {
    if (error instanceof Failure) throw error;
    return unread(path, `The file cannot be read (${codeOf(error)}).`);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function isLink(root: string, path: string): boolean {
  try {
    readlinkSync(`${root}/${path}`);
    return true;
  } catch {
    return false;
  }
}

function readLink(root: string, path: string): SourceFile {
  try {
    return { path, kind: "link", target: readlinkSync(`${root}/${path}`) };
  } catch (error) {
    return unread(path, `The link cannot be read (${codeOf(error)}).`);
  }
}

function unread(path: string, reason: string): SourceFile {
  return { path, kind: "unread", reason };
}

function tooMuch(what: string): Failure {
  return new Failure("import/too-much", `The source holds ${what}.`, {
    hint: "Name the folder of the catalogue itself, nothing above it.",
  });
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown reason";
}
