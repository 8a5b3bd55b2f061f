/**
 * Compliance of entries with the policies that bindings bring (DESIGN 5, Compliance). A function of the registry and
 * of `asOf`; the order of entries, bindings and waivers never matters.
 * It tells what holds. Whether a change may land is decided elsewhere, and only for what the change touches.
 */
import type { PolicyRule } from "../../generated/entries.ts";
import type { Instant } from "../model/instant.ts";
import type { Entry, Registry } from "../model/registry.ts";
import { bindingsOf, type BoundBy, type EffectivePolicy } from "./bindings.ts";
import { breachOf, preparePolicy, type Breach, type PreparedPolicy, type PreparedRule } from "./policies.ts";
import { bareSurroundings, surroundingsOf } from "./surroundings.ts";
import { waiversOf, type Waivers } from "./waivers.ts";

/** In order of precedence, `unknown` aside: of several policies the first that occurs is the entry's status. */
export const complianceStatuses = ["non-compliant", "pending", "exempt", "compliant", "unknown"] as const;

export type ComplianceStatus = (typeof complianceStatuses)[number];

/** A rule that an entry does not meet. */
export interface Violation {
  readonly policy: string;
  readonly rule: string;
  readonly severity: PolicyRule["severity"];
  /** `warn` never stops a change. */
  readonly mode: "enforce" | "warn";
  readonly message: string;
  readonly remediation: string | null;
  /** Why the rule could not be answered; null when it was answered with no. */
  readonly error: string | null;
  /** Whether only evidence is missing: the rule asks about evaluations, and there is none yet. */
  readonly isPending: boolean;
  /** The live waivers that cover it, in byte order; not empty = excused. */
  readonly waivers: readonly string[];
}

export interface PolicyCompliance {
  readonly policy: string;
  readonly mode: "enforce" | "warn";
  readonly bindings: readonly BoundBy[];
  readonly status: ComplianceStatus;
}

export interface EntryCompliance {
  readonly ref: string;
  /** The environment asked about, as a reference; null where it does not matter. */
  readonly environment: string | null;
  readonly status: ComplianceStatus;
  /** The effective policies in byte order. */
  readonly policies: readonly PolicyCompliance[];
  /** In byte order of policies, then in the policy's own order. */
  readonly violations: readonly Violation[];
}

export interface ComplianceOptions {
  /** Only these entries; all without it. */
  readonly entries?: readonly Entry[];
}

/**
 * The compliance of every entry, in the registry's order; after an entry's own, one more for each environment in
 * which a binding that names environments reaches it. Entries that no binding reaches are `unknown`.
 */
export function compliance(
  registry: Registry,
  asOf: Instant,
  options: ComplianceOptions = {},
): readonly EntryCompliance[] {
  const judge = judgeOf(registry, asOf);
  const found: EntryCompliance[] = [];
  for (const entry of options.entries ?? registry.entries) {
    found.push(judge.judge(entry, null));
    for (const environment of judge.environmentsOf(entry)) found.push(judge.judge(entry, environment));
  }
  return found;
}

/** Judges single entries of one registry at one time. */
export interface Judge {
  /** The environments for which an entry has to be asked about separately, in byte order. */
  environmentsOf(entry: Entry): readonly string[];
  judge(entry: Entry, environment: string | null): EntryCompliance;
}

