/**
 * SSH public keys: which kinds may sign, and what a signature by each of them must look like (RFC 4253, 5656, 8332,
 * 8709; OpenSSH's PROTOCOL.u2f). What the attacker controls: every byte of keys and signatures. Certificates, DSA, SHA-1
 * and RSA below 2048 bits are refused, because a name is only worth what it takes to forge it.
 */
import { createHash, createPublicKey, verify, type KeyObject } from "node:crypto";
import { base64Of, joinBytes, Malformed, strictBase64, wireReader, type WireReader } from "./ssh-wire.ts";

export type SshKeyType =
  | "ssh-ed25519"
  | "ssh-rsa"
  | "ecdsa-sha2-nistp256"
  | "ecdsa-sha2-nistp384"
  | "ecdsa-sha2-nistp521"
  | "sk-ssh-ed25519@openssh.com"
  | "sk-ecdsa-sha2-nistp256@openssh.com";

export interface SshPublicKey {
  readonly type: SshKeyType;
  /** `<type> <base64>`, as authorized_keys spells it, without a comment. Equal keys have equal text. */
  readonly text: string;
  /** `SHA256:<base64>`, as `ssh-keygen -l` prints it. */
  readonly fingerprint: string;
  /** Throws `Malformed` where the signature is not even one of this key's kind. */
  verifies(algorithm: string, signature: Uint8Array, rest: Uint8Array, message: Uint8Array): boolean;
}

/** Reads a key as authorized_keys spells it, a comment allowed; undefined where it is none that may sign. */
export function parseSshPublicKey(text: string): SshPublicKey | undefined {
  const [type, encoded, ...more] = text.trim().split(/[ \t]+/);
  const blob = encoded === undefined || more.length > 20 ? undefined : strictBase64(encoded);
  if (blob === undefined) return undefined;
  try {
    const key = publicKeyOfBlob(blob);
    return key.type === type ? key : undefined;
  } catch (error) {
    if (error instanceof Malformed) return undefined;
    throw error;
  }
}

/** Reads a key's binary form; throws `Malformed` where it is none that may sign. */
export function publicKeyOfBlob(blob: Uint8Array): SshPublicKey {
  const encoded = base64Of(blob);
  const known = read.get(encoded);
  if (known !== undefined) return known;
  const reader = wireReader(blob);
  const type = reader.text();
  const verifies = verifierOf(type, reader);
  reader.end();
  const fingerprint = `SHA256:${createHash("sha256").update(blob).digest("base64").replace(/=+$/, "")}`;
  const key = { type: type as SshKeyType, text: `${type} ${encoded}`, fingerprint, verifies };
  if (read.size >= MOST_READ) read.clear();
  read.set(encoded, key);
  return key;
}

/** Keys that were read before: a history has the same few again and again, and importing one costs as much as using it. */
const read = new Map<string, SshPublicKey>();
const MOST_READ = 1_000;

type Verifier = SshPublicKey["verifies"];

function verifierOf(type: string, reader: WireReader): Verifier {
  switch (type) {
    case "ssh-ed25519":
      return plain(type, ed25519(reader));
    case "ssh-rsa":
      return rsa(reader);
    case "ecdsa-sha2-nistp256":
    case "ecdsa-sha2-nistp384":
    case "ecdsa-sha2-nistp521":
      return plain(type, ecdsa(type.slice("ecdsa-sha2-".length), reader));
    case "sk-ssh-ed25519@openssh.com":
      return securityKey(type, ed25519(reader), reader);
    case "sk-ecdsa-sha2-nistp256@openssh.com":
      return securityKey(type, ecdsa("nistp256", reader), reader);
    default:
      throw new Malformed(`keys of type ${JSON.stringify(type)} may not sign here`);
  }
}

/** Whether a signature without its algorithm fits a message. */
type Check = (signature: Uint8Array, message: Uint8Array) => boolean;

function plain(type: string, check: Check): Verifier {
  return (algorithm, signature, rest, message) => {
    requireAlgorithm(algorithm, [type]);
    wireReader(rest).end();
    return check(signature, message);
  };
}

