/**
 * History -> the History part of a snapshot directory (DESIGN 7): events, and when and by whom everything was
 * registered and updated. A function of first-parent history alone, with a digest of its own; it must never reach
 * into the snapshot's digest.
 */
import type { History } from "../audit/events.ts";
import { DERIVATION } from "../audit/state.ts";
import { canonicalJsonOf } from "../model/canonical.ts";
import { digestOfBytes, sha256Hex, type Digest } from "../model/digest.ts";
import { compareBytes } from "../model/json.ts";
import {
  EVENT_FORMAT,
  HISTORY_MANIFEST_FORMAT,
  HISTORY_PATH,
  MARKS_FORMAT,
  type EventSegment,
  type HistoryManifest,
} from "../model/snapshot.ts";
import { cutShards } from "./shards.ts";
import type { CompiledFile } from "./snapshot.ts";

export interface CompiledHistory {
  /** sha256 of the history manifest's bytes. */
  readonly digest: Digest;
  readonly manifest: HistoryManifest;
  /** The manifest last; the others in byte order of their paths. */
  readonly files: readonly CompiledFile[];
}

/**
 * Which program cut it. Raised whenever the same history would give other files, so that what an older program kept is
 * made anew; a golden test holds it against what is cut.
 */
export const CUT = 1;

/** Landings in one file of events; a landing moves the last file only. */
const LANDINGS_PER_FILE = 1000;

const encoder = new TextEncoder();

/** Compiles the history of at least one landing. */
export function compileHistory(history: History): CompiledHistory {
  const { tip, registryId } = history;
  if (tip === null) throw new Error("a history without landings has nothing to compile");
  const files = new Map<string, Uint8Array>();
  const events: EventSegment[] = [];
  for (let start = 0; start < history.events.length;) {
    const block = Math.floor(((history.events[start]?.sequence ?? 1) - 1) / LANDINGS_PER_FILE);
    let text = "";
    let end = start;
    for (; end < history.events.length; end++) {
      const event = history.events[end];
      if (event === undefined || Math.floor((event.sequence - 1) / LANDINGS_PER_FILE) !== block) break;
      text += `${canonicalJsonOf({ format: EVENT_FORMAT, ...event })}\n`;
    }
    const bytes = encoder.encode(text);
    const sha256 = sha256Hex(bytes);
    const path = `history/${sha256}.jsonl`;
    files.set(path, bytes);
    const first = history.events[start]?.sequence ?? 0;
    events.push({
      path,
      sha256,
      length: bytes.length,
      events: end - start,
      first,
      last: history.events[end - 1]?.sequence ?? first,
    });
    start = end;
  }
  const refs = [...history.marks.keys()].sort(compareBytes);
  const { shards, lists, root } = cutShards(
    refs.map((ref) => ({ ref, line: canonicalJsonOf({ ref, ...history.marks.get(ref) }) })),
    MARKS_FORMAT,
  );
  for (const { digest, bytes } of [...shards, ...lists])
    files.set(`history/${digest.slice("sha256:".length)}.jsonl`, bytes);
  const marks = `history/${root.digest.slice("sha256:".length)}.json`;
  files.set(marks, root.bytes);
  const manifest: HistoryManifest = {
    format: HISTORY_MANIFEST_FORMAT,
    registry: registryId,
    commit: tip.oid,
    sequence: tip.sequence,
    events,
    marks,
  };
  const bytes = encoder.encode(`${JSON.stringify(manifest)}\n`);
  const inOrder = [...files]
    .map(([path, content]) => ({ path, bytes: content }))
    .sort((a, b) => compareBytes(a.path, b.path));
  return { digest: digestOfBytes(bytes), manifest, files: [...inOrder, { path: HISTORY_PATH, bytes }] };
}

/** What a kept one begins with; `commit` is the landing that it ends with. */
function headOf(commit: string, body: string): string {
  return `assent.compiled-history/v1 ${DERIVATION}.${CUT} ${commit} ${sha256Hex(body)}`;
}

/** A compiled history as text and back, so that a clone makes it once: head, lengths of the files, the files. */
export function renderCompiledHistory({ manifest, files }: CompiledHistory): string {
  const decoder = new TextDecoder();
  const texts = files.map(({ path, bytes }) => ({ path, text: decoder.decode(bytes) }));
  const lengths = texts.map(({ path, text }) => [path, text.length] as const);
  const body = `${JSON.stringify(lengths)}\n${texts.map(({ text }) => text).join("")}`;
  return `${headOf(manifest.commit, body)}\n${body}`;
}

/** The one that was kept of the history up to a commit; undefined for anything else: another's, cut off, damaged. */
export function parseCompiledHistory(text: string, commit: string): CompiledHistory | undefined {
  const end = text.indexOf("\n");
  const body = text.slice(end + 1);
  if (end < 0 || text.slice(0, end) !== headOf(commit, body)) return undefined;
  let at = body.indexOf("\n") + 1;
  const lengths = JSON.parse(body.slice(0, at)) as readonly (readonly [string, number])[];
  const files = lengths.map(([path, length]) => ({
    path,
    bytes: encoder.encode(body.slice(at, (at += length))),
  }));
  const manifest = files.at(-1)?.bytes ?? new Uint8Array();
  const digest = digestOfBytes(manifest);
  return { digest, manifest: JSON.parse(new TextDecoder().decode(manifest)) as HistoryManifest, files };
}
