/**
 * What a change asks for (DESIGN 5.2): an owner for every changed path, and the union of all approval policies that
 * match, all read from the base. It tells what is asked; whether it is there is judged elsewhere.
 */
import { millisecondsOfDuration } from "../model/duration.ts";
import type { Instant } from "../model/instant.ts";
import { compareBytes } from "../model/json.ts";
import type { Entry } from "../model/registry.ts";
import type { Transition } from "../model/transition.ts";
import { parseRef } from "../source/reference.ts";
import type { Change } from "./change.ts";
import * as codes from "./codes.ts";
import { matcherOf } from "./match.ts";
import { ownershipOf, settingsOf } from "./ownership.ts";
import { denied, type Verdict } from "./verdict.ts";

/** Approvals of distinct people that hold one of some roles. */
export interface RoleDemand {
  /** The role's reference, or `owner` and the roles that own the subject. */
  readonly label: string;
  /** Whoever holds one of these may fill it; empty = nobody can. */
  readonly roles: readonly string[];
  readonly count: number;
}

/** What one policy asks for, before the union. */
export interface PolicyDemand {
  readonly policy: string;
  /** As the policy says it: a role's reference, or `owner`. */
  readonly role: string;
  /** The demand of the union that it went into. */
  readonly label: string;
  readonly count: number;
}

/** A length of time that a policy asks for, and which policy it is. */
export interface TimeDemand {
  readonly policy: string;
  readonly milliseconds: number;
  /** As written: `P90D`. */
  readonly text: string;
}

export interface SoakDemand extends TimeDemand {
  /** A bare name. */
  readonly environment: string;
}

/** Evidence asked for about one transition. */
export interface EvidenceDemand {
  readonly maxAge: TimeDemand | null;
  readonly soaks: readonly SoakDemand[];
  /** The policies that ask for it. */
  readonly attested: readonly string[];
  readonly verified: readonly string[];
}

export interface Demands {
  /** Every path that needs an owner, in byte order; no roles = nobody owns it. */
  readonly paths: readonly { readonly path: string; readonly roles: readonly string[] }[];
  /** In byte order of labels. */
  readonly roles: readonly RoleDemand[];
  /** In byte order of policies, in their own order. */
  readonly policies: readonly PolicyDemand[];
  readonly assurance: "forge" | "signed";
  readonly evidence: ReadonlyMap<Transition, EvidenceDemand>;
  /** Policies whose condition could not be answered. */
  readonly errors: readonly Verdict[];
}

type Policy = Entry<"ApprovalPolicy">;

/** What a policy matched: transitions, and the paths whose owners `role: owner` means. */
interface Matched {
  readonly policy: Policy;
  readonly transitions: ReadonlySet<Transition>;
  readonly paths: readonly string[];
}

/** What a change asks for. A heal asks for what a change of registry.yaml asks for, under the rules it returns to. */
export function demandsOf(
  change: Change,
  transitions: readonly Transition[],
  isEmergency: boolean,
  asOf: Instant,
): Demands {
  const { registry } = change.rules;
  const isHeal = change.heals !== null;
  const judged = isHeal
    ? [{ subject: "registry:registry", action: "edit" as const, from: null, to: null }]
    : transitions;
  const paths = isHeal ? ["registry/registry.yaml"] : change.paths.map(({ path }) => path);
  const ownerOf = ownershipOf(settingsOf(registry)?.value ?? {});
  const rolesAt = (path: string): readonly string[] => [...(ownerOf(path)?.roles ?? [])].sort(compareBytes);
  const errors: Verdict[] = [];
  const matched = matchPolicies(change, judged, paths, asOf, errors);
  const found: { demand: RoleDemand; listed: PolicyDemand }[] = matched.flatMap(
    ({ policy, transitions: of, paths: at }) => {
      const asked =
        isEmergency && policy.value.emergency !== undefined
          ? policy.value.emergency.approvals
          : (policy.value.require?.approvals ?? []);
      return asked.flatMap(({ role, count = 1 }) => {
        const demands =
          role === "owner"
            ? ownerDemands([...at, ...[...of].map(pathOf)], rolesAt)
            : [{ label: role, roles: [role] }];
        return demands.map((demand) => ({
          demand: { ...demand, count },
          listed: { policy: policy.ref, role, label: demand.label, count },
        }));
      });
    },
  );
  const roles = new Map<string, RoleDemand>();
  for (const { demand } of found) {
    if ((roles.get(demand.label)?.count ?? 0) < demand.count) roles.set(demand.label, demand);
  }
  return {
    paths: paths.map((path) => ({ path, roles: rolesAt(path) })),
    roles: [...roles.values()].sort((a, b) => compareBytes(a.label, b.label)),
    policies: found.map(({ listed }) => listed),
    assurance: matched.some(({ policy }) => policy.value.require?.assurance === "signed")
      ? "signed"
      : "forge",
    evidence: evidenceOf(isHeal ? [] : judged, matched, isEmergency),
    errors,
  };
}

