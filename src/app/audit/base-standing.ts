/**
 * What evidence says about a base on which something is to land (DESIGN 5.9): whether it stands, and else to what a heal
 * would return. Only records that a witness in force then has signed are believed. It must never make a base better than it
 * is: what cannot be read is told as unknown, and unknown denies.
 */
import { EVIDENCE_BRANCH, parseRecord, recordPath, type ReadRecord } from "../../core/audit/record.ts";
import { faultsOfSignatures } from "../../core/audit/verify-signatures.ts";
import type { Witness } from "../../core/audit/anchor.ts";
import { settingsOf } from "../../core/govern/ownership.ts";
import type { Landing } from "../../core/model/landing.ts";
import type { Repository } from "../ports.ts";
import { loadTree } from "../read.ts";

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

/**
 * Looks back from the base to the last landing that stood. A base without a record says nothing against itself. Each
 * record is believed by the witnesses that were in force when its landing came, never by those that the landing itself
 * names: what nobody agreed to could otherwise name none, or others, and stand.
 */
export async function standingOf(
  landings: readonly Landing[],
  repository: Repository,
): Promise<BaseStanding> {
  const evidence = await repository.tipOf(EVIDENCE_BRANCH);
  if (evidence === null) return baseStands;
  const witnessesOf = await witnessesIn(landings, evidence, repository);
  let isViolation = false;
  for (let end = landings.length; end > 0; end -= STEP) {
    const some = landings.slice(Math.max(0, end - STEP), end);
    const { get } = await repository.treeAt(evidence, {
      paths: some.map(({ sequence }) => recordPath(sequence)),
    });
    for (const landing of some.toReversed()) {
      const file = get(recordPath(landing.sequence));
      // The witness may be late; what it has seen last counts.
      if (file === undefined && !isViolation) continue;
      if (file === undefined) return { isViolation, restorable: null, unknown: [] };
      const witnesses = await witnessesOf(landing);
      // Where nobody may sign evidence, none of it says anything.
      if (witnesses.length === 0) return { isViolation, restorable: null, unknown: [] };
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

/**
 * Asks who may sign the record of a landing: whom registry.yaml named last before it, leaving out what could not be read,
 * what named nobody, and what was a violation by those who could sign then (DESIGN 3, Registry, and 5.9).
 */
async function witnessesIn(
  landings: readonly Landing[],
  evidence: string,
  repository: Repository,
): Promise<(landing: Landing) => Promise<readonly Witness[]>> {
  const changes = await repository.changesOf(landings, { paths: ["registry/registry.yaml"] });
  const naming = landings.filter((_, index) => (changes[index] ?? []).length > 0);
  const known = new Map<string, Promise<readonly Witness[]>>();
  const before = async (sequence: number): Promise<readonly Witness[]> => {
    for (const landing of naming.toReversed()) {
      if (landing.sequence >= sequence) continue;
      const { registry } = await loadTree(
        await repository.treeAt(landing.oid, { paths: ["registry/registry.yaml"] }),
      );
      const named = settingsOf(registry)?.value.witness ?? [];
      if (named.length > 0 && !(await isRefused(landing))) return named;
    }
    return [];
  };
  const isRefused = async (landing: Landing): Promise<boolean> => {
    const path = recordPath(landing.sequence);
    const file = (await repository.treeAt(evidence, { paths: [path] })).get(path);
    const record = file === undefined ? undefined : parseRecord(file.read());
    if (record === undefined || !("evidence" in record) || record.evidence.decision !== "VIOLATION")
      return false;
    return problemOf(record, landing, await of(landing)) === null;
  };
  const of = (landing: Landing): Promise<readonly Witness[]> => {
    // All landings between two that name witnesses have the same.
    const last = naming.findLast(({ sequence }) => sequence < landing.sequence)?.oid ?? "";
    const found = known.get(last) ?? before(landing.sequence);
    known.set(last, found);
    return found;
  };
  return of;
}

function problemOf(
  record: ReturnType<typeof parseRecord>,
  landing: Landing,
  witnesses: readonly Witness[],
): string | null {
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
