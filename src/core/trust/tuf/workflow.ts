/**
 * The client workflow of TUF 1.0.31, section 5, one check a function, its clause beside it. Pure: metadata that was
 * trusted before, new bytes and an instant go in; trusted metadata or a refusal comes out. What the attacker controls:
 * which bytes arrive, when, in which combination, and perhaps an online key; never the root keys that are pinned.
 * Reading and persisting between the steps is the caller's (client/refresh.ts).
 */
import { createHash } from "node:crypto";
import type { MetaFile } from "@tufjs/models";
import { millisecondsOf, type Instant } from "../../model/instant.ts";
import {
  parseRoot,
  parseSnapshot,
  parseTargets,
  parseTimestamp,
  requireSignatures,
  type Role,
  type RootMetadata,
  type SnapshotMetadata,
  type TargetsMetadata,
  type TimestampMetadata,
} from "./metadata.ts";
import { refusal } from "./refusal.ts";

/** 5.2: the root that the client was shipped with, or has persisted. It may be expired; its successor may not be. */
export function openRoot(bytes: Uint8Array): RootMetadata {
  const root = parseRoot(bytes);
  requireSignatures(root, "root", root);
  return root;
}

/** 5.3.4 to 5.3.7: the next root, signed by the old and the new threshold, of exactly the next version. */
export function verifyNextRoot(trusted: RootMetadata, bytes: Uint8Array): RootMetadata {
  const next = parseRoot(bytes);
  // 5.3.4 arbitrary software attack: the trusted root's keys, then the new root's own.
  requireSignatures(trusted, "root", next);
  requireSignatures(next, "root", next);
  // 5.3.5 rollback attack: "The version number of the latest root metadata file must be exactly N+1."
  if (next.version !== trusted.version + 1) {
    throw refusal(
      "rollback",
      `Where version ${trusted.version + 1} of the root should be lies version ${next.version}.`,
    );
  }
  // Ours: a root that is pinned pins its registry, so no later root may be of another one.
  if (next.registry !== trusted.registry) {
    throw refusal(
      "wrong-registry",
      `Root ${next.version} is of the registry ${next.registry}, the trusted one of ${trusted.registry}.`,
    );
  }
  return next;
}

/** 5.3.10, 5.4.4, 5.5.6, 5.6.5 freeze attack: "The expiration timestamp MUST be higher than the fixed update start time." */
export function requireFresh(role: Role, { expires }: { readonly expires: Instant }, now: Instant): void {
  if (millisecondsOf(expires) <= millisecondsOf(now))
    throw refusal("expired", `The ${role} metadata has expired: it was good until ${expires}.`);
}

/** 5.3.11: whether a key that counted for a role counts no more, so that what it signed may be an attacker's. */
export function isRotated(before: RootMetadata, after: RootMetadata, role: Role): boolean {
  const keys = new Set(after.envelope.signed.roles[role]?.keyIDs ?? []);
  return (before.envelope.signed.roles[role]?.keyIDs ?? []).some((keyid) => !keys.has(keyid));
}

/** What was persisted is trusted again only as far as the root of now vouches for it; undefined where it does not. */
export function reopen<T extends TimestampMetadata | SnapshotMetadata | TargetsMetadata>(
  root: RootMetadata,
  role: Role,
  bytes: Uint8Array | undefined,
  parse: (bytes: Uint8Array) => T,
): T | undefined {
  if (bytes === undefined) return undefined;
  try {
    const metadata = parse(bytes);
    requireSignatures(root, role, metadata);
    return metadata;
  } catch {
    // A damaged file, or keys that rotated: as if it had never been there (5.3.11).
    return undefined;
  }
}

