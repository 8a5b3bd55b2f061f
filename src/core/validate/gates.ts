/**
 * Gates: what must be measured on a bundle, and whether it was. The rules about receipts and activations ask here,
 * and so may whoever decides about a promotion, so that they cannot disagree. Digests are always recomputed; this
 * module must never believe a digest that a file states.
 */
import { meets, type Bar } from "../model/bar.ts";
import { digestOf, type Digest } from "../model/digest.ts";
import type { Entry, Registry } from "../model/registry.ts";

/** Why a gate does not hold: no run carries its metric, or these do not meet it. */
export interface UnmetGate {
  /** Index in the use case's `gates`. */
  readonly index: number;
  readonly gate: Bar;
  readonly failing: readonly Entry<"Evaluation">[];
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
  return registry.runsOf(target.ref).filter((run) => counts(run, target));
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
 * The gates of an environment that a bundle does not meet (DESIGN 4): at least one run carries the metric, and every
 * run that carries it meets the gate.
 */
export function unmetGates(
  registry: Registry,
  usecase: Entry<"UseCase">,
  bundle: Entry<"Bundle">,
  environment: string,
): readonly UnmetGate[] {
  const runs = runsOf(registry, bundle);
  return gatesFor(usecase, environment).flatMap(({ index, gate }) => {
    const carrying = runs.filter((run) => run.value.metrics[gate.metric] !== undefined);
    const failing = carrying.filter((run) => !meets(run.value.metrics[gate.metric] ?? Number.NaN, gate));
    return carrying.length > 0 && failing.length === 0 ? [] : [{ index, gate, failing }];
  });
}
