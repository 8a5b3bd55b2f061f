/**
 * The score of compliance: one formula, written down here and printed wherever a score is shown, so that nobody has to
 * guess what a number means. It must never decide anything.
 */
import type { PolicyRule } from "../../generated/entries.ts";
import type { Registry } from "../model/registry.ts";
import type { EntryCompliance } from "./compliance.ts";

/** How much a rule counts. */
export const weights: Readonly<Record<PolicyRule["severity"], number>> = {
  critical: 8,
  high: 4,
  medium: 2,
  low: 1,
};

/**
 * `asked` are all rules of the policies that are bound, whether their condition fits or not, `unmet` those that are not met and
 * that no waiver covers; rules of policies that only warn count alike, and missing evidence is unmet.
 */
export const SCORE_FORMULA =
  "1 - unmet / asked; a rule weighs critical 8, high 4, medium 2, low 1, and a waived one counts as met";

export interface Score {
  /** 0 to 1, four decimals; null where nothing is bound. */
  readonly value: number | null;
  /** The same as if there were no waivers. */
  readonly withoutWaivers: number | null;
  /** Sums of weights. */
  readonly asked: number;
  readonly unmet: number;
  readonly waived: number;
}

/** The score of any set of answers of one registry: an entry's, an environment's, all. */
export function scoreOf(found: Iterable<EntryCompliance>, registry: Registry): Score {
  const ofPolicy = new Map<string, number>();
  let [asked, unmet, waived] = [0, 0, 0];
  for (const { policies, violations } of found) {
    for (const { policy } of policies) {
      let weight = ofPolicy.get(policy);
      if (weight === undefined) ofPolicy.set(policy, (weight = weightOf(policy, registry)));
      asked += weight;
    }
    for (const { severity, waivers } of violations)
      if (waivers.length > 0) waived += weights[severity];
      else unmet += weights[severity];
  }
  return { value: share(unmet, asked), withoutWaivers: share(unmet + waived, asked), asked, unmet, waived };
}

function weightOf(ref: string, registry: Registry): number {
  const policy = registry.get(ref);
  if (policy?.kind !== "Policy" || !("spec" in policy.value)) return 0;
  const { rules } = policy.value.spec as { readonly rules: readonly PolicyRule[] };
  return rules.reduce((sum, { severity }) => sum + weights[severity], 0);
}

function share(missed: number, asked: number): number | null {
  return asked === 0 ? null : Math.round((1 - missed / asked) * 10_000) / 10_000;
}
