/**
 * Checkpoints (DESIGN 6): what a witness says of a whole history at one landing, signed, in one small file. Kept where
 * nobody of the registry can reach it, it shows later that nothing up to there was cut off, rewritten or lost: whoever
 * restores from a mirror or a bundle compares. What the attacker controls: the history, the records, and where checkpoints
 * lie. It must never vouch for what follows it.
 */
import { canonicalJsonOf } from "../model/canonical.ts";
import { digestOfBytes, parseDigest, sha256Hex, type Digest } from "../model/digest.ts";
import { isObject, type Json } from "../model/json.ts";
import { bytesOfPath } from "../model/path.ts";
import type { Tree } from "../model/tree.ts";
import { parseEnvelope, type DsseEnvelope } from "../trust/dsse.ts";
import type { BadSignature } from "../trust/sshsig.ts";
import { PAYLOAD_TYPE, STATEMENT_TYPE } from "./evidence.ts";

export const CHECKPOINT_FORMAT = "assent.checkpoint/v1";
const PREDICATE_TYPE = "https://assent.dev/checkpoint/v1";

export interface Checkpoint {
  readonly registry: string;
  /** The protected branch in full. */
  readonly ref: string;
  /** The last landing, by number and commit. */
  readonly sequence: number;
  readonly landing: string;
  /** The digest of its record's file, to which all records before are chained. */
  readonly record: Digest;
  /** Of every governed file at that landing: `treeDigest`. */
  readonly tree: Digest;
}

/** A checkpoint that could be read; nothing about it is proven. */
export interface ReadCheckpoint {
  readonly checkpoint: Checkpoint;
  readonly envelope: DsseEnvelope;
}

/** What a witness signs as an in-toto Statement: its canonical bytes. */
export function checkpointPayload(checkpoint: Checkpoint): Uint8Array {
  const { registry, ref, sequence, landing, record, tree } = checkpoint;
  const statement = {
    _type: STATEMENT_TYPE,
    subject: [{ name: ref, digest: { gitCommit: landing } }],
    predicateType: PREDICATE_TYPE,
    predicate: { format: CHECKPOINT_FORMAT, registry, ref, sequence, landing, record, tree },
  };
  return new TextEncoder().encode(canonicalJsonOf(statement));
}

/** Reads a checkpoint's file; what is wrong with it is a value. Exactly one spelling of each is read. */
export function parseCheckpoint(bytes: Uint8Array): ReadCheckpoint | BadSignature {
  const envelope = parseEnvelope(bytes);
  if ("problem" in envelope) return envelope;
  const { payload, payloadType } = envelope;
  const checkpoint = payloadType === PAYLOAD_TYPE ? checkpointIn(payload) : undefined;
  if (checkpoint === undefined || !isSame(checkpointPayload(checkpoint), payload))
    return { problem: "it is no statement about a history" };
  return { checkpoint, envelope };
}

function checkpointIn(payload: Uint8Array): Checkpoint | undefined {
  const { predicate } = objectIn(payload);
  if (!isObject(predicate)) return undefined;
  const { registry, ref, sequence, landing } = predicate;
  const [record, tree] = [predicate["record"], predicate["tree"]].map((text) =>
    typeof text === "string" ? parseDigest(text) : undefined,
  );
  const isWhole =
    typeof registry === "string" &&
    registry.isWellFormed() &&
    typeof ref === "string" &&
    ref.isWellFormed() &&
    typeof landing === "string" &&
    /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(landing) &&
    typeof sequence === "number" &&
    Number.isSafeInteger(sequence) &&
    sequence > 0;
  return isWhole && record !== undefined && tree !== undefined
    ? { registry, ref, sequence, landing, record, tree }
    : undefined;
}

function objectIn(payload: Uint8Array): { readonly predicate?: Json | undefined } {
  try {
    const value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(payload)) as Json;
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

/**
 * One digest for a tree: sha256 of `assent-tree/v1 NUL`, then for each governed file in byte order
 * `mode SP sha256(content) SP path NUL`; a submodule has no content, and `-` in its place.
 */
export function treeDigest({ files }: Tree): Digest {
  const encoder = new TextEncoder();
  const parts: Uint8Array[] = [encoder.encode("assent-tree/v1\0")];
  for (const { path, mode, read } of files) {
    const content = mode === "160000" ? "-" : sha256Hex(read());
    parts.push(encoder.encode(`${mode} ${content} `), bytesOfPath(path), Uint8Array.of(0));
  }
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return digestOfBytes(whole);
}
