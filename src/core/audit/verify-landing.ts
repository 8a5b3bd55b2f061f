/**
 * Verifies one landing: its record against git, its signatures against the witnesses in force, its decision against the
 * same decision made again. What the attacker controls: the branch, its dates, the evidence branch, everything but a
 * witness's key. It must never stop at a fault: what is wrong is told, and the walk goes on as if the landing stood.
 */
import { settingsOf } from "../govern/ownership.ts";
import type { Entry } from "../model/registry.ts";
import type { BadSignature } from "../trust/sshsig.ts";
import type { Anchor, Witness } from "./anchor.ts";
import { advanceChain, levelOf } from "./chain.ts";
import { isSameWitness, witnessesIn } from "./chain-keys.ts";
import { judgeLanding } from "./chain-judge.ts";
import type { ChainState, Landed } from "./chain-state.ts";
import type { Evidence } from "./evidence.ts";
import { parseRecord, type ReadRecord } from "./record.ts";
import * as codes from "./verify-codes.ts";
import type { AuditedTransition, AuditViolation, RecordInput } from "./verify.ts";
import { compareEvidence, faultsOfFacts, faultsOfTimes, type Fault } from "./verify-record.ts";
import { faultsOfSignatures } from "./verify-signatures.ts";

export interface VerifiedLanding {
  readonly state: ChainState;
  readonly violations: readonly AuditViolation[];
  readonly transitions: readonly AuditedTransition[];
}

/** Verifies the landing after the state's tip, and moves on. */
export function verifyLanding(before: ChainState, landed: Landed, input: RecordInput): VerifiedLanding {
  const { landing } = landed;
  const { file } = input;
  const parsed = file === null ? null : (input.parsed ?? parseRecord(file.bytes));
  const state = anchored(before, landed, parsed);
  const { anchor } = state;
  if (anchor === null || landing.sequence <= anchor.sequence) return passed(state, landed, parsed, input);
  if (parsed === null) return unrecorded(state, landed);
  if ("problem" in parsed)
    return faulty(state, landed, [[codes.recordMalformed, `Its record cannot be read: ${parsed.problem}.`]]);
  const place = faultOfPlace(state, landed, parsed, input);
  if (place !== null) return faulty(state, landed, [place]);
  const witnesses = faultsOfSignatures(parsed, input.file?.sigstore, state.witnesses, [
    ...state.known,
    ...(input.known ?? []),
  ]);
  // What nobody vouched for is not worth comparing, except that it names a landing.
  if (witnesses.faults.length > 0) return faulty(state, landed, witnesses.faults);
  const forked = faultOfChain(state, parsed.evidence);
  if (forked !== null) return faulty(state, landed, [forked]);
  const elsewhere = faultOfLanding(landed, parsed.evidence, input);
  if (elsewhere !== null) return faulty(state, landed, [elsewhere], parsed);
  return recomputed(state, landed, parsed, witnesses.signers, input);
}

/** Trust on first use: the first landing whose registry enforces is taken for genesis, with the witnesses it names. */
function anchored(
  state: ChainState,
  { landing, change }: Landed,
  parsed: ReadRecord | BadSignature | null,
): ChainState {
  if (state.anchor !== null) return state;
  const settings = settingsOf(change.result)?.value;
  if (settings?.mode !== "enforce") return state;
  const anchor: Anchor = {
    registry: settings.id,
    ref: change.ref,
    sequence: landing.sequence,
    landing: landing.oid,
    record: parsed !== null && "evidence" in parsed ? parsed.digest : null,
    witness: settings.witness ?? [],
  };
  return { ...state, anchor };
}

