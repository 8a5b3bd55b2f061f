/**
 * Records as they stand on the branch registry-evidence: read from objects that were hashed, appended one commit each by
 * compare-and-swap. Whoever may push can put anything there; a file is only bytes until the core has verified it.
 */
import { EVIDENCE_BRANCH, recordPath, type RecordFile } from "../../core/audit/record.ts";
import { Failure } from "../../core/model/failure.ts";
import type { Exchange, ProofRepository } from "../ports.ts";

/** Every file below `log/` at a commit of the branch; with `since` only those that differ from that commit. */
export async function readRecords(
  repository: ProofRepository,
  tip: string | null,
  since: string | null = null,
): Promise<readonly RecordFile[]> {
  if (tip === null) return [];
  const changes = await repository.changedPaths(since, tip, { paths: ["log"] });
  // A link or an executable is no record; its bytes are read all the same, and what they say is judged.
  const files = changes.flatMap(({ path, modeTo, oidTo }) =>
    oidTo === null || modeTo === "160000" ? [] : [{ path, oid: oidTo }],
  );
  const contents = await repository.readBlobs(files.map(({ oid }) => oid));
  return files.map(({ path, oid }) => ({ path, bytes: contents.get(oid) ?? new Uint8Array() }));
}

/** A record that is to be appended. */
export interface NewRecord {
  readonly sequence: number;
  readonly landing: string;
  readonly decision: string;
  readonly bytes: Uint8Array;
}

/**
 * Appends records to the branch, one commit each, all or none: whoever is killed before has appended nothing, and a lost
 * race appends nothing either. Hands back the branch's new tip, or `lost` when somebody else was faster.
 */
export async function appendRecords(
  exchange: Exchange,
  expected: string | null,
  records: readonly NewRecord[],
): Promise<string | null | "lost"> {
  if (records.length === 0) return expected;
  const steps = records.map(({ sequence, landing, decision, bytes }) => ({
    files: [{ path: recordPath(sequence), content: bytes }],
    message: `Record landing ${sequence}: ${decision}\n\nAssent-Landing: ${landing}\n`,
  }));
  const tip = await exchange.makeChain(expected, steps);
  const published = await exchange.publish([{ branch: EVIDENCE_BRANCH, expected, to: tip }]);
  if (published.outcome === "published") return tip;
  if (published.outcome === "lost") return "lost";
  throw new Failure(
    "audit/not-recorded",
    `The other side did not take the record: ${published.said.split("\n")[0] ?? ""}.`,
    {
      hint: `Whoever records must be allowed to push to the branch ${EVIDENCE_BRANCH}.`,
      category: "auth",
    },
  );
}
