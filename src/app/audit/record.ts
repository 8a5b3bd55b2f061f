/**
 * `assent audit record`: appends a signed record for every landing that has none, from the last recorded landing to the
 * tip. Idempotent; two that run at once both end well; whoever is killed leaves whole records or none. It must never
 * continue a chain of records that does not verify, and never rewrite one.
 */
import type { Anchor } from "../../core/audit/anchor.ts";
import { judgeLanding } from "../../core/audit/chain-judge.ts";
import type { ChainState } from "../../core/audit/chain-state.ts";
import { EVIDENCE_BRANCH, type RecordFile } from "../../core/audit/record.ts";
import { extraRecords } from "../../core/audit/verify.ts";
import { counted } from "../../core/model/progress.ts";
import { Failure } from "../../core/model/failure.ts";
import type { Instant } from "../../core/model/instant.ts";
import type { Landing } from "../../core/model/landing.ts";
import type { Sandbox } from "../../core/model/plugin.ts";
import type { ReviewedFacts } from "../forge-facts.ts";
import { sharedBranch } from "../judge.ts";
import type { CloneNotes, Exchange, Ports, ProofRepository } from "../ports.ts";
import type { Selection } from "../read.ts";
import { parseArtifactReport, type ArtifactReport } from "../artifact-report.ts";
import { parseReviewsFile } from "../reviews-file.ts";
import { APPROVALS_BRANCH } from "../signatures.ts";
import { appendRecords, listRecords, type NewRecord } from "./evidence-branch.ts";
import { makeCheckpoint } from "./checkpoint.ts";
import { rootAfter } from "./certified.ts";
import { askForge, gatherFacts, type AskedForge } from "./facts.ts";
import { isRemembered, newSince, readNote, writeNote, type Note, type Onward } from "./memory.ts";
import { auditRoot, lineOf, witnessesAt } from "./open.ts";
import { standingIn, stepOver, walkChain, type StepNeeds } from "./walk.ts";
import { evidenceSigner, isWitnessed, signRecord, type EvidenceSigner } from "./witness-key.ts";

export interface RecordRequest extends Selection {
  /** The file of the witness's key; else the environment's. */
  readonly keyFile?: string | undefined;
  /** Files of what a forge said about pull requests. */
  readonly reviews: readonly string[];
  /** Files of what `artifacts verify` found, made by this same witness. */
  readonly artifacts?: readonly string[];
  /** The forge to ask about landings that came of pull requests. */
  readonly forge?: AskedForge | undefined;
  /** Whether this runs outside the judged repository. */
  readonly isOutside: boolean;
  /** Of this program. */
  readonly version: string;
  /** The file that a signed checkpoint of what is recorded then is written to. */
  readonly checkpoint?: string | undefined;
  readonly anchor?: Anchor | null;
  /** The clock at which a landing is recorded, for replaying what a witness did at the time; else `asOf`, else now. */
  readonly clock?: ((landing: Landing) => Instant) | undefined;
}

/** What was recorded about a landing. */
export interface RecordedLanding {
  readonly sequence: number;
  readonly commit: string;
  readonly subject: string;
  /** Null: its rules only observed and would not have let it land. */
  readonly decision: string | null;
  readonly reasons: readonly string[];
}

export interface RecordResult {
  readonly branch: string;
  /** Where the branch of evidence stands now; null when there was nothing to record. */
  readonly evidence: string | null;
  /** The new records, oldest first. */
  readonly recorded: readonly RecordedLanding[];
  /** How many landings have a record now. */
  readonly records: number;
  /** The landings that do not stand and are not healed. */
  readonly unhealed: readonly number[];
}

const ATTEMPTS = 10;

/** So many records are appended at once; whoever is killed loses at most these, and the next run makes them again. */
const AT_ONCE = 100;