/** A landing up to the anchor is not judged; the anchor itself must be what was pinned. */
function passed(
  state: ChainState,
  landed: Landed,
  parsed: ReadRecord | BadSignature | null,
  input: RecordInput,
): VerifiedLanding {
  const { landing, change } = landed;
  const { anchor } = state;
  const record =
    parsed !== null && "evidence" in parsed && parsed.evidence.landing === landing.oid ? parsed : null;
  const faults =
    anchor?.sequence === landing.sequence ? faultsOfAnchor(anchor, state, landed, record, parsed, input) : [];
  const next = advanceChain(state, landed, {
    evidence: record?.evidence ?? null,
    record: record?.digest ?? null,
  });
  // Records before the anchor are signed by nobody who was asked, and whoever may push can say there that a change of
  // witnesses did not stand. Whose keys count from here on is what the anchored landing itself names (DESIGN 6).
  const named = anchor?.sequence === landing.sequence ? witnessesIn(change.result) : undefined;
  return {
    state: named === undefined ? next : { ...next, witnesses: named },
    violations: told(landed, faults),
    transitions: [],
  };
}

function faultsOfAnchor(
  anchor: Anchor,
  state: ChainState,
  { landing, change }: Landed,
  record: ReadRecord | null,
  parsed: ReadRecord | BadSignature | null,
  input: RecordInput,
): readonly Fault[] {
  const faults: Fault[] = [];
  const differs = (what: string): void => void faults.push([codes.anchorDiffers, `The anchor pins ${what}.`]);
  const settings = settingsOf(change.result) as Entry<"Registry"> | undefined;
  if (landing.oid !== anchor.landing)
    differs(`landing ${anchor.sequence} as ${anchor.landing}, and here it is ${landing.oid}`);
  if (settings?.value.id !== anchor.registry)
    differs(`the registry ${anchor.registry}, and here it is ${settings?.value.id ?? "none"}`);
  if (state.ref !== anchor.ref) differs(`the branch ${anchor.ref}, and this is ${state.ref}`);
  const strange = (settings?.value.witness ?? []).filter(
    (each) => !anchor.witness.some((pinned) => isSamePlain(pinned, each)),
  );
  if (strange.length > 0)
    differs(
      `its witnesses, and registry.yaml names ${strange.length} that ${strange.length === 1 ? "is" : "are"} none of them`,
    );
  if (anchor.record !== null && record?.digest !== anchor.record)
    differs(`the record of landing ${anchor.sequence}, and it is not there`);
  if (parsed !== null && record === null)
    faults.push([codes.recordMalformed, `The anchor's record is not one of landing ${anchor.sequence}.`]);
  if (record !== null)
    faults.push(...faultsOfSignatures(record, input.file?.sigstore, anchor.witness, state.known).faults);
  return faults;
}

function isSamePlain(a: Witness, b: Witness): boolean {
  const key = ({ sshPublicKey }: Witness): string | undefined =>
    sshPublicKey?.split(/\s+/).slice(0, 2).join(" ");
  return isSameWitness({ ...a, sshPublicKey: key(a) }, { ...b, sshPublicKey: key(b) });
}

/** Without a record nothing is proven; whether one is asked for depends on whether there was a witness. */
function unrecorded(state: ChainState, landed: Landed): VerifiedLanding {
  const next = advanceChain(state, landed, { evidence: null, record: null, isJudged: true });
  if (!needsRecord(state)) return { state: next, violations: [], transitions: [] };
  // Whether it is one of a tail shows only where the records end (`verify.ts`).
  const code = state.records === 0 ? codes.landingNotRecorded : codes.recordMissing;
  return {
    state: { ...next, isGap: true },
    violations: told(landed, [[code, "It has no record."]]),
    transitions: [],
  };
}

/** From the landing after the one that names the first witness on, every landing needs a record. */
function needsRecord({ known, anchor }: ChainState): boolean {
  return known.length > 0 || (anchor?.witness.length ?? 0) > 0;
}

/** Whether a record belongs at this place of this registry's chain at all. */
function faultOfPlace(
  state: ChainState,
  { landing, change }: Landed,
  { evidence, digest }: ReadRecord,
  input: RecordInput,
): Fault | null {
  const { sequence } = landing;
  const { registry, ref } = evidence;
  if (registry !== state.anchor?.registry)
    return [codes.wrongRegistry, `Its record is one of the registry ${quoted(registry)}.`];
  if (ref !== change.ref) return [codes.wrongBranch, `Its record is about ${quoted(ref)}.`];
  if (evidence.sequence !== sequence) {
    const isTwice = state.record?.digest === digest || input.digestAt?.(evidence.sequence) === digest;
    if (isTwice)
      return [
        codes.recordDuplicated,
        `In place of its record stands that of landing ${evidence.sequence} once more.`,
      ];
    return [codes.recordReordered, `In place of its record stands that of landing ${evidence.sequence}.`];
  }
  return null;
}

