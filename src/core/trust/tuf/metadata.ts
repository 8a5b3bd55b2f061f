/**
 * TUF metadata: bytes -> what they say, and whether enough keys signed them. The models of @tufjs/models read each
 * role's fields and check signatures; what is checked is the JSON that was read, not what a model would write again.
 * What the attacker controls: every byte, up to the length the caller allows. It must never decide about versions or
 * time; workflow.ts does.
 */
import { Metadata, Root, Signature, Snapshot, TargetFile, Targets, Timestamp } from "@tufjs/models";
import { canonicalize } from "@tufjs/canonical-json";
import { sha256Hex } from "../../model/digest.ts";
import { Failure } from "../../model/failure.ts";
import { parseInstant, type Instant } from "../../model/instant.ts";
import { refusal } from "./refusal.ts";

/** The four roles of TUF; a release delegates to no others. */
export const ROLES = ["root", "targets", "snapshot", "timestamp"] as const;
export type Role = (typeof ROLES)[number];

/** A JSON object as the models take it. */
export type SignedJson = Parameters<typeof Root.fromJSON>[0];

interface Common {
  /** As they were read; what a client persists. */
  readonly bytes: Uint8Array;
  readonly version: number;
  readonly expires: Instant;
  /** The signed part, as it was read. */
  readonly raw: SignedJson;
}

export interface RootMetadata extends Common {
  readonly envelope: Metadata<Root>;
  /** The registry that this root, and with it everything it vouches for, belongs to. */
  readonly registry: string;
}

export interface TimestampMetadata extends Common {
  readonly envelope: Metadata<Timestamp>;
}

export interface SnapshotMetadata extends Common {
  readonly envelope: Metadata<Snapshot>;
}

export interface TargetsMetadata extends Common {
  readonly envelope: Metadata<Targets>;
  readonly targets: ReadonlyMap<string, TargetFile>;
}

/** Metadata of whatever role, as signatures are asked about. */
export interface AnyMetadata {
  readonly envelope: Metadata<Root | Timestamp | Snapshot | Targets>;
}

/** The custom field of a root that names its registry. TUF clients that do not know it ignore it. */
export const REGISTRY_FIELD = "x-assent";

/** Reads a root. Throws a Failure for bytes that are none, or that belong to no registry. */
export function parseRoot(bytes: Uint8Array): RootMetadata {
  return parse("root", bytes, (raw, signatures) => {
    const root = Root.fromJSON(raw);
    for (const [keyid, key] of Object.entries(root.keys)) {
      // TUF 1.0.31, 4.3: "Clients MUST calculate each KEYID to verify this is correct for the associated key."
      if (sha256Hex(canonicalize(key.toJSON())) !== keyid) throw new Error(`key ${keyid} is another key`);
    }
    for (const role of ROLES) refuseTwins(root, role);
    const registry = objectIn(raw, REGISTRY_FIELD)?.["registry"];
    if (typeof registry !== "string" || registry === "" || !root.consistentSnapshot)
      throw refusal("not-a-release", "The root names no registry, so it is none of a release.");
    return { envelope: new Metadata(asRead(root, raw), signatures), registry };
  });
}

export function parseTimestamp(bytes: Uint8Array): TimestampMetadata {
  return parse("timestamp", bytes, (raw, signatures) => {
    if (objectIn(raw, "meta") === undefined) throw new Error("it names no snapshot");
    return { envelope: new Metadata(asRead(Timestamp.fromJSON(raw), raw), signatures) };
  });
}

export function parseSnapshot(bytes: Uint8Array): SnapshotMetadata {
  return parse("snapshot", bytes, (raw, signatures) => {
    if (objectIn(raw, "meta") === undefined) throw new Error("it names no targets");
    return { envelope: new Metadata(asRead(Snapshot.fromJSON(raw), raw), signatures) };
  });
}

/** Reads targets, in time linear in their number: the models' own container takes seconds for some thousands. */
export function parseTargets(bytes: Uint8Array): TargetsMetadata {
  return parse("targets", bytes, (raw, signatures) => {
    const targets = new Map<string, TargetFile>();
    for (const [name, value] of Object.entries(objectIn(raw, "targets") ?? {})) {
      if (!isJsonObject(value)) throw new Error(`target ${name} is no object`);
      const file = TargetFile.fromJSON(name, value);
      const isNamed = /^[0-9a-f]{64}$/.test(file.hashes["sha256"] ?? "");
      if (!isNamed || !Number.isSafeInteger(file.length)) throw new Error(`target ${name} has no sha256`);
      targets.set(name, file);
    }
    const signed = new Targets(Targets.commonFieldsFromJSON(raw));
    return { envelope: new Metadata(asRead(signed, raw), signatures), targets };
  });
}