/** Catches up. */
export async function recordEvidence(request: RecordRequest, ports: Ports): Promise<RecordResult> {
  const root = auditRoot(request.folder, ports);
  const key = await evidenceSigner(request, ports);
  const exchange = await ports.openExchange(root);
  const repository = await ports.openProof(root);
  try {
    const [refusal] = await repository.refusals();
    if (refusal !== undefined) {
      throw new Failure(
        `audit/${refusal}`,
        "Nothing is recorded from a clone that may show another history.",
        {
          hint: "Run assent audit verify, which says what is wrong with it and what to do.",
        },
      );
    }
    const branch = await sharedBranch(exchange, repository);
    const reviews = request.reviews.map((file) => parseReviewsFile(ports.readInput(request.folder, file)));
    const clock = request.clock ?? ((): Instant => request.asOf ?? ports.now());
    const ask = request.forge === undefined ? undefined : askForge(request.forge, branch, root);
    const recorder: Recorder = {
      sandbox: ports.sandbox,
      request,
      key,
      exchange,
      repository,
      branch,
      notes: await ports.openCloneNotes(root),
      recorded: [],
      reviews,
      reports: (request.artifacts ?? []).map((file) =>
        parseArtifactReport(ports.readInput(request.folder, file)),
      ),
      ask,
      clock,
      keep: (bytes) => ports.writeOutput(request.folder, request.checkpoint ?? "", bytes),
    };
    return await catchUp(recorder);
  } finally {
    repository.close();
  }
}

interface Recorder {
  readonly sandbox: Sandbox;
  readonly request: RecordRequest;
  readonly key: EvidenceSigner;
  readonly exchange: Exchange;
  readonly repository: ProofRepository;
  readonly branch: string;
  readonly notes: CloneNotes;
  /** What was appended so far. */
  readonly recorded: RecordedLanding[];
  readonly reviews: readonly ReviewedFacts[];
  readonly reports: readonly ArtifactReport[];
  readonly ask: ((landing: Landing) => Promise<ReviewedFacts | undefined>) | undefined;
  readonly clock: (landing: Landing) => Instant;
  /** Writes the checkpoint. */
  keep(checkpoint: Uint8Array): void;
}

async function catchUp(recorder: Recorder): Promise<RecordResult> {
  const { exchange, branch, recorded } = recorder;
  for (let lost = 0; lost < ATTEMPTS;) {
    const tips = await exchange.fetch([branch, APPROVALS_BRANCH, EVIDENCE_BRANCH]);
    const tip = tips.get(branch);
    if (tip == null) {
      throw new Failure("audit/no-branch", `There is no branch ${branch} to record.`, {
        hint: "Push it first.",
      });
    }
    const evidence = tips.get(EVIDENCE_BRANCH) ?? null;
    const asked = {
      anchor: recorder.request.anchor ?? null,
      ref: `refs/heads/${branch}`,
      evaluator: recorder.request.version,
    };
    const round = await onTop(
      { ...recorder, tip, evidence, approvals: tips.get(APPROVALS_BRANCH) ?? null },
      readNote(recorder.notes, asked),
    );
    if (round === "lost") {
      lost++;
      continue;
    }
    if (recorder.request.checkpoint !== undefined)
      recorder.keep(await makeCheckpoint(round.state, recorder.key, recorder.repository));
    if (round.state.unhealed.length === 0) writeNote(recorder.notes, round, recorder.request.version);
    return {
      branch,
      evidence: round.evidence,
      recorded,
      records: round.state.records,
      unhealed: round.state.unhealed.map(({ sequence }) => sequence),
    };
  }
  throw new Failure("git/busy", `The branch ${EVIDENCE_BRANCH} moved ${ATTEMPTS} times meanwhile.`, {
    hint: "Try again.",
    category: "conflict",
  });
}

interface Round extends Recorder {
  readonly tip: string;
  readonly evidence: string | null;
  readonly approvals: string | null;
}

interface Caught {
  readonly state: ChainState;
  readonly evidence: string | null;
}

