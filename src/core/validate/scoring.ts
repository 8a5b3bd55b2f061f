/**
 * Points of cases -> score and class, as a suite's `scoring` says (DESIGN 3): whoever records a run computes both, and
 * whoever lints it computes them again. What an Evaluation states about itself is compared and never believed.
 */
import type { TestSuiteScoring } from "../../generated/entries.ts";
import type { Entry, Registry } from "../model/registry.ts";

/** What a run says that scoring reads. */
export interface ScoredRun {
  readonly metrics: Readonly<Record<string, number | undefined>>;
  readonly cases?: readonly { readonly id: string; readonly status: string }[];
}

export interface Scored {
  /** The sum of points; null where a check has none that can count. */
  readonly score: number | null;
  /** Null without a score, and where no class holds. */
  readonly class: string | null;
  /** Checks whose points are missing or out of their range, as sentences. */
  readonly faults: readonly { readonly case: string; readonly reason: string }[];
}

/** The scoring of the suite that a run names; undefined where it has none. */
export function scoringOf(registry: Registry, suite: string): TestSuiteScoring | undefined {
  const entry = registry.get(suite);
  return entry?.kind === "TestSuite" ? (entry as Entry<"TestSuite">).value.spec.scoring : undefined;
}

/** Sums up. A critical check that did not pass, or was not told of, failed critically. */
export function scored(
  { checks, classes = [] }: TestSuiteScoring,
  { metrics, cases = [] }: ScoredRun,
): Scored {
  const faults = checks.flatMap(({ case: id, weight }) => {
    const points = metrics[id];
    if (points === undefined) return [{ case: id, reason: `The points of ${id} are missing.` }];
    return points >= 0 && points <= weight
      ? []
      : [{ case: id, reason: `The points of ${id} are ${points}, and it gives 0 to ${weight}.` }];
  });
  if (faults.length > 0) return { score: null, class: null, faults };
  const score = checks.reduce((sum, { case: id }) => sum + (metrics[id] ?? 0), 0);
  const failed = checks.some(
    ({ case: id, critical }) => critical === true && cases.find((one) => one.id === id)?.status !== "passed",
  );
  const found = classes.find(
    ({ atLeast, criticalFails }) =>
      (atLeast === undefined || isAtLeast(score, atLeast)) && (!failed || criticalFails === true),
  );
  return { score, class: found?.name ?? null, faults };
}

/** Sums of decimal fractions miss by the last bits; what differs by less is the same score. */
export function isSameScore(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b));
}

function isAtLeast(score: number, bar: number): boolean {
  return score >= bar || isSameScore(score, bar);
}
