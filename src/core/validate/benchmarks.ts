/**
 * What a suite asks of every run of it, compared with what a run measured (DESIGN 3). A benchmark that was not measured
 * says nothing. It must never judge the gates of a use case.
 */
import { isOperator, meets } from "../model/bar.ts";
import type { Json } from "../model/json.ts";
import type { Entry, Registry } from "../model/registry.ts";

export interface MissedBenchmark {
  /** Such as `auc_roc is 0.1, and the suite asks for >= 0.9`. */
  readonly words: string;
}

/** The first benchmark of a suite that measured numbers miss; undefined where there is none, or no such suite. */
export function missedBenchmark(
  registry: Registry,
  ref: string,
  metrics: Readonly<Record<string, Json | undefined>>,
): MissedBenchmark | undefined {
  const entry = registry.get(ref);
  if (entry?.kind !== "TestSuite") return undefined;
  const suite = entry as Entry<"TestSuite">;
  for (const { metric, operator, threshold } of suite.value.spec.benchmarks ?? []) {
    const measured = Object.hasOwn(metrics, metric) ? metrics[metric] : undefined;
    if (typeof measured !== "number" || !isOperator(operator)) continue;
    if (meets(measured, { metric, operator, threshold })) continue;
    return { words: `${metric} is ${measured}, and the suite asks for ${operator} ${threshold}` };
  }
  return undefined;
}
