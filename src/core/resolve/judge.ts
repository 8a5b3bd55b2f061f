/**
 * What one Activation comes to under one offer (DESIGN 8): the live bundle, its fallback, or nothing.
 * It fails closed: it must never hand out a bundle that does not fit, except under `compatibility: warn`, marked.
 */
import { compareBytes } from "../model/json.ts";
import type { Resolution, Step } from "../model/snapshot.ts";
import {
  mask,
  mismatchesOf,
  narrow,
  type DegradeProfile,
  type EnvironmentOffer,
  type Mismatch,
  type Narrowing,
  type Requirements,
} from "./compatibility.ts";
import type { Placement } from "./index-scopes.ts";

/** A bundle of a slice, ready to be judged and answered. */
export interface Candidate {
  readonly answer: NonNullable<Resolution["bundle"]>;
  readonly requirements: Requirements | undefined;
  readonly deprecated: readonly string[];
}

/** What an Activation comes to in one degrade mode. */
export interface Verdict {
  readonly outcome: Resolution["outcome"];
  readonly bundle: Resolution["bundle"];
  readonly compatible: boolean;
  readonly reasons: readonly string[];
  /** The same, found at a wider scope than the one asked for. */
  readonly inheritedReasons: readonly string[];
  /** One step per mismatch of each bundle tried, or one per bundle. */
  readonly steps: readonly Step[];
}

/** Judges an Activation that is not `inherit`. A bundle that the slice does not hold cannot be judged and never fits. */
export function judge(
  environment: EnvironmentOffer,
  bundleOf: (ref: string) => Candidate | undefined,
  activation: Placement,
  profile: DegradeProfile,
  narrowing: Narrowing,
): Verdict {
  const withheld = { bundle: null, compatible: false };
  if (activation.bundle === "none")
    return verdictOf({ ...withheld, outcome: "none", steps: [] }, ["NO_ACTIVE"]);
  const offer = mask(narrow(environment.offer, narrowing), profile);
  const live = bundleOf(activation.bundle);
  const faults = live === undefined ? [] : mismatchesOf(live.requirements, offer);
  if (live !== undefined && faults.length === 0) {
    const steps = stepsOf(activation.bundle, "compatible", ["ACTIVE_BUNDLE_RESOLVED"]);
    const reasons = ["ACTIVE_BUNDLE_RESOLVED", ...deprecatedBy(live)];
    return verdictOf({ outcome: "resolved", bundle: live.answer, compatible: true, steps }, reasons);
  }
  const steps = stepsOf(activation.bundle, "incompatible", orElse(faults, "ACTIVE_BUNDLE_INCOMPATIBLE"));
  if (live !== undefined && environment.compatibility === "warn") {
    const reasons = [
      "ACTIVE_BUNDLE_RESOLVED",
      "ACTIVE_BUNDLE_INCOMPATIBLE",
      ...faults,
      ...deprecatedBy(live),
    ];
    return verdictOf({ outcome: "resolved", bundle: live.answer, compatible: false, steps }, reasons);
  }
  if (activation.fallback === undefined) {
    const reasons = ["ACTIVE_BUNDLE_INCOMPATIBLE", ...faults, "FAIL_CLOSED_NO_COMPATIBLE_BUNDLE"];
    return verdictOf({ ...withheld, outcome: "incompatible", steps }, reasons);
  }
  const second = bundleOf(activation.fallback);
  const secondFaults = second === undefined ? [] : mismatchesOf(second.requirements, offer);
  if (second !== undefined && secondFaults.length === 0) {
    const all = [...steps, ...stepsOf(activation.fallback, "compatible", ["FALLBACK_EXPLICIT"])];
    const reasons = ["ACTIVE_BUNDLE_INCOMPATIBLE", ...faults, "FALLBACK_EXPLICIT", ...deprecatedBy(second)];
    return verdictOf({ outcome: "fallback", bundle: second.answer, compatible: true, steps: all }, reasons);
  }
  const tried = stepsOf(
    activation.fallback,
    "incompatible",
    orElse(secondFaults, "FAIL_CLOSED_NO_COMPATIBLE_BUNDLE"),
  );
  const both = inListOrder([...new Set([...faults, ...secondFaults])]);
  const reasons = ["ACTIVE_BUNDLE_INCOMPATIBLE", ...both, "FAIL_CLOSED_NO_COMPATIBLE_BUNDLE"];
  return verdictOf({ ...withheld, outcome: "incompatible", steps: [...steps, ...tried] }, reasons);
}

/** Fixes a verdict; SCOPE_INHERITED follows ACTIVE_BUNDLE_RESOLVED and precedes the rest, as in DESIGN 8's list. */
function verdictOf(
  parts: Omit<Verdict, "reasons" | "inheritedReasons">,
  reasons: readonly string[],
): Verdict {
  const at = reasons[0] === "ACTIVE_BUNDLE_RESOLVED" ? 1 : 0;
  return {
    ...parts,
    reasons: Object.freeze(reasons),
    inheritedReasons: Object.freeze([...reasons.slice(0, at), "SCOPE_INHERITED", ...reasons.slice(at)]),
  };
}

function stepsOf(ref: string, result: Step["result"], reasons: readonly string[]): readonly Step[] {
  return reasons.map((reason) => Object.freeze({ try: ref, result, reason }));
}

function orElse(faults: readonly string[], reason: string): readonly string[] {
  return faults.length > 0 ? faults : [reason];
}

function deprecatedBy(bundle: Candidate): readonly string[] {
  return bundle.deprecated.map((ref) => `DEPRECATED_REACHED:${ref}`);
}

const LIST_ORDER = [
  "FEATURE_GROUP_MISSING",
  "FEATURE_GROUP_VERSION_MISMATCH",
  "SCHEMA_VERSION_MISMATCH",
  "CAPABILITY_MISMATCH",
];

function inListOrder(faults: Mismatch[]): Mismatch[] {
  const rank = (fault: Mismatch): number => LIST_ORDER.indexOf(fault.slice(0, fault.indexOf(":")));
  return faults.sort((a, b) => rank(a) - rank(b) || compareBytes(a, b));
}
