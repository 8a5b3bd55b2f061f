/**
 * One refresh of a client: asks a reader for what is new, lets the TUF workflow (core/trust/tuf) judge it step by step,
 * and hands out what may be used. What the attacker controls: everything the reader answers. Every step that narrows
 * what may come next is handed to `keep` before the next byte is read, so that a refresh that breaks off cannot be
 * undone by a later one.
 */
import { millisecondsOf, type Instant } from "../core/model/instant.ts";
import { comparePairs, metadataPath, TIMESTAMP_PATH } from "../core/model/release.ts";
import {
  parseSnapshot,
  parseTargets,
  parseTimestamp,
  type RootMetadata,
  type SnapshotMetadata,
  type TargetsMetadata,
  type TimestampMetadata,
} from "../core/trust/tuf/metadata.ts";
import { refusal } from "../core/trust/tuf/refusal.ts";
import { releaseIn, targetsOf, type Release } from "../core/trust/tuf/release.ts";
import {
  expiryOf,
  keptRelease,
  laterOf,
  type KeptRelease,
  type TrustedState,
} from "../core/trust/tuf/state.ts";
import {
  isRotated,
  openRoot,
  reopen,
  requireFresh,
  targetsMeta,
  verifyNextRoot,
  verifySnapshot,
  verifyTargets,
  verifyTimestamp,
} from "../core/trust/tuf/workflow.ts";
import type { ReadAnswer, ReleaseReader } from "./source/reader.ts";

/** The most that is read of each file (in bytes) and of the chain of roots: endless data attacks end here. */
export interface Maxima {
  readonly root: number;
  readonly timestamp: number;
  readonly snapshot: number;
  readonly targets: number;
  /** New roots in one refresh. */
  readonly rotations: number;
}

export const MAXIMA: Maxima = {
  root: 128 * 1024,
  timestamp: 16 * 1024,
  snapshot: 64 * 1024,
  targets: 32 * 1024 * 1024,
  rotations: 256,
};

export interface RefreshOptions {
  /** The clock. One that is behind what was seen before counts as that. */
  readonly now: Instant;
  readonly maxima?: Partial<Maxima> | undefined;
  readonly signal?: AbortSignal | undefined;
  /** What the host gave with the timestamp that is trusted; where it answers "unchanged", nothing else is asked. */
  readonly tag?: string | undefined;
  /** Persists a state, whole, before the refresh goes on. Called once for each step that moved. */
  readonly keep?: ((state: TrustedState) => void | Promise<void>) | undefined;
}

export interface Refreshed extends KeptRelease {
  /** What to begin the next refresh with; `keep` was given it, where it differs from what was there before. */
  readonly state: TrustedState;
  /** For the next refresh's `tag`. */
  readonly tag: string | undefined;
  /** Whether the release is another one than the state held before. */
  readonly isNew: boolean;
}

/**
 * Verifies what lies at a reader, beginning with what is trusted: at first `{ root }` alone, the pinned root. A Failure
 * `release/...` says why nothing new may be used; what was verified before stays good until it expires.
 */
