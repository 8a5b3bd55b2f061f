/**
 * `verifyChain`: proves from values alone that every landing was agreed to under the rules then in force (DESIGN 6).
 * Landings come from git, records from the evidence branch; every record is made again from what git says and the facts
 * that it carries, and must be the same to the byte. It must never believe a record, or stop at the first fault.
 */
import type { Digest } from "../model/digest.ts";
import type { Instant } from "../model/instant.ts";
import type { Transition } from "../model/transition.ts";
import type { BadSignature } from "../trust/sshsig.ts";
import { compareBytes } from "../model/json.ts";
import type { Anchor, Witness } from "./anchor.ts";
import { startChain } from "./chain.ts";
import type { ChainState, Landed, Level, Span } from "./chain-state.ts";
import { parseRecord, sequenceOfPath, type ReadRecord, type RecordFile } from "./record.ts";
import * as codes from "./verify-codes.ts";
import { verifyLanding } from "./verify-landing.ts";
import { faultsOfSignatures } from "./verify-signatures.ts";
import { digestOfBytes } from "../model/digest.ts";

/** What git says about the branch beyond its landings. */
export interface Line {
  /** The number of a landing; undefined where the commit is none of this line. */
  sequenceOf(commit: string): number | undefined;
  /** Whether a commit that is no landing is an ancestor of the tip all the same: foxtrot merges make landings that. */
  isMerged(commit: string): boolean;
  /** The commit of a landing. */
  commitOf(sequence: number): string | undefined;
}

/** Who agreed, and in which of the roles that were asked for. */
export interface ApprovedBy {
  readonly identity: string;
  readonly roles: readonly string[];
}

export interface AuditedTransition extends Omit<Transition, "indirect"> {
  readonly commit: string;
  readonly sequence: number;
  readonly decision: string | null;
  readonly approvedBy: readonly ApprovedBy[];
  readonly level: Level;
  readonly policyRevision: Digest;
}

/** Something that proof fails on; the code names the attack (`auditCodes`). */
export interface AuditViolation {
  readonly code: string;
  /** The landing; null where it is about none. */
  readonly commit: string | null;
  readonly sequence: number | null;
  readonly message: string;
}

export interface AuditReport {
  readonly ok: boolean;
  readonly assurance: Level | "mixed";
  /** Null = nothing has been enforced yet, so nothing is judged. */
  readonly anchor: Anchor | null;
  /** `pinned`: handed over from outside. */
  readonly trust: "pinned" | "first-use";
  readonly landings: number;
  readonly records: number;
  /** The landing up to which an earlier run verified; transitions and violations are those after it. */
  readonly remembered: number | null;
  /** In order of landings. */
  readonly transitions: readonly AuditedTransition[];
  readonly violations: readonly AuditViolation[];
  /** Landings that do not stand and were healed since, with those between. */
  readonly healed: readonly Span[];
  /** Landings whose rules only observed: they are no violations. */
  readonly observed: readonly Span[];
  /** Scopes that are live by an emergency, in byte order, and since when. */
  readonly overrides: readonly { readonly scope: string; readonly since: Instant }[];
}

/** What `verifyLanding` is told beside the landing. */
export interface RecordInput {
  /** The file at `recordPath(sequence)`; null = there is none. */
  readonly file: RecordFile | null;
  /** What `parseRecord` made of it, where the caller has asked already. */
  readonly parsed?: ReadRecord | BadSignature;
  /** The digest of another record's file; only tells a duplicate from a swap. */
  readonly digestAt?: (sequence: number) => Digest | undefined;
  /** The witnesses of the branch's last registry.yaml; they only tell a key that came later from a stranger's. */
  readonly known?: readonly Witness[];
  /** The version of this program. */
  readonly evaluator: string;
  readonly line: Line;
}

export interface VerifyChainInput {
  /** Null = trust on first use. */
  readonly anchor: Anchor | null;
  /** The protected branch in full. */
  readonly ref: string;
  /** All of them, oldest first, from the root; those up to a remembered state left out. */
  readonly landed: Iterable<Landed>;
  /** Every file below `log/` of the evidence branch, in any order. */
  readonly records: readonly RecordFile[];
  readonly evaluator: string;
  readonly line: Line;
  /** The witnesses of the branch's last registry.yaml; they only tell a key that came later from a stranger's. */
  readonly known?: readonly Witness[];
  /** What `recallChain` gave back; `landed` goes on after it, and `records` need only hold what follows. */
  readonly remembered?: ChainState | undefined;
}

