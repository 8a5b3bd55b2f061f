/**
 * An archive that any tool reads (POSIX ustar), the same bytes for the same files: sorted, owned by nobody, dated at the
 * epoch. It must never hold a link or a path that leaves the folder it is unpacked in.
 */
import { compareBytes } from "../model/json.ts";
import { isSafePath } from "../model/path.ts";

export interface ArchiveFile {
  /** Relative, `/`-separated. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

const BLOCK = 512;
const encoder = new TextEncoder();

/** The archive of these files, in any order. A path that is unsafe, too long for the format or there twice is a bug and throws. */
export function tarOf(files: readonly ArchiveFile[]): Uint8Array {
  const sorted = [...files].sort((a, b) => compareBytes(a.path, b.path));
  const size = sorted.reduce((sum, { bytes }) => sum + BLOCK + padded(bytes.length), 2 * BLOCK);
  const archive = new Uint8Array(size);
  let at = 0;
  let previous = "";
  for (const { path, bytes } of sorted) {
    if (path === previous) throw new Error(`${path} stands in the archive twice`);
    previous = path;
    writeHeader(archive.subarray(at, at + BLOCK), path, bytes.length);
    archive.set(bytes, at + BLOCK);
    at += BLOCK + padded(bytes.length);
  }
  return archive;
}

function padded(length: number): number {
  return Math.ceil(length / BLOCK) * BLOCK;
}

function writeHeader(header: Uint8Array, path: string, length: number): void {
  const [prefix, name] = partsOf(path);
  const put = (offset: number, text: string): void => header.set(encoder.encode(text), offset);
  put(0, name);
  put(100, "0000644\0");
  put(108, "0000000\0");
  put(116, "0000000\0");
  put(124, `${length.toString(8).padStart(11, "0")}\0`);
  put(136, `${"0".repeat(11)}\0`);
  // The sum is made with blanks in its own place.
  put(148, "        ");
  put(156, "0");
  put(257, "ustar\u000000");
  put(345, prefix);
  const sum = header.reduce((total, byte) => total + byte, 0);
  put(148, `${sum.toString(8).padStart(6, "0")}\0 `);
}

/** A path as the header holds it: up to 100 bytes, and up to 155 before a slash. */
function partsOf(path: string): readonly [prefix: string, name: string] {
  if (!isSafePath(path) || !/^[\u0020-\u007e]+$/.test(path))
    throw new Error(`${JSON.stringify(path)} cannot stand in an archive`);
  if (path.length <= 100) return ["", path];
  const slash = path.indexOf("/", path.length - 101);
  if (slash < 1 || slash > 155) throw new Error(`${path} is too long for an archive`);
  return [path.slice(0, slash), path.slice(slash + 1)];
}