export async function refreshRelease(
  reader: ReleaseReader,
  trusted: TrustedState,
  options: RefreshOptions,
): Promise<Refreshed> {
  const run: Run = {
    reader,
    maxima: { ...MAXIMA, ...options.maxima },
    signal: options.signal,
    // 5.1: "fix the update start time"; never before an instant at which something was verified already.
    now: laterOf(options.now, trusted.seenAt),
    keep: async (state) => options.keep?.(state),
  };
  // A tag stands for a release that is kept; where that was lost meanwhile, everything is asked for again.
  const kept = options.tag === undefined ? undefined : keptRelease(trusted);
  const asked = kept === undefined ? undefined : await askTimestamp(run, options.tag);
  if (kept !== undefined && asked === "unchanged") return stillTrusted(run, trusted, kept, options.tag);

  const start = openRoot(trusted.root);
  const { root, targetsSince } = await followRoots(run, start, trusted.targetsSince);
  const isTargetsLost = targetsSince !== trusted.targetsSince;
  const { timestamp, snapshot, targets } = stillVouchedFor(trusted, start, root, isTargetsLost);
  let state: TrustedState = {
    root: root.bytes,
    timestamp: timestamp?.bytes,
    snapshot: snapshot?.bytes,
    targets: targets?.bytes,
    targetsSince,
    seenAt: trusted.seenAt,
  };
  if (root !== start) await run.keep(state);
  requireFresh("root", root, run.now);

  const answer = asked ?? (await askTimestamp(run, undefined));
  if (answer === "unchanged") throw new Error(`${reader.address} answered unchanged to no tag`);
  const newTimestamp = verifyTimestamp(root, answer.bytes, timestamp);
  requireFresh("timestamp", newTimestamp, run.now);
  if (newTimestamp !== timestamp) {
    state = { ...state, timestamp: newTimestamp.bytes, seenAt: run.now };
    await run.keep(state);
  }

  const newSnapshot = await nextSnapshot(run, root, newTimestamp, snapshot);
  requireFresh("snapshot", newSnapshot, run.now);
  if (newSnapshot !== snapshot) await run.keep((state = { ...state, snapshot: newSnapshot.bytes }));

  const newTargets = await nextTargets(run, root, newSnapshot, targets);
  requireFresh("targets", newTargets, run.now);
  const release = releaseIn(newTargets.raw, root.registry);
  const before = targets === undefined ? undefined : releaseIn(targets.raw, root.registry);
  if (before !== undefined) requireOnward(before, release);
  if (newTargets !== targets) await run.keep((state = { ...state, targets: newTargets.bytes }));
  return {
    state,
    release,
    targets: targetsOf(newTargets.raw),
    expires: expiryOf(state),
    tag: answer.tag,
    isNew: before === undefined || comparePairs(before.pair, release.pair) !== 0,
  };
}

interface Run {
  readonly reader: ReleaseReader;
  readonly maxima: Maxima;
  readonly signal: AbortSignal | undefined;
  readonly now: Instant;
  keep(state: TrustedState): Promise<void>;
}

/**
 * 5.3.2 to 5.3.9: one root after the other, until there is no next one or "more than Y number of root metadata files"
 * were read. Then the next refresh goes on from there; nothing is taken before a root that has not expired. Which root
 * last took a key of the targets away is told step by step, so that all who follow one chain say the same, in however
 * many refreshes they do.
 */
async function followRoots(run: Run, start: RootMetadata, since: number | undefined): Promise<Followed> {
  let root = start;
  let targetsSince = since;
  for (let count = 0; count < run.maxima.rotations; count++) {
    const bytes = await readBounded(run, metadataPath("root", root.version + 1), run.maxima.root);
    if (bytes === undefined) break;
    const next = verifyNextRoot(root, bytes);
    if (isRotated(root, next, "targets")) targetsSince = next.version;
    root = next;
  }
  return { root, targetsSince };
}

interface Followed extends Pick<TrustedState, "targetsSince"> {
  readonly root: RootMetadata;
}

interface Trusted {
  readonly timestamp: TimestampMetadata | undefined;
  readonly snapshot: SnapshotMetadata | undefined;
  readonly targets: TargetsMetadata | undefined;
}

/**
 * 5.3.11, recovery from a fast-forward attack: where keys of the timestamp or the snapshot were taken out of the root,
 * both files are forgotten, since their version numbers may be an attacker's. The pair of the last release is only
 * forgotten where keys of the targets were taken out, since nobody else could have made it up; `targetsSince` says so
 * to whoever remembers a pair elsewhere.
 */
function stillVouchedFor(
  state: TrustedState,
  start: RootMetadata,
  root: RootMetadata,
  isTargetsLost: boolean,
): Trusted {
  const isOnlineLost = isRotated(start, root, "timestamp") || isRotated(start, root, "snapshot");
  const timestamp = reopen(root, "timestamp", state.timestamp, parseTimestamp);
  const snapshot = reopen(root, "snapshot", state.snapshot, parseSnapshot);
  const targets = reopen(root, "targets", state.targets, parseTargets);
  return {
    timestamp: isOnlineLost ? undefined : timestamp,
    snapshot: isOnlineLost || timestamp === undefined ? undefined : snapshot,
    targets: isTargetsLost ? undefined : targets,
  };
}

