/**
 * What policies say about entries, as the snapshot's compliance lines, and the instant from which they may say
 * something else. It must never judge an entry; core/policy has done that, for the same asOf.
 */
import { canonicalJson } from "../model/canonical.ts";
import { instantOfSeconds, millisecondsOf, parseInstant, type Instant } from "../model/instant.ts";
import type { JsonObject } from "../model/json.ts";
import type { Registry } from "../model/registry.ts";
import type { EntryCompliance } from "../policy/compliance.ts";
import type { CatalogueLine } from "./shards.ts";
import type { ComplianceTable } from "./snapshot.ts";

/**
 * One line `{compliance, ref}` per entry that a binding reaches: its own answer, and one for each environment that a
 * binding names. Entries that nothing is bound to are `unknown` and have no line.
 */
export function complianceTable(
  found: readonly EntryCompliance[],
  registry: Registry,
  asOf: Instant,
): ComplianceTable {
  const byRef = new Map<string, JsonObject[]>();
  for (const { ref, environment, status, policies, violations } of found) {
    if (status === "unknown") continue;
    const answer = { environment, status, policies, violations } as object as JsonObject;
    const answers = byRef.get(ref);
    if (answers === undefined) byRef.set(ref, [answer]);
    else answers.push(answer);
  }
  const lines = [...byRef].map(([ref, compliance]): CatalogueLine => ({
    ref,
    line: canonicalJson({ compliance, ref }),
  }));
  return { lines, nextChange: nextChange(found, registry, asOf) };
}

/**
 * The earliest instant after asOf at which a line changes: the first end of a waiver that excuses something now (one
 * that excuses nothing changes nothing), and the next UTC midnight where a policy in effect reads `asOf`, because what
 * an expression compares it with cannot be foreseen and dates change by the day.
 */
function nextChange(found: readonly EntryCompliance[], registry: Registry, asOf: Instant): Instant | null {
  let next: Instant | null = null;
  const sooner = (instant: Instant | undefined): void => {
    if (instant !== undefined && (next === null || millisecondsOf(instant) < millisecondsOf(next)))
      next = instant;
  };
  const policies = new Set<string>();
  const waivers = new Set<string>();
  for (const answer of found) {
    for (const { policy } of answer.policies) policies.add(policy);
    for (const violation of answer.violations) for (const waiver of violation.waivers) waivers.add(waiver);
  }
  for (const ref of waivers) {
    const expires = (registry.get(ref)?.value as { readonly expires?: string } | undefined)?.expires;
    sooner(expires === undefined ? undefined : parseInstant(expires));
  }
  if ([...policies].some((ref) => readsClock(ref, registry))) sooner(midnightAfter(asOf));
  return next;
}

function readsClock(ref: string, registry: Registry): boolean {
  const entry = registry.get(ref)?.value;
  const spec = entry !== undefined && "spec" in entry ? entry.spec : undefined;
  const rules = (
    spec as { readonly rules?: readonly { readonly when?: string; readonly assert: string }[] } | undefined
  )?.rules;
  return rules?.some(({ when = "", assert }) => /\basOf\b/.test(`${when} ${assert}`)) ?? false;
}

function midnightAfter(asOf: Instant): Instant {
  const day = 24 * 60 * 60;
  return instantOfSeconds((Math.floor(millisecondsOf(asOf) / 1000 / day) + 1) * day);
}
