/**
 * Records as they stand on the branch registry-evidence: read from objects that were hashed, appended one commit each by
 * compare-and-swap. Whoever may push can put anything there; a file is only bytes until the core has verified it.
 */
import { EVIDENCE_BRANCH, recordPath, sequenceOfPath, type RecordFile } from "../../core/audit/record.ts";
import { Failure } from "../../core/model/failure.ts";
import type { Exchange, ProofRepository } from "../ports.ts";

/**
 * The files below `log/`: which there are, and their bytes when they are asked for. All bytes of a long history at once
 * would be most of what proving it keeps in memory.
 */
export interface StoredRecords {
  /** The highest number of a record's file; 0 = there is none. */
  readonly last: number;
  /** The files of these landings, where there are any. */
  read(sequences: Iterable<number>): Promise<ReadonlyMap<number, RecordFile>>;
  /** Whether the files of two landings hold the same. */
  areSame(one: number, other: number): boolean;
  /** The files that are no record of a landing up to this one. */
  beyond(sequence: number): Promise<readonly RecordFile[]>;
  /** Every record's file, in order of landings. */
  all(): Promise<ReadonlyMap<number, RecordFile>>;
}

/** Lists every file below `log/` at a commit of the branch; with `since` only those that differ from that commit. */
export async function listRecords(
  repository: ProofRepository,
  tip: string | null,
  since: string | null = null,
): Promise<StoredRecords> {
  const changes = tip === null ? [] : await repository.changedPaths(since, tip, { paths: ["log"] });
  const oids = new Map<number, string>();
  const odd: Stored[] = [];
  let last = 0;
  // A link or an executable is no record; its bytes are read all the same, and what they say is judged.
  for (const { path, modeTo, oidTo } of changes) {
    if (oidTo === null || modeTo === "160000") continue;
    const sequence = sequenceOfPath(path);
    if (sequence === undefined) odd.push({ path, oid: oidTo });
    else {
      oids.set(sequence, oidTo);
      if (sequence > last) last = sequence;
    }
  }
  const load = async (files: readonly Stored[]): Promise<readonly RecordFile[]> => {
    const contents = await repository.readBlobs(files.map(({ oid }) => oid));
    return files.map(({ path, oid }) => ({ path, bytes: contents.get(oid) ?? new Uint8Array() }));
  };
  const read = async (sequences: Iterable<number>): Promise<ReadonlyMap<number, RecordFile>> => {
    const there = [...sequences].filter((sequence) => oids.has(sequence));
    const files = await load(there.map((sequence) => stored(sequence, oids)));
    return new Map(files.map((file, index) => [there[index] ?? 0, file]));
  };
  return {
    last,
    read,
    areSame: (one, other) => oids.has(one) && oids.get(one) === oids.get(other),
    async beyond(sequence) {
      const later = [...oids.keys()].filter((each) => each > sequence).map((each) => stored(each, oids));
      return load([...later, ...odd]);
    },
    all: () => read([...oids.keys()].sort((a, b) => a - b)),
  };
}

interface Stored {
  readonly path: string;
  readonly oid: string;
}

function stored(sequence: number, oids: ReadonlyMap<number, string>): Stored {
  return { path: recordPath(sequence), oid: oids.get(sequence) ?? "" };
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