/** Proves a whole history, or what follows a remembered part of it. Work is linear in the landings walked over. */
export function verifyChain(input: VerifyChainInput): {
  readonly report: AuditReport;
  readonly state: ChainState;
} {
  const { anchor, ref, evaluator, line, remembered } = input;
  const files = new Map(input.records.map((file) => [sequenceOfPath(file.path) ?? 0, file]));
  const digestAt = (sequence: number): Digest | undefined => {
    const file = files.get(sequence);
    return file === undefined ? undefined : digestOfBytes(file.bytes);
  };
  let state = remembered ?? startChain({ anchor, ref });
  const violations: AuditViolation[] = [];
  const transitions: AuditedTransition[] = [];
  for (const landed of input.landed) {
    const file = files.get(landed.landing.sequence) ?? null;
    const step = verifyLanding(state, landed, { file, evaluator, line, digestAt, known: input.known ?? [] });
    state = step.state;
    violations.push(...step.violations);
    transitions.push(...step.transitions);
  }
  violations.push(...extraRecords(state, input.records, line));
  // As arguments of one call, a hundred thousand and more would be too many.
  const lastRecord = [...files.keys()].reduce((most, each) => Math.max(most, each), 0);
  const from = remembered?.tip?.sequence ?? null;
  return { report: reportOf({ state, violations, transitions, lastRecord, remembered: from, line }), state };
}

/** What the evidence branch holds beside the records of landings up to the state's tip. */
export function extraRecords(
  state: ChainState,
  files: readonly RecordFile[],
  line: Line,
): readonly AuditViolation[] {
  const tip = state.tip?.sequence ?? 0;
  const found: AuditViolation[] = [];
  for (const file of files) {
    const sequence = sequenceOfPath(file.path);
    if (sequence !== undefined && sequence <= tip) continue;
    const record = sequence === undefined ? undefined : parseRecord(file.bytes);
    const isSigned =
      record !== undefined &&
      "evidence" in record &&
      faultsOfSignatures(record, file.sigstore, state.known, []).faults.length === 0;
    // A witness signed for a landing that is not there any more: the branch was cut off.
    const isLost =
      isSigned &&
      record.evidence.sequence === sequence &&
      line.sequenceOf(record.evidence.landing) === undefined;
    const message = isLost
      ? `Landing ${sequence}: Its place was ${record.evidence.landing}'s, and the branch ends before it.`
      : `${JSON.stringify(file.path)} is the record of no landing.`;
    found.push({
      code: isLost ? codes.rewritten.code : codes.recordExtra.code,
      commit: null,
      sequence: sequence ?? null,
      message,
    });
  }
  return found.sort((a, b) => (a.sequence ?? 0) - (b.sequence ?? 0) || compareBytes(a.message, b.message));
}

export interface ReportInput {
  /** After the last landing. */
  readonly state: ChainState;
  /** Everything that `verifyLanding` and `extraRecords` said, in order of landings. */
  readonly violations: readonly AuditViolation[];
  readonly transitions: readonly AuditedTransition[];
  /** The highest number of a record's file; 0 = there is none. */
  readonly lastRecord: number;
  /** The landing up to which an earlier run verified; null = none. */
  readonly remembered: number | null;
  readonly line: Line;
}

/** What the walk comes to. */
export function reportOf({
  state,
  violations,
  transitions,
  lastRecord,
  remembered,
  line,
}: ReportInput): AuditReport {
  const named = violations.map((each) => {
    const isTail = each.code === codes.recordMissing.code && (each.sequence ?? 0) > lastRecord;
    return isTail ? { ...each, code: codes.unsignedTail.code } : each;
  });
  const standing = state.unhealed.map(({ sequence, code, message }) => ({
    code,
    commit: line.commitOf(sequence) ?? null,
    sequence,
    message,
  }));
  const all = [...runs(named), ...runs(standing)];
  const levels = (Object.keys(state.levels) as Level[]).filter((level) => state.levels[level] > 0);
  return {
    ok: all.length === 0,
    assurance: levels.length > 1 ? "mixed" : (levels[0] ?? "none"),
    anchor: state.anchor,
    trust: state.isPinned ? "pinned" : "first-use",
    landings: state.landings,
    records: state.records,
    remembered,
    transitions,
    violations: all,
    healed: state.healed,
    observed: state.observed,
    overrides: Object.entries(state.scopes)
      .flatMap(([scope, { override }]) => (override === null ? [] : [{ scope, since: override }]))
      .sort((a, b) => compareBytes(a.scope, b.scope)),
  };
}

/** Faults that one attack makes in landing after landing. */
const running: ReadonlySet<string> = new Set(
  [
    codes.recordMissing,
    codes.landingNotRecorded,
    codes.unsignedTail,
    codes.rewritten,
    codes.foxtrot,
    codes.keyRevoked,
  ].map(({ code }) => code),
);

/** The same fault in one landing after the other is told once, at the first of them. */
function runs(violations: readonly AuditViolation[]): readonly AuditViolation[] {
  const told: { first: AuditViolation; last: number }[] = [];
  for (const each of violations) {
    const run = told.at(-1);
    const { code, sequence } = each;
    if (run !== undefined && running.has(code) && run.first.code === code && sequence === run.last + 1)
      run.last = sequence;
    else told.push({ first: each, last: sequence ?? 0 });
  }
  return told.map(({ first, last }) =>
    last === (first.sequence ?? 0)
      ? first
      : { ...first, message: `${first.message} So it is with each landing up to ${last}.` },
  );
}
