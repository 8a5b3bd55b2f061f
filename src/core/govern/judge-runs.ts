/**
 * `evaluationMaxAge` and `attestedEvaluations` of approval policies: whether runs of exactly what moves are young enough,
 * and were signed by their issuers. Whether they meet the gates is judged elsewhere, from all runs, old and bad ones too.
 * A run that tried nothing never counts, and what does not count is told with its reason.
 */
import { millisecondsOf, type Instant } from "../model/instant.ts";
import type { Entry } from "../model/registry.ts";
import type { Transition } from "../model/transition.ts";
import { gatesFor, runsOf, usecaseOfBundle, vacuityOf } from "../validate/gates.ts";
import { listed, type Change } from "./change.ts";
import * as codes from "./codes.ts";
import { pathOf, type EvidenceDemand } from "./demands.ts";
import type { Facts } from "./facts.ts";
import { allowed, denied, type Verdict } from "./verdict.ts";

/** Runs that are young enough, and attested where that is asked: for every gate at least one, and one at all. */
export function judgeRuns(
  { rules, result }: Change,
  target: Entry,
  transition: Transition,
  demand: EvidenceDemand,
  facts: Facts,
  asOf: Instant,
): Verdict {
  const { maxAge, attested } = demand;
  const asked = [maxAge === null ? "" : `at most ${maxAge.text} old`, attested.length === 0 ? "" : "attested"]
    .filter(Boolean)
    .join(" and ");
  const requirement = `evaluations of ${target.ref} that are ${asked} (${[...new Set([...(maxAge === null ? [] : [maxAge.policy]), ...attested])].join(", ")})`;
  const at = { file: pathOf(transition) };
  const command = `assent evaluation add <file>${attested.length === 0 ? "" : " --attest"}`;
  const next = [{ who: [], do: "run the suite again and record the run", command }];
  if (attested.length > 0 && facts.attested === null) {
    const because = `${attested.join(", ")} asks for attested evaluations, and no attestation was looked at: this cannot be met yet.`;
    return denied(requirement, because, { code: codes.evidenceMissing, at, subject: target.ref });
  }
  const clock = millisecondsOf(asOf);
  const reasonAgainst = (run: Entry<"Evaluation">): string | undefined => {
    const { executedAt } = run.value;
    const executed = millisecondsOf(executedAt as Instant);
    const vacuity = vacuityOf(result, run);
    if (vacuity !== undefined) return vacuity;
    // A run from the future was never young; it counts for nothing.
    if (maxAge !== null && executed > clock) return `it is of ${executedAt}, which is yet to come`;
    if (maxAge !== null && executed < clock - maxAge.milliseconds)
      return `it is of ${executedAt}, older than ${maxAge.text}`;
    if (attested.length === 0 || facts.attested?.has(run.ref) === true) return undefined;
    return `it is not attested: ${facts.unattested?.get(run.ref) ?? "nobody verified it"}`;
  };
  const runs = runsOf(result, target).map((run) => ({ run, against: reasonAgainst(run) }));
  const counting = runs.filter(({ against }) => against === undefined).map(({ run }) => run);
  const others = runs.flatMap(({ run, against }) =>
    against === undefined ? [] : [`${run.ref} (${against})`],
  );
  const told = others.length === 0 ? "" : ` Not counted: ${others.join(", ")}.`;
  const refuse = (because: string): Verdict =>
    denied(requirement, `${because}${told}`, {
      code: codes.evaluationStale,
      at,
      subject: target.ref,
      next,
    });
  if (counting.length === 0) return refuse(`No run of ${target.ref} is ${asked}.`);
  const usecase =
    transition.scope === undefined ? undefined : usecaseOfBundle(rules.registry, target as Entry<"Bundle">);
  const gates = usecase === undefined ? [] : gatesFor(usecase, transition.scope?.split("/")[0] ?? "");
  const bare = gates.filter(
    ({ gate }) => !counting.some((run) => run.value.metrics[gate.metric] !== undefined),
  );
  if (bare.length > 0)
    return refuse(
      `No run of ${target.ref} that is ${asked} carries ${listed(bare.map(({ gate }) => gate.metric))}.`,
    );
  return allowed(
    requirement,
    `${counting.map(({ ref }) => ref).join(", ")} ${counting.length === 1 ? "is" : "are"}.${told}`,
  );
}
