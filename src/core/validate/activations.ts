/**
 * What an Activation points at: its scope, its bundles, what the environment offers. Lint only; what a caller is
 * answered is decided by core/resolve on a snapshot. It must never look at history.
 */
import type { Entry, Registry } from "../model/registry.ts";
import { parseScope, scopePath, type Scope } from "../model/scope.ts";
import { mismatchesInMode, offerOf, type EnvironmentOffer, type Mismatch } from "../resolve/compatibility.ts";

const REGISTRY_REF = "registry:registry";

/** A version's role in an Activation. */
export type Place = "bundle" | "fallback";

/** The environment's bare name in an Activation's path. */
export function environmentNameOf(activation: Entry<"Activation">): string {
  return activation.id.slice(0, activation.id.indexOf("/"));
}

/** The reference of the bundle version at `bundle` or `fallback`; undefined for `none`, `inherit` and no fallback. */
export function bundleRefAt(activation: Entry<"Activation">, place: Place): string | undefined {
  const version = activation.value[place];
  if (version === undefined || version === "none" || version === "inherit") return undefined;
  return `bundle:${activation.ns}/${activation.name}@${version}`;
}

/** The bundle at `bundle` or `fallback`, if there is one that can be read. */
export function bundleAt(
  registry: Registry,
  activation: Entry<"Activation">,
  place: Place,
): Entry<"Bundle"> | undefined {
  const ref = bundleRefAt(activation, place);
  const entry = ref === undefined ? undefined : registry.get(ref);
  return entry?.kind === "Bundle" ? (entry as Entry<"Bundle">) : undefined;
}

const offers = new WeakMap<Registry, Map<string, EnvironmentOffer>>();

/** What an environment (a bare name) offers; undefined when there is none, or registry.yaml cannot be read. */
export function offerAt(registry: Registry, environment: string): EnvironmentOffer | undefined {
  if (registry.isBroken(REGISTRY_REF)) return undefined;
  let byName = offers.get(registry);
  if (byName === undefined) {
    const settings = registry.ofKind("Registry")[0]?.value ?? {};
    const environments = registry.ofKind("Environment");
    const highest = environments.reduce((most, { value }) => Math.max(most, value.rank), 0);
    byName = new Map(environments.map(({ name, value }) => [name, offerOf(settings, value, highest)]));
    offers.set(registry, byName);
  }
  return byName.get(environment);
}

/** Why a bundle does not fit an environment in its normal mode; empty = it fits, or there is no such environment. */
export function mismatchesAt(
  registry: Registry,
  bundle: Entry<"Bundle">,
  environment: string,
): readonly Mismatch[] {
  const offer = offerAt(registry, environment);
  return (offer && mismatchesInMode(bundle.value.spec.compatibility, offer)) ?? [];
}

/** The scope that a use case's `expected` means (`environment` or `environment/tenant`); undefined when it is none. */
export function expectedScope(usecase: Entry<"UseCase">, expected: string): Scope | undefined {
  const [environment, ...tenant] = expected.split("/");
  return parseScope([environment, usecase.id, ...tenant].join("/"));
}

/**
 * Whether anything is handed out at a scope in the normal mode (DESIGN 8): the live bundle, or its fallback.
 * Where a file on the way cannot be read the answer is yes, because its own findings come first.
 */
export function isAnswered(registry: Registry, scope: Scope): boolean {
  if (registry.isBroken(REGISTRY_REF) || registry.isBroken(`environment:${scope.environment}`)) return true;
  const inherits = registry.ofKind("Registry")[0]?.value.resolution?.inherit === true;
  const wider = { ...scope, tenant: null };
  for (const candidate of inherits && scope.tenant !== null ? [scope, wider] : [scope]) {
    const ref = `scope:${scopePath(candidate)}`;
    if (registry.isBroken(ref)) return true;
    const found = registry.get(ref);
    if (found?.kind !== "Activation") continue;
    const activation = found as Entry<"Activation">;
    if (activation.value.bundle === "inherit") continue;
    return answers(registry, activation, scope.environment);
  }
  return false;
}

function answers(registry: Registry, activation: Entry<"Activation">, environment: string): boolean {
  const offer = offerAt(registry, environment);
  if (offer === undefined) return false;
  if (activation.value.bundle === "none") return false;
  if (registry.isBroken(bundleRefAt(activation, "bundle") ?? "")) return true;
  const live = bundleAt(registry, activation, "bundle");
  if (
    live !== undefined &&
    (offer.compatibility === "warn" || mismatchesAt(registry, live, environment).length === 0)
  )
    return true;
  const fallback = bundleAt(registry, activation, "fallback");
  return fallback !== undefined && mismatchesAt(registry, fallback, environment).length === 0;
}