/**
 * A key in a token signs sha256(application), flags, a counter and sha256(message). Somebody must have touched it
 * (flag 1): an approval is a person's act. The counter is the token's own and proves nothing here.
 */
function securityKey(type: string, check: Check, reader: WireReader): Verifier {
  const application = createHash("sha256").update(reader.bytes()).digest();
  return (algorithm, signature, rest, message) => {
    requireAlgorithm(algorithm, [type]);
    const tail = wireReader(rest);
    const flags = tail.byte();
    const counter = tail.raw(4);
    tail.end();
    if ((flags & 1) === 0) throw new Malformed("nobody touched the security key while it signed");
    return check(
      signature,
      joinBytes([application, Uint8Array.of(flags), counter, createHash("sha256").update(message).digest()]),
    );
  };
}

function ed25519(reader: WireReader): Check {
  const x = reader.bytes();
  if (x.length !== 32) throw new Malformed("an Ed25519 key has 32 bytes");
  const key = imported({ kty: "OKP", crv: "Ed25519", x: base64url(x) });
  return (signature, message) => {
    if (signature.length !== 64) throw new Malformed("an Ed25519 signature has 64 bytes");
    return verify(null, message, key, signature);
  };
}

const curves: Readonly<
  Record<string, { readonly crv: string; readonly hash: string; readonly width: number }>
> = {
  nistp256: { crv: "P-256", hash: "sha256", width: 32 },
  nistp384: { crv: "P-384", hash: "sha384", width: 48 },
  nistp521: { crv: "P-521", hash: "sha512", width: 66 },
};

function ecdsa(name: string, reader: WireReader): Check {
  const curve = curves[reader.text() === name ? name : ""];
  if (curve === undefined) throw new Malformed("the key is on another curve than its type says");
  const { crv, hash, width } = curve;
  const point = reader.bytes();
  if (point.length !== 1 + 2 * width || point[0] !== 4)
    throw new Malformed("the key's point is not uncompressed");
  const [x, y] = [point.subarray(1, 1 + width), point.subarray(1 + width)];
  const key = imported({ kty: "EC", crv, x: base64url(x), y: base64url(y) });
  return (signature, message) => {
    const pair = wireReader(signature);
    const fixed = joinBytes([padded(pair.positive(), width), padded(pair.positive(), width)]);
    pair.end();
    return verify(hash, message, { key, dsaEncoding: "ieee-p1363" }, fixed);
  };
}

const rsaHashes: Readonly<Record<string, string>> = { "rsa-sha2-256": "sha256", "rsa-sha2-512": "sha512" };

function rsa(reader: WireReader): Verifier {
  const e = reader.positive();
  const n = reader.positive();
  const bits = n.length * 8 - Math.clz32(n[0] ?? 0) + 24;
  if (bits < 2048 || bits > 16384) throw new Malformed(`an RSA key has 2048 to 16384 bits, this one ${bits}`);
  if (e.length > 8 || ((e.at(-1) ?? 0) & 1) === 0 || (e.length === 1 && e[0] === 1))
    throw new Malformed("the exponent is out of range");
  const key = imported({ kty: "RSA", n: base64url(n), e: base64url(e) });
  return (algorithm, signature, rest, message) => {
    // `ssh-rsa` would be SHA-1.
    requireAlgorithm(algorithm, Object.keys(rsaHashes));
    wireReader(rest).end();
    return verify(rsaHashes[algorithm], message, key, padded(signature, n.length));
  };
}

function requireAlgorithm(algorithm: string, known: readonly string[]): void {
  if (!known.includes(algorithm))
    throw new Malformed(`${JSON.stringify(algorithm)} is no signature algorithm of this key`);
}

function padded(bytes: Uint8Array, width: number): Uint8Array {
  if (bytes.length > width) throw new Malformed("a number of the signature is too large");
  return joinBytes([new Uint8Array(width - bytes.length), bytes]);
}

/** A point that is not on its curve, say, makes no key. */
function imported(key: { readonly kty: string; readonly [name: string]: string }): KeyObject {
  try {
    return createPublicKey({ key, format: "jwk" });
  } catch {
    throw new Malformed("the key is none of its type");
  }
}

function base64url(bytes: Uint8Array): string {
  return base64Of(bytes).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
