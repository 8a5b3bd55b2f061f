/**
 * What git signs when it signs a commit: the commit object without its signature header (git's gitformat-signature).
 * Stricter than git: two signature headers, or one of the other hash algorithm beside it, make the commit unsigned here,
 * so that nobody can argue about which of them was meant.
 */
import { COMMIT_NAMESPACE, verifySshSignature, type BadSignature } from "./sshsig.ts";
import type { SshPublicKey } from "./ssh-key.ts";
import { joinBytes } from "./ssh-wire.ts";

export interface SignedCommit {
  /** Armored, whatever program made it. */
  readonly signature: string;
  readonly payload: Uint8Array;
}

/** Takes a commit object's bytes apart; undefined where it is not signed, or not in exactly one way. */
export function signedCommit(bytes: Uint8Array): SignedCommit | undefined {
  // One character a byte: offsets in the text are offsets in the bytes.
  let text = "";
  for (let at = 0; at < bytes.length; at += 4096)
    text += String.fromCharCode(...bytes.subarray(at, at + 4096));
  const header = text.slice(0, Math.max(text.indexOf("\n\n"), 0));
  const starts = [...header.matchAll(/(?<=\n)gpgsig[^ \n]*/g)];
  const [start] = starts;
  if (start === undefined || starts.length > 1 || !/^gpgsig(?:-sha256)?$/.test(start[0])) return undefined;
  const lines = /^.*(?:\n .*)*/.exec(text.slice(start.index))?.[0] ?? "";
  const signature = lines.slice(start[0].length + 1).replaceAll("\n ", "\n");
  const after = start.index + lines.length + 1;
  return { signature, payload: joinBytes([bytes.subarray(0, start.index), bytes.subarray(after)]) };
}

type Signer = { readonly key: SshPublicKey } | BadSignature;

/** What was found before: a commit is asked about as a head and as one of those that a branch brings. */
const signers = new WeakMap<Uint8Array, Signer>();

/** The key that signed a commit, as git signs with SSH keys; or why there is none. `bytes` must never change. */
export function commitSigner(bytes: Uint8Array): Signer {
  const known = signers.get(bytes) ?? signerIn(bytes);
  signers.set(bytes, known);
  return known;
}

function signerIn(bytes: Uint8Array): Signer {
  const signed = signedCommit(bytes);
  if (signed === undefined) return { problem: "the commit is not signed" };
  if (!signed.signature.startsWith("-----BEGIN SSH SIGNATURE-----"))
    return { problem: "it is signed with something else than an SSH key" };
  return verifySshSignature(signed.signature, signed.payload, COMMIT_NAMESPACE);
}
