/**
 * Asks resolution what scopes of a registry come to, in every degrade mode. It must never answer by itself: the slices
 * are compiled and asked as consumers ask them.
 */
import { activationRefs } from "../compile/references.ts";
import { compileSlices } from "../compile/slices.ts";
import { digestOfBytes } from "../model/digest.ts";
import type { Instant } from "../model/instant.ts";
import { compareBytes } from "../model/json.ts";
import type { Entry, Registry } from "../model/registry.ts";
import { DEFAULT_TENANT, type Scope } from "../model/scope.ts";
import {
  MANIFEST_FORMAT,
  RESOLUTION_FORMAT,
  type Manifest,
  type Resolution,
  type SliceDocument,
} from "../model/snapshot.ts";
import { modesOf } from "../resolve/compatibility.ts";
import { createResolver } from "../resolve/resolve.ts";
import { registryOf } from "../source/load.ts";

/** What a scope comes to in one degrade mode, as far as consumers act on it. */
export interface Served {
  readonly outcome: Resolution["outcome"];
  /** The bundle's reference, or null. */
  readonly bundle: string | null;
  readonly digest: string | null;
  readonly compatible: boolean;
  readonly posture: Resolution["posture"];
}

/** By degrade mode; null = there is no such environment. */
export type ServedByMode = Readonly<Record<string, Served>> | null;

/** What registries were asked before: along a history the result of one change is the base of the next. */
const asked = new WeakMap<Registry, Map<string, (scope: Scope) => ServedByMode>>();

/** Asks resolution about scopes of one registry. */
export function answersOf(
  registry: Registry,
  usecases: ReadonlySet<string> | "all",
): (scope: Scope) => ServedByMode {
  const key = usecases === "all" ? usecases : [...usecases].sort(compareBytes).join(" ");
  const known = asked.get(registry)?.get(key);
  if (known !== undefined) return known;
  const answers = resolving(registry, usecases);
  asked.set(registry, new Map([[key, answers]]));
  return answers;
}

/** Whatever plays no part in resolving these use cases is left out before the registry is compiled. */
function resolving(
  registry: Registry,
  usecases: ReadonlySet<string> | "all",
): (scope: Scope) => ServedByMode {
  const activations = registry
    .ofKind("Activation")
    .filter(({ ns, name }) => usecases === "all" || usecases.has(`${ns}/${name}`));
  const bundles = new Map<string, Entry>();
  for (const activation of activations) {
    for (const ref of activationRefs(activation)) {
      const bundle = registry.get(ref);
      if (bundle !== undefined) bundles.set(ref, bundle);
    }
  }
  const settings: readonly Entry[] = [...registry.ofKind("Registry"), ...registry.ofKind("Environment")];
  const { environments, slices } = compileSlices(
    registryOf(registry.tree, [...settings, ...activations, ...bundles.values()]),
  );
  const documents = slices.map(({ bytes }) => JSON.parse(decoder.decode(bytes)) as SliceDocument);
  const manifest: Manifest = {
    ...emptyManifest,
    environments,
    slices: slices.map(({ environment, tenant, path }) => ({ environment, tenant, path })),
  };
  const resolver = createResolver({ manifest, digest: emptyManifest.policyRevision }, documents);
  const modes = new Map(documents.map((slice) => [slice.environment, modesOf(slice)]));
  return ({ environment, usecase, tenant, scenario }) => {
    const known = modes.get(environment);
    if (known === undefined) return null;
    const byMode: Record<string, Served> = {};
    for (const degradeMode of known) {
      const answer = resolver.resolve({
        environment,
        usecase,
        tenant: tenant ?? DEFAULT_TENANT,
        scenario,
        degradeMode,
      });
      if (answer.format !== RESOLUTION_FORMAT) continue;
      const { outcome, bundle, compatible, posture } = answer;
      byMode[degradeMode] = {
        outcome,
        bundle: bundle?.ref ?? null,
        digest: bundle?.digest ?? null,
        compatible,
        posture,
      };
    }
    return byMode;
  };
}

const decoder = new TextDecoder();
const nothing = digestOfBytes("");

/** A manifest around slices that are asked here and now; nobody else ever sees it. */
const emptyManifest: Manifest = {
  format: MANIFEST_FORMAT,
  registry: "",
  commit: null,
  sequence: null,
  asOf: "1970-01-01T00:00:00Z" as Instant,
  nextChange: null,
  policyRevision: nothing,
  environments: [],
  slicing: "environment",
  slices: [],
  catalogue: "",
  dependents: "",
  compliance: "",
  files: [],
};
