/**
 * Roots as values: the first one, the next one, and who still has to sign it. A root that waits for signatures is a root
 * file with too few of them; everybody who must agree adds one, in any order. It must never count a signature that the
 * client workflow would not count: it asks the same functions.
 */
import type { Instant } from "../model/instant.ts";
import { compareBytes } from "../model/json.ts";
import { Failure } from "../model/failure.ts";
import {
  parseRoot,
  REGISTRY_FIELD,
  ROLES,
  signaturesOf,
  type AnyMetadata,
  type Role,
  type RootMetadata,
  type SignedJson,
} from "../trust/tuf/metadata.ts";
import {
  keyJson,
  publicKeyOf,
  renderSigned,
  type TufPublicKey,
  type TufSigner,
} from "../trust/tuf/signer.ts";
import { openRoot, verifyNextRoot } from "../trust/tuf/workflow.ts";

export interface RoleKeys {
  /** In order of key ids, none twice. */
  readonly keys: readonly TufPublicKey[];
  readonly threshold: number;
}

/** What a root says. */
export interface RootPlan {
  readonly version: number;
  readonly expires: Instant;
  readonly registry: string;
  readonly roles: Readonly<Record<Role, RoleKeys>>;
}

/** A root as it would be signed. */
export function rootValue({ version, expires, registry, roles }: RootPlan): SignedJson {
  const keys = new Map(ROLES.flatMap((role) => roles[role].keys.map(({ keyid, point }) => [keyid, point])));
  const sorted = [...keys].sort(([a], [b]) => compareBytes(a, b));
  return {
    _type: "root",
    spec_version: "1.0.31",
    version,
    expires,
    consistent_snapshot: true,
    keys: Object.fromEntries(sorted.map(([keyid, point]) => [keyid, keyJson(point)])),
    roles: Object.fromEntries(
      ROLES.map((role) => {
        const { keys: own, threshold } = roles[role];
        return [role, { keyids: own.map(({ keyid }) => keyid).sort(compareBytes), threshold }];
      }),
    ),
    [REGISTRY_FIELD]: { registry },
  };
}

/** What a root that was read says. */
export function planOf({ version, expires, registry, envelope }: RootMetadata): RootPlan {
  const { keys, roles } = envelope.signed;
  const of = (role: Role): RoleKeys => ({
    keys: (roles[role]?.keyIDs ?? [])
      .flatMap((keyid) => keys[keyid]?.keyVal["public"] ?? [])
      .map(publicKeyOf)
      .sort((a, b) => compareBytes(a.keyid, b.keyid)),
    threshold: roles[role]?.threshold ?? 1,
  });
  return {
    version,
    expires,
    registry,
    roles: { root: of("root"), targets: of("targets"), snapshot: of("snapshot"), timestamp: of("timestamp") },
  };
}

/** One thing that a new root changes. */
export interface RootChange {
  readonly role: Role;
  readonly add: readonly TufPublicKey[];
  /** Key ids, or what they begin with (8 digits at least). */
  readonly remove: readonly string[];
  /** Undefined: as before, or 1. */
  readonly threshold: number | undefined;
}

/** A role's keys after a change; a Failure where nobody could sign for it any more. */
export function changedRole(before: RoleKeys, { role, add, remove, threshold }: RootChange): RoleKeys {
  const gone = new Set(remove.map((typed) => keyMeant(before.keys, typed, role)));
  const keys = new Map(before.keys.filter(({ keyid }) => !gone.has(keyid)).map((key) => [key.keyid, key]));
  for (const key of add) keys.set(key.keyid, key);
  const needed = threshold ?? before.threshold;
  if (needed < 1 || needed > keys.size) {
    throw new Failure(
      "keys/threshold",
      `The role ${role} would have ${keys.size} ${keys.size === 1 ? "key" : "keys"} and ask for ${needed}.`,
      { hint: "Add keys with --add, or lower its threshold with --threshold." },
    );
  }
  return { keys: [...keys.values()].sort((a, b) => compareBytes(a.keyid, b.keyid)), threshold: needed };
}

function keyMeant(keys: readonly TufPublicKey[], typed: string, role: Role): string {
  const found = typed.length < 8 ? [] : keys.filter(({ keyid }) => keyid.startsWith(typed));
  const [only] = found;
  if (only !== undefined && found.length === 1) return only.keyid;
  throw new Failure("keys/no-such-key", `The role ${role} has no one key that "${typed}" names.`, {
    hint: "Name it by its key id, or by eight digits of it at least: assent key inspect lists them.",
  });
}

/** Who has signed a root and who could: of one side, the old root's or the new one's. */
export interface Side {
  readonly whose: "old" | "new";
  readonly threshold: number;
  readonly signed: readonly string[];
  readonly missing: readonly string[];
}

/** What a root that follows `before` (undefined: the first) still lacks; no side lacks anything once it may be used. */
export function sidesOf(root: RootMetadata, before: RootMetadata | undefined): readonly Side[] {
  const side = (whose: "old" | "new", by: RootMetadata): Side => {
    const { keys, threshold } = planOf(by).roles.root;
    const good = new Set(signaturesOf(by, "root", root));
    const [signed, missing] = [true, false].map((is) =>
      keys.map(({ keyid }) => keyid).filter((keyid) => good.has(keyid) === is),
    );
    return { whose, threshold, signed: signed ?? [], missing: missing ?? [] };
  };
  return [...(before === undefined ? [] : [side("old", before)]), side("new", root)];
}

export const isComplete = (sides: readonly Side[]): boolean =>
  sides.every(({ signed, threshold }) => signed.length >= threshold);

/** A root's bytes with signatures added by those of the signers whose keys either side names. */
export function signRoot(
  value: SignedJson,
  signers: readonly TufSigner[],
  standing: RootMetadata | undefined,
): Uint8Array {
  const kept = standing === undefined ? [] : Object.values(standing.envelope.signatures);
  return renderSigned(
    value,
    signers,
    kept.map(({ keyID, sig }) => ({ keyid: keyID, sig })),
  );
}

/** The roots that may be used, one vouching for the next, and the one that waits for signatures, where there is one. */
export interface RootChain {
  /** From the first that is at hand to the last that is complete; at least one. */
  readonly roots: readonly RootMetadata[];
  readonly last: RootMetadata;
  readonly waiting: RootMetadata | undefined;
}

/** Reads a chain from files in the order of their versions; undefined where not even the first is complete. */
export function chainOf(files: readonly Uint8Array[]): RootChain | undefined {
  const roots: RootMetadata[] = [];
  for (const [at, bytes] of files.entries()) {
    const before = roots.at(-1);
    const root = parseRoot(bytes);
    if (!isComplete(sidesOf(root, before))) {
      // Only the last one may wait: what follows a root that nobody agreed to is nothing.
      if (at === files.length - 1) return before && { roots, last: before, waiting: root };
      throw new Failure(
        "keys/broken-chain",
        `Root ${root.version} lacks signatures, and another follows it.`,
        {
          hint: `Take the later roots away, let root ${root.version} be signed, and rotate again.`,
          category: "auth",
        },
      );
    }
    roots.push(before === undefined ? openRoot(bytes) : verifyNextRoot(before, bytes));
  }
  const last = roots.at(-1);
  return last && { roots, last, waiting: undefined };
}

/** Whether a role's metadata may be used under a root. */
export function isVouchedFor(root: RootMetadata, role: Role, metadata: AnyMetadata): boolean {
  return signaturesOf(root, role, metadata).length >= planOf(root).roles[role].threshold;
}
