/**
 * `assent key inspect`: who may sign what, with how many keys, until when, and what runs out soon. Reads roots and what a
 * folder of releases holds; it needs no key and writes nothing.
 */
import { LIFETIMES, standingOf, type Standing } from "../core/release/lifetimes.ts";
import { isVouchedFor, planOf, sidesOf, type Side } from "../core/release/root.ts";
import type { Instant } from "../core/model/instant.ts";
import { TIMESTAMP_PATH, metadataPath } from "../core/model/release.ts";
import {
  parseSnapshot,
  parseTargets,
  parseTimestamp,
  ROLES,
  type AnyMetadata,
  type Role,
} from "../core/trust/tuf/metadata.ts";
import { targetsMeta } from "../core/trust/tuf/workflow.ts";
import { needChain, readRoots } from "./key-root.ts";
import type { KeyStore, Ports } from "./ports.ts";

export interface InspectRequest {
  readonly folder: string;
  /** The folder of roots; absolute; undefined: `trust` in the repository. */
  readonly roots: string | undefined;
  /** The folder of a release; absolute. */
  readonly release: string | undefined;
}

export interface InspectedRole {
  readonly role: Role;
  readonly threshold: number;
  readonly keyids: readonly string[];
  /** Of the metadata that is in force; null where none was looked at. */
  readonly version: number | null;
  readonly expires: Instant | null;
  /** `unsigned`: the keys of the root that is in force did not sign it. */
  readonly standing: Standing | "unsigned" | null;
}

export interface InspectResult {
  readonly registry: string;
  readonly roles: readonly InspectedRole[];
  /** The root that lacks signatures, where there is one. */
  readonly waiting: { readonly version: number; readonly sides: readonly Side[] } | null;
  /** False where something has expired, or is signed by keys that do not count. */
  readonly ok: boolean;
}

export async function inspectKeys(request: InspectRequest, ports: Ports): Promise<InspectResult> {
  const store = await ports.openKeyStore();
  const chain = needChain(readRoots(request.folder, request.roots, { ports, store }));
  const { last, waiting } = chain;
  const found = new Map<Role, Found>([["root", last]]);
  if (request.release !== undefined)
    for (const [role, one] of releaseIn(request.release, store)) found.set(role, one);
  const now = ports.now();
  const plan = planOf(last);
  const roles = ROLES.map((role): InspectedRole => {
    const { keys, threshold } = plan.roles[role];
    const one = found.get(role);
    const isGood = one !== undefined && isVouchedFor(last, role, one);
    return {
      role,
      threshold,
      keyids: keys.map(({ keyid }) => keyid),
      version: one?.version ?? null,
      expires: one?.expires ?? null,
      standing:
        one === undefined ? null : isGood ? standingOf(one.expires, now, LIFETIMES[role]) : "unsigned",
    };
  });
  return {
    registry: last.registry,
    roles,
    waiting: waiting === undefined ? null : { version: waiting.version, sides: sidesOf(waiting, last) },
    ok: roles.every(({ standing }) => standing !== "expired" && standing !== "unsigned"),
  };
}

interface Found extends AnyMetadata {
  readonly version: number;
  readonly expires: Instant;
}

/** The metadata in force in a folder of releases: what the timestamp names, and what that names. */
function releaseIn(folder: string, store: KeyStore): readonly (readonly [Role, Found])[] {
  const read = (path: string): Uint8Array | undefined => store.find(`${folder}/${path}`);
  const bytes = read(TIMESTAMP_PATH);
  const timestamp = bytes && parseTimestamp(bytes);
  if (timestamp === undefined) return [];
  const named = read(metadataPath("snapshot", timestamp.envelope.signed.snapshotMeta.version));
  const snapshot = named && parseSnapshot(named);
  const last = snapshot && read(metadataPath("targets", targetsMeta(snapshot).version));
  return [
    ["timestamp", timestamp],
    ...(snapshot === undefined ? [] : [["snapshot", snapshot] as const]),
    ...(last === undefined ? [] : [["targets", parseTargets(last)] as const]),
  ];
}
