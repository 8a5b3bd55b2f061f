/**
 * What a policy would have said about a landing of the past (CLI.md, `assent backtest`): the same judgements as the
 * gate's, with the policy in place of all others of its kind, and with the facts that history still has. Reviews are
 * not among them, so whom it would have asked is told, and nobody's answer is guessed.
 */
import type { Instant } from "../model/instant.ts";
import { compareBytes } from "../model/json.ts";
import type { Entry, Registry } from "../model/registry.ts";
import type { Transition } from "../model/transition.ts";
import { registryOf } from "../source/registry-of.ts";
import { tallyOf } from "./approvals.ts";
import type { Change } from "./change.ts";
import { contributorsOf } from "./contributors.ts";
import { assess } from "./decide.ts";
import type { Demands, EvidenceDemand } from "./demands.ts";
import type { Facts } from "./facts.ts";
import { judgeEvidence } from "./needs.ts";
import { personsOf } from "./persons.ts";
import { judgeRoles } from "./requirements.ts";
import { judgeCompliance } from "./standing.ts";
import type { Verdict } from "./verdict.ts";

/** The policy that is tried, and what it refers to as it stands today. */
export interface Candidate {
  readonly entry: Entry<"ApprovalPolicy"> | Entry<"PolicyBinding">;
  /** Entries that stand in where a landing did not have them yet: the roles, people and policies it names. */
  readonly today: Registry;
}

/** A role that a policy would have asked. */
export interface PastDemand {
  /** The role's reference, or `owner` and the roles that own the subject. */
  readonly role: string;
  readonly count: number;
  /** How many the rules of then asked of it. */
  readonly before: number;
  /** How many of them history still proves: signed approvals. */
  readonly approved: number;
  /** Who could have given it and had no part in the change, in byte order. */
  readonly holders: readonly string[];
}

export interface PastVerdict {
  /**
   * `unaffected`: the policy is about something else. `asks`: it needs people, and history tells of no reviews.
   * `warned`: a binding with `mode: warn` would have said something and let it pass.
   */
  readonly outcome: "unaffected" | "allowed" | "asks" | "warned" | "denied";
  /** The moves it is about; of a binding those of entries that break a policy. */
  readonly transitions: readonly Transition[];
  readonly requires: readonly PastDemand[];
  /** Why it would have been denied, or warned; sentences. */
  readonly reasons: readonly string[];
}

/** What is said about a landing that a policy has nothing to do with. */
export const UNAFFECTED: PastVerdict = { outcome: "unaffected", transitions: [], requires: [], reasons: [] };

/** The change with the candidate in force; whoever gathers facts for it must ask about this one. */
export function withCandidate(change: Change, { entry, today }: Candidate): Change {
  if (entry.kind === "PolicyBinding")
    return { ...change, result: withOnly(change.result, enforced(entry as Entry<"PolicyBinding">), today) };
  const base = { ...change.base, registry: withOnly(change.base.registry, entry, today) };
  return { ...change, base, rules: base };
}

/** Whether a policy is about a change at all; costs little, so that facts need be gathered for few. */
export function isAbout(change: Change, candidate: Candidate, asOf: Instant): boolean {
  const tried = withCandidate(change, candidate);
  if (candidate.entry.kind === "PolicyBinding") return brokenBy(tried, asOf).length > 0;
  return asksAnything(assess(tried, null, asOf).demands);
}

