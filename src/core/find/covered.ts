/**
 * What is in use, and which runs count for it: bundles that are live or a fallback, with all that they reach, and runs of
 * exactly their content that tried something. Coverage is counted over this; nothing here says what is covered enough.
 */
import { millisecondsOf, type Instant } from "../model/instant.ts";
import { compareBytes } from "../model/json.ts";
import type { KindName } from "../model/kind.ts";
import type { Entry, Registry } from "../model/registry.ts";
import { reachOf } from "../compile/reach.ts";
import { settingsOf } from "../govern/ownership.ts";
import { attesterOf } from "../trust/attestation.ts";
import { bundleAt, environmentNameOf } from "../validate/activations.ts";
import { runsOf, vacuityOf } from "../validate/gates.ts";

type Run = Entry<"Evaluation">;

export interface CoverageRequest {
  readonly asOf: Instant;
  /** Only scopes of this environment, by its bare name; null = all. */
  readonly environment: string | null;
  /** Only scopes of this use case, `<ns>/<name>`; null = all. */
  readonly usecase: string | null;
  /** Older runs are not fresh; in days. */
  readonly freshDays?: number;
  /** References of runs whose attestation was verified; without it, those that keys of this registry made are. */
  readonly attested?: ReadonlySet<string>;
}

/** Something in use, and what was measured of exactly its content. */
export interface CoveredSubject {
  readonly ref: string;
  readonly kind: KindName;
  readonly title: string | null;
  /** The scopes that reach it, in byte order. */
  readonly scopes: readonly string[];
  /** Runs that count, newest first. */
  readonly runs: readonly string[];
  /** The suites that ran on it, in byte order. */
  readonly suites: readonly string[];
  /** When the newest of them began; null without one. */
  readonly latest: Instant | null;
  /** Whether the newest run of each of its suites passed; null without one. */
  readonly passed: boolean | null;
}

/** A suite, and how much of it ran on what is in use. */
export interface CoveredSuite {
  readonly ref: string;
  readonly state: string;
  readonly subjects: number;
  readonly runs: number;
  readonly cases: number;
  readonly casesRun: number;
}

/** What all measures are made of. */
export interface World {
  readonly registry: Registry;
  readonly subjects: readonly CoveredSubject[];
  readonly suites: readonly CoveredSuite[];
  readonly scopes: readonly Scope[];
  /** Runs that count, on anything in use. */
  readonly runs: readonly Run[];
  isFresh(instant: Instant): boolean;
  isAttested(run: Run): boolean;
}

export interface Scope {
  readonly id: string;
  readonly environment: string;
  readonly bundle: Entry<"Bundle">;
}

/** Gathers what is in use. */
export function worldOf(
  registry: Registry,
  { asOf, environment, usecase, freshDays = 90, attested }: CoverageRequest,
): World {
  const scopes: Scope[] = [];
  const reachedBy = new Map<Entry, Set<string>>();
  for (const activation of registry.ofKind("Activation")) {
    const at = environmentNameOf(activation);
    if (environment !== null && at !== environment) continue;
    if (usecase !== null && `${activation.ns}/${activation.name}` !== usecase) continue;
    const live = bundleAt(registry, activation, "bundle");
    if (live !== undefined) scopes.push({ id: activation.id, environment: at, bundle: live });
    for (const bundle of [live, bundleAt(registry, activation, "fallback")]) {
      for (const entry of bundle === undefined ? [] : [bundle, ...reachOf(bundle, registry)]) {
        const known = reachedBy.get(entry);
        if (known === undefined) reachedBy.set(entry, new Set([activation.id]));
        else known.add(activation.id);
      }
    }
  }
  const runsByEntry = new Map(
    [...reachedBy.keys()].map((entry) => [entry, countingRuns(registry, entry)] as const),
  );
  const runs = [...new Set([...runsByEntry.values()].flat())].sort((a, b) => compareBytes(a.ref, b.ref));
  const subjects = [...reachedBy]
    .filter(([{ kind }]) => kind === "Bundle" || kind === "Model" || kind === "Pipeline")
    .map(([entry, at]) => subjectOf(entry, [...at].sort(compareBytes), runsByEntry.get(entry) ?? []))
    .sort((a, b) => compareBytes(a.ref, b.ref));
  const clock = millisecondsOf(asOf);
  const id = settingsOf(registry)?.value.id ?? "";
  return {
    registry,
    subjects,
    suites: suitesOf(registry, runs),
    scopes,
    runs,
    isFresh(instant) {
      const age = clock - millisecondsOf(instant);
      return age >= 0 && age <= freshDays * 86_400_000;
    },
    isAttested: (run) =>
      attested === undefined ? "by" in attesterOf(run, { registry, id }) : attested.has(run.ref),
  };
}

/** Runs of exactly this content that tried something, newest first. */
function countingRuns(registry: Registry, entry: Entry): readonly Run[] {
  const time = (run: Run): number => millisecondsOf(run.value.executedAt as Instant);
  return runsOf(registry, entry)
    .filter((run) => vacuityOf(registry, run) === undefined)
    .sort((a, b) => time(b) - time(a) || compareBytes(b.ref, a.ref));
}

function subjectOf(entry: Entry, scopes: readonly string[], runs: readonly Run[]): CoveredSubject {
  const suites = [...new Set(runs.map(({ value }) => value.suite))].sort(compareBytes);
  const title = "title" in entry.value ? (entry.value.title ?? null) : null;
  return {
    ref: entry.ref,
    kind: entry.kind,
    title,
    scopes,
    runs: runs.map(({ ref }) => ref),
    suites,
    latest: (runs[0]?.value.executedAt as Instant | undefined) ?? null,
    passed:
      runs.length === 0
        ? null
        : suites.every((suite) => runs.find(({ value }) => value.suite === suite)?.value.status === "passed"),
  };
}

function suitesOf(registry: Registry, runs: readonly Run[]): readonly CoveredSuite[] {
  return registry.ofKind("TestSuite").flatMap((suite) => {
    const own = runs.filter(({ value }) => value.suite === suite.ref);
    const state = suite.value.state ?? "draft";
    if (state !== "active" && own.length === 0) return [];
    const ran = ranCases(own);
    const cases = suite.value.spec.cases ?? [];
    return {
      ref: suite.ref,
      state,
      subjects: new Set(own.map(({ value }) => value.target)).size,
      runs: own.length,
      cases: cases.length,
      casesRun: cases.filter((one) => ran.has(one.id)).length,
    };
  });
}

/** The cases that some of these runs neither left out nor skipped. */
export function ranCases(runs: readonly Run[]): ReadonlySet<string> {
  return new Set(
    runs.flatMap(({ value }) =>
      (value.cases ?? []).filter(({ status }) => status !== "skipped").map((one) => one.id),
    ),
  );
}
