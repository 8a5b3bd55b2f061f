/**
 * Paths of a repository: `/`-separated text that keeps every byte git keeps. A byte that is not UTF-8 stands as the
 * lone surrogate U+DC80..U+DCFF, so that two odd names never become one and the bytes can be had back. `compareBytes`
 * orders such names behind all others, everywhere alike; only for names that are UTF-8 is its order the one of bytes.
 * This module must never touch a file system.
 */

/** What every registry governs (DESIGN 5.1); `alsoGoverned` patterns come on top. Files, or folders with all below. */
export const GOVERNED_ROOTS: readonly string[] = [".gitattributes", ".github", "CODEOWNERS", "registry"];

/** Whether a path is governed without asking `alsoGoverned`. */
export function isGovernedPath(path: string): boolean {
  return isAtOrBelow(path, GOVERNED_ROOTS);
}

/** Whether a path is one of these files, or stands below one of these folders. */
export function isAtOrBelow(path: string, roots: readonly string[]): boolean {
  return roots.some((root) => path === root || (path.startsWith(root) && path[root.length] === "/"));
}

/** Whether a path stays below the root and out of `.git`, on every system. */
export function isSafePath(path: string): boolean {
  if (
    path === "" ||
    path.length > 4000 ||
    path.includes("\0") ||
    path.includes("\\") ||
    /^[A-Za-z]:/.test(path)
  )
    return false;
  return path.split("/").every((part) => {
    if (part === "" || part === "." || part === "..") return false;
    // Windows drops trailing dots and spaces and hides streams behind a colon; macOS ignores some characters.
    const plain = part
      .replace(/[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g, "")
      .replace(/[. ]+$|:.*$/g, "");
    return !/^(?:\.git|git~\d)$/i.test(plain);
  });
}

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The text of a path's bytes; never fails. */
export function pathOfBytes(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch {
    return lossless(bytes);
  }
}

/** The bytes of a path: the exact inverse of `pathOfBytes`. */
export function bytesOfPath(path: string): Uint8Array {
  const encoder = new TextEncoder();
  if (path.isWellFormed()) return encoder.encode(path);
  const bytes: number[] = [];
  for (const character of path) {
    const code = character.codePointAt(0) ?? 0;
    if (code >= 0xdc80 && code <= 0xdcff) bytes.push(code - 0xdc00);
    else bytes.push(...encoder.encode(character));
  }
  return Uint8Array.from(bytes);
}

/**
 * A path as JSON can hold it. A path that is not UTF-8 stands as `%bytes:` and its hex; so does one that begins like
 * that, so that no two paths are spelled alike.
 */
export function spelledPath(path: string): string {
  if (path.isWellFormed() && !path.startsWith("%bytes:")) return path;
  return `%bytes:${Array.from(bytesOfPath(path), (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

function lossless(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length;) {
    const length = lengthOfCharacter(bytes, at);
    if (length === 0) text += String.fromCharCode(0xdc00 + (bytes[at++] ?? 0));
    else text += strict.decode(bytes.subarray(at, (at += length)));
  }
  return text;
}

/** How many bytes the UTF-8 character at this place has; 0 when there is none. */
function lengthOfCharacter(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  const length =
    first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  if (length === 0) return 0;
  try {
    strict.decode(bytes.subarray(at, at + length));
    return at + length <= bytes.length ? length : 0;
  } catch {
    return 0;
  }
}
