/**
 * `assent key rotate`: the next root (or, where several people begin, the first), and signatures for one that waits. A
 * root may be used once as many of the old and of the new root keys have signed it as each side asks for; until then the
 * one before it stays in force. It must never change what somebody has signed: whoever signs adds a signature.
 */
import {
  changedRole,
  isComplete,
  planOf,
  rootValue,
  sidesOf,
  signRoot,
  type RoleKeys,
  type RootChange,
  type RootPlan,
  type Side,
} from "../core/release/root.ts";
import { expiryAfter, LIFETIMES } from "../core/release/lifetimes.ts";
import { Failure } from "../core/model/failure.ts";
import type { Instant } from "../core/model/instant.ts";
import { parseRoot, ROLES, type Role, type RootMetadata } from "../core/trust/tuf/metadata.ts";
import { parsePublicKey, type TufSigner } from "../core/trust/tuf/signer.ts";
import { needChain, readRoots, registryId, type RootFolder } from "./key-root.ts";
import type { KeyStore, Ports } from "./ports.ts";
import { distinct, plainSigners, signersOf, unknownRole, type KeySources } from "./release-keys.ts";

export interface RotateRequest extends KeySources {
  /** The folder of roots; absolute; undefined: `trust` in the repository. */
  readonly roots: string | undefined;
  /** Only add signatures to the root that waits. */
  readonly signOnly: boolean;
  /** `role=<file of a public key>`. */
  readonly add: readonly string[];
  /** `role=<key id>`. */
  readonly remove: readonly string[];
  /** `role=<number>`. */
  readonly thresholds: readonly string[];
  /** In milliseconds. */
  readonly rootLifetime: number | undefined;
}

export interface RotateResult {
  readonly file: string;
  readonly version: number;
  readonly registry: string;
  readonly expires: Instant;
  /** Whether everybody who must has signed it. */
  readonly complete: boolean;
  readonly sides: readonly Side[];
  /** Key ids that signed now. */
  readonly signedNow: readonly string[];
}

export async function rotateKeys(request: RotateRequest, ports: Ports): Promise<RotateResult> {
  const store = await ports.openKeyStore();
  const folder = readRoots(request.folder, request.roots, { ports, store });
  const { before, waiting } = standingIn(folder);
  const signers = distinct([...plainSigners(request, store), ...signersOf("root", request, store)]);
  if (request.signOnly) {
    if (waiting === undefined) {
      throw new Failure("keys/nothing-waits", `No root in ${folder.path} waits for signatures.`, {
        hint: "Begin one: assent key rotate.",
      });
    }
    return write(folder, waiting.raw, { before, waiting, signers, isNew: false }, ports, store);
  }
  if (waiting !== undefined) {
    throw new Failure("keys/root-waits", `Root ${waiting.version} waits for signatures already.`, {
      hint: "Sign it with --sign, or delete its file to begin anew.",
      category: "conflict",
    });
  }
  const changes = changesOf(request, ports);
  const plan = before === undefined ? await firstPlan(request, ports) : planOf(before);
  // Asked for each role, changed or not: one that nobody could sign for is refused.
  const changed = (role: Role): RoleKeys =>
    changedRole(plan.roles[role], changes.get(role) ?? { role, add: [], remove: [], threshold: undefined });
  const next: RootPlan = {
    version: plan.version + 1,
    registry: plan.registry,
    expires: expiryAfter(ports.now(), request.rootLifetime ?? LIFETIMES.root),
    roles: {
      root: changed("root"),
      targets: changed("targets"),
      snapshot: changed("snapshot"),
      timestamp: changed("timestamp"),
    },
  };
  return write(folder, rootValue(next), { before, waiting: undefined, signers, isNew: true }, ports, store);
}

/** The last root that may be used, and the one after it that lacks signatures. */
function standingIn(folder: RootFolder): {
  readonly before: RootMetadata | undefined;
  readonly waiting: RootMetadata | undefined;
} {
  const [first] = folder.files;
  if (first === undefined) return { before: undefined, waiting: undefined };
  // A first root that waits has nobody before it to vouch for it.
  if (folder.files.length === 1) {
    const root = parseRoot(first);
    if (!isComplete(sidesOf(root, undefined))) return { before: undefined, waiting: root };
  }
  const { last, waiting } = needChain(folder);
  return { before: last, waiting };
}

