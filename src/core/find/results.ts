/**
 * Results: every run on one version, newest first, with the gates of its use case side by side and the cases that fail.
 * All runs are told, those that count for nothing too, so that whoever ran it until it passed shows. Nothing is decided
 * here; the gate asks the same functions.
 */
import { meets, type Bar } from "../model/bar.ts";
import type { Digest } from "../model/digest.ts";
import { millisecondsOf, type Instant } from "../model/instant.ts";
import { compareBytes } from "../model/json.ts";
import type { Entry, Registry } from "../model/registry.ts";
import {
  allRunsOf,
  counts,
  digestOfVersion,
  runsCarrying,
  usecaseOfBundle,
  vacuityOf,
  whyNotCounted,
} from "../validate/gates.ts";

type Run = Entry<"Evaluation">;

/** Says who attested a run: an identity's reference, or why nobody did. */
export type Attester = (run: Run) => { readonly by: string } | { readonly problem: string };

export interface RunResult {
  readonly run: string;
  readonly suite: string;
  readonly executedAt: Instant;
  readonly status: string;
  readonly class: string | null;
  readonly issuer: string | null;
  /** Who signed it; null where nobody did, or not so that it counts. */
  readonly attestedBy: string | null;
  /** Why it counts for nothing, as a clause; null where it counts. */
  readonly ignored: string | null;
  readonly summary: Readonly<Record<"total" | "passed" | "failed" | "errors" | "skipped", number>> | null;
  readonly metrics: Readonly<Record<string, number>>;
}

/** One run beside a gate. */
export interface GateValue {
  readonly run: string;
  readonly value: number;
  readonly passed: boolean;
  /** Why it counts for nothing; null where it counts. */
  readonly ignored: string | null;
}

export interface GateResult extends Bar {
  /** Bare names; none = every environment. */
  readonly environments: readonly string[];
  /** Whether at least one run that counts carries the metric and all of them meet the gate. */
  readonly met: boolean;
  /** How many runs that count meet it, and how many do not. */
  readonly passing: number;
  readonly failing: number;
  /** Of the runs that count, in the gate's sense; null without one. */
  readonly newest: number | null;
  readonly worst: number | null;
  readonly best: number | null;
  /** Every run that carries the metric, newest first. */
  readonly values: readonly GateValue[];
}

/** A case that failed or broke in some run. */
export interface FailingCase {
  readonly suite: string;
  readonly case: string;
  readonly name: string | null;
  /** Runs of exactly this content that told of the case, and in how many of them it failed or broke. */
  readonly runs: number;
  readonly failed: number;
  /** The same of runs of other versions of the same name. */
  readonly otherRuns: number;
  readonly otherFailed: number;
  /** What the newest of the failures said; null where it said nothing. */
  readonly message: string | null;
}

export interface Results {
  readonly ref: string;
  readonly digest: Digest;
  readonly title: string | null;
  readonly usecase: string | null;
  /** Newest first. */
  readonly runs: readonly RunResult[];
  readonly gates: readonly GateResult[];
  /** Those that fail most first. */
  readonly failures: readonly FailingCase[];
}

/** Everything that was measured on a version. */
export function resultsOf(registry: Registry, target: Entry, attesterOf: Attester): Results {
  const runs = newestFirst(allRunsOf(registry, target));
  const usecase = target.kind === "Bundle" ? usecaseOfBundle(registry, target as Entry<"Bundle">) : undefined;
  const ignored = (run: Run): string | null =>
    counts(run, target) ? (vacuityOf(registry, run) ?? null) : whyNotCounted(run, target);
  return {
    ref: target.ref,
    digest: digestOfVersion(target),
    title: "title" in target.value ? (target.value.title ?? null) : null,
    usecase: usecase?.ref ?? null,
    runs: runs.map((run) => resultOf(run, ignored(run), attesterOf(run))),
    gates: (usecase?.value.gates ?? []).map((gate) => gateOf(registry, target, gate, ignored)),
    failures: failuresOf(
      registry,
      runs.filter((run) => ignored(run) === null),
      otherRuns(registry, target),
    ),
  };
}

/** By when they began; runs of one instant in falling byte order. */
export function newestFirst(runs: readonly Run[]): readonly Run[] {
  const time = (run: Run): number => millisecondsOf(run.value.executedAt as Instant);
  return [...runs].sort((a, b) => time(b) - time(a) || compareBytes(b.ref, a.ref));
}