/**
 * Refuses metadata that fewer than the threshold of a role's keys signed (TUF 1.0.31, 5.3.4, 5.4.2, 5.5.3, 5.6.3:
 * arbitrary software attack). Each key counts once, whatever signatures the attacker adds or strips.
 */
export function requireSignatures(by: RootMetadata, role: Role, metadata: AnyMetadata): void {
  try {
    by.envelope.verifyDelegate(role, metadata.envelope);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw refusal("threshold", `Too few trusted keys signed the ${role} metadata: ${why}.`, cause);
  }
}

/** The keys of a role that signed metadata, by their ids, each once. */
export function signaturesOf(by: RootMetadata, role: Role, { envelope }: AnyMetadata): readonly string[] {
  const { roles, keys } = by.envelope.signed;
  return (roles[role]?.keyIDs ?? []).filter((keyid) => {
    try {
      keys[keyid]?.verifySignature(envelope);
      return keys[keyid] !== undefined;
    } catch {
      return false;
    }
  });
}

/**
 * Two names of one key in a role would let one person meet a threshold of two. Only Ed25519 keys in their one spelling
 * pass, so that equal keys are equal texts.
 */
function refuseTwins(root: Root, role: Role): void {
  const keys = (root.roles[role]?.keyIDs ?? []).flatMap((keyid) => root.keys[keyid] ?? []);
  const texts = keys.map(({ keyVal }) => keyVal["public"] ?? "");
  const isPlain = keys.every(({ keyType, scheme }) => keyType === "ed25519" && scheme === "ed25519");
  if (!isPlain || !texts.every((text) => /^[0-9a-f]{64}$/.test(text)))
    throw new Error(`a key of ${role} is no Ed25519 key in lower-case hex`);
  if (new Set(texts).size !== texts.length) throw new Error(`a key of ${role} has two names`);
}

/** The envelope and what all roles have in common (TUF 1.0.31, 4.2 and 4.3); `read` reads the rest. */
function parse<T extends object>(
  role: Role,
  bytes: Uint8Array,
  read: (raw: SignedJson, signatures: Record<string, Signature>) => T,
): T & Common {
  try {
    const envelope = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) as unknown;
    const raw = isJsonObject(envelope) ? objectIn(envelope, "signed") : undefined;
    if (!isJsonObject(envelope) || raw === undefined) throw new Error("it has no signed part");
    if (raw["_type"] !== role) throw new Error(`it is of type ${JSON.stringify(raw["_type"])}`);
    const { version, expires } = raw;
    if (!Number.isSafeInteger(version) || typeof version !== "number" || version < 1)
      throw new Error("its version is no whole number from 1 on");
    // Without the Z, what it means would depend on where this runs.
    const until = typeof expires === "string" ? parseInstant(expires) : undefined;
    if (until === undefined) throw new Error("its expiry is no instant in UTC");
    return {
      ...read(raw, signaturesIn(envelope["signatures"])),
      bytes,
      version,
      expires: until,
      raw,
    };
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw refusal("malformed", `The ${role} metadata cannot be read: ${why}.`, cause);
  }
}

function signaturesIn(value: unknown): Record<string, Signature> {
  if (!Array.isArray(value)) throw new Error("it has no signatures");
  const found = new Map<string, Signature>();
  for (const one of value as readonly unknown[]) {
    if (!isJsonObject(one)) throw new Error("a signature is none");
    const signature = Signature.fromJSON(one);
    // TUF 1.0.31, 4.2: no key may sign twice in one file.
    if (found.has(signature.keyID)) throw new Error(`key ${signature.keyID} signed twice`);
    found.set(signature.keyID, signature);
  }
  return Object.fromEntries(found);
}

/** A model whose signatures are checked over the JSON it was read from, each field of which was signed. */
function asRead<T extends Root | Timestamp | Snapshot | Targets>(model: T, raw: SignedJson): T {
  return Object.assign(model, { toJSON: () => raw });
}

function objectIn(object: SignedJson, key: string): SignedJson | undefined {
  const value = Object.hasOwn(object, key) ? object[key] : undefined;
  return isJsonObject(value) ? value : undefined;
}

function isJsonObject(value: unknown): value is SignedJson {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
