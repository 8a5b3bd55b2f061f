/**
 * How a release of assent lies in releases of a GitHub repository. GitHub keeps at most 1,000 files at one of its
 * releases, so files travel in packs; an index says in which pack, at which offset each file stands, also in packs that
 * earlier pushes sent. Bytes to value and back; nothing is asked here.
 * What the attacker controls: tags and index. Everything an index leads to is checked against the release's signatures.
 */
import { isObject } from "../../core/model/json.ts";
import { isReleasePath, type ReleasePair } from "../../core/model/release.ts";

export const INDEX_NAME = "assent-release.json";
export const INDEX_FORMAT = "assent.github-release/v1";
/** Longer than the index of a release with 100,000 files. */
export const LONGEST_INDEX = 64 * 1024 * 1024;

/** Where a file stands. */
export interface Packed {
  /** The id of the pack among the repository's release assets. */
  readonly asset: number;
  readonly offset: number;
  readonly length: number;
  readonly sha256: string;
}

const tagPattern = /^assent-(\d{1,15})-(\d{8}T\d{6}Z)-(\d{1,15})$/;

/** What a tag says: the pair, and the version of the timestamp, which rises when only freshness is renewed. */
export interface Tagged extends ReleasePair {
  readonly version: number;
}

/** The tag of a release. */
export function tagOf({ sequence, asOf, version }: Tagged): string {
  return `assent-${sequence}-${asOf.replace(/[-:]|\.\d+/g, "")}-${version}`;
}

/** Reads a tag into something to sort by; undefined for a tag of something else. */
export function orderOf(tag: string): readonly [sequence: number, asOf: string, version: number] | undefined {
  const [, sequence, asOf, version] = tagPattern.exec(tag) ?? [];
  if (sequence === undefined || asOf === undefined || version === undefined) return undefined;
  return [Number(sequence), asOf, Number(version)];
}

/** Order of tags; negative when `a` is older. Tags of something else are oldest. */
export function compareTags(a: string, b: string): number {
  const [one, other] = [orderOf(a), orderOf(b)];
  if (one === undefined || other === undefined)
    return Number(one !== undefined) - Number(other !== undefined);
  if (one[0] !== other[0]) return one[0] - other[0];
  if (one[1] !== other[1]) return one[1] < other[1] ? -1 : 1;
  return one[2] - other[2];
}

/** The files by path; undefined when it is no index. */
export function parseIndex(bytes: Uint8Array): ReadonlyMap<string, Packed> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
  if (!isObject(value) || value["format"] !== INDEX_FORMAT || !isObject(value["files"])) return undefined;
  const files = new Map<string, Packed>();
  for (const [path, row] of Object.entries(value["files"])) {
    if (!isReleasePath(path) || !isObject(row)) continue;
    const { asset, offset, length, sha256 } = row;
    if (!isCount(asset) || !isCount(offset) || !isCount(length)) continue;
    if (typeof sha256 !== "string" || !/^[0-9a-f]{64}$/.test(sha256)) continue;
    files.set(path, { asset, offset, length, sha256 });
  }
  return files;
}

/** The index's bytes. */
export function renderIndex(files: ReadonlyMap<string, Packed>): Uint8Array {
  const inOrder = Object.fromEntries([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
  return new TextEncoder().encode(`${JSON.stringify({ format: INDEX_FORMAT, files: inOrder })}\n`);
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
