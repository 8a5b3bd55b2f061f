/**
 * Asks resolution what scopes of a registry come to, in every degrade mode. It must never answer by itself: the slices
 * are compiled and asked as consumers ask them.
 */
import { activationRefs } from "../compile/references.ts";
import { compileSlices } from "../compile/slices.ts";
import { digestOfBytes } from "../model/digest.ts";
import type { Instant } from "../model/instant.ts";
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
import { registryOf } from "../source/registry-of.ts";

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

/** Asks about the scopes of one environment. The same function says the same: it is not asked twice in a comparison. */
type Answers = (scope: Scope) => ServedByMode;

/** Asks resolution about these use cases in one registry; the answers by environment, null where there is none such. */
export function answersOf(
  registry: Registry,
  usecases: ReadonlySet<string> | "all",
): (environment: string) => Answers {
  const settings: readonly Entry[] = [...registry.ofKind("Registry"), ...registry.ofKind("Environment")];
  const activations = registry
    .ofKind("Activation")
    .filter(({ ns, name }) => usecases === "all" || usecases.has(`${ns}/${name}`));
  const asked = new Map<string, Answers>();
  return (environment) => {
    let answers = asked.get(environment);
    if (answers === undefined) {
      const own = activations.filter(({ id }) => id.startsWith(`${environment}/`));
      answers = remembered(environment, [...settings, ...own, ...bundlesOf(own, registry)], registry);
      asked.set(environment, answers);
    }
    return answers;
  };
}

/** The bundles that Activations name, each once. */
function bundlesOf(activations: readonly Entry[], registry: Registry): readonly Entry[] {
  const refs = new Set(activations.flatMap((activation) => activationRefs(activation)));
  return [...refs].flatMap((ref) => registry.get(ref) ?? []);
}

/** What was asked of the very same entries before. */
interface Known {
  readonly entries: readonly Entry[];
  readonly answers: Answers;
}

/** By the first entry, the settings. Along a history nearly everything that is asked about is as it was a while ago. */
const known = new WeakMap<Entry, Map<string, readonly Known[]>>();

/** So many environments with their use cases are remembered of one registry.yaml, and so many versions of each. */
const PLACES = 1_000;
const VERSIONS = 4;

function remembered(environment: string, entries: readonly Entry[], { tree }: Registry): Answers {
  const [first] = entries;
  if (first === undefined) return () => null;
  const places = known.get(first) ?? new Map<string, readonly Known[]>();
  known.set(first, places);
  const key = JSON.stringify([environment, ...new Set(entries.map(({ ns, name }) => `${ns ?? ""}/${name}`))]);
  const versions = places.get(key) ?? [];
  const found = versions.find(
    (each) =>
      each.entries.length === entries.length && each.entries.every((entry, at) => entry === entries[at]),
  );
  if (found !== undefined) return found.answers;
  const answers = resolving(environment, registryOf(tree, entries));
  if (places.size >= PLACES) places.clear();
  places.set(key, [{ entries, answers }, ...versions.slice(0, VERSIONS - 1)]);
  return answers;
}

/** Whatever plays no part in resolving was left out of this registry before it is compiled. */
function resolving(environment: string, registry: Registry): Answers {
  const { environments, slices } = compileSlices(registry, environment);
  const documents = slices.map(({ bytes }) => JSON.parse(decoder.decode(bytes)) as SliceDocument);
  const [document] = documents;
  if (document === undefined) return () => null;
  const manifest: Manifest = {
    ...emptyManifest,
    environments,
    slices: slices.map(({ environment: name, tenant, path }) => ({ environment: name, tenant, path })),
  };
  const resolver = createResolver({ manifest, digest: emptyManifest.policyRevision }, documents);
  const modes = modesOf(document);
  const told = new Map<string, ServedByMode>();
  return ({ usecase, tenant, scenario }) => {
    const key = JSON.stringify([usecase, tenant, scenario]);
    const known = told.get(key);
    if (known !== undefined) return known;
    const byMode: Record<string, Served> = {};
    for (const degradeMode of modes) {
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
    told.set(key, byMode);
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
