/**
 * Ed25519 private keys that sign evidence: read from an unencrypted OpenSSH file or from PKCS #8, and used. Encrypted
 * keys belong to an agent, not to a witness that runs unattended. It must never print, keep or copy a key's secret.
 */
import { createPrivateKey, createPublicKey, sign, type KeyObject } from "node:crypto";
import { publicKeyOfBlob, type SshPublicKey } from "./ssh-key.ts";
import { base64Of, joinBytes, Malformed, strictBase64, wireReader, wireString } from "./ssh-wire.ts";
import type { BadSignature } from "./sshsig.ts";

export interface SigningKey {
  readonly publicKey: SshPublicKey;
  /** The 64 bytes of RFC 8032 over a message. */
  sign(message: Uint8Array): Uint8Array;
}

const OPENSSH =
  /^-----BEGIN OPENSSH PRIVATE KEY-----\n([A-Za-z0-9+/=\n]+)\n-----END OPENSSH PRIVATE KEY-----\n*$/;
const MAGIC = "openssh-key-v1\0";
const encoder = new TextEncoder();

/** Reads a private key's file; why it is of no use is a value, in which nothing of the file stands. */
export function parseSigningKey(text: string): SigningKey | BadSignature {
  try {
    if (text.length > 16_384) throw new Malformed("it is longer than any Ed25519 key");
    const armored = OPENSSH.exec(text.replaceAll("\r\n", "\n"));
    return armored === null ? pkcs8(text) : openssh(armored[1] ?? "");
  } catch (error) {
    if (error instanceof Malformed) return { problem: error.message };
    throw error;
  }
}

/** OpenSSH's PROTOCOL.key, with neither cipher nor passphrase. */
function openssh(armor: string): SigningKey {
  const bytes = strictBase64(armor.replaceAll("\n", ""));
  if (bytes === undefined) throw new Malformed("it is no base64");
  const reader = wireReader(bytes);
  if (new TextDecoder("latin1").decode(reader.raw(MAGIC.length)) !== MAGIC)
    throw new Malformed("it is no OpenSSH key");
  const cipher = reader.text();
  reader.text();
  reader.bytes();
  if (cipher !== "none") throw new Malformed("it is encrypted, and nobody is there to type its passphrase");
  if (reader.uint32() !== 1) throw new Malformed("it holds other than one key");
  const blob = reader.bytes();
  const secret = wireReader(reader.bytes());
  reader.end();
  if (secret.uint32() !== secret.uint32()) throw new Malformed("it is damaged");
  if (secret.text() !== "ssh-ed25519") throw new Malformed("it is no Ed25519 key");
  const point = secret.bytes();
  const pair = secret.bytes();
  if (point.length !== 32 || pair.length !== 64) throw new Malformed("an Ed25519 key has 32 bytes");
  const key = createPrivateKey({
    key: { kty: "OKP", crv: "Ed25519", d: base64url(pair.subarray(0, 32)), x: base64url(point) },
    format: "jwk",
  });
  const signing = signingKeyOf(key);
  // The public half is a claim of the file; what follows from the secret counts.
  if (signing.publicKey.text !== publicKeyOfBlob(blob).text) throw new Malformed("its two halves do not fit");
  return signing;
}

function pkcs8(text: string): SigningKey {
  let key: KeyObject;
  try {
    key = createPrivateKey({ key: text, format: "pem" });
  } catch {
    throw new Malformed("it is no private key that can be read without a passphrase");
  }
  if (key.asymmetricKeyType !== "ed25519") throw new Malformed("it is no Ed25519 key");
  return signingKeyOf(key);
}

function signingKeyOf(key: KeyObject): SigningKey {
  // The public half is computed from the secret.
  const { x = "" } = createPublicKey(key).export({ format: "jwk" });
  const point = strictBase64(`${x.replaceAll("-", "+").replaceAll("_", "/")}=`) ?? new Uint8Array();
  const blob = joinBytes([wireString(encoder.encode("ssh-ed25519")), wireString(point)]);
  return { publicKey: publicKeyOfBlob(blob), sign: (message) => new Uint8Array(sign(null, message, key)) };
}

function base64url(bytes: Uint8Array): string {
  return base64Of(bytes).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
