/**
 * What a move needs besides approvals (DESIGN 4): for activate and promote an approved, compatible bundle that reaches
 * nothing retired and meets the gates of B; a rollback the first two only. And the evidence that policies ask for.
 * Digests are recomputed, times are trusted or not there; what is not known denies.
 */
import { barText } from "../model/bar.ts";
import type { NextStep } from "../model/decision.ts";
import type { Instant } from "../model/instant.ts";
import type { Entry, Registry } from "../model/registry.ts";
import type { Transition } from "../model/transition.ts";
import { reachOf } from "../compile/reach.ts";
import { mismatchesAt, offerAt } from "../validate/activations.ts";
import { gatesFor, runsCarrying, unmetGates, usecaseOfBundle, whyUnmet } from "../validate/gates.ts";
import { isAtItsEnd, stateOf } from "../validate/states.ts";
import { listed, type Change } from "./change.ts";
import * as codes from "./codes.ts";
import { pathOf, type EvidenceDemand } from "./demands.ts";
import type { Facts } from "./facts.ts";
import { settingsOf } from "./ownership.ts";
import { judgeArtifacts } from "./judge-artifacts.ts";
import { judgeRuns } from "./judge-runs.ts";
import { judgeSoak } from "./judge-soak.ts";
import { allOf, allowed, denied, type Verdict } from "./verdict.ts";

/** Judges one transition's needs; undefined where it has none. */
export function judgeNeeds(
  change: Change,
  transition: Transition,
  demand: EvidenceDemand | undefined,
  facts: Facts,
  asOf: Instant,
): Verdict | undefined {
  const { subject, action, scope, to, indirect } = transition;
  // An indirect move needs its approvals only; a heal returns to what stood.
  if (indirect === true || change.heals !== null) return undefined;
  const at = { file: pathOf(transition) };
  const title = `${action} of ${subject}`;
  if (scope === undefined) {
    const target = change.result.get(subject);
    const verdicts =
      demand === undefined ? [] : judgeEvidence(change, target, transition, demand, facts, asOf);
    return verdicts.length === 0 ? undefined : allOf(title, verdicts);
  }
  if (action !== "activate" && action !== "promote" && action !== "rollback") return undefined;
  const [environment = "", ns = "", name = ""] = scope.split("/");
  const found = change.result.get(`bundle:${ns}/${name}@${to}`);
  if (found?.kind !== "Bundle") {
    return denied(title, `There is no bundle:${ns}/${name}@${to} that could be read.`, {
      code: codes.notApproved,
      at,
      subject,
    });
  }
  const bundle = found as Entry<"Bundle">;
  const verdicts = [
    judgeState(change, bundle, environment, at),
    judgeFit(change.result, bundle, environment, at),
  ];
  if (action !== "rollback") {
    verdicts.push(judgeReach(change.result, bundle, at), judgeGates(change, bundle, environment, at));
    if (demand !== undefined)
      verdicts.push(...judgeEvidence(change, bundle, transition, demand, facts, asOf));
  }
  return allOf(title, verdicts);
}

type At = { readonly file: string };

/** Approved at B; at R where publishTogether names the environment. */
function judgeState({ rules, base }: Change, bundle: Entry<"Bundle">, environment: string, at: At): Verdict {
  const requirement = `${bundle.ref} is approved`;
  const landed = base.registry.get(bundle.ref);
  const before = landed === undefined ? "not there" : (stateOf(landed) ?? "candidate");
  const after = stateOf(bundle) ?? "candidate";
  const together =
    settingsOf(rules.registry)?.value.publishTogether?.includes(`environment:${environment}`) === true;
  const refuse = (because: string, next: readonly NextStep[]): Verdict =>
    denied(requirement, because, { code: codes.notApproved, at, subject: bundle.ref, next });
  if (after !== "approved") {
    const command = `assent transition ${bundle.ref} approved --reason <text>`;
    return refuse(
      `${bundle.ref} is ${after}.`,
      after === "candidate"
        ? [{ who: [], do: "get the bundle approved in a change of its own", command }]
        : [],
    );
  }
  if (before === "approved") return allowed(requirement, "It was approved at the base.");
  if (together)
    return allowed(requirement, `It is approved in this change, and publishTogether names ${environment}.`);
  return refuse(
    `${bundle.ref} is ${before} at the base; ${environment} takes only what was approved before.`,
    [{ who: [], do: "land the approved bundle first, and activate it in a second change" }],
  );
}