/** Whether a record, which its witness did sign, follows the record before. */
function faultOfChain(state: ChainState, { previousRecord }: Evidence): Fault | null {
  if (!state.isGap && previousRecord !== (state.record?.digest ?? null))
    return [
      codes.recordForked,
      `Its record follows ${previousRecord ?? "nothing"}, and before it stands ${state.record?.digest ?? "nothing"}.`,
    ];
  return null;
}

/** Whether a record, which its witness did sign, is about this landing. */
function faultOfLanding(
  { landing }: Landed,
  { landing: named }: Evidence,
  { line }: RecordInput,
): Fault | null {
  if (named === landing.oid) return null;
  const at = line.sequenceOf(named);
  if (at !== undefined)
    return [codes.recordReordered, `Its record is about ${named}, which is landing ${at}.`];
  if (line.isMerged(named))
    return [codes.foxtrot, `Its place was ${named}'s, which is an ancestor still, and no landing any more.`];
  return [codes.rewritten, `Its place was ${named}'s, which is not on the branch.`];
}

/** Decides anew and compares. */
function recomputed(
  state: ChainState,
  landed: Landed,
  record: ReadRecord,
  signers: readonly string[],
  input: RecordInput,
): VerifiedLanding {
  const { evidence } = record;
  const { decidedAt, recordedAt, evaluator, witness, external, facts } = evidence;
  const judged = judgeLanding(state, { ...landed, head: evidence.head }, facts, {
    decidedAt,
    recordedAt,
    evaluator,
    witness,
    external,
  });
  const faults = [
    ...faultsOfTimes(state, evidence, input.evaluator),
    ...faultsOfFacts(landed, evidence, judged.decided.people.persons),
    ...compareEvidence(record, judged.evidence, state),
  ];
  const next = advanceChain(state, landed, { ...judged, record: record.digest, signers, isJudged: true });
  const level = levelOf(judged.evidence, judged.evidence.paths.length) ?? "none";
  const transitions = judged.evidence.transitions.map(
    ({ subject, action, from, to, scope }): AuditedTransition => ({
      commit: landed.landing.oid,
      sequence: landed.landing.sequence,
      subject,
      action,
      from,
      to,
      ...(scope !== undefined && { scope }),
      decision: judged.evidence.decision,
      approvedBy: judged.evidence.approvals.map(({ identity, roles }) => ({ identity, roles })),
      level,
      policyRevision: judged.evidence.policyRevision,
    }),
  );
  return { state: next, violations: told(landed, faults), transitions };
}

/**
 * A landing whose record is wrong: the walk goes on. A record that its witness signed is what the next one is chained to;
 * what nobody vouched for is nothing, so that one fault is told once.
 */
function faulty(
  state: ChainState,
  landed: Landed,
  faults: readonly Fault[],
  sound?: ReadRecord,
): VerifiedLanding {
  const { sequence } = landed.landing;
  const next = advanceChain(state, landed, { evidence: null, record: null, isJudged: true });
  const record =
    sound === undefined
      ? next.record
      : {
          sequence,
          digest: sound.digest,
          evaluator: sound.evidence.evaluator,
          recordedAt: sound.evidence.recordedAt,
        };
  const walked: ChainState = { ...next, record, isGap: sound === undefined, records: next.records + 1 };
  return { state: walked, violations: told(landed, faults), transitions: [] };
}

function told({ landing }: Landed, faults: readonly Fault[]): readonly AuditViolation[] {
  return faults.map(([{ code }, message]) => ({
    code,
    commit: landing.oid,
    sequence: landing.sequence,
    message: `Landing ${landing.sequence}: ${message}`,
  }));
}

function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 100));
}
