/**
 * Walks folders and reads every file, with as little as can be between the system's calls. It must never follow a
 * symlink below the root and never wait for a pipe.
 */
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  type Dirent,
} from "node:fs";
import { compareBytes } from "../../core/model/json.ts";
import { bytesOfPath, pathOfBytes } from "../../core/model/path.ts";
import type { FileMode, TreeFile } from "../../core/model/tree.ts";
import { attempt, failureOf, specialFile } from "./failures.ts";

/** A file is read up to here; every limit of the registry is far below, so a longer one is refused either way. */
const MOST_BYTES = 16 * 1024 * 1024;
/** Files share buffers of this size: one allocation for thousands of them, and no copy. */
const SLAB_BYTES = 16 * 1024 * 1024;
/** No symlink at the end, no waiting for a pipe's writer. Windows knows none of these. */
const READ_FLAGS =
  constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);
const WITH_TYPES = { withFileTypes: true } as const;

/**
 * A file in memory: a range of a shared buffer. A class, so that five thousand of them share one shape and no closure;
 * the view is made when it is asked for, so that walking leaves little for the garbage collector.
 */
class FileInMemory implements TreeFile {
  readonly path: string;
  readonly mode: FileMode;
  readonly #buffer: Buffer;
  readonly #start: number;
  readonly #end: number;

  constructor(path: string, mode: FileMode, buffer: Buffer, start: number, end: number) {
    this.path = path;
    this.mode = mode;
    this.#buffer = buffer;
    this.#start = start;
    this.#end = end;
  }

  read(): Uint8Array {
    return this.#buffer.subarray(this.#start, this.#end);
  }
}

/** Walks folders in byte order and reads every file as it is met, while the kernel still knows its folder. */
export class Reader {
  readonly files: TreeFile[] = [];
  readonly #root: string;
  #slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
  #used = 0;

  constructor(root: string) {
    this.#root = root;
  }

  /** Reads a file or a folder that may be missing. */
  start(path: string): void {
    const at = where(`${this.#root}/${path}`);
    const found = attempt(path, () => lstatSync(at, { throwIfNoEntry: false }));
    if (found === undefined) return;
    if (found.isDirectory()) this.#folder(path);
    else if (found.isSymbolicLink()) this.#link(path);
    else if (found.isFile()) this.#file(path);
    else throw specialFile(path);
  }

  #folder(path: string): void {
    const entries = this.#list(path);
    for (const entry of entries) {
      if (entry.name !== ".git") continue;
      this.files.push(new FileInMemory(path, "160000", this.#slab, 0, 0));
      return;
    }
    if (entries.length > 1) entries.sort(compareEntries);
    for (const entry of entries) {
      const below = `${path}/${entry.name}`;
      if (entry.isFile()) this.#file(below);
      else if (entry.isDirectory()) this.#folder(below);
      else if (entry.isSymbolicLink()) this.#link(below);
      // Some file systems do not say what an entry is.
      else this.start(below);
    }
  }

  #list(path: string): Dirent[] {
    const at = `${this.#root}/${path}`;
    let entries: Dirent[];
    try {
      entries = readdirSync(where(at), WITH_TYPES);
    } catch (cause) {
      const failure = failureOf(path, cause);
      if (failure !== undefined) throw failure;
      return [];
    }
    for (const entry of entries) {
      // Node spells bytes that are no UTF-8 as U+FFFD and cannot open the file again; ask for the bytes then.
      if (!entry.name.includes("\ufffd")) continue;
      const exact = readdirSync(where(at), { withFileTypes: true, encoding: "buffer" });
      return exact.map((odd) => renamed(odd, pathOfBytes(odd.name)));
    }
    return entries;
  }

  #file(path: string): void {
    let descriptor: number;
    try {
      descriptor = openSync(where(`${this.#root}/${path}`), READ_FLAGS);
    } catch (cause) {
      const failure = failureOf(path, cause);
      if (failure !== undefined) throw failure;
      return;
    }
    try {
      const status = fstatSync(descriptor);
      if ((status.mode & constants.S_IFMT) !== constants.S_IFREG) throw specialFile(path);
      const mode = (status.mode & 0o111) !== 0 && executableBits ? "100755" : "100644";
      const start = this.#content(descriptor, status.size);
      this.files.push(new FileInMemory(path, mode, this.#slab, start, this.#used));
    } finally {
      closeSync(descriptor);
    }
  }

  /** Reads a file into the shared buffer; it stands there from the place handed back to `#used`. */
  #content(descriptor: number, size: number): number {
    const wanted = Math.min(size, MOST_BYTES);
    if (this.#slab.length - this.#used <= wanted) {
      this.#slab = Buffer.allocUnsafeSlow(Math.max(SLAB_BYTES, wanted + 1));
      this.#used = 0;
    }
    const from = this.#used;
    let end = from;
    // One read for an ordinary file; more only where the system returned less than the file's size.
    do {
      const length = readSync(
        descriptor,
        this.#slab,
        end,
        Math.min(this.#slab.length - end, MOST_BYTES - (end - from)),
        null,
      );
      if (length === 0) break;
      end += length;
    } while (end - from < wanted);
    this.#used = end;
    return from;
  }

  #link(path: string): void {
    const at = where(`${this.#root}/${path}`);
    const target = attempt(path, () => readlinkSync(at, { encoding: "buffer" }));
    if (target !== undefined) this.files.push(new FileInMemory(path, "120000", target, 0, target.length));
  }
}

/** A path as the system wants it: text, or bytes where the text holds some that are no UTF-8. */
function where(at: string): string | Buffer {
  return at.isWellFormed() ? at : Buffer.from(bytesOfPath(at));
}

/** Windows has no executable bits; Node makes some up there. */
const executableBits = constants.O_NOFOLLOW !== undefined;

/** Byte order of the whole paths below: a folder sorts as if its name ended in a slash, as in git. */
function compareEntries(a: Dirent, b: Dirent): number {
  return compareBytes(a.isDirectory() ? `${a.name}/` : a.name, b.isDirectory() ? `${b.name}/` : b.name);
}

/** The same entry under the lossless spelling of its name. */
function renamed(entry: Dirent<Buffer>, name: string): Dirent {
  return Object.assign(Object.create(entry) as Dirent, { name });
}
