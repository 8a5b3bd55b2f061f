/**
 * What scopes resolve to before and after a change, in every degrade mode (DESIGN 5.2). It asks resolution itself, so
 * the plan cannot say anything else than what consumers will be answered.
 * It must look at every scope that the change can reach, named by a file or not.
 */
import { compileSlices } from "../compile/slices.ts";
import { digestOfBytes } from "../model/digest.ts";
import type { Instant } from "../model/instant.ts";
import { compareBytes } from "../model/json.ts";
import type { Entry, Registry } from "../model/registry.ts";
import { DEFAULT_TENANT, parseScope, scopePath, type Scope } from "../model/scope.ts";
import {
  MANIFEST_FORMAT,
  RESOLUTION_FORMAT,
  type Manifest,
  type Resolution,
  type SliceDocument,
} from "../model/snapshot.ts";
import { modesOf } from "../resolve/compatibility.ts";
import { createResolver } from "../resolve/resolve.ts";
import { identityOfPath, parseRef } from "../source/reference.ts";
import { registryOf } from "../source/load.ts";
import { activationRefs } from "../compile/references.ts";
import type { Change } from "./change.ts";

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

/** A scope whose resolution the change alters. */
export interface AlteredScope {
  /** The path below `live/`; `*` stands for any tenant, or any scenario, that no file names. */
  readonly scope: string;
  readonly environment: string;
  readonly usecase: string;
  readonly before: ServedByMode;
  readonly after: ServedByMode;
}

/** Any name that no file uses; no legal name holds it. */
const ANY = "*";

/** Every scope that resolves differently in R than in B in some degrade mode, in byte order. */
export function alteredScopes({ base, result, paths }: Change): readonly AlteredScope[] {
  const usecases = reachedUsecases(paths.map(({ path }) => path));
  if (usecases !== "all" && usecases.size === 0) return [];
  const before = answersOf(base.registry, usecases);
  const after = answersOf(result, usecases);
  const found: AlteredScope[] = [];
  for (const [place, named] of placesOf([base.registry, result], usecases)) {
    const [environment = "", ns = "", name = ""] = place.split("/");
    const at: AlteredScope[] = [];
    for (const { scope, isNamed } of scopesOf(environment, `${ns}/${name}`, named)) {
      const [from, to] = [before(scope), after(scope)];
      if (JSON.stringify(from) === JSON.stringify(to)) continue;
      // What no file names follows what a file names, and is told only where it does not, and where anything is served.
      if (!isNamed && !isServed(from) && !isServed(to)) continue;
      const isTold =
        !isNamed &&
        at.some((each) => JSON.stringify([each.before, each.after]) === JSON.stringify([from, to]));
      if (!isTold)
        at.push({ scope: scopePath(scope), environment, usecase: `${ns}/${name}`, before: from, after: to });
    }
    found.push(...at);
  }
  return found.sort((a, b) => compareBytes(a.scope, b.scope));
}

/**
 * What one scope (a path below `live/`) resolves to in the NORMAL mode; null where its environment is not there. The
 * registry may be cut down to the settings, the scope's environment, and the use case's bundles and scopes.
 */
export function servedAt(registry: Registry, path: string): Served | null {
  const scope = parseScope(path);
  if (scope === undefined) return null;
  return answersOf(registry, new Set([scope.usecase]))(scope)?.["NORMAL"] ?? null;
}

/** The use cases whose resolution these paths can alter: settings and environments reach all of them. */
function reachedUsecases(paths: readonly string[]): ReadonlySet<string> | "all" {
  const found = new Set<string>();
  for (const path of paths) {
    if (path === "registry/registry.yaml" || path.startsWith("registry/governance/environments/"))
      return "all";
    const identity = identityOfPath(path);
    if (identity?.kind === "Bundle" || identity?.kind === "Activation")
      found.add(`${identity.ns}/${identity.name}`);
  }
  return found;
}

interface Named {
  readonly tenants: Set<string>;
  readonly scenarios: Set<string>;
  /** Paths of scopes that a file or the use case's `expected` names. */
  readonly scopes: Set<string>;
}

/** By `<environment>/<ns>/<name>`: which tenants and scenarios are named on either side. */
function placesOf(
  registries: readonly Registry[],
  usecases: ReadonlySet<string> | "all",
): Map<string, Named> {
  const places = new Map<string, Named>();
  const add = (path: string): void => {
    const scope = parseScope(path);
    if (scope === undefined || (usecases !== "all" && !usecases.has(scope.usecase))) return;
    const key = `${scope.environment}/${scope.usecase}`;
    const place = places.get(key) ?? { tenants: new Set(), scenarios: new Set(), scopes: new Set() };
    places.set(key, place);
    place.scopes.add(scopePath(scope));
    if (scope.tenant !== null) place.tenants.add(scope.tenant);
    if (scope.scenario !== null) place.scenarios.add(scope.scenario);
  };
  for (const registry of registries) {
    for (const { id } of registry.ofKind("Activation")) add(id);
    for (const { id, value } of registry.ofKind("UseCase")) {
      for (const expected of value.expected ?? []) {
        const [environment, ...tenant] = expected.split("/");
        add([environment, id, ...tenant].join("/"));
      }
    }
  }
  return places;
}

/** Every combination of the named tenants and scenarios and of any other; those that a file names first, then the widest. */
function scopesOf(
  environment: string,
  usecase: string,
  named: Named,
): readonly { readonly scope: Scope; readonly isNamed: boolean }[] {
  const scopes: { scope: Scope; isNamed: boolean }[] = [];
  for (const tenant of [null, ...[...named.tenants].sort(compareBytes), ANY]) {
    for (const scenario of [null, ...[...named.scenarios].sort(compareBytes), ANY]) {
      const scope = { environment, usecase, tenant, scenario };
      scopes.push({ scope, isNamed: named.scopes.has(scopePath(scope)) });
    }
  }
  const depth = ({ scope }: { readonly scope: Scope }): number => (scope.scenario === null ? 0 : 1);
  return scopes.sort((a, b) => Number(b.isNamed) - Number(a.isNamed) || depth(a) - depth(b));
}

function isServed(byMode: ServedByMode): boolean {
  return Object.values(byMode ?? {}).some(({ bundle }) => bundle !== null);
}

/** Asks resolution about scopes of one registry. Whatever plays no part in it is left out before it is compiled. */
function answersOf(
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

/** The version that a served bundle's reference names. */
export function versionServed(served: Served | undefined): string | null {
  return served?.bundle == null ? null : (parseRef(served.bundle)?.version ?? null);
}
