/**
 * Records: one DSSE envelope with one in-toto Statement v1 per landing, in the file `log/<n div 1000>/<n>.dsse.json` of
 * the branch registry-evidence (DESIGN 6). The same evidence gives the same payload (RFC 8785). What the attacker
 * controls: every file of that branch. It must never believe a record; it only reads and writes them.
 */
import { canonicalJsonOf } from "../model/canonical.ts";
import { digestOfBytes, type Digest } from "../model/digest.ts";
import type { Json, JsonObject } from "../model/json.ts";
import { spelledPath } from "../model/path.ts";
import {
  paeOf,
  parseEnvelope,
  renderEnvelope,
  type DsseEnvelope,
  type DsseSignature,
} from "../trust/dsse.ts";
import type { BadSignature } from "../trust/sshsig.ts";
import { PAYLOAD_TYPE, PREDICATE_TYPE, STATEMENT_TYPE, type Evidence } from "./evidence.ts";
import type { SigstoreIdentity } from "./anchor.ts";
import { evidenceIn } from "./record-shape.ts";

export { EVIDENCE_BRANCH } from "./evidence.ts";

/** A file of the evidence branch's `log/`. */
export interface RecordFile {
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Whose certificate signed exactly this envelope, or why none did (`core/trust/sigstore.ts`); the app asks it. */
  readonly sigstore?: SigstoreIdentity | BadSignature | undefined;
}

/** A record that could be read; nothing about it is proven. */
export interface ReadRecord {
  readonly evidence: Evidence;
  /** The evidence as it is spelled in the payload, which is the only way to spell it (`statementOf`). */
  readonly statement: string;
  readonly envelope: DsseEnvelope;
  /** Of the file's bytes: what the next record is chained to. */
  readonly digest: Digest;
}

/** Where the record of a landing stands. */
export function recordPath(sequence: number): string {
  return `log/${Math.floor(sequence / 1000)}/${sequence}.dsse.json`;
}

/** Which landing's record stands at a path; undefined where none does. */
export function sequenceOfPath(path: string): number | undefined {
  const sequence = Number(/^log\/\d+\/([1-9]\d{0,14})\.dsse\.json$/.exec(path)?.[1] ?? 0);
  return sequence > 0 && recordPath(sequence) === path ? sequence : undefined;
}

/** The payload of a record: the canonical bytes of its Statement. */
export function payloadOf(evidence: Evidence): Uint8Array {
  return new TextEncoder().encode(statementOf(evidence));
}

/** The payload as text. Two evidences are equal if and only if their statements are. */
export function statementOf(evidence: Evidence): string {
  const contents = evidence.paths.flatMap(({ path, to }) =>
    to === null ? [] : [{ name: spelledPath(path), digest: { sha256: to } }],
  );
  const statement = {
    _type: STATEMENT_TYPE,
    subject: [{ name: evidence.ref, digest: { gitCommit: evidence.landing } }, ...contents],
    predicateType: PREDICATE_TYPE,
    predicate: {
      ...evidence,
      paths: evidence.paths.map((each) => ({ ...each, path: spelledPath(each.path) })),
      transitions: evidence.transitions.map((each) => ({ ...each, subject: spelledPath(each.subject) })),
    },
  };
  return canonicalJsonOf(statement);
}

/** What a witness signs: the DSSE pre-authentication encoding of the payload. */
export function recordMessage(evidence: Evidence): Uint8Array {
  return paeOf(PAYLOAD_TYPE, payloadOf(evidence));
}

/** The record's file; `material` beside the one signature of a certificate. */
export function renderRecord(
  evidence: Evidence,
  signatures: readonly DsseSignature[],
  material?: JsonObject,
): Uint8Array {
  return renderEnvelope({ payloadType: PAYLOAD_TYPE, payload: payloadOf(evidence), signatures, material });
}

/** Reads a record's file; what is wrong with it is a value. Exactly one spelling of each record is read. */
export function parseRecord(bytes: Uint8Array): ReadRecord | BadSignature {
  const envelope = parseEnvelope(bytes);
  if ("problem" in envelope) return envelope;
  if (envelope.payloadType !== PAYLOAD_TYPE)
    return { problem: `its payload is ${JSON.stringify(envelope.payloadType)}, no statement` };
  const { text, value } = jsonOf(envelope.payload);
  const evidence = evidenceIn(value);
  if ("problem" in evidence) return evidence;
  // Keys that nobody knows, other spellings, a subject that says something else than the predicate: all differ here.
  if (!isSpelledLike(evidence, text)) return { problem: "its statement is not spelled as records are" };
  return { evidence, statement: text, envelope, digest: digestOfBytes(bytes) };
}

/** JSON may hold halves of surrogate pairs; no record does. */
function isSpelledLike(evidence: Evidence, text: string): boolean {
  try {
    return statementOf(evidence) === text;
  } catch {
    return false;
  }
}

function jsonOf(payload: Uint8Array): { readonly text: string; readonly value: Json } {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(payload);
    return { text, value: JSON.parse(text) as Json };
  } catch {
    return { text: "", value: null };
  }
}
