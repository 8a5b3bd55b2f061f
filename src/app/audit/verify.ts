/**
 * `assent audit verify`: proves from this clone, offline, that every landing was agreed to under the rules then in force
 * (DESIGN 6). What it has verified before is remembered, so that a new landing costs what that landing costs. It must
 * never use what a clone is refused for, and never believe a memory that does not fit.
 */
import { parseAnchor, type Anchor } from "../../core/audit/anchor.ts";
import * as cloneCodes from "../../core/audit/clone-codes.ts";
import { isStillThere, recallChain, rememberChain } from "../../core/audit/remember.ts";
import { recordPath, type RecordFile } from "../../core/audit/record.ts";
import { extraRecords, reportOf, type AuditReport, type AuditViolation } from "../../core/audit/verify.ts";
import type { CodeDefinition } from "../../core/model/diagnostic.ts";
import { digestOfBytes, type Digest } from "../../core/model/digest.ts";
import { Failure } from "../../core/model/failure.ts";
import type { Landing } from "../../core/model/landing.ts";
import { counted } from "../../core/model/progress.ts";
import type { CloneNotes, CloneRefusal, Ports, ProofRepository } from "../ports.ts";
import type { Selection } from "../read.ts";
import { readRecords } from "./evidence-branch.ts";
import { auditRoot, lineOf, openSubject, witnessesAt } from "./open.ts";
import { walkChain, type Walked } from "./walk.ts";

export interface VerifyRequest extends Selection {
  /** The file of the trust anchor. */
  readonly trust?: string | undefined;
  /** Verify everything anew, whatever this clone remembers. */
  readonly afresh: boolean;
  /** Of this program. */
  readonly version: string;
}

const NOTE = "audit-verified.json";

/** Verifies, and remembers what held. */
export async function verifyAudit(request: VerifyRequest, ports: Ports): Promise<AuditReport> {
  const root = auditRoot(request.folder, ports);
  const anchor = request.trust === undefined ? null : parseAnchor(new TextDecoder().decode(ports.readInput(request.folder, request.trust)));
  const repository = await ports.openProof(root);
  try {
    const refusals = await repository.refusals();
    if (refusals.length > 0) return refused(anchor, refusals.map((refusal) => found(refusalCodes[refusal])));
    const { report } = await verifyIn(repository, anchor, request, request.afresh ? null : await ports.openCloneNotes(root));
    return report;
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== "git/corrupt-object") throw error;
    return refused(anchor, [found(cloneCodes.swappedObject, error.message)]);
  } finally {
    repository.close();
  }
}

/** A verified history and what it is made of, for whoever hands it on. */
export interface Proven {
  readonly report: AuditReport;
  readonly walked: Walked;
  readonly landings: readonly Landing[];
  readonly tip: string;
}

/** Verifies what a repository holds. */
export async function verifyIn(
  repository: ProofRepository,
  anchor: Anchor | null,
  request: Pick<VerifyRequest, "version" | "onProgress">,
  notes: CloneNotes | null,
): Promise<Proven> {
  const { ref, tip, evidence } = await openSubject(repository, anchor);
  const text = notes?.read(NOTE);
  const remembered = text === undefined ? undefined : recallChain(text, { anchor, ref, evaluator: request.version });
  const landings = await repository.landings(tip);
  const line = await lineOf(repository, landings, tip);
  const records = await readRecords(repository, evidence);
  const known = await witnessesAt(tip, repository);
  const from = remembered !== undefined && isStillThere(remembered, line, digestsOf(records)) ? remembered : undefined;
  const { version: evaluator } = request;
  const progress = counted(request.onProgress, "verifying landings", landings.length);
  const walked = await walkChain({ anchor, ref, landings, records, evaluator, line, known, from, recordedOnly: false, progress }, repository);
  const isGone = remembered !== undefined && from === undefined;
  const violations = [
    ...walked.violations,
    ...extraRecords(walked.state, records, line),
    ...(isGone ? [found(cloneCodes.memoryDiffers)] : []),
  ];
  const lastRecord = Math.max(0, ...walked.files.keys());
  const report = reportOf({ ...walked, violations, lastRecord, remembered: from?.tip?.sequence ?? null, line });
  // Only what holds is remembered; what does not is looked at again each time.
  if (violations.length === 0) notes?.write(NOTE, rememberChain(walked.state, request.version));
  return { report, walked, landings, tip };
}

function digestsOf(records: readonly RecordFile[]): (sequence: number) => Digest | undefined {
  const files = new Map(records.map(({ path, bytes }) => [path, bytes]));
  return (sequence) => {
    const bytes = files.get(recordPath(sequence));
    return bytes === undefined ? undefined : digestOfBytes(bytes);
  };
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
