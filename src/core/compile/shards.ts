/**
 * The catalogue, cut into content-defined shards (DESIGN 7): where a shard ends depends on references alone, so
 * changing an entry rewrites one shard, adding or removing one at most two, at any size. Lists of shards are cut
 * the same way, and one root names the lists: the manifest needs one digest to vouch for every line.
 * This module must never look into a line, and never let the order of its input show.
 */
import { canonicalJson } from "../model/canonical.ts";
import { digestOfBytes, sha256Hex, type Digest } from "../model/digest.ts";
import { compareBytes, type JsonObject } from "../model/json.ts";
import { CATALOGUE_FORMAT } from "../model/snapshot.ts";

/** One entry of the catalogue: its reference, and its canonical JSON (as text or as bytes) without a line feed. */
export interface CatalogueLine {
  readonly ref: string;
  readonly line: string | Uint8Array;
}

/** Bytes that are named by their own digest. */
export interface Blob {
  readonly digest: Digest;
  readonly bytes: Uint8Array;
}

/** Lines `first`..`last` in byte order of their references, each ended by a line feed. */
export interface Shard extends Blob {
  readonly first: string;
  readonly last: string;
  readonly entries: number;
}

/** Consecutive shards: one canonical JSON line `{digest, entries, first, last, length}` each. */
export interface ShardList extends Shard {
  readonly shards: number;
}

export interface Catalogue {
  /** How many leading zero bits end a shard. */
  readonly bits: number;
  readonly shards: readonly Shard[];
  readonly lists: readonly ShardList[];
  /** Canonical JSON `{bits, entries, format, lists: [{digest, entries, first, last, length, shards}]}` and a line feed. */
  readonly root: Blob;
}

const LEAST_BITS = 6;
const SHARDS_BELOW = 4096;
const LIST_BITS = 12;
const LF = 0x0a;

const encoder = new TextEncoder();

/**
 * Cuts a catalogue. A shard ends after an entry whose sha256(reference) begins with `bits` zero bits, `bits` being
 * the least number from 6 on that keeps the shards fewer than 4,096; a list ends after a shard whose last
 * reference's sha256 begins with twelve zero bits. Two lines with one reference are a bug and throw.
 * `format` is what the root says it is: other tables of the snapshot are cut in the same way.
 */
export function cutShards(lines: readonly CatalogueLine[], format: string = CATALOGUE_FORMAT): Catalogue {
  const sorted = sortByRef(lines);
  const zeros = sorted.map((entry) => zeroBits(entry.ref));
  const bits = leastBits(zeros);
  const shards: Shard[] = [];
  const lists: ShardList[] = [];
  let start = 0;
  let listStart = 0;
  for (let i = 0; i < sorted.length; i++) {
    const isLast = i === sorted.length - 1;
    if (zeros[i]! < bits && !isLast) continue;
    shards.push(shardOf(sorted, start, i + 1));
    start = i + 1;
    if (zeros[i]! < LIST_BITS && !isLast) continue;
    lists.push(listOf(shards.slice(listStart)));
    listStart = shards.length;
  }
  const root = {
    bits,
    entries: sorted.length,
    format,
    lists: lists.map((list) => ({ ...row(list), shards: list.shards })),
  };
  return { bits, shards, lists, root: blobOf(`${canonicalJson(root)}\n`) };
}

function sortByRef(lines: readonly CatalogueLine[]): readonly CatalogueLine[] {
  // The compiler hands entries over in byte order already; sorting again would cost more than looking.
  let ordered = lines;
  for (let i = 1; i < ordered.length; i++) {
    if (compareBytes(ordered[i - 1]!.ref, ordered[i]!.ref) < 0) continue;
    ordered = [...lines].sort((a, b) => compareBytes(a.ref, b.ref));
    break;
  }
  for (let i = 1; i < ordered.length; i++) {
    if (ordered[i - 1]!.ref === ordered[i]!.ref)
      throw new Error(`two catalogue lines for ${ordered[i]!.ref}`);
  }
  return ordered;
}

/** How many zero bits sha256(reference) begins with, up to 32. */
function zeroBits(ref: string): number {
  const hex = sha256Hex(ref);
  // 15 of 16 references end here: below four zero bits nothing is ever cut.
  return hex.charCodeAt(0) === 0x30 ? Math.clz32(Number.parseInt(hex.slice(0, 8), 16)) : 0;
}

function leastBits(zeros: readonly number[]): number {
  const last = zeros.length - 1;
  for (let bits = LEAST_BITS; ; bits++) {
    let shards = last < 0 ? 0 : 1;
    for (let i = 0; i < last; i++) if (zeros[i]! >= bits) shards++;
    if (shards < SHARDS_BELOW) return bits;
  }
}

function shardOf(lines: readonly CatalogueLine[], start: number, end: number): Shard {
  const parts: Uint8Array[] = [];
  let length = 0;
  for (let i = start; i < end; i++) {
    const { line } = lines[i]!;
    const part = typeof line === "string" ? encoder.encode(line) : line;
    parts.push(part);
    length += part.length + 1;
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
    bytes[at++] = LF;
  }
  return {
    bytes,
    digest: digestOfBytes(bytes),
    first: lines[start]!.ref,
    last: lines[end - 1]!.ref,
    entries: end - start,
  };
}

function listOf(shards: readonly Shard[]): ShardList {
  let text = "";
  let entries = 0;
  for (const shard of shards) {
    text += `${canonicalJson(row(shard))}\n`;
    entries += shard.entries;
  }
  return {
    ...blobOf(text),
    first: shards[0]!.first,
    last: shards.at(-1)!.last,
    entries,
    shards: shards.length,
  };
}

function row(part: Shard): JsonObject {
  const { digest, entries, first, last, bytes } = part;
  return { digest, entries, first, last, length: bytes.length };
}

function blobOf(text: string): Blob {
  const bytes = encoder.encode(text);
  return { digest: digestOfBytes(bytes), bytes };
}
