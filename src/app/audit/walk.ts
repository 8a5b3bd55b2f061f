/**
 * The walk along landings and records that verifying and recording have in common: from the anchor, or from what this
 * clone has verified before, up to the last landing that has a record. It must never believe a remembered state that was
 * made for another branch, anchor or version.
 */
import type { Anchor, Witness } from "../../core/audit/anchor.ts";
import { startChain } from "../../core/audit/chain.ts";
import { canHeal } from "../../core/audit/chain-judge.ts";
import type { ChainState } from "../../core/audit/chain-state.ts";
import { parseRecord, type RecordFile } from "../../core/audit/record.ts";
import type { AuditedTransition, AuditViolation, Line } from "../../core/audit/verify.ts";
import { verifyLanding, type VerifiedLanding } from "../../core/audit/verify-landing.ts";
import { digestOfBytes, type Digest } from "../../core/model/digest.ts";
import type { Landing } from "../../core/model/landing.ts";
import type { Sandbox } from "../../core/model/plugin.ts";
import type { ProofRepository } from "../ports.ts";
import { certified, rootAfter } from "./certified.ts";
import type { StoredRecords } from "./evidence-branch.ts";
import { landedReader, type LandedReader, type Standing } from "./landed-reader.ts";

export interface WalkRequest {
  readonly anchor: Anchor | null;
  /** The protected branch in full. */
  readonly ref: string;
  readonly landings: readonly Landing[];
  /** The files below `log/`; of a walk that goes on only those that matter to it. */
  readonly records: StoredRecords;
  readonly evaluator: string;
  readonly line: Line;
  /** The witnesses of the branch's last registry.yaml; they only tell a key that came later from a stranger's. */
  readonly known: readonly Witness[];
  /** Where plugins of landings' first parents run. */
  readonly sandbox: Sandbox;
  /** Where an earlier walk stood; `landings` still begin with the first that is not behind it. */
  readonly from: ChainState | undefined;
  /** The trusted root of sigstore that was pinned outside; else the registry's own. */
  readonly trustedRoot?: string | undefined;
  /** Stop where records end, for whoever goes on from there. */
  readonly recordedOnly: boolean;
  /** Called with each landing that was walked over, for showing progress. */
  readonly progress?: ((sequence: number) => void) | undefined;
}

export interface Walked {
  readonly state: ChainState;
  readonly transitions: readonly AuditedTransition[];
  readonly violations: readonly AuditViolation[];
  readonly reader: LandedReader;
  readonly records: StoredRecords;
}

/** So many landings are read ahead at once. */
const AHEAD = 256;

/** Verifies landing after landing. */
export async function walkChain(request: WalkRequest, repository: ProofRepository): Promise<Walked> {
  const { anchor, ref, landings, records, recordedOnly } = request;
  const last = recordedOnly ? records.last : Number.POSITIVE_INFINITY;
  const reader = landedReader(repository, ref, request.sandbox);
  const transitions: AuditedTransition[] = [];
  const violations: AuditViolation[] = [];
  let state = request.from ?? startChain({ anchor, ref });
  const walked = landings.filter(({ sequence }) => sequence <= last && sequence > (state.tip?.sequence ?? 0));
  for (let at = 0; at < walked.length; at += AHEAD) {
    const batch = walked.slice(at, at + AHEAD);
    const [files] = await Promise.all([
      records.read(batch.map(({ sequence }) => sequence)),
      reader.prefetch(batch),
    ]);
    for (const landing of batch) {
      const file = files.get(landing.sequence) ?? null;
      const step = await stepOver(landing, state, file, { ...request, reader, repository });
      transitions.push(...step.transitions);
      violations.push(...step.violations);
      state = step.state;
      request.progress?.(landing.sequence);
    }
  }
  return { state, transitions, violations, reader, records };
}

/** What a step needs besides the landing. */
export interface StepNeeds extends Pick<WalkRequest, "evaluator" | "line" | "known" | "trustedRoot"> {
  readonly records: Pick<StoredRecords, "areSame">;
  readonly reader: LandedReader;
  readonly repository: ProofRepository;
}

/** Verifies one landing with its record, or without one. */
export async function stepOver(
  landing: Landing,
  state: ChainState,
  file: RecordFile | null,
  { evaluator, line, known, records, reader, repository, trustedRoot }: StepNeeds,
): Promise<VerifiedLanding> {
  const parsed = file === null ? undefined : parseRecord(file.bytes);
  const decidedAt = parsed !== undefined && "evidence" in parsed ? parsed.evidence.decidedAt : landing.time;
  const landed = await reader.linted(await reader.read(landing, standingIn(state, line)), decidedAt);
  // Only whether it is this very file is ever asked.
  const digestAt = (sequence: number): Digest | undefined =>
    file !== null && records.areSame(sequence, landing.sequence) ? digestOfBytes(file.bytes) : undefined;
  const base = landed.change.base.registry.tree;
  const rootOf = async (): Promise<string | undefined> =>
    trustedRoot ?? rootAfter(state, base, line, repository);
  const judged = file === null || parsed === undefined ? file : await certified(file, parsed, rootOf);
  return verifyLanding(state, landed, {
    file: judged,
    ...(parsed && { parsed }),
    digestAt,
    known,
    evaluator,
    line,
  });
}

/** Where a landing may return to, latest first; asked for only while something is to be healed (DESIGN 5.9). */
export function standingIn(state: ChainState, line: Line): Standing | null {
  if (state.unhealed.length === 0) return null;
  return function* standing() {
    for (let sequence = (state.tip?.sequence ?? 0) - 1; sequence > 0; sequence--) {
      const commit = canHeal(state, sequence) ? line.commitOf(sequence) : undefined;
      if (commit !== undefined) yield { sequence, commit };
    }
  };
}
