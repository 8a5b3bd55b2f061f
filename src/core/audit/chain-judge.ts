/**
 * Judges one landing as the gate judged its change (DESIGN 5 and 6): rules of its first parent, data of the landing,
 * people from the facts, the past from the walk so far. Recording writes what this says; verifying says it again and
 * compares. It must never ask anything but its arguments.
 */
import { assess, decideFully, soakScopesOf, type Assessment, type Decided } from "../govern/decide.ts";
import { clock } from "../govern/codes.ts";
import type { Change } from "../govern/change.ts";
import type { Facts } from "../govern/facts.ts";
import { settingsOf } from "../govern/ownership.ts";
import { registryIdOf } from "../govern/change.ts";
import { clockFinding } from "../govern/soak.ts";
import type { Outcome } from "../model/decision.ts";
import type { Instant } from "../model/instant.ts";
import { compareBytes } from "../model/json.ts";
import { bareDigest } from "../model/transition.ts";
import { transitionFindings } from "../plugin/transitions.ts";
import type { ChainState, Landed } from "./chain-state.ts";
import {
  EVIDENCE_FORMAT,
  type Evidence,
  type EvidenceApproval,
  type EvidenceFacts,
  type ExternalAnswer,
  type RecordedDecision,
} from "./evidence.ts";
import { factsFrom, inOrder } from "./evidence-facts.ts";
import { isSpent } from "./spent.ts";

/** When, where and by which program a landing is judged. */
export interface Moment {
  /** The evaluator's clock when it decided; for a record that catches up, when it catches up. Never a commit's date. */
  readonly decidedAt: Instant;
  readonly recordedAt: Instant;
  /** The program's version. */
  readonly evaluator: string;
  readonly witness: "inside" | "outside";
  readonly external?: readonly ExternalAnswer[];
}

export interface JudgedLanding {
  readonly evidence: Evidence;
  readonly decided: Decided;
}

/** Judges a landing on top of a state whose tip is its first parent. */
export function judgeLanding(
  state: ChainState,
  landed: Landed,
  facts: EvidenceFacts,
  moment: Moment,
): JudgedLanding {
  const { landing, head } = landed;
  const isHeal = landed.healed !== null && canHeal(state, landed.healed.sequence);
  const change = isHeal ? landed.change : withoutHeal(landed.change);
  const kept = inOrder(facts);
  const scopes = change.paths.flatMap(({ path }) => scopeOfPath(path) ?? []);
  const past = pastOf(state, scopes);
  const assessment = assess(change, past.stacks, moment.decidedAt);
  const timelines = timelinesOf(state, assessment);
  const spent = kept.signatures.length > 0 && isSpent(state.spent, bareDigest(change.digest));
  const said = transitionFindings(change.result.plugins, assessment.transitions, change.result);
  const findings = [...landed.findings, ...said];
  const all: Facts = { ...factsFrom(kept), ...past, findings, timelines, spent };
  const decided = decideFully(change, all, moment.decidedAt, assessment);
  const { decision } = decided;
  // Only what moves time on can be dated ahead; what follows a date from the future is not to blame for it.
  const isAhead =
    landing.time !== state.tip?.time && clockFinding(landing.time, moment.recordedAt) !== undefined;
  const outcome: Outcome = isAhead ? "denied" : (decision.enforced ?? decision.outcome);
  const mode = modeOf(state, change, isHeal);
  const evidence: Evidence = {
    format: EVIDENCE_FORMAT,
    registry: state.anchor?.registry ?? registryIdOf(change.base.registry, change.result),
    ref: change.ref,
    sequence: landing.sequence,
    landing: landing.oid,
    previousLanding: landing.parents[0] ?? null,
    previousRecord: state.record?.digest ?? null,
    landedAt: landing.time,
    head,
    paths: change.paths,
    digest: change.digest,
    transitions: assessment.transitions,
    mode,
    decision: decisionOf(outcome, mode, decision.decision),
    outcome,
    reasons: reasonsOf(decided, isAhead),
    heals: isHeal ? landed.healed : null,
    policyRevision: decision.policyRevision,
    reviews: decision.reviews.map((review) => ({ ...review, user: review.user?.toWellFormed() ?? null })),
    approvals: approvalsOf(decided, kept),
    facts: kept,
    external: moment.external ?? [],
    evaluator: moment.evaluator,
    decidedAt: moment.decidedAt,
    recordedAt: moment.recordedAt,
    witness: moment.witness,
  };
  return { evidence, decided };
}