/** 5.4.2 and 5.4.3: the new timestamp, or the trusted one where the new one is of the same version. */
export function verifyTimestamp(
  root: RootMetadata,
  bytes: Uint8Array,
  trusted: TimestampMetadata | undefined,
): TimestampMetadata {
  const next = parseTimestamp(bytes);
  requireSignatures(root, "timestamp", next);
  if (trusted === undefined) return next;
  // 5.4.3.1 rollback attack on the timestamp; an equal version is discarded and is no error.
  if (next.version < trusted.version) throw rolledBack("timestamp", trusted.version, next.version);
  if (next.version === trusted.version) return trusted;
  // 5.4.3.2 rollback attack on the snapshot that it names.
  const { version } = next.envelope.signed.snapshotMeta;
  const before = trusted.envelope.signed.snapshotMeta.version;
  if (version < before) throw rolledBack("snapshot", before, version);
  return next;
}

/** 5.5.2 to 5.5.5. `trusted` is the snapshot that was in force before. */
export function verifySnapshot(
  root: RootMetadata,
  bytes: Uint8Array,
  timestamp: TimestampMetadata,
  trusted: SnapshotMetadata | undefined,
): SnapshotMetadata {
  const meta = timestamp.envelope.signed.snapshotMeta;
  // 5.5.2: hashes and length of the timestamp, before anything of it is parsed.
  requireContent("snapshot", meta, bytes);
  const next = parseSnapshot(bytes);
  requireSignatures(root, "snapshot", next);
  // 5.5.4 mix-and-match attack.
  if (next.version !== meta.version) throw mixed("snapshot", meta.version, next.version);
  requireTargetsOnward(next, trusted);
  return next;
}

/** 5.5.5 rollback attack: no file that the trusted snapshot names is missing or older in the new one. */
function requireTargetsOnward(next: SnapshotMetadata, trusted: SnapshotMetadata | undefined): void {
  for (const [name, before] of Object.entries(trusted?.envelope.signed.meta ?? {})) {
    const now = next.envelope.signed.meta[name];
    if (now === undefined) throw refusal("rollback", `The new snapshot names no ${name} any more.`);
    if (now.version < before.version) throw rolledBack(name, before.version, now.version);
  }
}

/** What a snapshot says about the targets; it must name them. */
export function targetsMeta(snapshot: SnapshotMetadata): MetaFile {
  const meta = snapshot.envelope.signed.meta["targets.json"];
  if (meta === undefined) throw refusal("malformed", "The snapshot metadata names no targets.json.");
  return meta;
}

/** 5.6.2 to 5.6.4. */
export function verifyTargets(
  root: RootMetadata,
  bytes: Uint8Array,
  snapshot: SnapshotMetadata,
): TargetsMetadata {
  const meta = targetsMeta(snapshot);
  // 5.6.2: hashes and length of the snapshot, before anything of it is parsed.
  requireContent("targets", meta, bytes);
  const next = parseTargets(bytes);
  requireSignatures(root, "targets", next);
  // 5.6.4 mix-and-match attack.
  if (next.version !== meta.version) throw mixed("targets", meta.version, next.version);
  return next;
}

/** Whether bytes are what a parent's metadata names: its length, then each of its hashes. */
function requireContent(role: Role, meta: MetaFile, bytes: Uint8Array): void {
  if (meta.length !== undefined && meta.length !== bytes.length) {
    throw refusal(
      "wrong-length",
      `The ${role} metadata has ${bytes.length} bytes, where ${meta.length} were signed for.`,
    );
  }
  for (const [algorithm, hash] of Object.entries(meta.hashes ?? {})) {
    const isKnown = algorithm === "sha256" || algorithm === "sha512";
    if (!isKnown || createHash(algorithm).update(bytes).digest("hex") !== hash)
      throw refusal("wrong-hash", `The ${role} metadata is not the file whose ${algorithm} was signed.`);
  }
}

function rolledBack(what: string, before: number, now: number): Error {
  return refusal("rollback", `Version ${now} of ${what} is offered after version ${before}.`);
}

function mixed(role: Role, named: number, found: number): Error {
  return refusal(
    "mix-and-match",
    `Version ${named} of the ${role} metadata is named, and version ${found} lies there.`,
  );
}
