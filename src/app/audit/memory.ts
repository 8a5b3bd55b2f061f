/**
 * What this clone has verified before, and what is new since (DESIGN 6). It must never be believed where anything that it
 * stands on was touched: another landing in its place, or a record that was changed or taken away.
 */
import { isStillThere, recallChain, rememberChain } from "../../core/audit/remember.ts";
import type { ChainState } from "../../core/audit/chain-state.ts";
import { sequenceOfPath } from "../../core/audit/record.ts";
import type { Line } from "../../core/audit/verify.ts";
import { digestOfBytes } from "../../core/model/digest.ts";
import type { Landing } from "../../core/model/landing.ts";
import type { CloneNotes, ProofRepository } from "../ports.ts";
import { listRecords, type StoredRecords } from "./evidence-branch.ts";

const NOTE = "audit-verified.json";

/** What was verified, and where the evidence stood then. */
export interface Note {
  readonly evidence: string;
  readonly state: ChainState;
}

/** The note that fits an anchor, a branch and a version of this program. */
export function readNote(
  notes: CloneNotes | null,
  asked: Parameters<typeof recallChain>[1],
): Note | undefined {
  const text = notes?.read(NOTE) ?? "";
  const end = text.indexOf("\n");
  const evidence = text.slice(0, Math.max(end, 0));
  const state = /^[0-9a-f]{40,64}$/.test(evidence) ? recallChain(text.slice(end + 1), asked) : undefined;
  return state === undefined ? undefined : { evidence, state };
}

/** Remembers what held; there is nothing to remember without evidence. */
export function writeNote(
  notes: CloneNotes | null,
  { evidence, state }: { readonly evidence: string | null; readonly state: ChainState },
  evaluator: string,
): void {
  if (evidence !== null) notes?.write(NOTE, `${evidence}\n${rememberChain(state, evaluator)}`);
}

/** What follows a remembered state. */
export interface Onward {
  readonly from: ChainState;
  readonly landings: readonly Landing[];
  readonly records: StoredRecords;
  readonly line: Line;
}

/** What is new, read at its own cost; undefined where anything that was verified is not as it was. */
export async function newSince(
  repository: ProofRepository,
  { evidence: before, state: from }: Note,
  { tip, evidence }: { readonly tip: string; readonly evidence: string | null },
): Promise<Onward | undefined> {
  if (from.tip === null || evidence === null || !(await repository.has(before))) return undefined;
  const landings = await repository.landingsAfter(tip, from.tip);
  if (landings === null) return undefined;
  const known = from.tip.sequence;
  const touched = await repository.changedPaths(before, evidence, { paths: ["log"] });
  if (touched.some(({ path, modeFrom }) => modeFrom !== null || (sequenceOfPath(path) ?? 0) <= known))
    return undefined;
  const records = await listRecords(repository, evidence, before);
  return { from, landings, records, line: shortLine(landings, from.tip) };
}

/** The line as far as it is new; what is behind it is not asked for while everything holds. */
function shortLine(
  landings: readonly Landing[],
  from: { readonly sequence: number; readonly commit: string },
): Line {
  const commits = new Map([
    [from.sequence, from.commit],
    ...landings.map(({ sequence, oid }) => [sequence, oid] as const),
  ]);
  const sequences = new Map([...commits].map(([sequence, oid]) => [oid, sequence]));
  return {
    sequenceOf: (commit) => sequences.get(commit),
    commitOf: (sequence) => commits.get(sequence),
    isMerged: () => false,
  };
}

/** Whether what was verified still stands on the branch and in its records. */
export async function isRemembered({ state }: Note, line: Line, records: StoredRecords): Promise<boolean> {
  const files = await records.read(state.record === null ? [] : [state.record.sequence]);
  return isStillThere(state, line, (sequence) => {
    const file = files.get(sequence);
    return file === undefined ? undefined : digestOfBytes(file.bytes);
  });
}
