/**
 * The folder that releases are made in: what stands there, and what is added to it. A release is written like a push to a
 * folder: everything immutable first, the timestamp renamed last; whoever kills it leaves the old release or the new one.
 */
import { openSource } from "../client/source/open.ts";
import type { ReleaseReader } from "../client/source/reader.ts";
import { MAXIMA } from "../client/refresh.ts";
import type { Standing } from "../core/release/compose.ts";
import type { ContentFile } from "../core/release/contents.ts";
import { Failure } from "../core/model/failure.ts";
import { sha256Hex } from "../core/model/digest.ts";
import {
  metadataPath,
  targetPath,
  MANIFEST_TARGET,
  TIMESTAMP_PATH,
  type ReleasePair,
} from "../core/model/release.ts";
import type { Manifest } from "../core/model/snapshot.ts";
import {
  parseSnapshot,
  parseTargets,
  parseTimestamp,
  type RootMetadata,
} from "../core/trust/tuf/metadata.ts";
import { releaseIn, type Release } from "../core/trust/tuf/release.ts";
import { targetsMeta } from "../core/trust/tuf/workflow.ts";
import type { Ports, ReleaseFile } from "./ports.ts";

/** What stands in a folder. */
export interface StandingRelease extends Standing {
  /** Whether the folder lacks the root that is in force now. */
  readonly lacksRoot: boolean;
  /** For noticing that somebody else made a release there meanwhile; undefined: nothing is current. */
  readonly tag: string | undefined;
  readonly release: Release | undefined;
}

export interface ReleaseFolder {
  readonly reader: ReleaseReader;
  readonly path: string;
}

/** Opens a folder, there or not yet; `path` is absolute. */
export async function openReleaseFolder(path: string, ports: Ports): Promise<ReleaseFolder> {
  const seconds = (): number => Math.floor(Date.parse(ports.now()) / 1000);
  return { path, reader: await openSource(`dir:${path}`, { folder: "/", env: {}, seconds }) };
}

/** What stands there. A folder in which something else lies is a Failure: nobody knows what would be continued. */
export async function readStanding(
  { reader, path }: ReleaseFolder,
  { registry, version: root }: Pick<RootMetadata, "registry" | "version">,
): Promise<StandingRelease> {
  const rootThere = await reader.read(metadataPath("root", root), { maxLength: MAXIMA.root });
  const lacksRoot = rootThere === undefined;
  const current = await reader.read(TIMESTAMP_PATH, { maxLength: MAXIMA.timestamp });
  if (current === undefined || current === "unchanged") {
    const free = {
      timestamp: 1,
      snapshot: await freeFrom(reader, "snapshot", 1),
      targets: await freeFrom(reader, "targets", 1),
    };
    return {
      timestamp: undefined,
      snapshot: undefined,
      targets: undefined,
      free,
      lacksRoot,
      tag: undefined,
      release: undefined,
    };
  }
  try {
    const timestamp = parseTimestamp(current.bytes);
    const named = timestamp.envelope.signed.snapshotMeta.version;
    const snapshot = parseSnapshot(await need(reader, metadataPath("snapshot", named)));
    const { version } = targetsMeta(snapshot);
    const targets = parseTargets(await need(reader, metadataPath("targets", version)));
    const free = {
      timestamp: timestamp.version + 1,
      snapshot: await freeFrom(reader, "snapshot", snapshot.version + 1),
      targets: await freeFrom(reader, "targets", targets.version + 1),
    };
    const release = releaseIn(targets.raw, registry);
    return { timestamp, snapshot, targets, free, lacksRoot, tag: current.tag, release };
  } catch (cause) {
    if (!(cause instanceof Failure)) throw cause;
    throw new Failure(
      "release/unreadable-folder",
      `${path} holds no release to go on from: ${cause.message}`,
      {
        hint: "Fetch the current one again with assent pull, or name another folder.",
        cause,
      },
    );
  }
}

/** The first version that no file has: one of a run that was killed may lie there, and is never overwritten. */
async function freeFrom(reader: ReleaseReader, role: "snapshot" | "targets", first: number): Promise<number> {
  for (let version = first; ; version++) {
    const there = await reader.read(metadataPath(role, version), { maxLength: MAXIMA[role] });
    if (there === undefined) return version;
  }
}

/** The manifest of the release that stands. */
export async function readStandingManifest(
  { reader }: ReleaseFolder,
  { manifest }: Release,
): Promise<Manifest> {
  const bytes = await need(reader, targetPath(MANIFEST_TARGET, manifest.sha256), manifest.length);
  if (sha256Hex(bytes) === manifest.sha256) return JSON.parse(new TextDecoder().decode(bytes)) as Manifest;
  throw new Failure("release/unreadable-folder", `The manifest in ${reader.address} was changed.`, {
    hint: "Fetch the release again with assent pull.",
  });
}

async function need(
  reader: ReleaseReader,
  path: string,
  maxLength: number = MAXIMA.targets,
): Promise<Uint8Array> {
  const answer = await reader.read(path, { maxLength });
  if (answer !== undefined && answer !== "unchanged") return answer.bytes;
  throw new Failure("release/unreadable-folder", `There is no ${path}.`, {
    hint: "Fetch the release again.",
  });
}

/** What is written: metadata and contents. */
export interface NewRelease {
  readonly pair: ReleasePair;
  readonly timestamp: { readonly bytes: Uint8Array; readonly version: number };
  readonly files: readonly ContentFile[];
}

export interface WrittenFiles {
  /** How many files the release has beside its timestamp, as far as this run looked at them. */
  readonly files: number;
  /** How many of them were not there yet, and their bytes. */
  readonly written: number;
  readonly bytes: number;
}

/** Stores what is not there yet, then makes it current. */
export async function writeRelease(
  { path }: ReleaseFolder,
  { pair, timestamp, files }: NewRelease,
  expected: string | undefined,
  ports: Ports,
): Promise<WrittenFiles> {
  const destination = await ports.openDestination(`dir:${path}`, { folder: "/", env: {} });
  const listed = files.map(({ path: place, sha256, bytes }): ReleaseFile => ({
    path: place,
    sha256,
    length: bytes.length,
    read: () => bytes,
  }));
  const present = await destination.present(listed);
  const missing = listed.filter((file) => !present.has(file.path));
  await destination.store(missing, () => {});
  const complete = { ...pair, timestamp: timestamp.bytes, version: timestamp.version, files: listed };
  await destination.makeCurrent(complete, expected);
  return {
    files: listed.length,
    written: missing.length,
    bytes: missing.reduce((sum, { length }) => sum + length, 0),
  };
}
