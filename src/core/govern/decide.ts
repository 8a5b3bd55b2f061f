/**
 * The gate: `decide(change, facts, asOf) -> Decision` (DESIGN 5). A pure function: the same change, the same facts and
 * the same clock give the same bytes, in whatever order an API answered. What is not known denies.
 * It must never look at anything but its arguments.
 */
import { policyRevisionOf } from "../compile/policy-revision.ts";
import type { Decision, Outcome } from "../model/decision.ts";
import type { Finding } from "../model/diagnostic.ts";
import type { Instant } from "../model/instant.ts";
import { compareBytes } from "../model/json.ts";
import type { Transition } from "../model/transition.ts";
import { isObserving } from "../validate/people.ts";
import { tallyOf, type Tally } from "./approvals.ts";
import { judgeShape, type Change } from "./change.ts";
import * as codes from "./codes.ts";
import { contributorsOf, type Contributors } from "./contributors.ts";
import { demandsOf, type Demands } from "./demands.ts";
import { isEmergency, judgeEmergency } from "./emergency.ts";
import type { Facts } from "./facts.ts";
import { judgeNeeds } from "./needs.ts";
import { personsOf } from "./persons.ts";
import { judgeObjections, judgeOwners, judgeRoles, type Filled, type People } from "./requirements.ts";
import { alteredScopes, type AlteredScope } from "./scopes.ts";
import { soakScope } from "./soak.ts";
import { judgeCompliance, judgeData, judgeRules, sameTree } from "./standing.ts";
import { transitionsOf, type Stacks } from "./transitions.ts";
import { allOf, allowed, denied, gathered, requirementOf, type Verdict } from "./verdict.ts";

/** What a change is and asks for, before anybody has agreed; what the plan shows. */
export interface Assessment {
  readonly change: Change;
  readonly altered: readonly AlteredScope[];
  readonly transitions: readonly Transition[];
  readonly isEmergency: boolean;
  readonly demands: Demands;
}

/** Works out transitions and demands. They are all that facts about people need to be gathered for. */
export function assess(change: Change, stacks: Stacks, asOf: Instant): Assessment {
  const altered = alteredScopes(change);
  const transitions = transitionsOf(change, stacks, altered);
  const emergency = isEmergency(change);
  return {
    change,
    altered,
    transitions,
    isEmergency: emergency,
    demands: demandsOf(change, transitions, emergency, asOf),
  };
}

/** The scopes whose timelines a decision needs (`Facts.timelines`), in byte order. */
export function soakScopesOf({ change, demands }: Assessment): readonly string[] {
  const scopes = [...demands.evidence].flatMap(([transition, { soaks }]) =>
    soaks.flatMap(({ environment }) => soakScope(change.base.registry, transition, environment) ?? []),
  );
  return [...new Set(scopes)].sort(compareBytes);
}

/** A decision with what it was made of. */
export interface Decided {
  readonly decision: Decision;
  readonly assessment: Assessment;
  /** Whose approval counts, and who cannot give one. */
  readonly people: People;
  /** How many approvals each demand of the assessment has, by its label. */
  readonly filled: Filled;
}

/** Decides whether a change may land. */
export function decide(change: Change, facts: Facts, asOf: Instant): Decision {
  return decideFully(change, facts, asOf).decision;
}

/**
 * Decides, and hands back the way there for whoever shows it. Who has assessed the change already, with the same stacks
 * and clock, hands that in.
 */
export function decideFully(
  change: Change,
  facts: Facts,
  asOf: Instant,
  assessment: Assessment = assess(change, facts.stacks, asOf),
): Decided {
  const { demands, transitions } = assessment;
  const persons = personsOf(change.rules.registry);
  const file = change.paths[0]?.path ?? "registry/registry.yaml";
  const contributors = contributorsOf(facts, persons, file);
  const { excluded } = contributors;
  const tally = tallyOf({ facts, digest: change.digest, persons, excluded, assurance: demands.assurance });
  const people = { persons, approvers: tally.approvers, excluded, objections: tally.objections };
  const roles = judgeRoles(demands, people, change);
  const isGoverned = change.paths.length > 0;
  const needs = transitions.flatMap(
    (transition) => judgeNeeds(change, transition, demands.evidence.get(transition), facts, asOf) ?? [],
  );
  const tree = isGoverned
    ? allOf("the change may land", [
        allOf("the change can be judged", [
          ...judgeShape(change),
          ...judgeHeal(change, facts),
          judgeRules(change),
          ...judgeKnown(facts, tally, file),
          contributors.verdict,
          ...judgeSpent(facts, file),
          ...demands.errors,
        ]),
        judgeData(change, facts.findings),
        ...judgeEmergency(change, transitions, facts, asOf),
        allOf("what moves is ready to", needs, "Nothing moves that has to be."),
        judgeCompliance(change, asOf),
        judgeOwners(demands, people, change),
        roles.verdict,
        judgeObjections(demands, people, change),
      ])
    : // What the branch changes is known only from one merge base, and nothing lands on top of a violation.
      allOf("the change may land", [
        ...judgeShape(change),
        ...judgeHeal(change, facts),
        allowed("no governed file is touched", "Nobody has to agree to it."),
      ]);
  return {
    decision: conclude(assessment, facts, asOf, tree, tally, contributors),
    assessment,
    people,
    filled: roles.filled,
  };
}

