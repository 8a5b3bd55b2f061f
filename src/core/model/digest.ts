/**
 * Digests: sha256 of canonical bytes. The one file of core/model that may import node:crypto;
 * it must never hash anything whose bytes are not fixed by its arguments.
 */
import * as crypto from "node:crypto";
import { canonicalJson, canonicalJsonOf } from "./canonical.ts";
import type { KindName } from "./kind.ts";

/** `sha256:` and 64 lower-case hex digits. Branded: made here only. */
export type Digest = string & { readonly __brand: "Digest" };

const digestPattern = /^sha256:[0-9a-f]{64}$/;

/** The sha256 of bytes, or of a text's UTF-8 bytes, as 64 lower-case hex digits. */
export function sha256Hex(data: string | Uint8Array): string {
  // It does without the object that createHash makes; Node 20.12 has it, earlier ones do not. Asked here, because
  // asking loads node:crypto, and most commands digest nothing.
  const oneShot: typeof crypto.hash | undefined = crypto.hash;
  if (oneShot !== undefined) return oneShot("sha256", data, "hex");
  return crypto.createHash("sha256").update(data).digest("hex");
}

/** The digest of bytes, or of a text's UTF-8 bytes. */
export function digestOfBytes(data: string | Uint8Array): Digest {
  return `sha256:${sha256Hex(data)}` as Digest;
}

/** Reads a digest; undefined when the text is not one. */
export function parseDigest(text: string): Digest | undefined {
  return digestPattern.test(text) ? (text as Digest) : undefined;
}

/**
 * The digest of a version (DESIGN 2.1): sha256 over the canonical JSON of `{kind, id, spec}`, the id without its
 * kind. Only entries with a `spec` have one; asking for another's is a bug and throws.
 */
export function digestOf(entry: {
  readonly kind: KindName;
  readonly id: string;
  readonly value: object;
}): Digest {
  const spec = "spec" in entry.value ? entry.value.spec : undefined;
  if (typeof spec !== "object" || spec === null)
    throw new Error(`${entry.kind} ${entry.id} has no spec to digest`);
  // The three keys already stand in canonical order.
  const head = `{"id":${canonicalJson(entry.id)},"kind":${canonicalJson(entry.kind)},"spec":`;
  return digestOfBytes(`${head}${canonicalJsonOf(spec)}}`);
}

/** RFC 9562's namespace for URIs, 6ba7b811-9dad-11d1-80b4-00c04fd430c8. */
const uriNamespace = Uint8Array.of(107, 167, 184, 17, 157, 173, 17, 209, 128, 180, 0, 192, 79, 212, 48, 200);

/**
 * The UUIDv5 (RFC 9562, 5.5) of an entry, for systems that want one: of the URI `assent:<reference>` in the URI
 * namespace. It follows from the reference alone and is never stored (DESIGN 7).
 */
export function uuidOf(ref: string): string {
  const bytes = crypto.createHash("sha1").update(uriNamespace).update(`assent:${ref}`).digest();
  bytes[6] = (bytes[6]! & 0x0f) | 0x50;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    "-",
  );
}
