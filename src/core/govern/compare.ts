/**
 * Before and after, side by side (DESIGN 5, the plan): metrics with their thresholds, and inline texts. A new version
 * is compared with its predecessor and with what is live; a move with what it replaces.
 * It must never judge: whether a gate holds for a landing is decided elsewhere, from the same runs.
 */
import { barText, meets, type Bar } from "../model/bar.ts";
import { millisecondsOf, type Instant } from "../model/instant.ts";
import { compareBytes } from "../model/json.ts";
import type { Entry, Registry } from "../model/registry.ts";
import type { Transition } from "../model/transition.ts";
import { isVersionLive } from "../audit/stack.ts";
import { gatesFor, runsOf, usecaseOfBundle, vacuityOf } from "../validate/gates.ts";
import type { Change } from "./change.ts";

/** One metric of a version, beside that of the version it is compared with. */
export interface Comparison {
  readonly subject: string;
  readonly against: string | null;
  /** The environment whose gates are meant; null = none. */
  readonly environment: string | null;
  readonly metric: string;
  /** `>= 0.9`; null where no gate asks for the metric. */
  readonly threshold: string | null;
  /** As the latest run measured it; null where none did. */
  readonly before: number | null;
  readonly after: number | null;
  /** Whether the gate is met, as whoever decides about a landing asks it; null without one. */
  readonly passed: boolean | null;
  /** Every run of exactly the subject's content that carries the metric, newest first, so that picking the best shows. */
  readonly runs: readonly MeasuredRun[];
}

/** What one run measured. */
export interface MeasuredRun {
  readonly run: string;
  readonly executedAt: string;
  readonly value: number;
  /** Whether the value meets the gate; null without one. */
  readonly passed: boolean | null;
  /** Why the run says nothing although it came to a result, as a clause; null where it does. */
  readonly vacuous: string | null;
}