function conclude(
  { change, isEmergency: emergency }: Assessment,
  facts: Facts,
  asOf: Instant,
  tree: Verdict,
  tally: Tally,
  contributors: Contributors,
): Decision {
  const { findings, next, until } = gathered(tree);
  const mode = isObserving(change.base.registry) ? "observe" : "enforce";
  const isGoverned = change.paths.length > 0;
  const observed = mode === "observe" && isGoverned && tree.outcome !== "allowed";
  const outcome: Outcome = observed ? "allowed" : tree.outcome;
  const passed =
    tree.outcome === "allowed" ? (isGoverned ? (emergency ? "OVERRIDE" : "APPROVED") : "NON_GOVERNED") : null;
  return {
    outcome,
    decision: passed,
    mode,
    enforced: mode === "observe" ? tree.outcome : null,
    asOf,
    base: change.base.commit,
    head: change.head,
    digest: change.digest,
    policyRevision: policyRevisionOf(change.rules.registry.tree),
    eligibleAt: tree.outcome === "pending" ? until : null,
    reviews: tally.reviews,
    contributors: contributors.listed,
    tree: observed
      ? {
          requirement: "the registry observes and never blocks",
          outcome: "allowed",
          because: `With mode: enforce this change would be ${tree.outcome}.`,
          children: [requirementOf(tree)],
        }
      : requirementOf(tree),
    next,
    // What lint found is shown beside what the gate found; it is one list for whoever has to mend it.
    findings: [...(isGoverned ? relevant(facts.findings ?? [], change) : []), ...findings],
  };
}

/** What denies, and what is said about the changed files; the rest of the registry's warnings is nobody's news here. */
function relevant(findings: readonly Finding[], { paths }: Change): readonly Finding[] {
  const touched = new Set(paths.map(({ path }) => path));
  return findings.filter(
    ({ definition, severity, at }) => (severity ?? definition.severity) === "error" || touched.has(at.file),
  );
}

/** While B is a violation only a heal may land, and a heal must restore everything (DESIGN 5.9). */
function judgeHeal(change: Change, facts: Facts): readonly Verdict[] {
  const { heals, result } = change;
  const at = { file: change.paths[0]?.path ?? "registry/registry.yaml" };
  if (heals === null) {
    if (!facts.baseIsViolation) return [];
    const because = `${change.base.commit} landed without its approvals.`;
    return [denied("the base stands", because, { code: codes.baseViolation, at })];
  }
  const requirement = `the change restores ${heals.commit}`;
  if (sameTree(result, heals.registry))
    return [allowed(requirement, "Every governed file is as it was there.")];
  return [
    denied(requirement, `Some governed file is not as it was in ${heals.commit}.`, {
      code: codes.notAHeal,
      at,
    }),
  ];
}

function judgeKnown(facts: Facts, tally: Tally, file: string): readonly Verdict[] {
  const requirement = "everything that matters is known";
  const unknown = [...new Set([...facts.unknown, ...tally.unknown])].sort(compareBytes);
  if (unknown.length === 0) return [allowed(requirement, "Nothing is missing from the facts.")];
  return unknown.map((because) => denied(requirement, because, { code: codes.unknown, at: { file } }));
}

function judgeSpent(facts: Facts, file: string): readonly Verdict[] {
  if (!facts.spent) return [];
  const because = "Exactly this change has landed on signatures before; a landing spends them.";
  return [
    denied("the change has not landed on signatures before", because, { code: codes.spent, at: { file } }),
  ];
}
