/**
 * Writing to the cache so that a process may be killed, and a machine may lose power, at any moment. Whole files under
 * names that nobody reads, flushed, then renamed. It must never write to a name that somebody reads.
 */
import { randomUUID } from "node:crypto";
import {
  closeSync,
  constants,
  copyFileSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { Failure } from "../core/model/failure.ts";

/** What the names of unfinished files begin with. */
const temporaryBeside = ".unfinished-";

/** Unfinished files that are older than this belong to nobody any more, milliseconds. */
const ABANDONED = 3_600_000;

/** Makes a folder that only this user may look into, and clears away what killed processes left in it. */
export function makeFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const left = readdirSync(folder).filter((name) => name.startsWith(temporaryBeside));
  if (left.length === 0) return;
  const now = statSync(folder).mtimeMs;
  for (const name of left) {
    const written = statSync(`${folder}/${name}`, { throwIfNoEntry: false })?.mtimeMs;
    if (written !== undefined && written < now - ABANDONED) rmSync(`${folder}/${name}`, { force: true });
  }
}

/** Writes bytes under a name of their own and renames them to `name`, where one is given. Returns where they are. */
export function writeTemporary(folder: string, bytes: Uint8Array, name: string | undefined): string {
  const temporary = `${folder}/${temporaryBeside}${randomUUID()}`;
  try {
    const descriptor = openSync(temporary, "wx", 0o600);
    try {
      for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    if (name === undefined) return temporary;
    renameSync(temporary, `${folder}/${name}`);
    return `${folder}/${name}`;
  } catch (cause) {
    rmSync(temporary, { force: true });
    throw cause;
  }
}

/** Copies to a name that must be free; false when it is not. */
export function copyNew(from: string, to: string): boolean {
  try {
    copyFileSync(from, to, constants.COPYFILE_EXCL);
    return true;
  } catch (cause) {
    if (errorCode(cause) === "EEXIST") return false;
    throw cause;
  }
}

/** Flushes the names of a folder; not everywhere possible, and then not needed for more than a power failure. */
export function syncFolder(folder: string): void {
  try {
    const descriptor = openSync(folder, "r");
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    // Windows and some network file systems.
  }
}

/** The names in a folder, without what is unfinished; none where there is no such folder. */
export function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => !name.startsWith(temporaryBeside));
  } catch {
    return [];
  }
}

/** The bytes of a file; undefined where it cannot be read. */
export function contentOf(path: string): Uint8Array | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

/** Node's code of a failed call: ENOSPC, EACCES. */
export function errorCode(cause: unknown): string | undefined {
  return cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : undefined;
}

/** What stops a release from being kept. Nothing that is not kept is used, so this stops the refresh. */
export function unwritable(folder: string, cause: unknown): Failure {
  const why = errorCode(cause) ?? (cause instanceof Error ? cause.message : String(cause));
  return new Failure("client/cache-not-written", `The release could not be kept in ${folder} (${why}).`, {
    hint: "Make room, or get the right to write there: a release is used only when it would survive a restart.",
    category: "unavailable",
    cause,
  });
}
