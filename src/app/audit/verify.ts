/**
 * `assent audit verify`: proves from this clone, offline, that every landing was agreed to under the rules then in force
 * (DESIGN 6). What it has verified before is remembered, so that a new landing costs what that landing costs. It must
 * never use what a clone is refused for, and never believe a memory that does not fit.
 */
import { parseAnchor, type Anchor } from "../../core/audit/anchor.ts";
import * as cloneCodes from "../../core/audit/clone-codes.ts";
import type { ChainState } from "../../core/audit/chain-state.ts";
import { parseRecord, sequenceOfPath, type RecordFile } from "../../core/audit/record.ts";
import { extraRecords, reportOf, type AuditReport, type AuditViolation } from "../../core/audit/verify.ts";
import type { CodeDefinition } from "../../core/model/diagnostic.ts";
import { Failure } from "../../core/model/failure.ts";
import type { Landing } from "../../core/model/landing.ts";
import type { Sandbox } from "../../core/model/plugin.ts";
import { counted } from "../../core/model/progress.ts";
import type { CloneNotes, CloneRefusal, Ports, ProofRepository } from "../ports.ts";
import type { Selection } from "../read.ts";
import { certified, rootInTree, SIGSTORE_ROOT } from "./certified.ts";
import { checkpointViolations } from "./checkpoint.ts";
import { listRecords, type StoredRecords } from "./evidence-branch.ts";
import { isRemembered, newSince, readNote, writeNote, type Note } from "./memory.ts";
import { auditRoot, lineOf, openSubject, witnessesAt, type Subject } from "./open.ts";
import { walkChain, type Walked } from "./walk.ts";

export interface VerifyRequest extends Selection {
  /** The file of the trust anchor. */
  readonly trust?: string | undefined;
  /** The file of sigstore's trusted root, pinned outside; else the registry's own counts. */
  readonly sigstoreRoot?: string | undefined;
  /** The file of a checkpoint that the history must hold. */
  readonly checkpoint?: string | undefined;
  /** Verify everything anew, whatever this clone remembers. */
  readonly afresh: boolean;
  /** Of this program. */
  readonly version: string;
}

/** Verifies, and remembers what held. */
export async function verifyAudit(request: VerifyRequest, ports: Ports): Promise<AuditReport> {
  const root = auditRoot(request.folder, ports);
  const anchor =
    request.trust === undefined
      ? null
      : parseAnchor(new TextDecoder().decode(ports.readInput(request.folder, request.trust)));
  const repository = await ports.openProof(root);
  try {
    const refusals = await repository.refusals();
    if (refusals.length > 0)
      return refused(
        anchor,
        refusals.map((refusal) => found(refusalCodes[refusal])),
      );
    const { folder, sigstoreRoot } = request;
    const trustedRoot =
      sigstoreRoot === undefined
        ? undefined
        : new TextDecoder().decode(ports.readInput(folder, sigstoreRoot));
    // What was verified by another root is not verified by this one.
    const notes = trustedRoot === undefined ? await ports.openCloneNotes(root) : null;
    const { report } = await verifyIn(
      repository,
      anchor,
      { ...request, sandbox: ports.sandbox, trustedRoot },
      notes,
    );
    if (request.checkpoint === undefined) return report;
    const violations = await checkpointViolations(ports.readInput(folder, request.checkpoint), {
      ...(await openSubject(repository, anchor)),
      registry: report.anchor?.registry ?? null,
      trustedRoot,
    });
    return {
      ...report,
      ok: report.ok && violations.length === 0,
      violations: [...report.violations, ...violations],
    };
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== "git/corrupt-object") throw error;
    return refused(anchor, [found(cloneCodes.swappedObject, error.message)]);
  } finally {
    repository.close();
  }
}

/** How it is verified. */
interface Verifying extends Pick<VerifyRequest, "version" | "onProgress"> {
  readonly sandbox: Sandbox;
  /** The text of sigstore's trusted root, where one is pinned outside. */
  readonly trustedRoot?: string | undefined;
}

/** A verified history and what it is made of, for whoever hands it on. */
export interface Proven {
  readonly report: AuditReport;
  readonly walked: Walked;
  readonly landings: readonly Landing[];
  readonly tip: string;
}

/** Verifies what a repository holds, from where this clone has verified it before or from its beginning. */
export async function verifyIn(
  repository: ProofRepository,
  anchor: Anchor | null,
  request: Verifying & Pick<VerifyRequest, "afresh">,
  notes: CloneNotes | null,
): Promise<Proven> {
  const subject = await openSubject(repository, anchor);
  const note = request.afresh
    ? undefined
    : readNote(notes, { anchor, ref: subject.ref, evaluator: request.version });
  const proven =
    (note === undefined ? undefined : await verifyOnward(subject, note, anchor, request)) ??
    (await verifyWhole(subject, note, anchor, request));
  // Only what holds is remembered; what does not is looked at again each time.
  if (proven.report.ok)
    writeNote(notes, { evidence: subject.evidence, state: proven.walked.state }, request.version);
  return proven;
}

