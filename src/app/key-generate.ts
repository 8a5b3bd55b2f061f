/**
 * `assent key generate`: new keys, encrypted where they lie, and the first root that names them (the ceremony). Secrets
 * never go into the repository and never to the screen; a key or a root that is there is never replaced.
 */
import { LIFETIMES, expiryAfter } from "../core/release/lifetimes.ts";
import { rootValue, sidesOf, signRoot, type RoleKeys, type Side } from "../core/release/root.ts";
import { Failure } from "../core/model/failure.ts";
import type { Instant } from "../core/model/instant.ts";
import { metadataPath } from "../core/model/release.ts";
import { parseRoot, ROLES, type Role } from "../core/trust/tuf/metadata.ts";
import { sealKey } from "../core/trust/tuf/sealed-key.ts";
import {
  pkcs8OfSeed,
  renderPublicKey,
  signerOfPkcs8,
  type TufPublicKey,
  type TufSigner,
} from "../core/trust/tuf/signer.ts";
import { readRoots, registryId } from "./key-root.ts";
import type { KeyStore, Ports } from "./ports.ts";
import { newPassphrase, type KeySources } from "./release-keys.ts";

export interface GenerateRequest extends Pick<KeySources, "passphraseFile"> {
  readonly folder: string;
  /** The folder for the keys; absolute. */
  readonly out: string;
  /** One key for this role and nothing else; undefined: a key for each role, and the first root. */
  readonly role: Role | undefined;
  /** The folder of roots; absolute; undefined: `trust` in the repository. */
  readonly roots: string | undefined;
  /** How many root keys, and how many of them must sign a root. */
  readonly rootKeys: number;
  readonly rootThreshold: number;
  /** In milliseconds. */
  readonly rootLifetime: number | undefined;
}

export interface GeneratedKey extends TufPublicKey {
  readonly role: Role;
  /** Where the encrypted key lies. */
  readonly file: string;
  readonly publicFile: string;
}

export interface GenerateResult {
  readonly keys: readonly GeneratedKey[];
  /** The first root, where one was made. */
  readonly root: {
    readonly file: string;
    readonly registry: string;
    readonly expires: Instant;
    readonly sides: readonly Side[];
  } | null;
}

export async function generateKeys(request: GenerateRequest, ports: Ports): Promise<GenerateResult> {
  const store = await ports.openKeyStore();
  refuseInside(request, ports);
  if (request.role !== undefined) {
    const { key } = newKey(request.role, request.role, request, store);
    return { keys: [key], root: null };
  }
  const { rootKeys, rootThreshold } = request;
  if (rootThreshold < 1 || rootThreshold > rootKeys) {
    throw new Failure("keys/threshold", `${rootThreshold} of ${rootKeys} root keys can never sign.`, {
      hint: "Ask for at most as many signatures as there are root keys: --root-keys 3 --root-threshold 2.",
    });
  }
  const roots = readRoots(request.folder, request.roots, { ports, store });
  if (roots.files.length > 0) {
    throw new Failure("keys/root-exists", `There is a root in ${roots.path} already.`, {
      hint: "Change its keys with assent key rotate. Only a registry without clients begins anew.",
      category: "conflict",
    });
  }
  const registry = await registryId(request.folder, ports);
  const made = ROLES.flatMap((role) =>
    Array.from({ length: role === "root" ? rootKeys : 1 }, (_, at) =>
      newKey(role, role === "root" && rootKeys > 1 ? `root-${at + 1}` : role, request, store),
    ),
  );
  const of = (role: Role, threshold = 1): RoleKeys => ({
    keys: made.filter(({ key }) => key.role === role).map(({ signer }) => signer),
    threshold,
  });
  const expires = expiryAfter(ports.now(), request.rootLifetime ?? LIFETIMES.root);
  const value = rootValue({
    version: 1,
    expires,
    registry,
    roles: {
      root: of("root", rootThreshold),
      targets: of("targets"),
      snapshot: of("snapshot"),
      timestamp: of("timestamp"),
    },
  });
  const signers = made.filter(({ key }) => key.role === "root").map(({ signer }) => signer);
  const bytes = signRoot(value, signers, undefined);
  const file = `${roots.path}/${metadataPath("root", 1).slice("metadata/".length)}`;
  store.create(file, bytes, { secret: false });
  const sides = sidesOf(parseRoot(bytes), undefined);
  return { keys: made.map(({ key }) => key), root: { file, registry, expires, sides } };
}

function newKey(
  role: Role,
  name: string,
  request: GenerateRequest,
  store: KeyStore,
): { readonly key: GeneratedKey; readonly signer: TufSigner } {
  const passphrase = newPassphrase(role, { ...request, keys: [] }, store);
  const pkcs8 = pkcs8OfSeed(store.random(32));
  const signer = signerOfPkcs8(pkcs8);
  const { keyid, point } = signer;
  // A key for a ceremony of several people carries its name, so that two of them can lie together.
  const stem = `${request.out}/${request.role === undefined ? name : `${name}-${keyid.slice(0, 8)}`}`;
  const sealed = sealKey(pkcs8, passphrase, { salt: store.random(16), iv: store.random(16) });
  const key = { role, keyid, point, file: `${stem}.pem`, publicFile: `${stem}.pub.json` };
  store.create(key.file, new TextEncoder().encode(sealed), { secret: true });
  store.create(key.publicFile, renderPublicKey(signer), { secret: false });
  return { key, signer };
}

/** What lies in a clone is committed one day, by somebody in a hurry. */
function refuseInside({ folder, out }: GenerateRequest, ports: Ports): void {
  const root = ports.findRoot(folder);
  if (root === undefined || (out !== root && !out.startsWith(`${root}/`))) return;
  throw new Failure("keys/in-repository", `${out} lies in the repository, where keys get committed.`, {
    hint: "Name a folder outside of it, such as ~/assent-keys.",
  });
}