/** Prepares bindings, policies and waivers; each policy is compiled when an entry first needs it. */
export function judgeOf(registry: Registry, asOf: Instant): Judge {
  const bindings = bindingsOf(registry);
  const waivers = waiversOf(registry, asOf);
  const around = surroundingsOf(registry, asOf);
  const still = bareSurroundings(registry, asOf);
  const byRef = new Map<string, PreparedPolicy>();
  // Most entries violate nothing, and entries reached by the same bindings then have the same answer but for the name.
  const ready = new Map<readonly EffectivePolicy[], Ready>();

  const policyOf = (ref: string): PreparedPolicy => {
    let policy = byRef.get(ref);
    if (policy === undefined) {
      const entry = registry.get(ref) as Entry<"Policy"> | undefined;
      policy = preparedOf(entry === undefined ? nothingAsked : entry.value.spec);
      byRef.set(ref, policy);
    }
    return policy;
  };

  const readyFor = (effective: readonly EffectivePolicy[]): Ready => {
    let found = ready.get(effective);
    if (found === undefined) {
      found = {
        asked: effective.flatMap(({ policy: ref }, at) => {
          const policy = policyOf(ref);
          const reads = policy.uses.size === 0 ? undefined : policy;
          return policy.rules.map((rule): Asked => ({ rule, at, reads }));
        }),
        clean: effective.map(({ policy, mode, bindings: by }) => ({
          policy,
          mode,
          bindings: by,
          status: "compliant",
        })),
      };
      ready.set(effective, found);
    }
    return found;
  };

  return {
    environmentsOf(entry) {
      // An activation has an environment of its own, which its selectors know.
      if (entry.kind === "Activation" || bindings.environments.length === 0) return nowhere;
      return bindings.environments.filter((environment) => bindings.isSpecial(entry, environment));
    },
    judge(entry, environment) {
      const effective = bindings.policiesOf(entry, environment);
      if (effective.length === 0)
        return {
          ref: entry.ref,
          environment,
          status: withAdoption(entry, "unknown"),
          policies: noPolicies,
          violations: noViolations,
        };
      const { asked, clean } = readyFor(effective);
      let violations: Violation[] | undefined;
      let policies: PolicyCompliance[] | undefined;
      let worst = ranks.compliant;
      let surroundings = still;
      let gathered: PreparedPolicy | undefined;
      for (let i = 0; i < asked.length; i++) {
        const each = asked[i];
        if (each === undefined) continue;
        const { reads } = each;
        if (reads !== gathered) {
          gathered = reads;
          surroundings = reads === undefined ? still : around(entry, environment, reads.uses);
        }
        const breach = breachOf(each.rule, entry, surroundings);
        if (breach === undefined) continue;
        const before = (policies ??= [...clean])[each.at];
        if (before === undefined) continue;
        const isPending =
          reads !== undefined &&
          (surroundings.evaluations ?? noEntries).length === 0 &&
          reads.asksEvidence(breach.rule);
        const covering = waivers.covering(before.policy, breach.rule.id, entry, environment);
        (violations ??= []).push(violationOf(before, breach, isPending, covering));
        const rank = covering.length > 0 ? ranks.exempt : isPending ? ranks.pending : ranks["non-compliant"];
        if (rank < worst) worst = rank;
        if (rank < ranks[before.status]) {
          const { policy, mode, bindings: by } = before;
          policies[each.at] = { policy, mode, bindings: by, status: statusOf(rank) };
        }
      }
      return {
        ref: entry.ref,
        environment,
        status: withAdoption(entry, statusOf(worst)),
        policies: policies ?? clean,
        violations: violations ?? noViolations,
      };
    },
  };
}

/**
 * What ran before the registry began carries the label `adopted: "true"`: nobody has looked at it here yet, so it is at
 * best pending until somebody takes the label off. Putting it on never makes an entry look better.
 */
function withAdoption({ value }: Entry, status: ComplianceStatus): ComplianceStatus {
  if (!("labels" in value) || value.labels?.["adopted"] !== "true") return status;
  return status === "non-compliant" ? status : "pending";
}

/** Policies that apply together, compiled, and what is said of an entry that meets them all. */
interface Ready {
  /** All their rules, policy by policy. */
  readonly asked: readonly Asked[];
  readonly clean: readonly PolicyCompliance[];
}

interface Asked {
  readonly rule: PreparedRule;
  /** The place of its policy among those that apply. */
  readonly at: number;
  /** Its policy where rules of that read what surrounds an entry. */
  readonly reads: PreparedPolicy | undefined;
}

/** Compiled once for as long as somebody holds the policy: a history judges with it again and again. */
const compiled = new WeakMap<PolicyText, PreparedPolicy>();

type PolicyText = Parameters<typeof preparePolicy>[0];

function preparedOf(spec: PolicyText): PreparedPolicy {
  let policy = compiled.get(spec);
  if (policy === undefined) compiled.set(spec, (policy = preparePolicy(spec)));
  return policy;
}

const nothingAsked: PolicyText = { appliesTo: [], rules: [] };
const nowhere: readonly string[] = [];
const noPolicies: readonly PolicyCompliance[] = [];
const noViolations: readonly Violation[] = [];
const noEntries: readonly Entry[] = [];

function violationOf(
  effective: Pick<EffectivePolicy, "policy" | "mode">,
  { rule, error }: Breach,
  isPending: boolean,
  waivers: readonly string[],
): Violation {
  return {
    policy: effective.policy,
    rule: rule.id,
    severity: rule.severity,
    mode: effective.mode,
    message: rule.message,
    remediation: rule.remediation ?? null,
    error,
    isPending,
    waivers,
  };
}

/** The statuses as numbers: the lower, the worse. */
const ranks = { "non-compliant": 0, pending: 1, exempt: 2, compliant: 3, unknown: 4 };

function statusOf(rank: number): ComplianceStatus {
  return complianceStatuses[rank] ?? "unknown";
}

/** The live waivers that cover no violation of any entry, in byte order of their references (DESIGN 3). */
export function idleWaivers(
  registry: Registry,
  asOf: Instant,
  found: readonly EntryCompliance[],
): readonly Entry<"Waiver">[] {
  const used = new Set(found.flatMap(({ violations }) => violations.flatMap(({ waivers }) => waivers)));
  const waivers: Waivers = waiversOf(registry, asOf);
  return waivers.live.filter((waiver) => !used.has(waiver.ref));
}