/**
 * Goes on from what was verified, at the cost of what is new. Undefined where anything before was touched, or anything
 * new does not hold: then everything is looked at, and named from all that is known.
 */
async function verifyOnward(
  { repository, ref, tip, evidence }: Subject,
  note: Note,
  anchor: Anchor | null,
  { version: evaluator, onProgress, trustedRoot, sandbox }: Verifying,
): Promise<Proven | undefined> {
  const onward = await newSince(repository, note, { tip, evidence });
  if (onward === undefined) return undefined;
  const { landings, records, line, from } = onward;
  const witnesses = await witnessesAt(tip, repository);
  const progress = counted(onProgress, "verifying landings", null);
  const walked = await walkChain(
    {
      anchor,
      ref,
      landings,
      records,
      evaluator,
      sandbox,
      trustedRoot,
      line,
      known: witnesses,
      from,
      recordedOnly: false,
      progress,
    },
    repository,
  );
  // A record that is not one of these landings tells of a branch that was cut off, and whoever remembered past it would
  // never see it again (DESIGN 6: a bijection).
  if ((await records.beyond(walked.state.tip?.sequence ?? 0)).length > 0) return undefined;
  const lastRecord = Math.max(from.record?.sequence ?? 0, records.last);
  const report = reportOf({ ...walked, lastRecord, remembered: from.tip?.sequence ?? null, line });
  return report.ok ? { report, walked, landings, tip } : undefined;
}

async function verifyWhole(
  { repository, ref, tip, evidence }: Subject,
  note: Note | undefined,
  anchor: Anchor | null,
  { version: evaluator, onProgress, trustedRoot, sandbox }: Verifying,
): Promise<Proven> {
  const landings = await repository.landings(tip);
  const line = await lineOf(repository, landings, tip);
  const records = await listRecords(repository, evidence);
  const known = await witnessesAt(tip, repository);
  const isGone = note !== undefined && !(await isRemembered(note, line, records));
  const progress = counted(onProgress, "verifying landings", landings.length);
  const walked = await walkChain(
    {
      anchor,
      ref,
      landings,
      records,
      evaluator,
      sandbox,
      trustedRoot,
      line,
      known,
      from: undefined,
      recordedOnly: false,
      progress,
    },
    repository,
  );
  const violations = [
    ...walked.violations,
    ...extraRecords(walked.state, await beyond(walked.state, records, repository, trustedRoot), line),
    ...(isGone ? [found(cloneCodes.memoryDiffers)] : []),
  ];
  const lastRecord = records.last;
  return {
    report: reportOf({ ...walked, violations, lastRecord, remembered: null, line }),
    walked,
    landings,
    tip,
  };
}

/** The records with what the certificates of those that follow the last landing come to; who signed them tells why they are there. */
async function beyond(
  { tip }: ChainState,
  records: StoredRecords,
  repository: ProofRepository,
  trustedRoot: string | undefined,
): Promise<readonly RecordFile[]> {
  const last = tip?.sequence ?? 0;
  const rootOf = async (): Promise<string | undefined> =>
    trustedRoot ??
    (tip === null ? undefined : rootInTree(await repository.treeAt(tip.commit, { paths: [SIGSTORE_ROOT] })));
  return Promise.all(
    (await records.beyond(last)).map((file) =>
      (sequenceOfPath(file.path) ?? 0) > last ? certified(file, parseRecord(file.bytes), rootOf) : file,
    ),
  );
}

const refusalCodes: Readonly<Record<CloneRefusal, CodeDefinition>> = {
  shallow: cloneCodes.shallowClone,
  grafts: cloneCodes.graftedClone,
  "replace-refs": cloneCodes.replacedObjects,
  alternates: cloneCodes.borrowedObjects,
};

function found({ code, summary, fix }: CodeDefinition, message = `${summary} ${fix}`): AuditViolation {
  return { code, commit: null, sequence: null, message };
}

/** Nothing is judged in a clone that cannot be believed. */
function refused(anchor: Anchor | null, violations: readonly AuditViolation[]): AuditReport {
  return {
    ok: false,
    assurance: "none",
    anchor,
    trust: anchor === null ? "first-use" : "pinned",
    landings: 0,
    records: 0,
    remembered: null,
    transitions: [],
    violations,
    healed: [],
    observed: [],
    overrides: [],
  };
}
