/**
 * The walk along the landings: from the state before a landing to the one after it. What landed without its approvals
 * counts for nothing, and so does what a heal undoes (DESIGN 5.9): no stack, no soak, no witness, no revocation.
 * It must never judge; what a landing comes to is its evidence.
 */
import { alteredScopes, servedAt, type AlteredScope } from "../govern/scopes.ts";
import { settingsOf } from "../govern/ownership.ts";
import { trustedTime } from "../govern/soak.ts";
import type { Digest } from "../model/digest.ts";
import type { Instant } from "../model/instant.ts";
import type { Entry, Registry } from "../model/registry.ts";
import { bareDigest } from "../model/transition.ts";
import type { Decided } from "../govern/decide.ts";
import type { Anchor } from "./anchor.ts";
import { scopeOfPath } from "./chain-judge.ts";
import type {
  ChainState,
  Landed,
  Level,
  ScopePast,
  Serving,
  Span,
  Unhealed,
  Vouched,
} from "./chain-state.ts";
import type { Evidence } from "./evidence.ts";
import { revised } from "./chain-keys.ts";
import { nothingSpent, spend } from "./spent.ts";
import { pastAfter, pastAt, vouched } from "./chain-past.ts";
import { violation } from "./verify-codes.ts";

export interface ChainStart {
  /** Handed over from outside; null = trust on first use. */
  readonly anchor: Anchor | null;
  /** The protected branch in full. */
  readonly ref: string;
}

/** The state before the first landing. */
export function startChain({ anchor, ref }: ChainStart): ChainState {
  return {
    anchor,
    isPinned: anchor !== null,
    ref,
    tip: null,
    isGap: false,
    record: null,
    witnesses: [],
    known: anchor?.witness ?? [],
    unhealed: [],
    voided: [],
    healed: [],
    observed: [],
    scopes: {},
    serving: {},
    spent: nothingSpent,
    signed: {},
    landings: 0,
    records: 0,
    levels: { none: 0, forge: 0, "forge-self-witnessed": 0, signed: 0 },
  };
}

/** What a landing came to. Without evidence it counts as having stood: it is not judged, or its record is missing. */
export interface Taken {
  readonly evidence: Evidence | null;
  /** The digest of the record's file. */
  readonly record: Digest | null;
  /** What the decision worked out already. */
  readonly decided?: Decided | undefined;
  /** The fingerprints of the keys that signed the record. */
  readonly signers?: readonly string[];
  /** Whether its assurance counts. */
  readonly isJudged?: boolean;
}

/** The state after a landing. Throws an Error when the landing does not follow the state's tip. */
export function advanceChain(state: ChainState, landed: Landed, taken: Taken): ChainState {
  const { landing, change } = landed;
  const { evidence, record } = taken;
  if (landing.sequence !== (state.tip?.sequence ?? 0) + 1)
    throw new Error(`landing ${landing.sequence} does not follow ${state.tip?.sequence ?? 0}`);
  const isViolation = evidence?.decision === "VIOLATION";
  const heals = isViolation ? null : (evidence?.heals ?? null);
  const trusted = trustedTime(landing.time, evidence?.recordedAt ?? null);
  const altered = taken.decided?.assessment.altered ?? alteredScopes(change);
  const spends = evidence?.approvals.some(({ level }) => level === "signed") === true;
  const next: ChainState = {
    ...state,
    tip: { sequence: landing.sequence, commit: landing.oid, time: landing.time },
    record:
      record === null || evidence === null
        ? state.record
        : {
            sequence: landing.sequence,
            digest: record,
            evaluator: evidence.evaluator,
            recordedAt: evidence.recordedAt,
          },
    isGap: false,
    spent: spends ? spend(state.spent, bareDigest(evidence.digest)) : state.spent,
    signed: signedBy(state.signed, landing.sequence, [...(taken.signers ?? []), ...vouchersOf(evidence)]),
    landings: state.landings + 1,
    records: state.records + (record === null ? 0 : 1),
    levels:
      taken.isJudged === true ? counted(state.levels, levelOf(evidence, change.paths.length)) : state.levels,
  };
  if (isViolation) return afterViolation(next, landed, evidence, altered, trusted);
  const observed =
    modeAt(evidence, change.base.registry) === "observe"
      ? joined(state.observed, landing.sequence)
      : state.observed;
  const settled =
    heals === null
      ? stood(next, landed, altered, trusted)
      : afterHeal(next, landed, heals.sequence, altered, trusted);
  return revised({ ...settled, observed }, landed);
}

/** What stands is told: what scopes say now, and what they serve. */
function stood(
  state: ChainState,
  { landing, change }: Landed,
  altered: readonly AlteredScope[],
  trusted: Instant,
): ChainState {
  const scopes: Record<string, ScopePast> = { ...state.scopes };
  let isNew = false;
  for (const { path } of change.paths) {
    const scope = scopeOfPath(path);
    if (scope === undefined) continue;
    const entry = change.result.get(`scope:${scope}`);
    // A file that is there and cannot be read says nothing; what it said before still stands.
    if (entry === undefined && change.result.tree.get(path) !== undefined) continue;
    const { bundle = null, emergency = false } =
      entry?.kind === "Activation" ? (entry as Entry<"Activation">).value : {};
    scopes[scope] = pastAfter(scopes[scope] ?? null, {
      sequence: landing.sequence,
      at: landing.time,
      bundle,
      emergency,
    });
    isNew = true;
  }
  return {
    ...state,
    scopes: isNew ? scopes : state.scopes,
    serving: served(state.serving, altered, trusted, landing.sequence),
  };
}

