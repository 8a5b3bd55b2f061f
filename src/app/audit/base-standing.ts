/**
 * What evidence says about a base on which something is to land (DESIGN 5.9): whether it stands, and else to what a heal
 * would return. Only records that a witness in force then has signed are believed. It must never make a base better than it
 * is: what cannot be read is told as unknown, and unknown denies.
 */
import { EVIDENCE_BRANCH } from "../../core/audit/evidence.ts";
import type { Landing } from "../../core/model/landing.ts";
import type { Repository } from "../ports.ts";
import { openBelief } from "./believed-record.ts";

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
  const believe = await openBelief(landings, evidence, repository);
  let isViolation = false;
  for (let end = landings.length; end > 0; end -= STEP) {
    const some = landings.slice(Math.max(0, end - STEP), end).reverse();
    const left = some.values();
    for await (const belief of believe(some)) {
      const landing = left.next().value ?? null;
      if (belief.status === "refused")
        return { isViolation, restorable: null, unknown: isViolation ? [] : [belief.problem] };
      // The witness may be late; what it has seen last counts.
      if (belief.status === "missing" && !isViolation) continue;
      if (belief.status !== "believed") return { isViolation, restorable: null, unknown: [] };
      if (belief.evidence.decision !== "VIOLATION")
        return { isViolation, restorable: isViolation ? landing : null, unknown: [] };
      isViolation = true;
    }
  }
  return { isViolation, restorable: null, unknown: [] };
}
