/**
 * Private keys at rest: PKCS #8 EncryptedPrivateKeyInfo with PBES2 (RFC 8018), the key derived by scrypt (RFC 7914) and
 * AES-256-CBC, so that `openssl pkey` reads them as well. What the attacker controls: a copy of the file, and as much
 * time as he likes; each guess of the passphrase costs him 16 MiB of memory, five times over.
 * Node's own export derives by 2,048 rounds of PBKDF2, which is too cheap to guess.
 */
import { createCipheriv, createPrivateKey, scryptSync, type KeyObject } from "node:crypto";

export const SEALED_LABEL = "ENCRYPTED PRIVATE KEY";

/** N * r * 128 bytes are just below the 32 MiB that OpenSSL allows by default. */
const N = 16_384;
const R = 8;
const P = 5;

/** What makes two files of one key and passphrase differ; drawn by the caller. */
export interface Salt {
  /** 16 bytes. */
  readonly salt: Uint8Array;
  /** 16 bytes. */
  readonly iv: Uint8Array;
}

/** The PEM file of a PKCS #8 key under a passphrase. */
export function sealKey(pkcs8: Uint8Array, passphrase: string, { salt, iv }: Salt): string {
  const key = scryptSync(passphrase, salt, 32, { N, r: R, p: P, maxmem: 64 * 1024 * 1024 });
  const cipher = createCipheriv("aes-256-cbc", key, iv);
  const encrypted = Buffer.concat([cipher.update(pkcs8), cipher.final()]);
  const derivation = sequence(
    oid("1.3.6.1.4.1.11591.4.11"),
    sequence(octets(salt), integer(N), integer(R), integer(P)),
  );
  const encryption = sequence(oid("2.16.840.1.101.3.4.1.42"), octets(iv));
  const scheme = sequence(oid("1.2.840.113549.1.5.13"), sequence(derivation, encryption));
  const base64 = Buffer.from(sequence(scheme, octets(encrypted))).toString("base64");
  const lines = base64.match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${SEALED_LABEL}-----`, ...lines, `-----END ${SEALED_LABEL}-----`, ""].join("\n");
}

/** The key in such a file, or in any other PBES2 file that OpenSSL reads; undefined under a wrong passphrase. */
export function openSealedKey(pem: string, passphrase: string): KeyObject | undefined {
  try {
    return createPrivateKey({ key: pem, format: "pem", passphrase });
  } catch {
    return undefined;
  }
}

/** DER (X.690): a tag, a length, a content. */
function der(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = Buffer.concat(parts);
  const length = content.length < 128 ? [content.length] : [0x81, content.length];
  if (content.length > 255) throw new Error("no part of an Ed25519 key's file is so long");
  return Buffer.concat([Uint8Array.of(tag, ...length), content]);
}

const sequence = (...parts: readonly Uint8Array[]): Uint8Array => der(0x30, ...parts);
const octets = (bytes: Uint8Array): Uint8Array => der(0x04, bytes);

function integer(value: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  // A leading one would mean a negative number.
  if ((bytes[0] ?? 0) >= 128) bytes.unshift(0);
  return der(0x02, Uint8Array.from(bytes));
}

function oid(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  const bytes = [first * 40 + second];
  for (const part of rest) {
    const groups = [part % 128];
    for (let more = Math.floor(part / 128); more > 0; more = Math.floor(more / 128))
      groups.unshift(128 + (more % 128));
    bytes.push(...groups);
  }
  return der(0x06, Uint8Array.from(bytes));
}
