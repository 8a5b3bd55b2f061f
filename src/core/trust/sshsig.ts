/**
 * SSH signatures of files (OpenSSH's PROTOCOL.sshsig): read and verified. The namespace keeps a signature that was made
 * for one thing from counting for another. What the attacker controls: the whole signature. Every signature that is
 * accepted here is one that `ssh-keygen -Y verify` accepts too.
 */
import { createHash } from "node:crypto";
import { publicKeyOfBlob, type SshPublicKey } from "./ssh-key.ts";
import { joinBytes, Malformed, strictBase64, wireReader, wireString } from "./ssh-wire.ts";

/** What approvals are signed in (DESIGN 5.6). */
export const APPROVAL_NAMESPACE = "assent-approval@v1";

/** What git signs commits in. */
export const COMMIT_NAMESPACE = "git";

export interface SshSignature {
  readonly key: SshPublicKey;
  readonly namespace: string;
  readonly hash: "sha256" | "sha512";
  readonly algorithm: string;
  readonly signature: Uint8Array;
  /** What follows the signature proper: flags and counter of a security key. */
  readonly rest: Uint8Array;
}

/** Why something is no good signature: a clause that completes "The signature is not good: ...". */
export interface BadSignature {
  readonly problem: string;
}

const encoder = new TextEncoder();
const MAGIC = encoder.encode("SSHSIG");
const BEGIN = "-----BEGIN SSH SIGNATURE-----\n";
const END = "\n-----END SSH SIGNATURE-----";

/** Longer than any signature: RSA of 16384 bits needs under 6,000 characters. */
const LIMIT = 16_384;

/** Reads an armored signature; what is wrong with it is a value. */
export function parseSshSignature(armored: string): SshSignature | BadSignature {
  return caught(() => {
    const reader = wireReader(unarmored(armored));
    if (!same(reader.raw(MAGIC.length), MAGIC)) throw new Malformed("it is no SSH signature");
    const version = reader.uint32();
    if (version !== 1) throw new Malformed(`its version is ${version}, and only 1 is known`);
    const key = publicKeyOfBlob(reader.bytes());
    const namespace = reader.text();
    if (namespace === "") throw new Malformed("it has no namespace");
    // The protocol reserves this for later; what a later version would mean by it is not known.
    if (reader.bytes().length !== 0) throw new Malformed("its reserved part is not empty");
    const hash = reader.text();
    if (hash !== "sha256" && hash !== "sha512")
      throw new Malformed(`it uses the hash ${JSON.stringify(hash)}`);
    const whole = reader.bytes();
    reader.end();
    const inner = wireReader(whole);
    const algorithm = inner.text();
    const signature = inner.bytes();
    const rest = whole.subarray(4 + algorithm.length + 4 + signature.length);
    return { key, namespace, hash, algorithm, signature, rest };
  });
}

/**
 * Verifies an armored signature over a message in a namespace; the key it hands back is the one that signed. Whose key
 * that is, and whether it counts, is the caller's to ask.
 */
export function verifySshSignature(
  armored: string,
  message: string | Uint8Array,
  namespace: string,
): { readonly key: SshPublicKey } | BadSignature {
  return caught(() => {
    const parsed = parseSshSignature(armored);
    if ("problem" in parsed) return parsed;
    if (parsed.namespace !== namespace) {
      throw new Malformed(
        `it was made for ${JSON.stringify(parsed.namespace)}, not for ${JSON.stringify(namespace)}`,
      );
    }
    const { key, hash, algorithm, signature, rest } = parsed;
    const digest = createHash(hash).update(message).digest();
    const strings = [encoder.encode(namespace), new Uint8Array(), encoder.encode(hash), digest];
    const signed = joinBytes([MAGIC, ...strings.map(wireString)]);
    if (!key.verifies(algorithm, signature, rest, signed))
      throw new Malformed("it does not fit what it should have signed");
    return { key };
  });
}

/** The bytes between the lines of the armor; nothing may stand before, after or between but line ends. */
function unarmored(armored: string): Uint8Array {
  const text = armored.replaceAll("\r\n", "\n").replace(/\n+$/, "");
  if (text.length > LIMIT) throw new Malformed("it is too long");
  if (!text.startsWith(BEGIN) || !text.endsWith(END) || text.length < BEGIN.length + END.length) {
    throw new Malformed("it does not begin and end as SSH signatures do");
  }
  const bytes = strictBase64(text.slice(BEGIN.length, -END.length).replaceAll("\n", ""));
  if (bytes === undefined) throw new Malformed("it is no base64");
  return bytes;
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

function caught<T>(read: () => T): T | BadSignature {
  try {
    return read();
  } catch (error) {
    if (error instanceof Malformed) return { problem: error.message };
    throw error;
  }
}
