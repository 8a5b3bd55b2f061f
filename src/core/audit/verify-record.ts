/**
 * Compares a record with what git says and what deciding anew comes to. Every key of the evidence is compared, so that
 * nothing stands in a record that was not derived or checked. It must never say which side is right about a fault.
 */
import { canonicalJsonOf } from "../model/canonical.ts";
import type { CodeDefinition } from "../model/diagnostic.ts";
import { millisecondsOf } from "../model/instant.ts";
import { compareVersions, isVersion } from "../model/version.ts";
import type { Persons } from "../govern/persons.ts";
import type { ChainState, Landed } from "./chain-state.ts";
import type { Evidence } from "./evidence.ts";
import { evidenceCommit, evidenceSignature } from "./evidence-facts.ts";
import { spelledPath } from "../model/path.ts";
import type { Entry } from "../model/registry.ts";
import { attesterOf } from "../trust/attestation.ts";
import { statementOf, type ReadRecord } from "./record.ts";
import * as codes from "./verify-codes.ts";

/** What is wrong, and a sentence about it. */
export type Fault = readonly [CodeDefinition, string];

/** What each key follows from. Keys that are only claims of the witness are checked elsewhere, and equal here. */
const follows: Readonly<Record<keyof Evidence, CodeDefinition>> = {
  format: codes.recordMalformed,
  registry: codes.wrongRegistry,
  ref: codes.wrongBranch,
  sequence: codes.recordReordered,
  landing: codes.rewritten,
  previousLanding: codes.contentDiffers,
  previousRecord: codes.recordForked,
  landedAt: codes.contentDiffers,
  head: codes.factsDiffer,
  paths: codes.contentDiffers,
  digest: codes.contentDiffers,
  transitions: codes.decisionDiffers,
  mode: codes.decisionDiffers,
  decision: codes.decisionDiffers,
  outcome: codes.decisionDiffers,
  reasons: codes.decisionDiffers,
  heals: codes.decisionDiffers,
  policyRevision: codes.decisionDiffers,
  reviews: codes.decisionDiffers,
  approvals: codes.decisionDiffers,
  facts: codes.factsDiffer,
  external: codes.factsDiffer,
  evaluator: codes.evaluatorUnknown,
  decidedAt: codes.recordClock,
  recordedAt: codes.recordClock,
  witness: codes.factsDiffer,
};

/** The keys in which a record differs from what deciding anew says, one fault a code. */
export function compareEvidence(
  { evidence: recorded, statement }: ReadRecord,
  anew: Evidence,
  state: ChainState,
): readonly Fault[] {
  // A statement spells every key of the evidence, so that the same text leaves nothing to compare.
  if (statement === statementOf(anew)) return [];
  const keys = Object.keys(follows) as (keyof Evidence)[];
  const differing = keys.filter((key) => {
    // After a gap there is nothing to chain to; the gap is told.
    if (key === "previousRecord" && state.isGap) return false;
    return spelled(recorded, key) !== spelled(anew, key);
  });
  return [...new Set(differing.map((key) => follows[key]))].map((code) => {
    const of = differing.filter((key) => follows[key] === code);
    const [first = "format"] = of;
    return [
      code,
      `${of.join(", ")} of its record ${of.length === 1 ? "is" : "are"} not what follows from it: ${excerpt(recorded, first)}, and it is ${excerpt(anew, first)}.`,
    ];
  });
}

function spelled(evidence: Evidence, key: keyof Evidence): string {
  if (key === "paths")
    return canonicalJsonOf(evidence.paths.map((each) => ({ ...each, path: spelledPath(each.path) })));
  if (key === "transitions")
    return canonicalJsonOf(
      evidence.transitions.map((each) => ({ ...each, subject: spelledPath(each.subject) })),
    );
  return canonicalJsonOf({ of: evidence[key] });
}

