/**
 * Artifacts in files. What the attacker controls: the path, and perhaps links below the folders that may be read. So
 * only regular files are opened whose real path lies in one of those folders: no device that never ends, nothing of the
 * machine's own that a digest could be used to guess.
 */
import { constants } from "node:fs";
import { open, realpath } from "node:fs/promises";
import { sep } from "node:path";
import { fileURLToPath } from "node:url";
import { Failure } from "../../core/model/failure.ts";
import { unreadable } from "./stream.ts";

/** The pieces of a file that a `file:` address names. */
export async function* readFilePieces(uri: string, folders: readonly string[]): AsyncIterable<Uint8Array> {
  let path: string;
  try {
    path = await realpath(fileURLToPath(uri));
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown";
    throw unreadable(
      uri,
      code === "ENOENT" ? "there is no such file here" : `it cannot be read (${code})`,
      cause,
    );
  }
  const roots = await Promise.all(folders.map((folder) => realpath(folder)));
  if (!roots.some((root) => path.startsWith(root.endsWith(sep) ? root : root + sep))) {
    throw new Failure("artifact/refused", `${uri} lies outside of the folders that may be read.`, {
      hint: "Whoever runs this may allow it: --allow-folder <folder>.",
      category: "auth",
    });
  }
  // Neither a link put there in the meantime nor a pipe that nobody writes to.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = await open(path, flags).catch((cause: unknown) => {
    throw unreadable(uri, "it cannot be opened", cause);
  });
  try {
    if (!(await file.stat()).isFile()) throw unreadable(uri, "it is no regular file");
    const buffer = Buffer.allocUnsafe(1 << 20);
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}