async function firstPlan(request: RotateRequest, ports: Ports): Promise<RootPlan> {
  const none: RoleKeys = { keys: [], threshold: 1 };
  return {
    version: 0,
    expires: ports.now(),
    registry: await registryId(request.folder, ports),
    roles: { root: none, targets: none, snapshot: none, timestamp: none },
  };
}

interface Signing {
  readonly before: RootMetadata | undefined;
  readonly waiting: RootMetadata | undefined;
  readonly signers: readonly TufSigner[];
  readonly isNew: boolean;
}

function write(
  folder: RootFolder,
  value: RootMetadata["raw"],
  { before, waiting, signers, isNew }: Signing,
  ports: Ports,
  store: KeyStore,
): RotateResult {
  // Only keys that count on one of the two sides sign; a stranger's signature would only be in the way.
  const draft = parseRoot(signRoot(value, [], waiting));
  const counting = new Set(sidesOf(draft, before).flatMap(({ signed, missing }) => [...signed, ...missing]));
  const mine = signers.filter(({ keyid }) => counting.has(keyid));
  const [stranger] = signers.filter(({ keyid }) => !counting.has(keyid));
  if (stranger !== undefined && mine.length === 0) {
    throw new Failure(
      "keys/not-a-root-key",
      `Key ${stranger.keyid.slice(0, 8)} is none that signs this root.`,
      {
        hint: "Use a root key of the old or of the new root: assent key inspect lists them.",
        category: "auth",
      },
    );
  }
  const bytes = signRoot(value, mine, waiting);
  const root = parseRoot(bytes);
  const file = `${folder.path}/${root.version}.root.json`;
  if (isNew) store.create(file, bytes, { secret: false });
  else ports.writeOutput("/", file, bytes);
  const sides = sidesOf(root, before);
  const { version, registry, expires } = root;
  const signedNow = mine.map(({ keyid }) => keyid);
  return { file, version, registry, expires, complete: isComplete(sides), sides, signedNow };
}

function changesOf(
  { folder, add, remove, thresholds }: RotateRequest,
  ports: Ports,
): ReadonlyMap<Role, RootChange> {
  const added = add.map((typed) => split(typed, "--add"));
  const removed = remove.map((typed) => split(typed, "--remove"));
  const counts = thresholds.map((typed) => split(typed, "--threshold"));
  return new Map(
    ROLES.map((role) => {
      const of = (list: readonly Typed[]): readonly string[] =>
        list.filter((one) => one.role === role).map(({ value }) => value);
      const threshold = of(counts).at(-1);
      const change: RootChange = {
        role,
        add: of(added).map((file) => publicKeyIn(folder, file, ports)),
        remove: of(removed),
        threshold: threshold === undefined ? undefined : countOf(threshold),
      };
      return [role, change];
    }),
  );
}

interface Typed {
  readonly role: Role;
  readonly value: string;
}

function split(typed: string, flag: string): Typed {
  const cut = typed.indexOf("=");
  const role = ROLES.find((one) => one === typed.slice(0, cut));
  if (cut > 0 && role !== undefined) return { role, value: typed.slice(cut + 1) };
  if (cut > 0) throw unknownRole(typed.slice(0, cut));
  throw new Failure("usage/role-value", `${flag} takes <role>=<value>, not "${typed}".`, {
    hint: `Write ${flag} timestamp=..., for example.`,
  });
}

function countOf(typed: string): number {
  if (/^[1-9]\d?$/.test(typed)) return Number(typed);
  throw new Failure("usage/number", `--threshold takes a number from 1 to 99, not "${typed}".`, {
    hint: "Write --threshold root=2, for example.",
  });
}

function publicKeyIn(folder: string, file: string, ports: Ports): RootChange["add"][number] {
  const key = parsePublicKey(ports.readInput(folder, file));
  if (key !== undefined) return key;
  throw new Failure("keys/not-a-public-key", `There is no public key of a release in ${file}.`, {
    hint: "Name the .pub.json that assent key generate has made beside the key.",
  });
}
