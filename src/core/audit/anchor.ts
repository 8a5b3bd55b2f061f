/**
 * The trust anchor (DESIGN 6): which registry, which branch, the landing from which judging starts, and who may witness
 * it. It is handed over outside the repository; without one the repository vouches for itself once (trust on first use).
 * It must never be read from the repository that it judges.
 */
import { canonicalJson } from "../model/canonical.ts";
import { parseDigest, type Digest } from "../model/digest.ts";
import { Failure } from "../model/failure.ts";
import { isObject, type Json, type JsonObject } from "../model/json.ts";
import { parseSshPublicKey, type SshPublicKey } from "../trust/ssh-key.ts";

export const ANCHOR_FORMAT = "assent.anchor/v1";

/** The certificate identity of a workflow; both compared letter by letter. */
export interface SigstoreIdentity {
  readonly issuer: string;
  readonly identity: string;
}

/** Somebody who may sign evidence, as registry.yaml spells it: a key or a certificate identity. */
export interface Witness {
  /** `<type> <base64>`, without a comment. */
  readonly sshPublicKey?: string | undefined;
  readonly sigstore?: SigstoreIdentity | undefined;
}

export interface Anchor {
  readonly registry: string;
  /** The protected branch in full. */
  readonly ref: string;
  /** Judging starts after this landing: genesis, or a later one that somebody has verified. */
  readonly sequence: number;
  readonly landing: string;
  /** The digest of that landing's record; null = not pinned. */
  readonly record: Digest | null;
  /** Who may sign that landing's record; for later ones registry.yaml says it. */
  readonly witness: readonly Witness[];
}

/** Larger than any anchor. */
const LIMIT = 65_536;

/** The anchor's file: canonical JSON and a line feed. */
export function renderAnchor(anchor: Anchor): string {
  return `${canonicalJson(anchorDocument(anchor))}\n`;
}

/** The anchor as JSON, its keys in order. */
export function anchorDocument({ registry, ref, sequence, landing, record, witness }: Anchor): JsonObject {
  return {
    format: ANCHOR_FORMAT,
    registry,
    ref,
    sequence,
    landing,
    record,
    witness: witness.map(witnessDocument),
  };
}

/** Reads an anchor's file; throws a Failure, because nothing can be judged without the anchor that was asked for. */
export function parseAnchor(text: string): Anchor {
  if (text.length > LIMIT) throw bad("it is larger than any anchor");
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    throw bad("it is no JSON");
  }
  if (!isObject(value) || value["format"] !== ANCHOR_FORMAT)
    throw bad(`it does not say format ${ANCHOR_FORMAT}`);
  const known = ["format", "registry", "ref", "sequence", "landing", "record", "witness"];
  const strange = Object.keys(value).find((key) => !known.includes(key));
  if (strange !== undefined) throw bad(`it has the key ${JSON.stringify(strange)}, which nobody knows`);
  const { registry, ref, sequence, landing, record, witness } = value;
  if (typeof registry !== "string" || registry === "") throw bad("it names no registry");
  if (typeof ref !== "string" || !ref.startsWith("refs/heads/")) throw bad("`ref` is no branch in full");
  if (typeof sequence !== "number" || !Number.isSafeInteger(sequence) || sequence < 1)
    throw bad("`sequence` is no landing's number");
  if (typeof landing !== "string" || !/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(landing))
    throw bad("`landing` is no commit");
  const pinned = typeof record === "string" ? parseDigest(record) : null;
  if (pinned === undefined || (typeof record !== "string" && record !== null))
    throw bad("`record` is no digest");
  if (!Array.isArray(witness) || witness.length > 20) throw bad("`witness` is no list of up to 20");
  return { registry, ref, sequence, landing, record: pinned, witness: witness.map(witnessIn) };
}

function witnessIn(value: Json): Witness {
  const keys = isObject(value) ? Object.keys(value) : [];
  if (!isObject(value) || keys.length !== 1) throw bad("a witness is neither a key nor an identity");
  const { sshPublicKey, sigstore } = value;
  if (typeof sshPublicKey === "string") {
    const key = parseSshPublicKey(sshPublicKey);
    if (key === undefined) throw bad("a witness's key is none that may sign");
    return { sshPublicKey: key.text };
  }
  if (!isObject(sigstore)) throw bad("a witness is neither a key nor an identity");
  const { issuer, identity } = sigstore;
  if (typeof issuer !== "string" || typeof identity !== "string" || Object.keys(sigstore).length !== 2)
    throw bad("a witness's identity is none");
  return { sigstore: { issuer, identity } };
}

/** A witness as JSON; keys without their comments. */
export function witnessDocument({ sshPublicKey, sigstore }: Witness): JsonObject {
  if (sigstore !== undefined) return { sigstore: { issuer: sigstore.issuer, identity: sigstore.identity } };
  return { sshPublicKey: keyOf({ sshPublicKey })?.text ?? sshPublicKey };
}

/** A witness's key; undefined where it has none that may sign evidence: only Ed25519 does. */
export function keyOf({ sshPublicKey }: Witness): SshPublicKey | undefined {
  if (sshPublicKey === undefined) return undefined;
  if (!keys.has(sshPublicKey)) {
    if (keys.size >= KEPT_KEYS) keys.clear();
    const key = parseSshPublicKey(sshPublicKey);
    keys.set(sshPublicKey, key?.type === "ssh-ed25519" ? key : undefined);
  }
  return keys.get(sshPublicKey);
}

/** The same few witnesses sign record after record; taking a key apart costs more than a signature. */
const keys = new Map<string, SshPublicKey | undefined>();
const KEPT_KEYS = 64;

function bad(problem: string): Failure {
  return new Failure("audit/bad-anchor", `The trust anchor cannot be used: ${problem}.`, {
    hint: "Ask whoever handed it over for anchor.json as `assent audit verify` printed it.",
  });
}
