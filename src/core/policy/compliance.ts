/**
 * Compliance of entries with the policies that bindings bring (DESIGN 5, Compliance). A function of the registry and
 * of `asOf`; the order of entries, bindings and waivers never matters.
 * It tells what holds. Whether a change may land is decided elsewhere, and only for what the change touches.
 */
import type { PolicyRule } from "../../generated/entries.ts";
import type { Instant } from "../model/instant.ts";
import type { Entry, Registry } from "../model/registry.ts";
import { bindingsOf, type BoundBy, type EffectivePolicy } from "./bindings.ts";
import { preparePolicy, type Breach, type PreparedPolicy } from "./policies.ts";
import { surroundingsOf } from "./surroundings.ts";
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
  const prepared = new Map<string, PreparedPolicy>();
  // Most entries violate nothing, and entries reached by the same bindings then have the same answer but for the name.
  const clean = new Map<readonly EffectivePolicy[], readonly PolicyCompliance[]>();

  const policyOf = (ref: string): PreparedPolicy => {
    let policy = prepared.get(ref);
    if (policy === undefined) {
      const entry = registry.get(ref) as Entry<"Policy"> | undefined;
      policy = preparedOf(entry === undefined ? nothingAsked : entry.value.spec);
      prepared.set(ref, policy);
    }
    return policy;
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
          status: "unknown",
          policies: noPolicies,
          violations: noViolations,
        };
      let violations: Violation[] | undefined;
      for (const each of effective) {
        const policy = policyOf(each.policy);
        const surroundings = around(entry, environment, policy.uses);
        for (const breach of policy.judge(entry, surroundings)) {
          const isPending =
            policy.asksEvidence(breach.rule) && (surroundings.evaluations ?? noEntries).length === 0;
          (violations ??= []).push(
            violationOf(
              each,
              breach,
              isPending,
              waivers.covering(each.policy, breach.rule.id, entry, environment),
            ),
          );
        }
      }
      if (violations === undefined) {
        let policies = clean.get(effective);
        if (policies === undefined) clean.set(effective, (policies = policiesOf(effective, noViolations)));
        return { ref: entry.ref, environment, status: "compliant", policies, violations: noViolations };
      }
      const policies = policiesOf(effective, violations);
      return {
        ref: entry.ref,
        environment,
        status: worst(policies.map(({ status }) => status)),
        policies,
        violations,
      };
    },
  };
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
  effective: EffectivePolicy,
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

function policiesOf(
  effective: readonly EffectivePolicy[],
  violations: readonly Violation[],
): readonly PolicyCompliance[] {
  return effective.map(({ policy, mode, bindings }) => {
    const statuses = violations.filter((violation) => violation.policy === policy).map(statusOfViolation);
    return { policy, mode, bindings, status: statuses.length === 0 ? "compliant" : worst(statuses) };
  });
}

function statusOfViolation({ isPending, waivers }: Violation): ComplianceStatus {
  return waivers.length > 0 ? "exempt" : isPending ? "pending" : "non-compliant";
}

function worst(statuses: readonly ComplianceStatus[]): ComplianceStatus {
  return complianceStatuses.find((status) => statuses.includes(status)) ?? "unknown";
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