function judgeFit(result: Registry, bundle: Entry<"Bundle">, environment: string, at: At): Verdict {
  const requirement = `${bundle.ref} fits ${environment}`;
  const offer = offerAt(result, environment);
  if (offer === undefined) {
    return denied(requirement, `There is no environment ${environment} that could be read.`, {
      code: codes.incompatible,
      at,
      subject: bundle.ref,
    });
  }
  const mismatches = mismatchesAt(result, bundle, environment);
  if (mismatches.length === 0) return allowed(requirement, "The environment offers everything it needs.");
  const because = `${bundle.ref} does not fit ${environment}: ${mismatches.join(", ")}.`;
  // Under `compatibility: warn` the environment hands it out all the same, and says so.
  if (offer.compatibility === "warn") return allowed(requirement, because);
  return denied(requirement, because, { code: codes.incompatible, at, subject: bundle.ref });
}

function judgeReach(result: Registry, bundle: Entry<"Bundle">, at: At): Verdict {
  const requirement = `nothing that ${bundle.ref} reaches has come to its end`;
  const ended = reachOf(bundle, result).filter(isAtItsEnd);
  if (ended.length === 0) return allowed(requirement, "Everything it reaches is in use.");
  const because = `${bundle.ref} reaches ${listed(ended.map((entry) => `${entry.ref} (${stateOf(entry)})`))}.`;
  return denied(requirement, because, { code: codes.reachesRetired, at, subject: bundle.ref });
}

/** The gates of B, met by the Evaluations of exactly this digest in R. */
function judgeGates(
  { rules, result }: Change,
  bundle: Entry<"Bundle">,
  environment: string,
  at: At,
): Verdict {
  const requirement = `${bundle.ref} meets the gates for ${environment}`;
  const usecase = usecaseOfBundle(rules.registry, bundle);
  if (usecase === undefined) {
    return denied(requirement, `The base has no use case for ${bundle.ref}, so its gates are not known.`, {
      code: codes.gateUnmet,
      at,
      subject: bundle.ref,
    });
  }
  const gates = gatesFor(usecase, environment);
  const unmet = new Map(unmetGates(result, usecase, bundle, environment).map((each) => [each.index, each]));
  const verdicts = gates.map(({ index, gate }) => {
    const title = barText(gate);
    const failed = unmet.get(index);
    // Every run is told, also where all is well: whoever ran it until it passed shows.
    if (failed === undefined) {
      const { counting } = runsCarrying(result, bundle, gate.metric);
      return allowed(
        title,
        `Every run of exactly this content meets it: ${measuredBy(counting, gate.metric)}.`,
      );
    }
    const because = `${bundle.ref} does not meet ${title}: ${whyUnmet(result, bundle, failed)}.`;
    return denied(title, because, { code: codes.gateUnmet, at, subject: bundle.ref });
  });
  return allOf(requirement, verdicts, `The use case has no gate for ${environment}.`);
}

function measuredBy(runs: readonly Entry<"Evaluation">[], metric: string): string {
  return runs
    .map(({ ref, value }) => `${ref} measured ${value.metrics[metric]} on ${value.executedAt}`)
    .join(", ");
}

/** Judges the evidence that policies ask for about one transition; `target` is what moves, as it is in R. */
export function judgeEvidence(
  change: Change,
  target: Entry | undefined,
  transition: Transition,
  demand: EvidenceDemand,
  facts: Facts,
  asOf: Instant,
): readonly Verdict[] {
  const at = { file: pathOf(transition) };
  const verdicts: Verdict[] = [];
  if (target === undefined) return verdicts;
  if (demand.maxAge !== null || demand.attested.length > 0)
    verdicts.push(judgeRuns(change, target, transition, demand, facts, asOf));
  if (demand.verified.length > 0)
    verdicts.push(judgeArtifacts(change, target, demand.verified, facts, at.file));
  for (const soak of demand.soaks) verdicts.push(judgeSoak(change, target, transition, soak, facts, asOf));
  return verdicts;
}