function resultOf({ ref, value }: Run, ignored: string | null, attested: ReturnType<Attester>): RunResult {
  return {
    run: ref,
    suite: value.suite,
    executedAt: value.executedAt as Instant,
    status: value.status,
    class: value.class ?? null,
    issuer: value.issuer ?? null,
    attestedBy: "by" in attested ? attested.by : null,
    ignored,
    summary: value.summary ?? null,
    metrics: value.metrics,
  };
}

function gateOf(
  registry: Registry,
  target: Entry,
  gate: Bar & { readonly environments?: readonly string[] },
  ignoredOf: (run: Run) => string | null,
): GateResult {
  const { metric, operator, threshold } = gate;
  const { counting, ignored } = runsCarrying(registry, target, metric);
  const values = newestFirst([...counting, ...ignored]).map((run): GateValue => {
    const value = run.value.metrics[metric] ?? Number.NaN;
    return { run: run.ref, value, passed: meets(value, gate), ignored: ignoredOf(run) };
  });
  const sound = values.filter((each) => each.ignored === null);
  // A vacuous run helps nobody, and one that misses the gate is a miss all the same.
  const failing = newestFirst(counting).filter(
    (run) => !meets(run.value.metrics[metric] ?? Number.NaN, gate),
  );
  const numbers = sound.map(({ value }) => value).sort((a, b) => a - b);
  const [low = null, high = null] = [numbers[0], numbers.at(-1)];
  const isFalling = operator === "<" || operator === "<=";
  return {
    metric,
    operator,
    threshold,
    environments: (gate.environments ?? []).map((ref) => ref.replace(/^environment:/, "")),
    met: sound.length > 0 && failing.length === 0,
    passing: sound.filter(({ passed }) => passed).length,
    failing: failing.length,
    newest: sound[0]?.value ?? null,
    worst: isFalling ? high : low,
    best: isFalling ? low : high,
    values,
  };
}

/** Runs that came to a result, of the other versions of the same name. */
function otherRuns(registry: Registry, target: Entry): readonly Run[] {
  return registry
    .versions(target.kind, `${target.ns}/${target.name}`)
    .filter(({ ref }) => ref !== target.ref)
    .flatMap((other) => allRunsOf(registry, other).filter((run) => counts(run, other)));
}

interface Told {
  runs: number;
  failed: number;
  message: string | null;
}

function failuresOf(registry: Registry, own: readonly Run[], others: readonly Run[]): readonly FailingCase[] {
  const [here, elsewhere] = [toldBy(own), toldBy(others)];
  return [...here]
    .filter(([, { failed }]) => failed > 0)
    .map(([key, { runs, failed, message }]): FailingCase => {
      const [suite = "", id = ""] = JSON.parse(key) as readonly string[];
      const other = elsewhere.get(key);
      return {
        suite,
        case: id,
        name: nameOf(registry, suite, id),
        runs,
        failed,
        otherRuns: other?.runs ?? 0,
        otherFailed: other?.failed ?? 0,
        message,
      };
    })
    .sort(
      (a, b) =>
        b.failed - a.failed ||
        b.otherFailed - a.otherFailed ||
        compareBytes(a.suite, b.suite) ||
        compareBytes(a.case, b.case),
    );
}

/** What runs, newest first, told of each case that they did not skip. */
function toldBy(runs: readonly Run[]): ReadonlyMap<string, Told> {
  const told = new Map<string, Told>();
  for (const { value } of runs) {
    for (const { id, status, error, assertions } of value.cases ?? []) {
      if (status === "skipped") continue;
      const key = JSON.stringify([value.suite, id]);
      const known = told.get(key) ?? { runs: 0, failed: 0, message: null };
      told.set(key, known);
      known.runs++;
      if (status === "passed") continue;
      known.failed++;
      known.message ??= error?.message ?? assertions?.find(({ passed }) => !passed)?.message ?? null;
    }
  }
  return told;
}

function nameOf(registry: Registry, ref: string, id: string): string | null {
  const suite = registry.get(ref);
  const cases = suite?.kind === "TestSuite" ? (suite as Entry<"TestSuite">).value.spec.cases : undefined;
  return cases?.find((one) => one.id === id)?.name ?? null;
}
