/**
 * What evidence says about a base on which something is to land (DESIGN 5.9): whether it stands, and else to what a heal
 * would return. Only records that a witness of the base signed are believed. It must never make a base better than it
 * is: what cannot be read is told as unknown, and unknown denies.
 */
import { EVIDENCE_BRANCH, parseRecord, recordPath, type ReadRecord } from "../../core/audit/record.ts";
import { faultsOfSignatures } from "../../core/audit/verify-signatures.ts";
import type { Witness } from "../../core/audit/anchor.ts";
import type { Landing } from "../../core/model/landing.ts";
import type { Repository } from "../ports.ts";

export interface BaseStanding {
  readonly isViolation: boolean;
  /** The last landing that stood; null while the base stands, or where none is known. */
  readonly restorable: Landing | null;
  /** What could not be learned, as sentences. */
  readonly unknown: readonly string[];
}

const baseStands: BaseStanding = { isViolation: false, restorable: null, unknown: [] };

/** So many records are read at once while looking back. */
const STEP = 20;

/** Looks back from the base to the last landing that stood. A base without a record says nothing against itself. */
export async function standingOf(
  landings: readonly Landing[],
  witnesses: readonly Witness[],
  repository: Repository,
): Promise<BaseStanding> {
  const evidence = witnesses.length === 0 ? null : await repository.tipOf(EVIDENCE_BRANCH);
  if (evidence === null) return baseStands;
  let isViolation = false;
  for (let end = landings.length; end > 0; end -= STEP) {
    const some = landings.slice(Math.max(0, end - STEP), end);
    const { get } = await repository.treeAt(evidence, { paths: some.map(({ sequence }) => recordPath(sequence)) });
    for (const landing of some.toReversed()) {
      const file = get(recordPath(landing.sequence));
      // The witness may be late; what it has seen last counts.
      if (file === undefined && !isViolation) continue;
      if (file === undefined) return { isViolation, restorable: null, unknown: [] };
      const record = parseRecord(file.read());
      const problem = problemOf(record, landing, witnesses);
      if (problem !== null || !("evidence" in record)) {
        return { isViolation, restorable: null, unknown: isViolation ? [] : [problem ?? ""] };
      }
      if (record.evidence.decision !== "VIOLATION") {
        return { isViolation, restorable: isViolation ? landing : null, unknown: [] };
      }
      isViolation = true;
    }
  }
  return { isViolation, restorable: null, unknown: [] };
}

function problemOf(record: ReturnType<typeof parseRecord>, landing: Landing, witnesses: readonly Witness[]): string | null {
  const what = `The record of landing ${landing.sequence}`;
  if ("problem" in record) return `${what} cannot be read: ${record.problem}.`;
  if (record.evidence.landing !== landing.oid) return `${what} is about another commit.`;
  return isSigned(record, witnesses) ? null : `${what} is not signed by a witness of the base.`;
}

/** A certificate's signature is verified where evidence is proven; here the record of a named identity is believed. */
function isSigned(record: ReadRecord, witnesses: readonly Witness[]): boolean {
  const named = witnesses.find(({ sigstore }) => sigstore !== undefined)?.sigstore;
  return faultsOfSignatures(record, named, witnesses, []).faults.length === 0;
}
