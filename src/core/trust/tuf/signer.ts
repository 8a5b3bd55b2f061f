/**
 * Keys that sign a release: Ed25519, as TUF names and spells them (1.0.31, 4.2), and metadata signed with them. It must
 * never print, keep or copy a key's secret, and it makes no randomness: seeds, salts and vectors are arguments.
 */
import { createPrivateKey, createPublicKey, sign, type KeyObject } from "node:crypto";
import { canonicalize } from "@tufjs/canonical-json";
import { sha256Hex } from "../../model/digest.ts";
import { isObject, type Json } from "../../model/json.ts";
import { openSealedKey, SEALED_LABEL } from "./sealed-key.ts";
import type { SignedJson } from "./metadata.ts";

/** The public half, as it stands in a root. */
export interface TufPublicKey {
  /** sha256 of the canonical JSON of the rest. */
  readonly keyid: string;
  /** 64 lower-case hex digits. */
  readonly point: string;
}

export interface TufSigner extends TufPublicKey {
  /** The 64 bytes of RFC 8032 over a message, in hex. */
  sign(message: Uint8Array): string;
}

export interface TufSignature {
  readonly keyid: string;
  readonly sig: string;
}

/** What stands below `keys` of a root. */
export function keyJson(point: string): SignedJson {
  return { keytype: "ed25519", scheme: "ed25519", keyval: { public: point } };
}

export function publicKeyOf(point: string): TufPublicKey {
  return { keyid: sha256Hex(canonicalize(keyJson(point))), point };
}

/** The PKCS #8 form (RFC 8410) of the key that 32 random bytes are. */
export function pkcs8OfSeed(seed: Uint8Array): Uint8Array {
  if (seed.length !== 32) throw new Error("the seed of an Ed25519 key has 32 bytes");
  return Uint8Array.of(0x30, 46, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 34, 4, 32, ...seed);
}

/** A key from its PKCS #8 form. */
export function signerOfPkcs8(pkcs8: Uint8Array): TufSigner {
  return signerOf(createPrivateKey({ key: Buffer.from(pkcs8), format: "der", type: "pkcs8" }));
}

/** Why a key is of no use; nothing of the key stands in it. */
export interface BadKey {
  readonly problem: "encrypted" | "wrong-passphrase" | "not-encrypted" | "not-a-key";
}

/**
 * Reads a key's file. `passphrase` undefined: only a key that is not encrypted can be read; `mustBeSealed`: only an
 * encrypted one will do, because it lies on a disk.
 */
export function parseTufKey(
  text: string,
  { passphrase, mustBeSealed }: { readonly passphrase: string | undefined; readonly mustBeSealed: boolean },
): TufSigner | BadKey {
  const isSealed = text.includes(`-----BEGIN ${SEALED_LABEL}-----`);
  if (mustBeSealed && !isSealed)
    return { problem: text.includes("-----BEGIN PRIVATE KEY-----") ? "not-encrypted" : "not-a-key" };
  if (isSealed && passphrase === undefined) return { problem: "encrypted" };
  const opened = isSealed ? openSealedKey(text, passphrase ?? "") : plainKey(text);
  if (opened === undefined) return { problem: isSealed ? "wrong-passphrase" : "not-a-key" };
  return opened.asymmetricKeyType === "ed25519" ? signerOf(opened) : { problem: "not-a-key" };
}

function plainKey(text: string): KeyObject | undefined {
  try {
    return createPrivateKey({ key: text, format: "pem" });
  } catch {
    return undefined;
  }
}

function signerOf(key: KeyObject): TufSigner {
  // The public half is computed from the secret, never read from a file that claims it.
  const { x = "" } = createPublicKey(key).export({ format: "jwk" });
  return {
    ...publicKeyOf(Buffer.from(x, "base64url").toString("hex")),
    sign: (message) => sign(null, message, key).toString("hex"),
  };
}

const PUBLIC_FORMAT = "assent.release-key/v1";

/** The file of a public key, which goes to whoever composes the root. */
export function renderPublicKey({ keyid, point }: TufPublicKey): Uint8Array {
  return new TextEncoder().encode(
    `${JSON.stringify({ format: PUBLIC_FORMAT, keyid, ...keyJson(point) }, null, 2)}\n`,
  );
}

/** Reads the file of a public key; undefined where it is none, or names itself wrongly. */
export function parsePublicKey(bytes: Uint8Array): TufPublicKey | undefined {
  let value: Json;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes)) as Json;
  } catch {
    return undefined;
  }
  const keyval = isObject(value) ? value["keyval"] : undefined;
  const point = isObject(keyval) ? keyval["public"] : undefined;
  if (!isObject(value) || value["format"] !== PUBLIC_FORMAT || typeof point !== "string") return undefined;
  if (!/^[0-9a-f]{64}$/.test(point)) return undefined;
  const key = publicKeyOf(point);
  return value["keyid"] === key.keyid ? key : undefined;
}

/**
 * Metadata with signatures: those that stand already and one by each signer, in order of key ids. Ed25519 has one
 * signature for a message, so signing twice gives the same bytes.
 */
export function renderSigned(
  signed: SignedJson,
  signers: readonly TufSigner[],
  standing: readonly TufSignature[] = [],
): Uint8Array {
  const message = new TextEncoder().encode(canonicalize(signed));
  const signatures = new Map(standing.map(({ keyid, sig }) => [keyid, sig]));
  for (const signer of signers) signatures.set(signer.keyid, signer.sign(message));
  const listed = [...signatures]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([keyid, sig]): TufSignature => ({ keyid, sig }));
  return new TextEncoder().encode(`${JSON.stringify({ signatures: listed, signed })}\n`);
}