/** Records everything that stands on the branch now; `lost` when somebody else appended meanwhile. */
async function onTop(round: Round, note: Note | undefined): Promise<Caught | "lost"> {
  const { request, repository, tip, exchange, branch, key, sandbox } = round;
  const onward = note === undefined ? undefined : await newSince(repository, note, round);
  const { landings, records, line, from } = onward ?? (await everything(round, note));
  const known = await witnessesAt(tip, repository);
  const about = { landings, records, line, known, sandbox, evaluator: request.version };
  const { violations, ...walked } = await walkChain(
    { ...about, anchor: request.anchor ?? null, ref: `refs/heads/${branch}`, from, recordedOnly: true },
    repository,
  );
  const broken = [
    ...violations,
    ...extraRecords(walked.state, await records.beyond(walked.state.tip?.sequence ?? 0), line),
  ].find(({ code }) => code !== "audit/violation" && code !== "audit/key-revoked");
  if (broken !== undefined) {
    throw new Failure("audit/broken-evidence", `The evidence so far does not verify: ${broken.message}`, {
      hint: "Run assent audit verify. Nothing is appended to evidence that proves nothing.",
    });
  }
  let { state } = walked;
  let evidence = round.evidence;
  const missing = landings.filter(({ sequence }) => sequence > (state.tip?.sequence ?? 0));
  const told = counted(request.onProgress, "recording landings", missing.length);
  for (let at = 0; at < missing.length; at += AT_ONCE) {
    const batch = missing.slice(at, at + AT_ONCE);
    await walked.reader.prefetch(batch);
    const fresh: NewRecord[] = [];
    const heard: RecordedLanding[] = [];
    for (const [index, landing] of batch.entries()) {
      // What a heal returns to may be behind what was read.
      if (onward !== undefined && state.unhealed.length > 0) return onTop({ ...round, evidence }, undefined);
      const needs = { ...about, reader: walked.reader, repository };
      // Before somebody is named who may witness, nobody can.
      const file = isWitnessed(state, key)
        ? await recordOf(landing, state, { ...round, ...needs, isAlone: missing.length === 1 })
        : null;
      if (file !== null) {
        fresh.push(file.record);
        heard.push(file.told);
      }
      const step = await stepOver(landing, state, file?.file ?? null, needs);
      const [fault] = step.violations;
      if (fault !== undefined && file !== null)
        throw new Error(`the record that was just made does not verify: ${fault.message}`);
      state = step.state;
      told?.(at + index + 1);
    }
    const moved = await appendRecords(exchange, evidence, fresh);
    if (moved === "lost") return "lost";
    evidence = moved;
    round.recorded.push(...heard);
  }
  return { state, evidence };
}

/** All that there is, where nothing is remembered, or something that it must still hold. */
async function everything(
  { repository, tip, evidence }: Round,
  note: Note | undefined,
): Promise<Omit<Onward, "from"> & { readonly from: undefined }> {
  const landings = await repository.landings(tip);
  const line = await lineOf(repository, landings, tip);
  const records = await listRecords(repository, evidence);
  if (note === undefined || (await isRemembered(note, line, records)))
    return { landings, line, records, from: undefined };
  throw new Failure(
    "audit/memory-mistrusted",
    "What this clone verified before does not stand there any more.",
    {
      hint: "Run assent audit verify, and find out who rewrote which branch. Nothing is recorded on top of that.",
    },
  );
}

interface LandingRound extends Round, StepNeeds {
  readonly isAlone: boolean;
}

/** The record of a landing, made and signed. */
async function recordOf(
  landing: Landing,
  state: ChainState,
  { reader, line, reviews, reports, ask, approvals, isAlone, repository, clock, request, key }: LandingRound,
): Promise<{ readonly file: RecordFile; readonly record: NewRecord; readonly told: RecordedLanding }> {
  const read = await reader.read(landing, standingIn(state, line));
  const now = clock(landing);
  const landed = await reader.linted(read, now);
  const { facts, head } = await gatherFacts(read, { approvals, reviews, reports, ask }, isAlone, repository);
  const { evidence } = judgeLanding(state, { ...landed, head }, facts, {
    decidedAt: now,
    recordedAt: now,
    evaluator: request.version,
    witness: request.isOutside ? "outside" : "inside",
  });
  const base = read.change.base.registry.tree;
  const file = await signRecord(evidence, key, state.witnesses, () =>
    rootAfter(state, base, line, repository),
  );
  const { sequence, oid, subject } = landing;
  const { decision, reasons } = evidence;
  return {
    file,
    record: { sequence, landing: oid, decision: decision ?? "observed", bytes: file.bytes },
    told: { sequence, commit: oid, subject, decision, reasons },
  };
}