/** 5.5.1: the trusted snapshot where it is the one that the timestamp names, else the one that lies there. */
async function nextSnapshot(
  run: Run,
  root: RootMetadata,
  timestamp: TimestampMetadata,
  trusted: SnapshotMetadata | undefined,
): Promise<SnapshotMetadata> {
  const { version, length } = timestamp.envelope.signed.snapshotMeta;
  if (trusted?.version === version) return trusted;
  const bytes = await readNamed(run, metadataPath("snapshot", version), length ?? run.maxima.snapshot);
  return verifySnapshot(root, bytes, timestamp, trusted);
}

/** 5.6.1: likewise for the targets. */
async function nextTargets(
  run: Run,
  root: RootMetadata,
  snapshot: SnapshotMetadata,
  trusted: TargetsMetadata | undefined,
): Promise<TargetsMetadata> {
  const { version, length } = targetsMeta(snapshot);
  if (trusted?.version === version) return trusted;
  const most = Math.min(length ?? run.maxima.targets, run.maxima.targets);
  const bytes = await readNamed(run, metadataPath("targets", version), most);
  return verifyTargets(root, bytes, snapshot);
}

/** Ours, beyond TUF: releases only move on (DESIGN 7), and one pair has one content. */
function requireOnward(before: Release, next: Release): void {
  const order = comparePairs(next.pair, before.pair);
  const named = ({ pair }: Release): string => `landing ${pair.sequence} as of ${pair.asOf}`;
  if (order < 0)
    throw refusal("older-pair", `The release of ${named(next)} is offered after that of ${named(before)}.`);
  if (order === 0 && next.manifest.sha256 !== before.manifest.sha256) {
    throw refusal(
      "equivocation",
      `Two releases are signed for ${named(next)}: the manifests ${before.manifest.sha256} and ${next.manifest.sha256}.`,
    );
  }
}

/** Nothing is new: what is trusted stays so, for as long as it is fresh. */
function stillTrusted(run: Run, state: TrustedState, kept: KeptRelease, tag: string | undefined): Refreshed {
  if (millisecondsOf(kept.expires) <= millisecondsOf(run.now))
    throw refusal("expired", `What ${run.reader.address} offers was good until ${kept.expires}.`);
  return { ...kept, state, tag, isNew: false };
}

async function askTimestamp(
  { reader, maxima, signal }: Run,
  tag: string | undefined,
): Promise<Exclude<ReadAnswer, undefined>> {
  const answer = await reader.read(TIMESTAMP_PATH, { maxLength: maxima.timestamp, tag, signal });
  if (answer === undefined) throw missing(reader, TIMESTAMP_PATH);
  if (answer !== "unchanged") requireBounded(TIMESTAMP_PATH, answer.bytes, maxima.timestamp);
  return answer;
}

async function readNamed(run: Run, path: string, most: number): Promise<Uint8Array> {
  const bytes = await readBounded(run, path, most);
  if (bytes === undefined) throw missing(run.reader, path);
  return bytes;
}

async function readBounded(
  { reader, signal }: Pick<Run, "reader" | "signal">,
  path: string,
  maxLength: number,
): Promise<Uint8Array | undefined> {
  const answer = await reader.read(path, { maxLength, signal });
  if (answer === undefined) return undefined;
  if (answer === "unchanged") throw new Error(`${reader.address} answered unchanged to no tag`);
  requireBounded(path, answer.bytes, maxLength);
  return answer.bytes;
}

/** 5.3.3, 5.4.1, 5.5.1, 5.6.1 endless data attack. Readers stop there; one that does not is not believed either. */
function requireBounded(path: string, bytes: Uint8Array, most: number): void {
  if (bytes.length > most)
    throw refusal("too-long", `${path} has more than the ${most} bytes that it may have.`);
}

function missing(reader: ReleaseReader, path: string): Error {
  return refusal("missing", `${reader.address} has no ${path}.`);
}
