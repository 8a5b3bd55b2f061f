/**
 * A trend: one metric of a use case over time, by every run on any of its bundle's versions that counts, with the gates
 * that ask for it. Runs that broke, tried nothing or saw other content are counted as left out and never drawn.
 */
import { meets, type Bar } from "../model/bar.ts";
import type { Instant } from "../model/instant.ts";
import { compareBytes } from "../model/json.ts";
import type { Entry, Registry } from "../model/registry.ts";
import { bundleAt } from "../validate/activations.ts";
import { allRunsOf, counts, vacuityOf } from "../validate/gates.ts";
import { newestFirst } from "./results.ts";

export interface TrendPoint {
  readonly run: string;
  readonly suite: string;
  readonly target: string;
  readonly version: string;
  readonly executedAt: Instant;
  readonly value: number;
  /** Whether it meets every gate on the metric; null without one. */
  readonly passed: boolean | null;
  /** Scopes in which the version is live, in byte order. */
  readonly live: readonly string[];
}

export interface TrendGate extends Bar {
  /** Bare names; none = every environment. */
  readonly environments: readonly string[];
}

export interface Trend {
  readonly usecase: string;
  readonly metric: string;
  readonly suite: string | null;
  readonly gates: readonly TrendGate[];
  /** Oldest first. */
  readonly points: readonly TrendPoint[];
  /** Runs that carry the metric and count for nothing. */
  readonly leftOut: number;
}

/** The trend of a metric; with `suite` by its runs alone. */
export function trendOf(
  registry: Registry,
  usecase: Entry<"UseCase">,
  metric: string,
  suite: string | null,
): Trend {
  const gates = (usecase.value.gates ?? []).filter((gate) => gate.metric === metric);
  const live = liveScopes(registry, usecase);
  const points: TrendPoint[] = [];
  let leftOut = 0;
  const bundles = registry.versions("Bundle", `${usecase.ns}/${usecase.name}`);
  const byRef = new Map(bundles.map((bundle) => [bundle.ref as string, bundle]));
  for (const run of newestFirst(bundles.flatMap((bundle) => allRunsOf(registry, bundle))).toReversed()) {
    const value = run.value.metrics[metric];
    const bundle = byRef.get(run.value.target);
    if (value === undefined || bundle === undefined || (suite !== null && run.value.suite !== suite))
      continue;
    if (!counts(run, bundle) || vacuityOf(registry, run) !== undefined) {
      leftOut++;
      continue;
    }
    points.push({
      run: run.ref,
      suite: run.value.suite,
      target: bundle.ref,
      version: bundle.version ?? "",
      executedAt: run.value.executedAt as Instant,
      value,
      passed: gates.length === 0 ? null : gates.every((gate) => meets(value, gate)),
      live: live.get(bundle.ref) ?? [],
    });
  }
  return {
    usecase: `${usecase.ns}/${usecase.name}`,
    metric,
    suite,
    gates: gates.map(({ operator, threshold, environments = [] }) => ({
      metric,
      operator,
      threshold,
      environments: environments.map((ref) => ref.replace(/^environment:/, "")),
    })),
    points,
    leftOut,
  };
}

/** Every metric that some run on a use case's bundles carries, in byte order. */
export function metricsOf(registry: Registry, usecase: Entry<"UseCase">): readonly string[] {
  const runs = registry
    .versions("Bundle", `${usecase.ns}/${usecase.name}`)
    .flatMap((bundle) => allRunsOf(registry, bundle));
  return [...new Set(runs.flatMap(({ value }) => Object.keys(value.metrics)))].sort(compareBytes);
}

function liveScopes(registry: Registry, usecase: Entry<"UseCase">): ReadonlyMap<string, readonly string[]> {
  const scopes = new Map<string, string[]>();
  for (const activation of registry.ofKind("Activation")) {
    if (activation.ns !== usecase.ns || activation.name !== usecase.name) continue;
    const bundle = bundleAt(registry, activation, "bundle");
    if (bundle === undefined) continue;
    const known = scopes.get(bundle.ref);
    if (known === undefined) scopes.set(bundle.ref, [activation.id]);
    else known.push(activation.id);
  }
  return scopes;
}