function served(
  serving: ChainState["serving"],
  altered: readonly AlteredScope[],
  trusted: Instant,
  sequence: number,
): ChainState["serving"] {
  if (altered.length === 0) return serving;
  const next: Record<string, Serving> = { ...serving };
  for (const { scope, after } of altered) {
    const digest = after?.["NORMAL"]?.digest ?? null;
    const known = next[scope];
    if (known === undefined || known[1] !== digest) next[scope] = [trusted, digest, sequence];
  }
  return next;
}

/** What it made of scopes counts for nothing, and interrupts what they served. */
function afterViolation(
  state: ChainState,
  { landing }: Landed,
  { reasons, outcome }: Evidence,
  altered: readonly AlteredScope[],
  trusted: Instant,
): ChainState {
  const { sequence } = landing;
  const serving: Record<string, Serving> = { ...state.serving };
  for (const { scope } of altered) serving[scope] = [trusted, null, sequence];
  const why =
    reasons.length > 0
      ? reasons.join(", ")
      : outcome === "pending"
        ? "approvals were missing"
        : "it was denied";
  const message = `Landing ${sequence} landed although the rules did not allow it: ${why}.`;
  const doubt: Unhealed = { sequence, code: violation.code, message };
  return { ...state, serving, unhealed: [...state.unhealed, doubt], voided: joined(state.voided, sequence) };
}

/** The landing that is returned to stands, and nothing after it does. */
function afterHeal(
  state: ChainState,
  { landing, change }: Landed,
  to: number,
  altered: readonly AlteredScope[],
  trusted: Instant,
): ChainState {
  const { sequence } = landing;
  const scopes = Object.fromEntries(
    Object.entries(state.scopes).flatMap(([scope, past]) => {
      const then = pastAt(past, to);
      return then === null ? [] : [[scope, then] as const];
    }),
  );
  // What was touched in between serves anew, even where it is back to what it served before.
  const touched = new Set(altered.map(({ scope }) => scope));
  for (const [scope, [, , since]] of Object.entries(state.serving)) if (since > to) touched.add(scope);
  const serving: Record<string, Serving> = { ...state.serving };
  for (const scope of touched) {
    if (scope.includes("*")) delete serving[scope];
    else serving[scope] = [trusted, servedAt(change.result, scope)?.digest ?? null, sequence];
  }
  const gone: Span = [to + 1, sequence - 1];
  return {
    ...state,
    scopes,
    serving,
    unhealed: state.unhealed.filter((each) => each.sequence <= to),
    voided: [...state.voided.filter(([from]) => from <= to), gone],
    healed: [...state.healed.filter(([from]) => from <= to), gone],
  };
}

/** Who vouched for a landing beside its witness: whoever signed its head, and the approvals that counted. */
function vouchersOf(evidence: Evidence | null): readonly string[] {
  if (evidence === null) return [];
  const { approvals, facts } = evidence;
  const keys = approvals.flatMap(({ key }) => key ?? []);
  return facts.origin === "git" && facts.headKey !== null ? [...keys, facts.headKey] : keys;
}

/** How a landing is assured; undefined where there is nothing to assure. */
export function levelOf(evidence: Evidence | null, governed: number): Level | undefined {
  if (governed === 0) return undefined;
  if (evidence === null) return "none";
  if (evidence.decision === null || evidence.decision === "VIOLATION" || evidence.mode === "observe")
    return undefined;
  const { approvals, witness } = evidence;
  if (approvals.length > 0 && approvals.every(({ level }) => level === "signed")) return "signed";
  return witness === "inside" ? "forge-self-witnessed" : "forge";
}

function counted(levels: ChainState["levels"], level: Level | undefined): ChainState["levels"] {
  return level === undefined ? levels : { ...levels, [level]: levels[level] + 1 };
}

function signedBy(
  signed: ChainState["signed"],
  sequence: number,
  keys: readonly string[],
): ChainState["signed"] {
  if (keys.length === 0) return signed;
  const next: Record<string, Vouched> = { ...signed };
  for (const key of new Set(keys)) next[key] = vouched(next[key], sequence);
  return next;
}

/** Spans with one more landing at their end. */
function joined(spans: readonly Span[], sequence: number): readonly Span[] {
  const last = spans.at(-1);
  if (last === undefined || last[1] < sequence - 1) return [...spans, [sequence, sequence]];
  return last[1] >= sequence ? spans : [...spans.slice(0, -1), [last[0], sequence]];
}

function modeAt(evidence: Evidence | null, base: Registry): "observe" | "enforce" {
  return evidence?.mode ?? (settingsOf(base)?.value.mode === "enforce" ? "enforce" : "observe");
}
