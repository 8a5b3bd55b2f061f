/**
 * A release as a whole, for whoever copies or checks one: everything that a service would read one day is listed, the
 * metadata with the signatures on it. What the attacker controls: everything the reader answers. Nothing is handed out
 * that the trusted root does not vouch for.
 */
import { sha256Hex } from "../core/model/digest.ts";
import type { Instant } from "../core/model/instant.ts";
import { metadataPath } from "../core/model/release.ts";
import type { Manifest } from "../core/model/snapshot.ts";
import {
  parseSnapshot,
  parseTargets,
  parseTimestamp,
  ROLES,
  type Role,
  type RootMetadata,
} from "../core/trust/tuf/metadata.ts";
import type { Release } from "../core/trust/tuf/release.ts";
import { refusal } from "../core/trust/tuf/refusal.ts";
import type { TrustedState } from "../core/trust/tuf/state.ts";
import { openRoot } from "../core/trust/tuf/workflow.ts";
import { chainOfRoots, listContents, type ContentFile } from "./contents.ts";
import { readFile } from "./read-file.ts";
import { MAXIMA, refreshRelease, type Refreshed } from "./refresh.ts";
import type { ReleaseReader } from "./source/reader.ts";

/** What stands on a file of metadata. */
export interface RoleFacts {
  readonly role: Role;
  readonly version: number;
  readonly expires: Instant;
  /** How many of the role's keys have to sign. */
  readonly threshold: number;
  /** How many keys the role has. */
  readonly keys: number;
  /** The ids of those that signed; their signatures hold. */
  readonly signedBy: readonly string[];
}

/** A verified release, listed. */
export interface WholeRelease {
  readonly release: Release;
  readonly manifest: Manifest;
  /** As refreshRelease hands it out. */
  readonly state: TrustedState;
  /** Of the timestamp. */
  readonly tag: string | undefined;
  readonly roles: readonly RoleFacts[];
  readonly timestamp: { readonly bytes: Uint8Array; readonly version: number };
  /** Metadata but the timestamp: snapshot and targets, then the roots, oldest first. */
  readonly metadata: readonly { readonly path: string; readonly bytes: Uint8Array }[];
  /** Everything that is named by its digest. */
  readonly files: readonly ContentFile[];
  /** Those of `files` that nobody has read yet. */
  readonly leaves: readonly ContentFile[];
}

/**
 * Verifies the metadata of the release at a reader and lists its files; `leaves` are left to be read. `read` may look
 * elsewhere first: what it answers was compared with the file's digest.
 */
export async function openWhole(
  reader: ReleaseReader,
  trusted: TrustedState,
  options: { readonly now: Instant; read?(file: ContentFile): Promise<Uint8Array> },
): Promise<WholeRelease> {
  const refreshed = await refreshRelease(reader, trusted, { now: options.now });
  const read = options.read ?? ((file: ContentFile) => readFile(reader, file.path, file));
  const [contents, roots] = await Promise.all([
    listContents(refreshed, read),
    chainOfRoots(reader, refreshed.state.root, MAXIMA.root),
  ]);
  const { timestamp, snapshot, targets } = bytesOf(refreshed);
  const parsed = {
    root: openRoot(refreshed.state.root),
    timestamp: parseTimestamp(timestamp),
    snapshot: parseSnapshot(snapshot),
    targets: parseTargets(targets),
  };
  return {
    release: refreshed.release,
    manifest: contents.manifest,
    state: refreshed.state,
    tag: refreshed.tag,
    roles: ROLES.map((role) => factsOf(role, parsed.root, parsed[role])),
    timestamp: { bytes: timestamp, version: parsed.timestamp.version },
    metadata: [
      { path: metadataPath("snapshot", parsed.snapshot.version), bytes: snapshot },
      { path: metadataPath("targets", parsed.targets.version), bytes: targets },
      ...roots,
    ],
    files: contents.files,
    leaves: contents.leaves,
  };
}

/** A metadata file as it travels. */
export function asContent({
  path,
  bytes,
}: {
  readonly path: string;
  readonly bytes: Uint8Array;
}): ContentFile {
  return { path, sha256: sha256Hex(bytes), length: bytes.length };
}

function bytesOf({ state: { timestamp, snapshot, targets } }: Refreshed) {
  if (timestamp === undefined || snapshot === undefined || targets === undefined)
    throw refusal("malformed", "The release was verified without all of its metadata.");
  return { timestamp, snapshot, targets };
}

function factsOf(
  role: Role,
  root: RootMetadata,
  metadata: Pick<RootMetadata, "version" | "expires"> & {
    readonly envelope: Parameters<RootMetadata["envelope"]["verifyDelegate"]>[1];
  },
): RoleFacts {
  const { keyIDs = [], threshold = 0 } = root.envelope.signed.roles[role] ?? {};
  const signedBy = keyIDs.filter((id) => {
    const key = root.envelope.signed.keys[id];
    if (key === undefined || metadata.envelope.signatures[id] === undefined) return false;
    try {
      key.verifySignature(metadata.envelope);
      return true;
    } catch {
      return false;
    }
  });
  const { version, expires } = metadata;
  return { role, version, expires, threshold, keys: keyIDs.length, signedBy };
}
