/**
 * Keys that a landing revokes, and since when (DESIGN 5.9 and 6): what they vouched for from then on is in doubt.
 * It must never forget that a key may belong to several.
 */
import type { Change } from "../govern/change.ts";
import { fingerprintOf } from "../govern/persons.ts";
import type { Entry, Registry } from "../model/registry.ts";
import { identityOfPath } from "../source/reference.ts";

export interface RevokedKey {
  readonly fingerprint: string;
  /** The landing from which on the key does not count. */
  readonly since: number;
  readonly identity: string;
}

/** The keys whose revocation this landing brings, or dates back. */
export function revokedIn({ base, result, paths }: Change): readonly RevokedKey[] {
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
    return revoked === undefined || fingerprint === undefined ? [] : [{ fingerprint, since: revoked.since, identity: ref }];
  });
}
