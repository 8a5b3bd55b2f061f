/**
 * Digest and size of a file the user named, however large it is: read in pieces, never held whole. It must never look
 * at what the bytes mean.
 */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { resolve } from "node:path";
import type { MeasuredInput } from "../../app/ports.ts";
import { parseDigest } from "../../core/model/digest.ts";
import { Failure } from "../../core/model/failure.ts";

/** Measures a file; its bytes come along where there are at most `most`. Relative paths start at `folder`. */
export async function measureInput(folder: string, path: string, most: number): Promise<MeasuredInput> {
  const hash = createHash("sha256");
  const kept: Buffer[] = [];
  let size = 0;
  try {
    for await (const piece of createReadStream(resolve(folder, path), { highWaterMark: 1 << 20 })) {
      const bytes = piece as Buffer;
      hash.update(bytes);
      size += bytes.length;
      if (size <= most) kept.push(bytes);
    }
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown error";
    throw new Failure("file/unreadable", `${path} cannot be read (${code}).`, {
      hint: "Check the path and that you may read the file.",
      cause,
    });
  }
  const digest = parseDigest(`sha256:${hash.digest("hex")}`);
  if (digest === undefined) throw new Error("a sha256 is always a digest");
  return { digest, size, bytes: size <= most ? Buffer.concat(kept) : undefined };
}