/** Whether a landing may be what a heal returns to: it is judged ground, it stood, and something after it does not. */
export function canHeal(state: ChainState, sequence: number): boolean {
  const isVoid = state.voided.some(([from, to]) => sequence >= from && sequence <= to);
  const isDoubted = state.unhealed.some((each) => each.sequence === sequence);
  const isLater = state.unhealed.some((each) => each.sequence > sequence);
  return isLater && !isVoid && !isDoubted && sequence >= (state.anchor?.sequence ?? 1);
}

/** What a scope had, for a gate that decides on top of this state (`Facts.stacks`, `overrides`, `baseIsViolation`). */
export function pastOf(
  state: ChainState,
  scopes: readonly string[],
): Pick<Facts, "stacks" | "overrides" | "baseIsViolation"> {
  const told = scopes.map((scope) => [scope, state.scopes[scope]] as const);
  return {
    stacks: new Map(told.map(([scope, past]) => [scope, past?.stack ?? []])),
    overrides: new Map(
      told.flatMap(([scope, past]) => (past?.override == null ? [] : [[scope, past.override] as const])),
    ),
    baseIsViolation: state.unhealed.length > 0,
  };
}

/** The path below `live/` of an Activation's file. */
export function scopeOfPath(path: string): string | undefined {
  return /^registry\/live\/(.+)\.yaml$/.exec(path)?.[1];
}

/** What the scopes served in which policies ask for soak. */
function timelinesOf({ serving }: ChainState, assessment: Assessment): Facts["timelines"] {
  return new Map(
    soakScopesOf(assessment).map((scope) => {
      const served = serving[scope];
      return [scope, served === undefined ? [] : [{ at: served[0], digest: served[1] }]];
    }),
  );
}

function withoutHeal(change: Change): Change {
  return change.heals === null ? change : { ...change, heals: null, rules: change.base };
}

/**
 * Whether the rules enforce. A base that is a violation cannot switch them off: until it is healed they hold as they
 * did where it stood (DESIGN 5.8 and 5.9).
 */
function modeOf(state: ChainState, { rules }: Change, isHeal: boolean): "observe" | "enforce" {
  if (!isHeal && state.unhealed.length > 0) return "enforce";
  return settingsOf(rules.registry)?.value.mode === "enforce" ? "enforce" : "observe";
}

function decisionOf(
  outcome: Outcome,
  mode: "observe" | "enforce",
  decision: RecordedDecision | null,
): RecordedDecision | null {
  if (outcome === "allowed") return decision;
  return mode === "enforce" ? "VIOLATION" : null;
}

/** The codes that deny; what nobody did wrong and only lacks approvals has none. */
function reasonsOf({ decision }: Decided, isAhead: boolean): readonly string[] {
  const codes = decision.findings.flatMap(({ definition, severity }) =>
    (severity ?? definition.severity) === "error" ? [definition.code] : [],
  );
  return [...new Set(isAhead ? [...codes, clock.code] : codes)].sort(compareBytes);
}

/** Whose approval counted, and which of the roles that were asked for they hold. */
function approvalsOf(
  { decision, assessment, people }: Decided,
  facts: EvidenceFacts,
): readonly EvidenceApproval[] {
  const { demands } = assessment;
  const asked = new Set([...demands.roles, ...demands.paths].flatMap(({ roles }) => roles));
  return decision.reviews.flatMap(({ id, identity, counted }): readonly EvidenceApproval[] => {
    if (!counted || identity === null) return [];
    const roles = [...asked]
      .filter((role) => people.persons.holdersOf(role).includes(identity))
      .sort(compareBytes);
    if (!id.startsWith("signature:")) return [{ identity, roles, level: "forge", review: id, key: null }];
    const signature = facts.signatures.find((each) => `signature:${each.identity}` === id && each.valid);
    return [{ identity, roles, level: "signed", review: id, key: signature?.key ?? null }];
  });
}
