/**
 * DSSE v1 envelopes (secure-systems-lab/dsse): a payload, its type, and signatures over both (PAE). What the attacker
 * controls: every byte of an envelope. So there is exactly one spelling of each envelope here, RFC 8785 JSON and a line
 * feed; any other spelling of the same content is refused, and with it every byte that somebody changed or added.
 * It must never say whose key may sign: it says which of the given keys did.
 */
import { canonicalJson } from "../model/canonical.ts";
import { isObject, type Json, type JsonObject } from "../model/json.ts";
import type { SshPublicKey } from "./ssh-key.ts";
import { base64Of, joinBytes, Malformed, strictBase64 } from "./ssh-wire.ts";
import type { BadSignature } from "./sshsig.ts";

export interface DsseSignature {
  /** A hint: of an SSH key its fingerprint, `SHA256:<base64>`. The key that is tried is the verifier's own. */
  readonly keyid: string;
  readonly sig: Uint8Array;
}

export interface DsseEnvelope {
  readonly payloadType: string;
  readonly payload: Uint8Array;
  /** At least one, in the order of the envelope; no keyid twice. */
  readonly signatures: readonly DsseSignature[];
  /** Of the one signature that a certificate made, whose keyid is empty: the material of its sigstore bundle. */
  readonly material?: JsonObject | undefined;
}

/** Larger than any record: a landing of a whole catalogue has some 4,000 files. */
export const MAX_ENVELOPE = 32 * 1024 * 1024;
const MAX_SIGNATURES = 20;
const MAX_SIGNATURE = 4_096;
const MAX_NAME = 500;
/** Beside a certificate, an entry of a log and a timestamp, in base64; and their nesting. */
const MAX_MATERIAL = 65_536;
const MAX_DEPTH = 12;

const encoder = new TextEncoder();

/** The pre-authentication encoding: what is signed. `DSSEv1 SP LEN(type) SP type SP LEN(body) SP body`, in bytes. */
export function paeOf(payloadType: string, payload: Uint8Array): Uint8Array {
  const type = encoder.encode(payloadType);
  return joinBytes([
    encoder.encode(`DSSEv1 ${type.length} `),
    type,
    encoder.encode(` ${payload.length} `),
    payload,
  ]);
}

/** The one spelling of an envelope. Throws an Error for one that `parseEnvelope` would refuse. */
export function renderEnvelope({ payloadType, payload, signatures, material }: DsseEnvelope): Uint8Array {
  const spelled = signatures.map(({ keyid, sig }) => ({ keyid, sig: base64Of(sig) }));
  return encoder.encode(spelling(payloadType, base64Of(payload), spelled, material));
}

function spelling(
  payloadType: string,
  payload: string,
  signatures: readonly { readonly keyid: string; readonly sig: string }[],
  verificationMaterial: JsonObject | undefined,
): string {
  return `${canonicalJson({ payload, payloadType, signatures, verificationMaterial })}\n`;
}

/** Reads an envelope; what is wrong with it is a value. */
export function parseEnvelope(bytes: Uint8Array): DsseEnvelope | BadSignature {
  try {
    return envelopeIn(bytes);
  } catch (error) {
    if (error instanceof Malformed) return { problem: error.message };
    throw error;
  }
}

function envelopeIn(bytes: Uint8Array): DsseEnvelope {
  if (bytes.length > MAX_ENVELOPE) throw new Malformed("it is larger than any envelope");
  const { text, value } = jsonOf(bytes);
  if (!isObject(value)) throw new Malformed("it is no envelope");
  const { payloadType, payload, signatures, verificationMaterial } = value;
  if (typeof payloadType !== "string" || payloadType === "" || payloadType.length > MAX_NAME)
    throw new Malformed("it has no payload type");
  const body = typeof payload === "string" ? strictBase64(payload) : undefined;
  if (typeof payload !== "string" || body === undefined) throw new Malformed("its payload is no base64");
  if (!Array.isArray(signatures) || signatures.length === 0 || signatures.length > MAX_SIGNATURES)
    throw new Malformed(`it does not have 1 to ${MAX_SIGNATURES} signatures`);
  const spelled = signatures.map(signatureIn);
  if (new Set(spelled.map(({ keyid }) => keyid)).size !== spelled.length)
    throw new Malformed("a key signed twice");
  const material = materialIn(verificationMaterial, spelled);
  // Base64 has one spelling for its bytes, so the texts say the same as the bytes would. Whatever else stands in the
  // file, an unknown key or another order, makes the two differ.
  if (!payloadType.isWellFormed() || spelled.some(({ keyid }) => !keyid.isWellFormed()))
    throw new Malformed("a name in it is no text");
  if (
    spelling(
      payloadType,
      payload,
      spelled.map(({ keyid, base64 }) => ({ keyid, sig: base64 })),
      material,
    ) !== text
  )
    throw new Malformed("it is not spelled as envelopes are");
  return {
    payloadType,
    payload: body,
    signatures: spelled.map(({ keyid, sig }) => ({ keyid, sig })),
    ...(material !== undefined && { material }),
  };
}

/** What stands beside a certificate's signature, small and flat enough to be spelled again; whether it is true is not asked here. */
function materialIn(
  value: Json | undefined,
  signatures: readonly { readonly keyid: string }[],
): JsonObject | undefined {
  if (value === undefined) return undefined;
  if (!isObject(value) || !isPlain(value, 0) || JSON.stringify(value).length > MAX_MATERIAL)
    throw new Malformed("its verification material is none");
  if (signatures.length !== 1 || signatures[0]?.keyid !== "")
    throw new Malformed("its verification material is of no signature");
  return value;
}

function isPlain(value: Json | undefined, depth: number): boolean {
  if (typeof value === "string") return value.isWellFormed();
  if (typeof value !== "object" || value === null) return true;
  if (depth === MAX_DEPTH) return false;
  return Object.entries(value).every(([key, each]) => key.isWellFormed() && isPlain(each, depth + 1));
}

function signatureIn(value: Json): DsseSignature & { readonly base64: string } {
  if (!isObject(value)) throw new Malformed("a signature is none");
  const { keyid, sig } = value;
  if (typeof keyid !== "string" || keyid.length > MAX_NAME) throw new Malformed("a signature names no key");
  const bytes = typeof sig === "string" ? strictBase64(sig) : undefined;
  if (typeof sig !== "string" || bytes === undefined || bytes.length === 0 || bytes.length > MAX_SIGNATURE)
    throw new Malformed("a signature is no base64");
  return { keyid, sig: bytes, base64: sig };
}

/** Whether a key made a signature of an envelope. Only Ed25519 keys sign envelopes, over the PAE itself (RFC 8032). */
export function verifiesEnvelope(
  { payloadType, payload }: DsseEnvelope,
  { keyid, sig }: DsseSignature,
  key: SshPublicKey,
): boolean {
  if (key.type !== "ssh-ed25519" || keyid !== key.fingerprint || sig.length !== 64) return false;
  return key.verifies("ssh-ed25519", sig, new Uint8Array(), paeOf(payloadType, payload));
}

function jsonOf(bytes: Uint8Array): { readonly text: string; readonly value: Json } {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return { text, value: JSON.parse(text) as Json };
  } catch {
    throw new Malformed("it is no JSON");
  }
}
