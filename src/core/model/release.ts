/**
 * The words of a release (DESIGN 7): its pair, and where its files stand on every kind of host. A release is a TUF
 * repository with consistent snapshots around a compiled snapshot, so any TUF client can read it.
 * Vocabulary only; this module must never read, sign or verify anything.
 *
 *     metadata/timestamp.json            the only file that is ever replaced; replacing it is what publishes
 *     metadata/<n>.snapshot.json         TUF, immutable
 *     metadata/<n>.targets.json
 *     metadata/<n>.root.json
 *     targets/<sha256>.manifest.json     the TUF target "manifest.json"
 *     targets/slices/<sha256>.<name>     the TUF targets "slices/<name>"
 *     catalogue/, dependents/, compliance/<sha256>.json(l)   reached by digest from the manifest, immutable
 */
import type { Instant } from "./instant.ts";

/** What orders releases: the landing, and the instant up to which expiries are reckoned in. */
export interface ReleasePair {
  readonly sequence: number;
  readonly asOf: Instant;
}

/** The one file whose replacement makes a release current; everything else is immutable and is there before. */
export const TIMESTAMP_PATH = "metadata/timestamp.json";

/** Where a version of a TUF role's metadata stands. */
export function metadataPath(role: "root" | "targets" | "snapshot", version: number): string {
  return `metadata/${String(version)}.${role}.json`;
}

/** Where the bytes of a TUF target stand, as consistent snapshots place them (TUF 1.0.31, section 6.2). */
export function targetPath(target: string, sha256: string): string {
  const cut = target.lastIndexOf("/") + 1;
  return `targets/${target.slice(0, cut)}${sha256}.${target.slice(cut)}`;
}

/** Order of releases: by sequence, then by asOf. Negative when `a` is older. */
export function comparePairs(a: ReleasePair, b: ReleasePair): number {
  if (a.sequence !== b.sequence) return a.sequence - b.sequence;
  return a.asOf < b.asOf ? -1 : a.asOf > b.asOf ? 1 : 0;
}
