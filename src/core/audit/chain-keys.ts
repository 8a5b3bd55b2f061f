/**
 * Whose keys count from a landing on (DESIGN 5.9 and 6): the witnesses that its registry.yaml names, and not the keys
 * that its identities give up; what those vouched for since is in doubt. It must never read a landing that does not
 * stand.
 */
import type { Change } from "../govern/change.ts";
import { settingsOf } from "../govern/ownership.ts";
import { fingerprintOf } from "../govern/persons.ts";
import type { Entry, Registry } from "../model/registry.ts";
import { identityOfPath } from "../source/reference.ts";
import { parseSshPublicKey } from "../trust/ssh-key.ts";
import type { Witness } from "./anchor.ts";
import type { ChainState, Landed, Unhealed } from "./chain-state.ts";
import { spansOf } from "./chain-past.ts";
import { keyRevoked } from "./verify-codes.ts";

/** What registry.yaml and identities say from now on: witnesses, and keys that are revoked since an earlier landing. */
export function revised(state: ChainState, { landing, change }: Landed): ChainState {
  const isFirst = landing.parents.length === 0;
  const touches = (prefix: string): boolean =>
    isFirst || change.paths.some(({ path }) => path.startsWith(prefix));
  let { witnesses, known, unhealed } = state;
  if (touches("registry/registry.yaml")) {
    witnesses = witnessesIn(change.result) ?? witnesses;
    known = [...known, ...witnesses.filter((each) => !known.some((other) => isSameWitness(each, other)))];
  }
  if (touches("registry/governance/identities/")) {
    const doubts = doubtsOf(revokedIn(change), landing.sequence, state);
    if (doubts.length > 0) unhealed = [...unhealed, ...doubts].sort((a, b) => a.sequence - b.sequence);
  }
  return { ...state, witnesses, known, unhealed };
}

/** Landings that a key vouched for after it was lost, each once. */
function doubtsOf(
  revoked: readonly RevokedKey[],
  now: number,
  { signed, voided, unhealed }: ChainState,
): readonly Unhealed[] {
  const doubts = new Map<number, Unhealed>();
  const settled = new Set(unhealed.map(({ sequence }) => sequence));
  for (const { fingerprint, since, identity } of revoked) {
    for (const [from, to] of spansOf(signed[fingerprint])) {
      // A key that is given up counts for the landing that gives it up.
      const end = since < now ? to : Math.min(to, now - 1);
      for (let sequence = Math.max(from, since); sequence <= end; sequence++) {
        const isVoid = voided.some(([a, b]) => sequence >= a && sequence <= b);
        if (isVoid || settled.has(sequence)) continue;
        const message = `Landing ${sequence} was vouched for by a key of ${identity} that is revoked since landing ${since}.`;
        doubts.set(sequence, { sequence, code: keyRevoked.code, message });
      }
    }
  }
  return [...doubts.values()];
}

/** Whom a registry names as witnesses, keys without their comments; undefined where nothing can be read that would. */
export function witnessesIn(registry: Registry): readonly Witness[] | undefined {
  const settings = settingsOf(registry);
  return settings === undefined ? undefined : (settings.value.witness ?? []).map(plain);
}

function plain({ sshPublicKey, sigstore }: Witness): Witness {
  if (sigstore !== undefined) return { sigstore };
  return { sshPublicKey: parseSshPublicKey(sshPublicKey ?? "")?.text ?? sshPublicKey };
}

/** Whether two witnesses are the same key, or the same identity letter by letter. */
export function isSameWitness(a: Witness, b: Witness): boolean {
  return (
    a.sshPublicKey === b.sshPublicKey &&
    a.sigstore?.issuer === b.sigstore?.issuer &&
    a.sigstore?.identity === b.sigstore?.identity
  );
}

interface RevokedKey {
  readonly fingerprint: string;
  /** The landing from which on the key does not count. */
  readonly since: number;
  readonly identity: string;
}

/** The keys whose revocation this landing brings, or dates back. */
function revokedIn({ base, result, paths }: Change): readonly RevokedKey[] {
  return paths.flatMap(({ path }) => {
    if (!path.startsWith("registry/governance/identities/")) return [];
    const ref = identityOfPath(path)?.ref;
    if (ref === undefined) return [];
    const before = new Map(keysOf(base.registry, ref).map(({ fingerprint, since }) => [fingerprint, since]));
    return keysOf(result, ref).filter(({ fingerprint, since }) => before.get(fingerprint) !== since);
  });
}

function keysOf(registry: Registry, ref: string): readonly RevokedKey[] {
  const entry = registry.get(ref);
  if (entry?.kind !== "Identity") return [];
  return ((entry as Entry<"Identity">).value.keys ?? []).flatMap(({ sshPublicKey, revoked }) => {
    const fingerprint = fingerprintOf(sshPublicKey);
    return revoked === undefined || fingerprint === undefined
      ? []
      : [{ fingerprint, since: revoked.since, identity: ref }];
  });
}
