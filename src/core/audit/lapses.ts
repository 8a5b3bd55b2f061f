/**
 * What happens although nothing lands (DESIGN 6, source `release`): waivers end, and with them, or because a policy reads
 * the clock, entries change their compliance. Each such event carries the landing that was in force and the very instant,
 * so it has the same id whoever looks and whenever.
 */
import { complianceTable } from "../compile/compliance-table.ts";
import type { Digest } from "../model/digest.ts";
import { millisecondsOf, parseInstant, type Instant } from "../model/instant.ts";
import { compareBytes } from "../model/json.ts";
import type { Landing } from "../model/landing.ts";
import type { Registry } from "../model/registry.ts";
import { compliance, type EntryCompliance } from "../policy/compliance.ts";
import { eventIdOf, type RegistryEvent } from "./event.ts";

/** The landing in force while time passes, and what its events have in common. */
export interface InForce {
  readonly registryId: string;
  readonly landing: Landing;
  readonly policyRevision: Digest;
}

/** What time alone brings about after a landing, up to and with an instant, in the order in which it happens. */
export function lapsesAfter(inForce: InForce, registry: Registry, until: Instant): readonly RegistryEvent[] {
  const events: RegistryEvent[] = [];
  let asOf = inForce.landing.time;
  let found = compliance(registry, asOf);
  for (;;) {
    const next = nextInstant(found, registry, asOf);
    if (next === null || millisecondsOf(next) > millisecondsOf(until)) return events;
    const then = compliance(registry, next);
    const ended = registry
      .ofKind("Waiver")
      .filter(({ value }) => isAt(value.expires, next))
      .map(({ ref }): Passed => ({
        type: "waiver_lapsed",
        subject: ref,
        from: null,
        to: "expired",
        reason: "The waiver has ended.",
      }));
    const passed = [
      ...ended.sort((a, b) => compareBytes(a.subject, b.subject)),
      ...changesBetween(found, then),
    ];
    passed.forEach((each, index) => events.push(eventOf(inForce, next, each, index + 1)));
    found = then;
    asOf = next;
  }
}

interface Passed {
  readonly type: "waiver_lapsed" | "compliance_changed";
  readonly subject: string;
  readonly from: string | null;
  readonly to: string;
  readonly reason: string;
}

/** Answers that differ, in the order of the registry; of an entry its own first, then one for each environment. */
function changesBetween(
  before: readonly EntryCompliance[],
  after: readonly EntryCompliance[],
): readonly Passed[] {
  const keyOf = ({ ref, environment }: EntryCompliance): string => `${ref} ${environment ?? ""}`;
  const old = new Map(before.map((each) => [keyOf(each), each.status]));
  return after.flatMap((each): readonly Passed[] => {
    const from = old.get(keyOf(each)) ?? "unknown";
    if (from === each.status) return [];
    const where = each.environment === null ? "" : ` in ${each.environment}`;
    const rules = each.violations.map(({ policy, rule }) => `${policy} (${rule})`).join(", ");
    const reason = `Time passed${where}${rules === "" ? "" : `: ${rules}`}.`;
    return [{ type: "compliance_changed", subject: each.ref, from, to: each.status, reason }];
  });
}

/** The next instant at which anything can change: an answer, or the end of a waiver, whether it excuses something or not. */
function nextInstant(found: readonly EntryCompliance[], registry: Registry, asOf: Instant): Instant | null {
  let next = complianceTable(found, registry, asOf).nextChange;
  for (const { value } of registry.ofKind("Waiver")) {
    const ends = parseInstant(value.expires);
    if (ends === undefined || millisecondsOf(ends) <= millisecondsOf(asOf)) continue;
    if (next === null || millisecondsOf(ends) < millisecondsOf(next)) next = ends;
  }
  return next;
}

function isAt(text: string, instant: Instant): boolean {
  const parsed = parseInstant(text);
  return parsed !== undefined && millisecondsOf(parsed) === millisecondsOf(instant);
}

function eventOf(
  { registryId, landing, policyRevision }: InForce,
  asOf: Instant,
  passed: Passed,
  ordinal: number,
): RegistryEvent {
  const { sequence, oid } = landing;
  const { type, subject, from, to, reason } = passed;
  return {
    eventId: eventIdOf({ registryId, source: "release", sequence, asOf, ordinal }),
    registry: registryId,
    sequence,
    type,
    subject,
    bundleId: null,
    bundleVersion: null,
    scope: null,
    fromState: from,
    toState: to,
    replaces: null,
    // Nobody did it.
    actor: "unknown",
    claimed: true,
    reason,
    patch: null,
    commit: oid,
    observedAt: asOf,
    policyRevision,
  };
}
