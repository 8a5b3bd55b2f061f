/**
 * When a soak began as its witness says (DESIGN 6): from the later of the landing time and the record's recordedAt, as
 * `audit verify` counts. What the attacker controls: the dates of commits, and the branch of evidence, from which records
 * may be missing, taken away, or forged. Whatever they do, it must never let a soak begin earlier than it was witnessed.
 */
import { EVIDENCE_BRANCH } from "../../core/audit/evidence.ts";
import { trustedTime, type Timeline } from "../../core/govern/soak.ts";
import type { Landing } from "../../core/model/landing.ts";
import type { Repository } from "../ports.ts";
import { openBelief, type Believer } from "./believed-record.ts";

/** What a scope resolved to from a landing on, by git alone. */
export interface ServedFrom {
  readonly landing: Landing;
  readonly digest: string | null;
}

/** Timelines with what is proven about them, and sentences about what could not be learned. */
export interface RecordedTimelines {
  readonly timelines: ReadonlyMap<string, Timeline>;
  readonly unknown: readonly string[];
}

/**
 * Dates the last that each scope came to resolve to; what was before plays no part in any soak. One record is read for
 * each. `needsRecords`: whether the base names a witness, who will record what is not recorded yet.
 */
export async function recordedTimelines(
  served: ReadonlyMap<string, readonly ServedFrom[]>,
  landings: readonly Landing[],
  needsRecords: boolean,
  repository: Repository,
): Promise<RecordedTimelines> {
  const believe = await openBelief(landings, await repository.tipOf(EVIDENCE_BRANCH), repository);
  const timelines = new Map<string, Timeline>();
  const unknown: string[] = [];
  for (const [scope, steps] of served) {
    const dated = plainTimeline(steps);
    const start = steps.findLastIndex(
      ({ digest }, index) => index === 0 || digest !== steps[index - 1]?.digest,
    );
    const step = steps[start];
    if (step === undefined || step.digest === null) {
      timelines.set(scope, dated);
      continue;
    }
    const began = await beginningOf(step, landings, needsRecords, believe);
    if ("unknown" in began) unknown.push(began.unknown);
    else timelines.set(scope, [...dated.slice(0, start), began]);
  }
  return { timelines, unknown };
}

/** A timeline by landing times alone, as it counts where nobody witnesses. */
export function plainTimeline(steps: readonly ServedFrom[]): Timeline {
  return steps.map(({ landing, digest }) => ({ at: landing.time, digest }));
}

/** So many records are read at once while looking for a heal. */
const STEP = 20;

/** When what a landing brought began to count. A violation counts for nothing, and what heals it begins anew (5.9). */
async function beginningOf(
  { landing, digest }: ServedFrom,
  landings: readonly Landing[],
  needsRecords: boolean,
  believe: Believer,
): Promise<Timeline[number] | { readonly unknown: string }> {
  const from = landings.findIndex(({ oid }) => oid === landing.oid);
  for (let at = from; at < landings.length; at += at === from ? 1 : STEP) {
    const some = landings.slice(at, at === from ? at + 1 : at + STEP);
    const left = some.values();
    for await (const belief of believe(some)) {
      const { time, sequence } = left.next().value ?? landing;
      if (belief.status === "refused") return { unknown: belief.problem };
      if (belief.status === "missing" && needsRecords) return { at: time, digest, unrecorded: sequence };
      // What healed a violation is known from its record alone.
      if (belief.status !== "believed")
        return { at: time, digest: sequence === landing.sequence ? digest : null };
      const { decision, heals, recordedAt } = belief.evidence;
      const stands = decision !== "VIOLATION" && (sequence === landing.sequence || heals !== null);
      if (stands) return { at: trustedTime(time, recordedAt), digest };
    }
  }
  return { at: landing.time, digest: null };
}
