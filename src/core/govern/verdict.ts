/**
 * Verdicts: the decision's tree while it is being made, each leaf with what belongs to it (the finding that denies, the
 * step that helps, the time to wait for). It must never know a requirement.
 */
import type { CodeDefinition, Finding, Location } from "../model/diagnostic.ts";
import type { NextStep, Outcome, Requirement } from "../model/decision.ts";
import { millisecondsOf, type Instant } from "../model/instant.ts";

export interface Verdict extends Requirement {
  readonly children: readonly Verdict[];
  readonly findings: readonly Finding[];
  readonly next: readonly NextStep[];
  /** For what time alone completes. */
  readonly until: Instant | null;
}

const leaf = { children: [], findings: [], next: [], until: null } as const;

/** A requirement that holds. */
export function allowed(requirement: string, because: string): Verdict {
  return { ...leaf, requirement, outcome: "allowed", because };
}

/** A requirement that people, or time, can still complete. */
export function pending(
  requirement: string,
  because: string,
  next: readonly NextStep[],
  until: Instant | null = null,
): Verdict {
  return { ...leaf, requirement, outcome: "pending", because, next, until };
}

/** What a denial says besides its requirement. */
export interface Denial {
  readonly code: CodeDefinition;
  readonly at: Location;
  readonly subject?: string | undefined;
  readonly hint?: string | undefined;
  readonly next?: readonly NextStep[];
}

/** A requirement that does not hold, with the finding that says so; `because` is its message. */
export function denied(
  requirement: string,
  because: string,
  { code, at, subject, hint, next = [] }: Denial,
): Verdict {
  const finding: Finding = {
    definition: code,
    message: because,
    at,
    ...(subject !== undefined && { subject }),
    ...(hint !== undefined && { hint }),
  };
  return { ...leaf, requirement, outcome: "denied", because, findings: [finding], next };
}

/** A requirement that holds when all of its parts do. */
export function allOf(
  requirement: string,
  children: readonly Verdict[],
  otherwise = "Nothing is asked for here.",
): Verdict {
  const outcome = worst(children.map((child) => child.outcome));
  const count = children.filter((child) => child.outcome === outcome).length;
  const because =
    children.length === 0
      ? otherwise
      : outcome === "allowed"
        ? "Everything here holds."
        : `${count} of ${children.length} ${count === 1 ? "is" : "are"} ${outcome}.`;
  return { ...leaf, requirement, outcome, because, children };
}

/** The worst outcome; nothing is allowed. */
export function worst(outcomes: readonly Outcome[]): Outcome {
  return outcomes.includes("denied") ? "denied" : outcomes.includes("pending") ? "pending" : "allowed";
}

/** The tree as the Decision carries it. */
export function requirementOf({ requirement, outcome, because, children }: Verdict): Requirement {
  return { requirement, outcome, because, children: children.map(requirementOf) };
}

/** Everything the leaves carry, in the order of the tree; equal findings and steps once. */
export function gathered(verdict: Verdict): Pick<Verdict, "findings" | "next" | "until"> {
  const findings = new Map<string, Finding>();
  const next = new Map<string, NextStep>();
  let until: Instant | null = null;
  const visit = (each: Verdict): void => {
    for (const finding of each.findings)
      findings.set(JSON.stringify([finding.definition.code, finding.message, finding.at]), finding);
    for (const step of each.next) next.set(JSON.stringify(step), step);
    if (each.until !== null && (until === null || millisecondsOf(each.until) > millisecondsOf(until)))
      until = each.until;
    each.children.forEach(visit);
  };
  visit(verdict);
  return { findings: [...findings.values()], next: [...next.values()], until };
}
