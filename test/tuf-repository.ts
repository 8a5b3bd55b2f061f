/**
 * A TUF repository made by hand for tests: metadata as plain JSON, signed by whoever the test says, so that every attack
 * can be built for real. Shares no code with what it tries.
 */
import { createHash, generateKeyPairSync, sign, type KeyObject } from "node:crypto";
import { canonicalize } from "@tufjs/canonical-json";

export interface TufKey {
  readonly id: string;
  readonly json: {
    readonly keytype: string;
    readonly scheme: string;
    readonly keyval: { readonly public: string };
  };
  readonly secret: KeyObject;
}

export function tufKey(): TufKey {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const point = Buffer.from(publicKey.export({ format: "jwk" }).x ?? "", "base64url").toString("hex");
  const json = { keytype: "ed25519", scheme: "ed25519", keyval: { public: point } };
  return { id: sha256(canonicalize(json)), json, secret: privateKey };
}

export const sha256 = (data: string | Uint8Array): string => createHash("sha256").update(data).digest("hex");

export interface RoleKeys {
  readonly keys: readonly TufKey[];
  readonly threshold: number;
}
export type Roles = Readonly<Record<"root" | "targets" | "snapshot" | "timestamp", RoleKeys>>;

export const one = (key = tufKey()): RoleKeys => ({ keys: [key], threshold: 1 });

export interface Common {
  readonly version?: number;
  readonly expires?: string;
}

export const LATER = "2999-01-01T00:00:00Z";
export const PAST = "2020-01-01T00:00:00Z";

/** Signs a value as metadata; `more` overrides fields of the envelope. */
export function signed(value: object, keys: readonly TufKey[]): Uint8Array {
  const bytes = Buffer.from(canonicalize(value));
  const signatures = keys.map(({ id, secret }) => ({
    keyid: id,
    sig: sign(null, bytes, secret).toString("hex"),
  }));
  return new TextEncoder().encode(JSON.stringify({ signatures, signed: value }));
}

export function rootJson(roles: Roles, { version = 1, expires = LATER }: Common, registry = "acme"): object {
  const all = Object.values(roles).flatMap(({ keys }) => keys);
  return {
    _type: "root",
    spec_version: "1.0.31",
    version,
    expires,
    consistent_snapshot: true,
    keys: Object.fromEntries(all.map(({ id, json }) => [id, json])),
    roles: Object.fromEntries(
      Object.entries(roles).map(([role, { keys, threshold }]) => [
        role,
        { keyids: keys.map(({ id }) => id), threshold },
      ]),
    ),
    "x-assent": { registry },
  };
}

export function metaJson(
  type: "timestamp" | "snapshot",
  { version = 1, expires = LATER }: Common,
  meta: Readonly<Record<string, object>>,
): object {
  return { _type: type, spec_version: "1.0.31", version, expires, meta };
}

/** What a parent says about a file. */
export function metaOf(version: number, bytes: Uint8Array): object {
  return { version, length: bytes.length, hashes: { sha256: sha256(bytes) } };
}

export interface Content {
  readonly sequence: number;
  readonly registry: string;
  readonly asOf: string;
  /** Makes two manifests of one pair differ. */
  readonly salt: string;
}

export const COMMIT = "c".repeat(40);

export function manifestBytes({ sequence, registry, asOf, salt }: Content): Uint8Array {
  return Buffer.from(
    `${JSON.stringify({ format: "assent.manifest/v1", registry, commit: COMMIT, sequence, asOf, salt, slices: [], files: [] })}\n`,
  );
}

export function targetsJson({ version = 1, expires = LATER }: Common, content: Content): object {
  const bytes = manifestBytes(content);
  const { sequence, asOf, registry } = content;
  const custom = { sequence, asOf, commit: COMMIT, registry, assurance: "none" };
  return {
    _type: "targets",
    spec_version: "1.0.31",
    version,
    expires,
    targets: { "manifest.json": { length: bytes.length, hashes: { sha256: sha256(bytes) }, custom } },
  };
}

/** The files of a release by their paths, as a host has them. */
export type Files = Map<string, Uint8Array>;

/** What a release is made of; every part has a default. */
export interface Publish {
  readonly roles: Roles;
  /** The versions of timestamp, snapshot and targets. */
  readonly versions?: readonly [number, number, number];
  readonly expires?: Partial<Readonly<Record<"timestamp" | "snapshot" | "targets", string>>>;
  readonly content?: Partial<Content>;
  /** Who signs instead of the role's keys. */
  readonly signers?: Partial<Readonly<Record<"timestamp" | "snapshot" | "targets", readonly TufKey[]>>>;
}

/** Puts a whole release onto a host, properly chained unless told otherwise. */
export function publish(
  files: Files,
  { roles, versions = [1, 1, 1], expires = {}, content, signers = {} }: Publish,
): void {
  const [timestamp, snapshot, targets] = versions;
  const whole: Content = {
    sequence: targets,
    registry: "acme",
    asOf: "2026-01-01T00:00:00Z",
    salt: "",
    ...content,
  };
  const manifest = manifestBytes(whole);
  const by = (role: "timestamp" | "snapshot" | "targets"): readonly TufKey[] =>
    signers[role] ?? roles[role].keys;
  const targetsBytes = signed(
    targetsJson({ version: targets, ...until(expires.targets) }, whole),
    by("targets"),
  );
  const snapshotBytes = signed(
    metaJson(
      "snapshot",
      { version: snapshot, ...until(expires.snapshot) },
      { "targets.json": metaOf(targets, targetsBytes) },
    ),
    by("snapshot"),
  );
  const timestampBytes = signed(
    metaJson(
      "timestamp",
      { version: timestamp, ...until(expires.timestamp) },
      { "snapshot.json": metaOf(snapshot, snapshotBytes) },
    ),
    by("timestamp"),
  );
  files.set(`targets/${sha256(manifest)}.manifest.json`, manifest);
  files.set(`metadata/${targets}.targets.json`, targetsBytes);
  files.set(`metadata/${snapshot}.snapshot.json`, snapshotBytes);
  files.set("metadata/timestamp.json", timestampBytes);
}

const until = (expires: string | undefined): { readonly expires?: string } =>
  expires === undefined ? {} : { expires };

/** Puts a root onto a host, signed by its own root keys and by `also`. */
export function publishRoot(
  files: Files,
  roles: Roles,
  common: Common = {},
  {
    by = roles.root.keys,
    registry = "acme",
  }: { readonly by?: readonly TufKey[]; readonly registry?: string } = {},
): Uint8Array {
  const bytes = signed(rootJson(roles, common, registry), by);
  files.set(`metadata/${common.version ?? 1}.root.json`, bytes);
  return bytes;
}
