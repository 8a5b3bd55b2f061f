/**
 * Bytes as they come, hashed and never held. What the attacker controls: every byte, how many, and how slowly they
 * arrive; so reading stops at the length that was stated and when the time is over.
 */
import { createHash } from "node:crypto";
import { parseDigest } from "../../core/model/digest.ts";
import { Failure } from "../../core/model/failure.ts";
import type { MeasuredArtifact } from "../../app/artifact-port.ts";

/** Measures a stream; stops as soon as it is longer than `most`. */
export async function measureStream(
  pieces: AsyncIterable<Uint8Array>,
  most: number | null,
  told: (bytes: number) => void,
): Promise<MeasuredArtifact> {
  const hash = createHash("sha256");
  let size = 0;
  for await (const piece of pieces) {
    size += piece.length;
    told(piece.length);
    if (most !== null && size > most) return { digest: null, size };
    hash.update(piece);
  }
  return { digest: digestOfHex(hash.digest("hex")), size };
}

/** A short answer as a whole; a Failure where it is longer than `most`. */
export async function collect(
  pieces: AsyncIterable<Uint8Array>,
  most: number,
  what: string,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const piece of pieces) {
    size += piece.length;
    if (size > most) throw unreadable(what, `it answers with more than ${most} bytes`);
    parts.push(piece);
  }
  return Buffer.concat(parts);
}

export function digestOfHex(hex: string) {
  const digest = parseDigest(`sha256:${hex}`);
  if (digest === undefined) throw new Error("a sha256 is always a digest");
  return digest;
}

/** Why an artifact could not be read; trying again may help. */
export function unreadable(what: string, why: string, cause?: unknown): Failure {
  return new Failure("artifact/unreachable", `${what}: ${why}.`, {
    hint: "See that the host is up and that you may read there, then try again.",
    category: "unavailable",
    ...(cause === undefined ? {} : { cause }),
  });
}
