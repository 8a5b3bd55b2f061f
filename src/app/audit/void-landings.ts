/**
 * Which landings count for nothing as evidence says (DESIGN 5.9): violations, and what a heal undoes, with the heal itself,
 * which brings nothing of its own. A gate counts without them, as `audit verify` does. What the attacker controls: the
 * branch of evidence. A record that says that its landing does not stand is believed only from a witness in force then;
 * what cannot be believed is told as unknown, and unknown denies.
 */
import { parseRecord, recordPath } from "../../core/audit/record.ts";
import type { Landing } from "../../core/model/landing.ts";
import type { Repository } from "../ports.ts";
import { openBelief } from "./believed-record.ts";

export interface VoidLandings {
  isVoid(sequence: number): boolean;
  /** What could not be learned, as sentences. */
  readonly unknown: readonly string[];
}

/**
 * Asks about landings; only their own records are read. A landing without a record says nothing against itself, and
 * neither does one whose record says that it stands: who could forge that could as well take it away.
 *
 * @param asked some of `landings`
 * @param landings all of the branch up to a base, oldest first
 * @param evidence a commit of the branch of evidence
 */
export async function voidLandings(
  asked: readonly Landing[],
  landings: readonly Landing[],
  evidence: string,
  repository: Repository,
): Promise<VoidLandings> {
  const records = await repository.treeAt(evidence, {
    paths: asked.map(({ sequence }) => recordPath(sequence)),
  });
  const doubtful = asked.filter(({ sequence }) => {
    const file = records.get(recordPath(sequence));
    const record = file === undefined ? undefined : parseRecord(file.read());
    if (record === undefined) return false;
    return "problem" in record || record.evidence.decision === "VIOLATION" || record.evidence.heals !== null;
  });
  const spans: (readonly [from: number, to: number])[] = [];
  const unknown: string[] = [];
  if (doubtful.length > 0) {
    const believe = await openBelief(landings, evidence, repository);
    for await (const belief of believe(doubtful)) {
      if (belief.status === "refused") unknown.push(belief.problem);
      if (belief.status !== "believed") continue;
      const { sequence, decision, heals } = belief.evidence;
      if (decision === "VIOLATION") spans.push([sequence, sequence]);
      else if (heals !== null) spans.push([heals.sequence + 1, sequence]);
    }
  }
  return { isVoid: (sequence) => spans.some(([from, to]) => sequence >= from && sequence <= to), unknown };
}
