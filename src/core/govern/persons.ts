/**
 * Accounts, keys and e-mail addresses -> Identities at the base (DESIGN 5.3 and Anti-Sybil). An account is its numeric
 * id, never its login: logins can be renamed and registered again by strangers.
 * It must never show or keep an e-mail address.
 */
import { sha256Hex } from "../model/digest.ts";
import { compareBytes } from "../model/json.ts";
import type { Entry, Registry } from "../model/registry.ts";
import { isActiveHuman } from "../validate/people.ts";
import type { CommitPerson } from "./facts.ts";

export interface Persons {
  /** Every identity with this account, in byte order; more than one is nobody to approve and everybody to exclude. */
  byAccount(id: number): readonly Entry<"Identity">[];
  /** Every identity that an address in a commit points at. */
  byEmail(address: string): readonly Entry<"Identity">[];
  /** Every identity that has this key unrevoked. */
  byKey(fingerprint: string): readonly Entry<"Identity">[];
  get(ref: string): Entry<"Identity"> | undefined;
  /** The active humans among a role's members, in byte order. */
  holdersOf(role: string): readonly string[];
}

/** Prepares the people of a registry. */
export function personsOf(registry: Registry): Persons {
  const accounts = new Map<number, Entry<"Identity">[]>();
  const digests = new Map<string, Entry<"Identity">[]>();
  const keys = new Map<string, Entry<"Identity">[]>();
  const put = <K>(map: Map<K, Entry<"Identity">[]>, key: K, identity: Entry<"Identity">): void => {
    const known = map.get(key);
    if (known === undefined) map.set(key, [identity]);
    else if (!known.includes(identity)) known.push(identity);
  };
  for (const identity of registry.ofKind("Identity")) {
    const { github, emailDigests = [], keys: own = [] } = identity.value;
    if (github !== undefined) put(accounts, github.id, identity);
    for (const digest of emailDigests) put(digests, digest, identity);
    for (const { sshPublicKey, revoked } of own) {
      const fingerprint = revoked === undefined ? fingerprintOf(sshPublicKey) : undefined;
      if (fingerprint !== undefined) put(keys, fingerprint, identity);
    }
  }
  const get = (ref: string): Entry<"Identity"> | undefined => {
    const entry = registry.get(ref);
    return entry?.kind === "Identity" ? (entry as Entry<"Identity">) : undefined;
  };
  const byAccount = (id: number): readonly Entry<"Identity">[] => accounts.get(id) ?? [];
  return {
    byAccount,
    byEmail(address) {
      const plain = address.trim().toLowerCase();
      const account = /^(\d{1,16})\+[^@]+@users\.noreply\.github\.com$/.exec(plain)?.[1];
      const found = new Set(account === undefined ? [] : byAccount(Number(account)));
      for (const identity of digests.get(`sha256:${sha256Hex(plain)}`) ?? []) found.add(identity);
      return [...found].sort((a, b) => compareBytes(a.ref, b.ref));
    },
    byKey: (fingerprint) => keys.get(fingerprint) ?? [],
    get,
    holdersOf(role) {
      const entry = registry.get(role);
      if (entry?.kind !== "Role") return [];
      const members = (entry as Entry<"Role">).value.members.filter((ref) => {
        const identity = get(ref);
        return identity !== undefined && isActiveHuman(identity);
      });
      return [...new Set(members)].sort(compareBytes);
    },
  };
}

/** The account and the address of a forge that commits on people's behalf in its web editor: nobody (DESIGN 5.3). */
export const WEB_COMMITTER = { id: 19_864_447, email: "noreply@github.com" };

/** Whether a committer is the forge's own web committer. */
export function isWebCommitter({ id, email }: CommitPerson): boolean {
  return id === null ? email?.trim().toLowerCase() === WEB_COMMITTER.email : id === WEB_COMMITTER.id;
}

/** Who a commit names: by the account id where the forge reports one, else by the key or the e-mail address. */
export function identitiesOf(
  persons: Persons,
  { id, email, key, identities }: CommitPerson,
): readonly Entry<"Identity">[] {
  if (id !== null) return persons.byAccount(id);
  if (identities !== undefined) return identities.flatMap((ref) => persons.get(ref) ?? []);
  if (key !== undefined) return persons.byKey(key);
  return email === null ? [] : persons.byEmail(email);
}

/** `SHA256:` and the base64 of the key's sha256, as `ssh-keygen -l` prints it; undefined when the text is no key. */
export function fingerprintOf(sshPublicKey: string): string | undefined {
  if (!fingerprints.has(sshPublicKey)) {
    if (fingerprints.size >= KEPT_FINGERPRINTS) fingerprints.clear();
    fingerprints.set(sshPublicKey, fingerprintIn(sshPublicKey));
  }
  return fingerprints.get(sshPublicKey);
}

/** An audit asks for the same people's keys at every landing. */
const fingerprints = new Map<string, string | undefined>();
const KEPT_FINGERPRINTS = 10_000;

function fingerprintIn(sshPublicKey: string): string | undefined {
  const blob = sshPublicKey.trim().split(/\s+/)[1];
  if (blob === undefined || !/^[A-Za-z0-9+/]+={0,2}$/.test(blob) || blob.length % 4 !== 0) return undefined;
  const bytes = Uint8Array.from(atob(blob), (character) => character.charCodeAt(0));
  const digest = sha256Hex(bytes).replace(/../g, (byte) => String.fromCharCode(Number.parseInt(byte, 16)));
  return `SHA256:${btoa(digest).replace(/=+$/, "")}`;
}