function matchPolicies(
  change: Change,
  transitions: readonly Transition[],
  paths: readonly string[],
  asOf: Instant,
  errors: Verdict[],
): readonly Matched[] {
  const matcher = matcherOf(change, asOf);
  return change.rules.registry.ofKind("ApprovalPolicy").flatMap((policy) => {
    const matchedPaths = paths.filter((path) => matcher.path(policy, path));
    const byPath = new Set(matchedPaths);
    const isByPath = policy.value.match.paths !== undefined;
    const matched = transitions.filter((transition) => {
      // A scope that another file alters is judged as if its own file had promoted it (DESIGN 5.2).
      if (isByPath)
        return transition.indirect === true
          ? matcher.path(policy, pathOf(transition))
          : byPath.has(pathOf(transition));
      const { matches, error } = matcher.transition(policy, transition);
      if (error !== null) errors.push(errorOf(policy, transition, error));
      return matches;
    });
    return matched.length === 0 && matchedPaths.length === 0
      ? []
      : [{ policy, transitions: new Set(matched), paths: matchedPaths }];
  });
}

function errorOf(policy: Policy, { subject, action }: Transition, error: string): Verdict {
  const because = `${policy.ref} cannot tell whether it is about ${action} of ${subject}: ${error}.`;
  const at = { file: policy.path, pointer: ["match", "when"] };
  return denied(`${policy.ref} can be evaluated`, because, {
    code: codes.policyError,
    at,
    subject: policy.ref,
  });
}

/** One demand for each group of owners that the subjects have. */
function ownerDemands(
  paths: readonly string[],
  rolesAt: (path: string) => readonly string[],
): readonly Omit<RoleDemand, "count">[] {
  const byLabel = new Map<string, Omit<RoleDemand, "count">>();
  for (const path of paths) {
    const roles = rolesAt(path);
    const label = roles.length === 0 ? `owner of ${path}` : `owner (${roles.join(", ")})`;
    byLabel.set(label, { label, roles });
  }
  return [...byLabel.values()];
}

/** The file of a transition's subject. */
export function pathOf({ subject, scope }: Transition): string {
  return scope === undefined ? (parseRef(subject)?.path ?? subject) : `registry/live/${scope}.yaml`;
}

/**
 * The union of what is asked about each transition: the shortest age, every soak. A scope's indirect move, and every
 * direct one but activate and promote, needs approvals only (DESIGN 4 and 5.2).
 */
function evidenceOf(
  transitions: readonly Transition[],
  matched: readonly Matched[],
  isEmergency: boolean,
): ReadonlyMap<Transition, EvidenceDemand> {
  const evidence = new Map<Transition, EvidenceDemand>();
  for (const transition of transitions) {
    const { scope, action, indirect } = transition;
    if (indirect === true || (scope !== undefined && action !== "activate" && action !== "promote")) continue;
    let maxAge: TimeDemand | null = null;
    const soaks: SoakDemand[] = [];
    const attested: string[] = [];
    const verified: string[] = [];
    for (const { policy, transitions: of } of matched) {
      const { require, emergency } = policy.value;
      if (!of.has(transition) || require === undefined || (isEmergency && emergency !== undefined)) continue;
      const { evaluationMaxAge, soak } = require;
      if (evaluationMaxAge !== undefined) {
        const demand = timeDemand(policy, evaluationMaxAge, 0);
        if (maxAge === null || demand.milliseconds < maxAge.milliseconds) maxAge = demand;
      }
      if (soak !== undefined)
        soaks.push({
          ...timeDemand(policy, soak.duration, FOR_EVER),
          environment: soak.environment.replace(/^environment:/, ""),
        });
      if (require.attestedEvaluations === true) attested.push(policy.ref);
      if (require.verifiedArtifacts === true) verified.push(policy.ref);
    }
    evidence.set(transition, { maxAge, soaks, attested, verified });
  }
  return evidence;
}

/** Longer than anybody waits: what a duration that cannot be read asks for. The schema lets none such in. */
const FOR_EVER = 100 * 365 * 86_400_000;

function timeDemand(policy: Policy, text: string, otherwise: number): TimeDemand {
  return { policy: policy.ref, text, milliseconds: millisecondsOfDuration(text) ?? otherwise };
}
