/**
 * The signed metadata of a release as values: which roles must be signed anew for what is released now, and their bytes.
 * Everything is an argument: the compiled snapshot, what was released before, the instant, the keys. What comes out is
 * judged by the client workflow before anybody sees it, so that nothing is published that clients refuse.
 */
import { Failure } from "../model/failure.ts";
import { sha256Hex } from "../model/digest.ts";
import type { Instant } from "../model/instant.ts";
import { metadataPath } from "../model/release.ts";
import {
  parseSnapshot,
  parseTargets,
  parseTimestamp,
  requireSignatures,
  type Role,
  type RootMetadata,
  type SignedJson,
  type SnapshotMetadata,
  type TargetsMetadata,
  type TimestampMetadata,
} from "../trust/tuf/metadata.ts";
import { renderSigned, type TufSigner } from "../trust/tuf/signer.ts";
import { verifySnapshot, verifyTargets, verifyTimestamp } from "../trust/tuf/workflow.ts";
import { expiryAfter, standingOf, type Lifetimes } from "./lifetimes.ts";
import { isVouchedFor, planOf } from "./root.ts";

/** What stands in the folder of releases already. */
export interface Standing {
  readonly timestamp: TimestampMetadata | undefined;
  readonly snapshot: SnapshotMetadata | undefined;
  readonly targets: TargetsMetadata | undefined;
  /** The first versions that no file has yet. */
  readonly free: Readonly<Record<"timestamp" | "snapshot" | "targets", number>>;
}

/** A role that signs, other than the root. */
export type SigningRole = Exclude<Role, "root">;
const SIGNING: readonly SigningRole[] = ["targets", "snapshot", "timestamp"];

export interface ComposeRequest {
  readonly root: RootMetadata;
  readonly standing: Standing;
  /** The `targets` to publish; undefined: those that stand. */
  readonly targets: SignedJson | undefined;
  /** Sign the timestamp anew, and whatever is about to expire, though nothing is new. */
  readonly renew: boolean;
  readonly now: Instant;
  readonly lifetimes: Lifetimes;
}

/** Which roles are signed anew. `wanted`: soon to expire, and signed only where the key is at hand. */
export interface Needs {
  readonly must: readonly SigningRole[];
  readonly wanted: readonly SigningRole[];
}

/** What has to be signed: what is new, what names it, and what the root of now does not vouch for or time has ended. */
export function needsOf(request: ComposeRequest): Needs {
  const { standing, root, renew, now, lifetimes, targets } = request;
  const must = new Set<SigningRole>(targets === undefined ? [] : ["targets"]);
  const wanted = new Set<SigningRole>();
  for (const role of SIGNING) {
    const metadata = standing[role];
    const state = metadata && standingOf(metadata.expires, now, lifetimes[role]);
    if (metadata === undefined || state === "expired" || !isVouchedFor(root, role, metadata)) must.add(role);
    else if (renew && state === "soon") wanted.add(role);
  }
  if (renew) must.add("timestamp");
  if (must.has("targets")) must.add("snapshot");
  if (must.has("snapshot")) must.add("timestamp");
  return {
    must: SIGNING.filter((role) => must.has(role)),
    wanted: [...wanted].filter((role) => !must.has(role)),
  };
}

/**
 * The roles to sign, where the keys of `atHand` are: those that must be, and those that soon have to be, each with what
 * names it.
 */
export function rolesToSign(
  { must, wanted }: Needs,
  atHand: ReadonlySet<SigningRole>,
): readonly SigningRole[] {
  const roles = new Set(must);
  if (wanted.includes("snapshot") && atHand.has("snapshot")) roles.add("snapshot");
  if (wanted.includes("targets") && atHand.has("targets") && atHand.has("snapshot"))
    roles.add("targets").add("snapshot");
  if (roles.has("snapshot") || wanted.includes("timestamp")) roles.add("timestamp");
  return SIGNING.filter((role) => roles.has(role));
}

export interface Composed {
  /** New metadata files, to be stored before the timestamp. */
  readonly files: readonly { readonly path: string; readonly bytes: Uint8Array }[];
  readonly timestamp: TimestampMetadata;
  readonly snapshot: SnapshotMetadata;
  readonly targets: TargetsMetadata;
}

/** Signs the roles of `signers`, and takes what stands for the others. */
export function compose(
  request: ComposeRequest,
  signers: ReadonlyMap<SigningRole, readonly TufSigner[]>,
): Composed {
  const { root, standing, now, lifetimes } = request;
  const files: { readonly path: string; readonly bytes: Uint8Array }[] = [];
  const common = (role: SigningRole): SignedJson => ({
    _type: role,
    spec_version: "1.0.31",
    version: standing.free[role],
    expires: expiryAfter(now, lifetimes[role]),
  });
  const signed = (role: SigningRole, by: readonly TufSigner[], more: SignedJson): Uint8Array => {
    const bytes = renderSigned({ ...common(role), ...more }, by);
    if (role !== "timestamp") files.push({ path: metadataPath(role, standing.free[role]), bytes });
    return bytes;
  };

  const targetSigners = signers.get("targets");
  const listed = request.targets ?? standing.targets?.raw["targets"];
  const targets =
    targetSigners === undefined
      ? standing.targets
      : parseTargets(signed("targets", targetSigners, { targets: listed ?? {} }));
  if (targets === undefined) throw noKey("targets", root);

  const snapshotSigners = signers.get("snapshot");
  const isNewSnapshot = snapshotSigners !== undefined;
  const snapshot = isNewSnapshot
    ? parseSnapshot(signed("snapshot", snapshotSigners, { meta: { "targets.json": metaOf(targets) } }))
    : standing.snapshot;
  const timestampSigners = signers.get("timestamp");
  if (snapshot === undefined) throw noKey("snapshot", root);
  if (timestampSigners === undefined) throw noKey("timestamp", root);
  const meta = { "snapshot.json": metaOf(snapshot) };
  const timestamp = parseTimestamp(signed("timestamp", timestampSigners, { meta }));
  requireGood(request, { files, timestamp, snapshot, targets });
  return { files, timestamp, snapshot, targets };
}

/** Nothing leaves that a client of the release before would not take. */
function requireGood({ root, standing }: ComposeRequest, { timestamp, snapshot, targets }: Composed): void {
  const all = { timestamp, snapshot, targets };
  for (const role of SIGNING) {
    if (!isVouchedFor(root, role, all[role])) throw noKey(role, root);
    requireSignatures(root, role, all[role]);
  }
  const old = standing.timestamp;
  const trusted = old !== undefined && isVouchedFor(root, "timestamp", old) ? old : undefined;
  verifyTimestamp(root, timestamp.bytes, trusted);
  verifySnapshot(root, snapshot.bytes, timestamp, undefined);
  verifyTargets(root, targets.bytes, snapshot);
}

/** The Failure for a role that too few of its keys would sign. */
export function noKey(role: Role, root: RootMetadata): Failure {
  const { keys, threshold } = planOf(root).roles[role];
  const named = keys.map(({ keyid }) => keyid.slice(0, 8)).join(", ");
  return new Failure(
    "release/no-key",
    `The role ${role} asks for ${threshold} of its keys (${named}), and fewer are at hand.`,
    {
      hint: `Name the file with --key ${role}=<file>, or put it into ASSENT_${role.toUpperCase()}_KEY.`,
      category: "auth",
    },
  );
}

function metaOf({ bytes, version }: { readonly bytes: Uint8Array; readonly version: number }): SignedJson {
  return { version, length: bytes.length, hashes: { sha256: sha256Hex(bytes) } };
}
