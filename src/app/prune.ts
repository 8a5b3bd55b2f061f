/**
 * Old files of a folder of releases: what the newest releases reach stays, and everything else that is a release's file
 * goes. It must never take away what the current timestamp reaches or what the one before did (services are fetching it
 * still), a root (services that were away begin with an old one), or what another run is about to publish.
 */
import { listContents } from "../client/contents.ts";
import { readFile } from "../client/read-file.ts";
import { MAXIMA } from "../client/refresh.ts";
import type { ReleaseReader } from "../client/source/reader.ts";
import { Failure } from "../core/model/failure.ts";
import { metadataPath, TIMESTAMP_PATH } from "../core/model/release.ts";
import { parseSnapshot, parseTargets, parseTimestamp } from "../core/trust/tuf/metadata.ts";
import { releaseIn, targetsOf } from "../core/trust/tuf/release.ts";
import { targetsMeta } from "../core/trust/tuf/workflow.ts";
import type { ReleaseDestination, RemovedFiles } from "./ports.ts";

/** With fewer, a service in the middle of a refresh could lose the files it is about to fetch. */
const LEAST = 2;

/** A number of releases to keep; fewer than two would be none that anybody could fetch in peace. */
export function requireKeep(keep: number): number {
  if (keep >= LEAST) return keep;
  throw new Failure("usage/keep", `--keep ${keep} would take away what services are fetching still.`, {
    hint: "Keep two or more: --keep 10.",
  });
}

/** Whether a place can be pruned, asked before anything is done to it. */
export function requirePrunable({ address, remove }: ReleaseDestination): void {
  if (remove !== undefined) return;
  throw new Failure("push/keep", `${address} keeps its files: only folders are pruned.`, {
    hint: "Leave out --keep; README.md says how other hosts forget old releases.",
  });
}

/** Keeps the newest `keep` releases at a place that can be pruned; `registry`: the id that they are of. */
export async function prune(
  reader: ReleaseReader,
  destination: ReleaseDestination,
  keep: number,
  registry: string,
): Promise<RemovedFiles> {
  const reached = await reachedBy(reader, requireKeep(keep), registry);
  if (destination.remove === undefined) throw new Error("asked before");
  return destination.remove((path) => isOld(path, reached), reached.tag);
}

interface Reached {
  /** Of the timestamp that was read. */
  readonly tag: string | undefined;
  readonly paths: ReadonlySet<string>;
  /** Versions of the metadata in force; what is above them is about to be published, or was left by a run that died. */
  readonly snapshot: number;
  readonly targets: number;
}

function isOld(path: string, { paths, snapshot, targets }: Reached): boolean {
  const [, version = "", role] = /^metadata\/(\d+)\.(root|snapshot|targets)\.json$/.exec(path) ?? [];
  if (path === TIMESTAMP_PATH || role === "root" || paths.has(path)) return false;
  return role === undefined || Number(version) <= (role === "snapshot" ? snapshot : targets);
}

/** Everything that the newest `keep` releases need. The two newest must be whole; an older one that is not is none. */
async function reachedBy(reader: ReleaseReader, keep: number, registry: string): Promise<Reached> {
  const current = await reader.read(TIMESTAMP_PATH, { maxLength: MAXIMA.timestamp });
  if (current === undefined || current === "unchanged") throw absent(reader, TIMESTAMP_PATH);
  const timestamp = parseTimestamp(current.bytes);
  const newest = timestamp.envelope.signed.snapshotMeta.version;
  const paths = new Set<string>();
  const releases = new Set<string>();
  let inForce: number | undefined;
  for (let version = newest; version > 0; version--) {
    const bytes = await find(reader, metadataPath("snapshot", version));
    // Runs that died leave gaps, and so does pruning.
    if (bytes === undefined && version !== newest) continue;
    try {
      const snapshot = parseSnapshot(bytes ?? (await need(reader, metadataPath("snapshot", version))));
      const { version: targetsVersion } = targetsMeta(snapshot);
      const { raw } = parseTargets(await need(reader, metadataPath("targets", targetsVersion)));
      const release = releaseIn(raw, registry);
      inForce ??= targetsVersion;
      if (!releases.has(release.manifest.sha256) && releases.size === keep) break;
      const targets = targetsOf(raw);
      const { files } = await listContents({ release, targets }, (file) => readFile(reader, file.path, file));
      releases.add(release.manifest.sha256);
      for (const file of files) paths.add(file.path);
      paths.add(metadataPath("snapshot", version)).add(metadataPath("targets", targetsVersion));
    } catch (error) {
      if (!(error instanceof Failure) || releases.size < LEAST) throw error;
    }
  }
  if (inForce === undefined) throw new Error("a release in force has targets");
  return { tag: current.tag, paths, snapshot: newest, targets: inForce };
}

async function find(reader: ReleaseReader, path: string): Promise<Uint8Array | undefined> {
  const answer = await reader.read(path, { maxLength: MAXIMA.targets });
  return answer === undefined || answer === "unchanged" ? undefined : answer.bytes;
}

async function need(reader: ReleaseReader, path: string): Promise<Uint8Array> {
  const bytes = await find(reader, path);
  if (bytes === undefined) throw absent(reader, path);
  return bytes;
}

function absent({ address }: ReleaseReader, path: string): Failure {
  return new Failure("release/unreadable-folder", `${address} has no ${path}, so nothing is removed.`, {
    hint: "Fetch the release again with assent pull.",
  });
}