/** A text (a prompt, say) that differs between two versions. */
export interface TextComparison {
  readonly subject: string;
  readonly against: string | null;
  /** What the text is: an artifact's role, or the Config it stands in. */
  readonly part: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** Two versions that are looked at side by side. */
interface Pair {
  readonly subject: Entry;
  readonly against: Entry | undefined;
  readonly environment: string | null;
}

/** Everything of a change that is worth comparing, in byte order of subjects and what they are compared with. */
export function comparisonsOf(
  change: Change,
  transitions: readonly Transition[],
): { readonly metrics: readonly Comparison[]; readonly texts: readonly TextComparison[] } {
  const pairs = pairsOf(change, transitions);
  const metrics = new Map<string, Comparison>();
  const texts = new Map<string, TextComparison>();
  for (const pair of pairs) {
    for (const row of metricsOf(change, pair))
      metrics.set(
        JSON.stringify([row.subject, row.against, row.environment, row.metric, row.threshold]),
        row,
      );
    for (const row of textsOf(change.result, pair))
      texts.set(JSON.stringify([row.subject, row.against, row.part]), row);
  }
  return { metrics: inOrder(metrics), texts: inOrder(texts) };
}

function pairsOf({ result }: Change, transitions: readonly Transition[]): readonly Pair[] {
  return transitions.flatMap((transition): readonly Pair[] => {
    const { subject, action, scope, from, to } = transition;
    if (scope !== undefined) {
      const [environment = "", ns = "", name = ""] = scope.split("/");
      const bundle = (version: string | null): Entry | undefined =>
        isVersionLive(version) ? result.get(`bundle:${ns}/${name}@${version}`) : undefined;
      const after = bundle(to);
      return after === undefined || from === to
        ? []
        : [{ subject: after, against: bundle(from), environment }];
    }
    const entry = action === "create" ? result.get(subject) : undefined;
    if (entry === undefined || entry.version === null) return [];
    return [predecessorOf(result, entry), ...liveOf(result, entry)].map((against) => ({
      subject: entry,
      against,
      environment: null,
    }));
  });
}

/** The highest lower version. */
function predecessorOf(registry: Registry, entry: Entry): Entry | undefined {
  const versions = registry.versions(entry.kind, `${entry.ns}/${entry.name}`);
  return versions[versions.findIndex(({ ref }) => ref === entry.ref) - 1];
}

/** The versions of a bundle's use case that are live somewhere, in byte order. */
function liveOf(registry: Registry, entry: Entry): readonly Entry[] {
  if (entry.kind !== "Bundle") return [];
  const live = registry.ofKind("Activation").flatMap(({ ns, name, value }) => {
    const found =
      ns === entry.ns && name === entry.name
        ? registry.get(`bundle:${ns}/${name}@${value.bundle}`)
        : undefined;
    return found === undefined || found.ref === entry.ref ? [] : [found];
  });
  return [...new Set(live)].sort((a, b) => compareBytes(a.ref, b.ref));
}

function metricsOf(
  { rules, result }: Change,
  { subject, against, environment }: Pair,
): readonly Comparison[] {
  if (subject.kind !== "Bundle") return [];
  const bundle = subject as Entry<"Bundle">;
  const usecase = usecaseOfBundle(rules.registry, bundle);
  const all = usecase?.value.gates ?? [];
  const gates =
    usecase === undefined || environment === null
      ? all.map((gate) => ({ gate }))
      : gatesFor(usecase, environment);
  const runs = newestFirst(runsOf(result, bundle));
  const measured = (metric: string, gate: Bar | null): readonly MeasuredRun[] =>
    runs.flatMap((run) => {
      const value = run.value.metrics[metric];
      if (value === undefined) return [];
      const { executedAt } = run.value;
      const passed = gate === null ? null : meets(value, gate);
      return [{ run: run.ref, executedAt, value, passed, vacuous: vacuityOf(result, run) ?? null }];
    });
  const holds = (gate: Bar): boolean => {
    const carrying = measured(gate.metric, gate);
    return (
      carrying.some(({ vacuous }) => vacuous === null) && carrying.every(({ passed }) => passed === true)
    );
  };
  const before = against === undefined ? new Map<string, number>() : latestMetrics(result, against);
  const after = latestMetrics(result, bundle);
  const row = { subject: subject.ref, against: against?.ref ?? null, environment };
  const values = (metric: string) => ({
    before: before.get(metric) ?? null,
    after: after.get(metric) ?? null,
  });
  const asked = gates.map(({ gate }) => ({
    ...row,
    metric: gate.metric,
    threshold: barText(gate).slice(gate.metric.length + 1),
    ...values(gate.metric),
    passed: holds(gate),
    runs: measured(gate.metric, gate),
  }));
  const others = [...new Set([...before.keys(), ...after.keys()])].filter(
    (metric) => !gates.some(({ gate }) => gate.metric === metric),
  );
  return [
    ...asked,
    ...others.map((metric) => ({
      ...row,
      metric,
      threshold: null,
      ...values(metric),
      passed: null,
      runs: measured(metric, null),
    })),
  ];
}

/** Each metric as the latest run of exactly this content measured it. */
function latestMetrics(registry: Registry, target: Entry): ReadonlyMap<string, number> {
  const metrics = new Map<string, number>();
  for (const run of newestFirst(runsOf(registry, target)).toReversed())
    for (const [metric, value] of Object.entries(run.value.metrics)) metrics.set(metric, value);
  return metrics;
}

function newestFirst(runs: readonly Entry<"Evaluation">[]): readonly Entry<"Evaluation">[] {
  const time = (run: Entry<"Evaluation">): number => millisecondsOf(run.value.executedAt as Instant);
  return [...runs].sort((a, b) => time(b) - time(a) || compareBytes(b.ref, a.ref));
}

function textsOf(registry: Registry, { subject, against }: Pair): readonly TextComparison[] {
  const before = against === undefined ? new Map<string, string>() : inlineTexts(registry, against);
  const after = inlineTexts(registry, subject);
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((part) => before.get(part) !== after.get(part))
    .map((part) => ({
      subject: subject.ref,
      against: against?.ref ?? null,
      part,
      before: before.get(part) ?? null,
      after: after.get(part) ?? null,
    }));
}

/** The texts that stand in a version: those of its artifacts by role, and those of the configs it pins. */
function inlineTexts(registry: Registry, entry: Entry): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  if (entry.kind === "Config") {
    const { text } = (entry as Entry<"Config">).value.spec;
    if (text !== undefined) texts.set(`config:${entry.ns}/${entry.name}`, text);
  }
  if (entry.kind !== "Bundle") return texts;
  const { artifacts, configs = [] } = (entry as Entry<"Bundle">).value.spec;
  const counts = new Map<string, number>();
  for (const { role, text } of artifacts) {
    const count = (counts.get(role) ?? 0) + 1;
    counts.set(role, count);
    if (text !== undefined) texts.set(count === 1 ? role : `${role} ${count}`, text);
  }
  for (const ref of configs) {
    const config = registry.get(ref);
    if (config !== undefined) for (const [part, text] of inlineTexts(registry, config)) texts.set(part, text);
  }
  return texts;
}

function inOrder<T>(rows: ReadonlyMap<string, T>): readonly T[] {
  return [...rows].sort((a, b) => compareBytes(a[0], b[0])).map(([, row]) => row);
}