function excerpt(evidence: Evidence, key: keyof Evidence): string {
  const text = spelled(evidence, key).replace(/^\{"of":(.*)\}$/s, "$1");
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** How far clocks may disagree, in milliseconds (DESIGN 6). */
const TOLERANCE = 10 * 60 * 1000;

/** Which program decided when; both may only go forward. */
export function faultsOfTimes(
  { tip, record }: ChainState,
  evidence: Evidence,
  own: string,
): readonly Fault[] {
  const { evaluator, decidedAt, recordedAt } = evidence;
  const faults: Fault[] = [];
  if (!isVersion(evaluator))
    faults.push([
      codes.evaluatorUnknown,
      `Its record was made by ${JSON.stringify(evaluator.slice(0, 100))}, which is no version.`,
    ]);
  else if (compareVersions(evaluator, own) > 0)
    faults.push([codes.evaluatorUnknown, `Its record was made by version ${evaluator}, and this is ${own}.`]);
  else if (record !== null && compareVersions(evaluator, record.evaluator) < 0)
    faults.push([
      codes.evaluatorDowngraded,
      `Its record was made by version ${evaluator}, the one before by ${record.evaluator}.`,
    ]);
  if (millisecondsOf(decidedAt) > millisecondsOf(recordedAt))
    faults.push([
      codes.recordClock,
      `It was decided on ${decidedAt}, after it was recorded on ${recordedAt}.`,
    ]);
  // A base dated into the future says nothing; then it counts when it was recorded.
  const based = Math.min(
    tip === null ? 0 : millisecondsOf(tip.time),
    record === null ? Infinity : millisecondsOf(record.recordedAt),
  );
  if (millisecondsOf(decidedAt) < based - TOLERANCE)
    faults.push([codes.recordClock, `It was decided on ${decidedAt}, before the landing that it stands on.`]);
  return faults;
}

/** What of the facts git and signatures can still say: nobody may be left out, nothing may count that does not verify. */
export function faultsOfFacts(landed: Landed, evidence: Evidence, persons: Persons): readonly Fault[] {
  const { landing, headKey, commits } = landed;
  const { facts, head } = evidence;
  const faults: Fault[] = [];
  // Git says whose people are asked: those of a merge's branch only where the merge is exactly what that branch changed.
  const isHere = head === landed.head;
  // A squash's branch is in no clone; who wrote it is the forge's word, which the witness passed on.
  const isSquash = facts.origin === "forge" && landing.parents[1] === undefined;
  if (!isHere && !isSquash)
    faults.push([codes.factsDiffer, `Its record is about the people of ${head}, which is not what landed.`]);
  if (facts.origin === "git" && isHere && facts.headKey !== headKey)
    faults.push([
      codes.factsDiffer,
      `Its record says that ${facts.headKey ?? "nobody"} signed ${head}, and it was ${headKey ?? "nobody"}.`,
    ]);
  const known = new Map(facts.commits.map((commit) => [commit.sha, commit]));
  for (const commit of isHere ? commits : []) {
    const recorded = known.get(commit.sha);
    const ours = evidenceCommit(commit, persons);
    const sides =
      recorded === undefined
        ? []
        : [[recorded.author, ours.author] as const, [recorded.committer, ours.committer] as const];
    // Where a forge named an account, the account counts and the address is not asked; without one nobody could.
    const isSame = sides.every(
      ([theirs, own]) =>
        (facts.origin === "forge" && theirs.id !== null) || canonicalJsonOf(theirs) === canonicalJsonOf(own),
    );
    const isComplete =
      recorded !== undefined &&
      ours.coAuthors.every((own) =>
        recorded.coAuthors.some((theirs) => canonicalJsonOf(theirs) === canonicalJsonOf(own)),
      );
    if (!isSame || !isComplete || recorded.addsNothing !== ours.addsNothing)
      faults.push([
        codes.factsDiffer,
        `Its record names other people for the commit ${commit.sha} than the commit does.`,
      ]);
  }
  for (const ref of facts.attested ?? []) {
    const run = landed.change.result.get(ref);
    // A certificate is believed as the witness saw it, with the trusted root that was in force.
    if (run?.kind !== "Evaluation" || hasCertificate(run as Entry<"Evaluation">)) continue;
    const { rules } = landed.change;
    const verdict = attesterOf(run as Entry<"Evaluation">, {
      registry: rules.registry,
      id: evidence.registry,
    });
    if ("problem" in verdict)
      faults.push([codes.factsDiffer, `Its record says that ${ref} is attested: ${verdict.problem}.`]);
  }
  for (const signature of facts.signatures) {
    const { identity, digest, signature: armored } = signature;
    if (canonicalJsonOf(signature) !== canonicalJsonOf(evidenceSignature(identity, armored, digest)))
      faults.push([
        codes.factsDiffer,
        `The approval that ${identity} signed does not say what its record makes of it.`,
      ]);
  }
  return faults;
}

function hasCertificate({ value }: Entry<"Evaluation">): boolean {
  return value.attestation?.verificationMaterial !== undefined;
}