/** Judges one landing: the change it made, and what history knows about it. */
export function judgePast(change: Change, facts: Facts, candidate: Candidate, asOf: Instant): PastVerdict {
  const tried = withCandidate(change, candidate);
  if (candidate.entry.kind === "PolicyBinding") {
    const reasons = brokenBy(tried, asOf);
    const { transitions } = assess(change, facts.stacks, asOf);
    const outcome = (candidate.entry as Entry<"PolicyBinding">).value.mode === "warn" ? "warned" : "denied";
    return reasons.length === 0 ? UNAFFECTED : { outcome, transitions, requires: [], reasons };
  }
  const { demands, transitions } = assess(tried, facts.stacks, asOf);
  if (!asksAnything(demands)) return UNAFFECTED;
  const before = new Map(
    assess(change, facts.stacks, asOf).demands.roles.map(({ label, count }) => [label, count]),
  );
  const persons = personsOf(tried.rules.registry);
  const { excluded } = contributorsOf(facts, persons, "registry/registry.yaml");
  const { approvers } = tallyOf({
    facts,
    digest: change.digest,
    persons,
    excluded,
    assurance: demands.assurance,
  });
  const roles = judgeRoles(demands, { persons, approvers, excluded, objections: [] }, tried);
  const evidence = transitions.flatMap((transition) =>
    judgeProof(tried, transition, demands.evidence.get(transition), facts, asOf),
  );
  // What only time completes was not complete when it landed.
  const refusals = [
    ...demands.errors,
    ...evidence.filter(({ outcome }) => outcome !== "allowed"),
    ...roles.verdict.children.filter(({ outcome }) => outcome === "denied"),
  ];
  const requires = demands.roles.map(({ label, roles: of, count }) => ({
    role: label,
    count,
    before: before.get(label) ?? 0,
    approved: roles.filled.get(label) ?? 0,
    holders: [...new Set(of.flatMap((role) => persons.holdersOf(role)))]
      .filter((person) => !excluded.has(person))
      .sort(compareBytes),
  }));
  const reasons = refusals.map(({ because }) => because);
  const outcome = reasons.length > 0 ? "denied" : roles.verdict.outcome === "pending" ? "asks" : "allowed";
  return { outcome, transitions: matchedBy(transitions, demands), requires, reasons };
}

/** Whether any policy asks for anything beyond owners; here there is only one. */
function asksAnything(demands: Demands): boolean {
  const { policies, assurance, evidence, errors } = demands;
  return (
    policies.length > 0 ||
    assurance === "signed" ||
    errors.length > 0 ||
    [...evidence.values()].some(hasDemand)
  );
}

function hasDemand({ maxAge, soaks, attested, verified }: EvidenceDemand): boolean {
  return maxAge !== null || soaks.length > 0 || attested.length > 0 || verified.length > 0;
}

/** The moves that evidence is asked for; where only people are asked, all of them. */
function matchedBy(transitions: readonly Transition[], { evidence }: Demands): readonly Transition[] {
  const asked = transitions.filter((transition) => {
    const demand = evidence.get(transition);
    return demand !== undefined && hasDemand(demand);
  });
  return asked.length === 0 ? transitions : asked;
}

/** Age and soak are in history; attestations and artifacts were looked at by nobody then, and are not held against it. */
function judgeProof(
  change: Change,
  transition: Transition,
  demand: EvidenceDemand | undefined,
  facts: Facts,
  asOf: Instant,
): readonly Verdict[] {
  if (demand === undefined) return [];
  const { scope, subject, to } = transition;
  const [, ns, name] = scope?.split("/") ?? [];
  const target = change.result.get(scope === undefined ? subject : `bundle:${ns}/${name}@${to}`);
  return judgeEvidence(change, target, transition, { ...demand, attested: [], verified: [] }, facts, asOf);
}

/** Why a binding's policies would have refused the change. */
function brokenBy(change: Change, asOf: Instant): readonly string[] {
  return judgeCompliance(change, asOf)
    .children.filter(({ outcome }) => outcome !== "allowed")
    .map(({ because }) => because);
}

function enforced(binding: Entry<"PolicyBinding">): Entry<"PolicyBinding"> {
  return { ...binding, value: { ...binding.value, mode: "enforce" } };
}

/** A registry with one entry in place of all of its kind, and with what today has and it lacks. */
function withOnly(registry: Registry, entry: Entry, today: Registry): Registry {
  const kept = registry.entries.filter(({ kind }) => kind !== entry.kind);
  const known = new Set(kept.map(({ ref }) => ref));
  const added = [...today.ofKind("Role"), ...today.ofKind("Identity"), ...today.ofKind("Policy")].filter(
    ({ ref }) => !known.has(ref) && !registry.isBroken(ref),
  );
  return registryOf(registry.tree, [...kept, ...added, entry]);
}
