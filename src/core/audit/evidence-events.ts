/**
 * RegistryEvents that only evidence tells (DESIGN 6, source `evidence`): a landing was recorded as a violation. It tells what
 * is recorded; that a record is true is proved by `assent audit verify`, never here. What the attacker controls: every
 * byte of a record.
 */
import type { Landing } from "../model/landing.ts";
import { eventIdOf, type RegistryEvent } from "./event.ts";
import { parseRecord } from "./record.ts";

/** What an event of evidence has in common with those of its landing. */
export interface OfLanding {
  readonly landing: Landing;
  readonly registryId: string;
  /** Who acted, as history says. */
  readonly actor: string;
}

/** The event of a landing's record; undefined where it records no violation, or is not this landing's. */
export function violationEvent(of: OfLanding, record: Uint8Array): RegistryEvent | undefined {
  if (!mayTell(record)) return undefined;
  const read = parseRecord(record);
  if (!("evidence" in read)) return undefined;
  const { landing, registryId, actor } = of;
  const { decision, landing: commit, sequence, reasons, recordedAt, policyRevision } = read.evidence;
  if (decision !== "VIOLATION" || commit !== landing.oid || sequence !== landing.sequence) return undefined;
  return {
    eventId: eventIdOf({ registryId, source: "evidence", sequence, asOf: null, ordinal: 1 }),
    registry: registryId,
    sequence,
    type: "violation_recorded",
    subject: "registry:registry",
    bundleId: null,
    bundleVersion: null,
    scope: null,
    fromState: null,
    toState: decision,
    replaces: null,
    actor,
    claimed: true,
    // Nothing denied it: it was pending, and landed all the same.
    reason: reasons.length > 0 ? reasons.join(", ") : "It lacked approvals or time.",
    patch: null,
    commit,
    observedAt: recordedAt,
    policyRevision,
  };
}

/**
 * What was told of landings, with what their records say after what each landing says. `registryId` and `recordOf` as at
 * the end of them; a landing that told something told under which registry and who acted.
 */
export function withViolations(
  told: readonly RegistryEvent[],
  landings: readonly Landing[],
  registryId: string,
  recordOf: (sequence: number) => Uint8Array | undefined,
): readonly RegistryEvent[] {
  const own = new Map(told.map((event) => [event.commit, event]));
  const found = landings.flatMap((landing) => {
    const record = recordOf(landing.sequence);
    const { registry = registryId, actor = "unknown" } = own.get(landing.oid) ?? {};
    return record === undefined
      ? []
      : (violationEvent({ landing, registryId: registry, actor }, record) ?? []);
  });
  return found.length === 0 ? told : [...told, ...found].sort((a, b) => a.sequence - b.sequence);
}

/** Nearly no record tells of a violation, and reading a record whole costs more than asking for the word. */
function mayTell(record: Uint8Array): boolean {
  const payload = /"payload":"([A-Za-z0-9+/=]*)"/.exec(new TextDecoder().decode(record))?.[1];
  try {
    return payload === undefined || atob(payload).includes('"VIOLATION"');
  } catch {
    return true;
  }
}
