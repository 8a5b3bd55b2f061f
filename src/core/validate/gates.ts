/**
 * Gates: what must be measured on a bundle, and whether it was. The rules about receipts and activations ask here,
 * and so may whoever decides about a promotion, so that they cannot disagree. Digests are always recomputed; this
 * module must never believe a digest that a file states.
 */
import { meets, type Bar } from "../model/bar.ts";
import { digestOf, type Digest } from "../model/digest.ts";
import type { Entry, Registry } from "../model/registry.ts";

/** Why a gate does not hold: no run carries its metric, these do not meet it, or these are all and tried nothing. */
export interface UnmetGate {
  /** Index in the use case's `gates`. */
  readonly index: number;
  readonly gate: Bar;
  readonly failing: readonly Entry<"Evaluation">[];
  /** Runs that meet the gate and say nothing, where no other meets it. */
  readonly vacuous: readonly Entry<"Evaluation">[];
  /** Runs of this version that carry the metric and count for nothing: they broke, were skipped or saw other content. */
  readonly ignored: readonly Entry<"Evaluation">[];
}

/** The use case that a bundle serves, if it can be read. */
export function usecaseOfBundle(registry: Registry, bundle: Entry<"Bundle">): Entry<"UseCase"> | undefined {
  const entry = registry.get(`usecase:${bundle.ns}/${bundle.name}`);
  return entry?.kind === "UseCase" ? (entry as Entry<"UseCase">) : undefined;
}

/** The gates of a use case that an environment (a bare name) asks for. */
export function gatesFor(
  usecase: Entry<"UseCase">,
  environment: string,
): readonly { readonly index: number; readonly gate: Bar }[] {
  return (usecase.value.gates ?? []).flatMap((gate, index) =>
    gate.environments === undefined || gate.environments.includes(`environment:${environment}`)
      ? [{ index, gate }]
      : [],
  );
}

const digests = new WeakMap<Entry, Digest>();

/** The recomputed digest of a version; kept, because an entry never changes. */
export function digestOfVersion(entry: Entry): Digest {
  let digest = digests.get(entry);
  if (digest === undefined) {
    digest = digestOf(entry);
    digests.set(entry, digest);
  }
  return digest;
}

/** The runs of exactly this version's content that came to a result (passed or failed), in byte order of references. */
export function runsOf(registry: Registry, target: Entry): readonly Entry<"Evaluation">[] {
  return allRunsOf(registry, target).filter((run) => counts(run, target));
}

/** Every run that names this version, whatever came of it, in byte order of references. */
export function allRunsOf(registry: Registry, target: Entry): readonly Entry<"Evaluation">[] {
  return registry.runsOf(target.ref);
}

/**
 * Why a run's PASS would be one of nothing, as a clause; undefined where it tried something. A run without cases that
 * counts none measured what its metrics say, which is all that its suite asks of it.
 */
export function vacuityOf(registry: Registry, run: Entry<"Evaluation">): string | undefined {
  const { cases, summary, suite: ref } = run.value;
  if (cases?.length === 0) return "it has no cases";
  if (cases?.every(({ status }) => status === "skipped") === true) return "none of its cases ran";
  if (cases === undefined && summary !== undefined && summary.total <= summary.skipped)
    return "its summary counts no case that ran";
  const suite = registry.get(ref);
  const checks =
    suite?.kind === "TestSuite" ? (suite as Entry<"TestSuite">).value.spec.scoring?.checks : undefined;
  if (checks === undefined || checks.some(({ weight }) => weight > 0)) return undefined;
  return `the checks of ${ref} weigh nothing`;
}

/** Whether a run says something about exactly this content. */
export function counts(run: Entry<"Evaluation">, target: Entry): boolean {
  const { status, target: named, targetDigest } = run.value;
  return (
    (status === "passed" || status === "failed") &&
    named === target.ref &&
    targetDigest === digestOfVersion(target)
  );
}

/**
 * The gates of an environment that a bundle does not meet (DESIGN 4): at least one run carries the metric and tried
 * something, and every run that carries it meets the gate. A vacuous run never helps, and a bad one is never passed over.
 */
export function unmetGates(
  registry: Registry,
  usecase: Entry<"UseCase">,
  bundle: Entry<"Bundle">,
  environment: string,
): readonly UnmetGate[] {
  return gatesFor(usecase, environment).flatMap(({ index, gate }) => {
    const { counting, ignored } = runsCarrying(registry, bundle, gate.metric);
    const failing = counting.filter((run) => !meets(run.value.metrics[gate.metric] ?? Number.NaN, gate));
    const isMet = counting.some((run) => vacuityOf(registry, run) === undefined);
    if (isMet && failing.length === 0) return [];
    const vacuous = isMet ? [] : counting.filter((run) => !failing.includes(run));
    return [{ index, gate, failing, vacuous, ignored }];
  });
}

/** All runs of a version that carry a metric: those that count, and those that do not. */
export function runsCarrying(
  registry: Registry,
  target: Entry,
  metric: string,
): { readonly counting: readonly Entry<"Evaluation">[]; readonly ignored: readonly Entry<"Evaluation">[] } {
  const carrying = allRunsOf(registry, target).filter((run) => run.value.metrics[metric] !== undefined);
  return {
    counting: carrying.filter((run) => counts(run, target)),
    ignored: carrying.filter((run) => !counts(run, target)),
  };
}

/** Why a gate is not met, as a clause with every run that has to do with it. */
export function whyUnmet(registry: Registry, target: Entry, unmet: UnmetGate): string {
  const { gate, failing, vacuous, ignored } = unmet;
  const reasons = [
    ...failing.map((run) => `${run.ref} measured ${run.value.metrics[gate.metric]}`),
    ...vacuous.map((run) => `${run.ref} says nothing: ${vacuityOf(registry, run)}`),
  ];
  if (reasons.length === 0) reasons.push("no run of exactly this content carries the metric");
  return [
    ...reasons,
    ...ignored.map((run) => `${run.ref} does not count: ${whyNotCounted(run, target)}`),
  ].join(", ");
}

/** Why a run that names a version says nothing about it. */
export function whyNotCounted({ value }: Entry<"Evaluation">, target: Entry): string {
  if (value.targetDigest !== digestOfVersion(target)) return "it was of other content";
  return value.status === "skipped" ? "it was skipped" : "it broke";
}
