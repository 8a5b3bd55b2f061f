/**
 * One record of the cache: what is trusted, which release is in use, and the digests of its files. One line of JSON and
 * its own sha256, so that a record cut short is noticed. It must never be believed with a checksum that does not fit.
 */
import { parseDigest, sha256Hex, type Digest } from "../core/model/digest.ts";
import { parseInstant, type Instant } from "../core/model/instant.ts";
import { isObject } from "../core/model/json.ts";
import { comparePairs } from "../core/model/release.ts";

const RECORD_FORMAT = "assent.client-cache/v1";

/** Bytes, as the cache names them. */
export interface KeptFile {
  readonly sha256: string;
  readonly length: number;
}

/** A release that was verified and is, or was, in use. */
export interface KeptRelease {
  readonly registry: string;
  readonly sequence: number;
  readonly asOf: Instant;
  /** The manifest's. */
  readonly digest: Digest;
  /** What `targetsSince` of the trust was when it was accepted: one that is below that of now bars nobody. */
  readonly targetsSince: number;
  /** When the first of the metadata that vouches for it expires. */
  readonly expires: Instant;
  /** Who gave it, and when that was last confirmed; milliseconds since the epoch. */
  readonly source: string;
  readonly checkedAt: number;
  /** By the path that the manifest gives them; the manifest itself too. */
  readonly files: Readonly<Record<string, KeptFile>>;
}

export interface CacheRecord {
  /** The sha256 of the root that the service was given: under another one, what is kept has to be verified anew. */
  readonly pinned: string;
  /** The versions of the trusted root and timestamp: what orders records. */
  readonly order: readonly [root: number, timestamp: number];
  /** The root that last took a key of the targets away (core/trust/tuf/state.ts); 0 where none did. */
  readonly targetsSince: number;
  /** The metadata that is trusted (core/trust/tuf/state.ts), as a file. */
  readonly trusted: KeptFile;
  readonly release: KeptRelease | null;
  /** The latest time that was seen; milliseconds since the epoch. */
  readonly seenAt: number;
}

export function renderRecord(record: CacheRecord): string {
  const line = JSON.stringify({ format: RECORD_FORMAT, ...record });
  return `${line}\n${sha256Hex(line)}\n`;
}

/** Reads a record; undefined when it is damaged, cut short, or of another version of the client. */
export function parseRecord(bytes: Uint8Array): CacheRecord | undefined {
  const text = new TextDecoder().decode(bytes);
  const end = text.indexOf("\n");
  const line = text.slice(0, end);
  if (end < 0 || text.slice(end + 1) !== `${sha256Hex(line)}\n`) return undefined;
  const value: unknown = JSON.parse(line);
  return isObject(value) && value["format"] === RECORD_FORMAT && isRecord(value) ? value : undefined;
}

/**
 * Orders releases by what may follow what: first by the root whose keys of the targets they were accepted under, then by
 * their pairs. With stolen keys any pair can be signed; once a root took those away, none of that is ahead of anything.
 */
export function compareAccepted(a: Accepted, b: Accepted): number {
  return a.targetsSince - b.targetsSince || comparePairs(a, b);
}

type Accepted = Pick<KeptRelease, "sequence" | "asOf" | "targetsSince">;

/** Every file that a record names. */
export function filesOf({ trusted, release }: CacheRecord): readonly KeptFile[] {
  return [trusted, ...Object.values(release?.files ?? {})];
}

type Unread<T> = { readonly [K in keyof T]?: unknown };

/** The checksum says that a client wrote it whole; this says that it was one that wrote the same things. */
function isRecord(value: object): value is CacheRecord {
  const { pinned, order, targetsSince, trusted, release, seenAt } = value as Unread<CacheRecord>;
  return (
    typeof pinned === "string" &&
    Array.isArray(order) &&
    order.length === 2 &&
    order.every(Number.isSafeInteger) &&
    Number.isSafeInteger(targetsSince) &&
    isFile(trusted) &&
    (release === null || (isObject(release) && isRelease(release))) &&
    typeof seenAt === "number"
  );
}

function isRelease(value: object): value is KeptRelease {
  const { registry, sequence, asOf, digest, targetsSince, expires, source, checkedAt, files } =
    value as Unread<KeptRelease>;
  return (
    typeof registry === "string" &&
    Number.isSafeInteger(sequence) &&
    isInstant(asOf) &&
    typeof digest === "string" &&
    parseDigest(digest) !== undefined &&
    Number.isSafeInteger(targetsSince) &&
    isInstant(expires) &&
    typeof source === "string" &&
    typeof checkedAt === "number" &&
    isObject(files) &&
    Object.values(files).every(isFile)
  );
}

function isInstant(value: unknown): boolean {
  return typeof value === "string" && parseInstant(value) !== undefined;
}

function isFile(value: unknown): boolean {
  return (
    isObject(value) &&
    typeof value["sha256"] === "string" &&
    /^[0-9a-f]{64}$/.test(value["sha256"]) &&
    typeof value["length"] === "number"
  );
}
