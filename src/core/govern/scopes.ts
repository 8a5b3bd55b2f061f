/**
 * What scopes resolve to before and after a change, in every degrade mode (DESIGN 5.2). It asks resolution itself, so
 * the plan cannot say anything else than what consumers will be answered.
 * It must look at every scope that the change can reach, named by a file or not.
 */
import { compareBytes } from "../model/json.ts";
import type { Entry, Registry } from "../model/registry.ts";
import { parseScope, scopePath, type Scope } from "../model/scope.ts";
import { identityOfPath, parseRef } from "../source/reference.ts";
import type { Change } from "./change.ts";
import { answersOf, type Served, type ServedByMode } from "./served.ts";

export type { Served, ServedByMode } from "./served.ts";

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
    const told = new Set<string>();
    const registries = [base.registry, result];
    const [then, now] = [before(environment), after(environment)];
    if (then === now) continue;
    for (const { scope, isNamed } of scopesOf(environment, `${ns}/${name}`, named, registries)) {
      const [from, to] = [then(scope), now(scope)];
      if (JSON.stringify(from) === JSON.stringify(to)) continue;
      // What no file names follows what a file names, and is told only where it does not, and where anything is served.
      if (!isNamed && !isServed(from) && !isServed(to)) continue;
      const what = JSON.stringify([from, to]);
      if (!isNamed && told.has(what)) continue;
      told.add(what);
      found.push({ scope: scopePath(scope), environment, usecase: `${ns}/${name}`, before: from, after: to });
    }
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
  return answersOf(registry, new Set([scope.usecase]))(scope.environment)(scope)?.["NORMAL"] ?? null;
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

/**
 * The named scopes, and of all other combinations of named tenants and scenarios, and of any other, one of each sort:
 * those that a file names first, then the widest. A combination that no file names resolves by what the files of its
 * tenant and of its scenario say, so that names of which these say the same need not be asked again; asking all would
 * cost the product of two numbers that whoever makes the change chooses.
 */
function scopesOf(
  environment: string,
  usecase: string,
  named: Named,
  registries: readonly Registry[],
): readonly { readonly scope: Scope; readonly isNamed: boolean }[] {
  const scopeOf = (tenant: string | null, scenario: string | null): Scope => ({
    environment,
    usecase,
    tenant,
    scenario,
  });
  const isNamed = (scope: Scope): boolean => named.scopes.has(scopePath(scope));
  const said = (scope: Scope): string =>
    JSON.stringify(registries.map((registry) => sayingOf(registry, scope)));
  const tenants = alike(named.tenants, (tenant) => said(scopeOf(tenant, null)));
  const scenarios = alike(named.scenarios, (scenario) => said(scopeOf(null, scenario)));
  const others = tenants.flatMap((ofTenant) =>
    scenarios.flatMap((ofScenario) => {
      for (const tenant of ofTenant) {
        const scenario = ofScenario.find((each) => !isNamed(scopeOf(tenant, each)));
        if (scenario !== undefined) return [scopeOf(tenant, scenario)];
      }
      return [];
    }),
  );
  const known = [...named.scopes].flatMap((path) => parseScope(path) ?? []);
  // What is not named at all comes behind all names.
  const order = (a: string | null, b: string | null): number =>
    a === b
      ? 0
      : a === null
        ? -1
        : b === null
          ? 1
          : Number(a === ANY) - Number(b === ANY) || compareBytes(a, b);
  const inOrder = (scopes: readonly Scope[]): readonly Scope[] =>
    [...scopes].sort(
      (a, b) =>
        Number(a.scenario !== null) - Number(b.scenario !== null) ||
        order(a.tenant, b.tenant) ||
        order(a.scenario, b.scenario),
    );
  return [
    ...inOrder(known).map((scope) => ({ scope, isNamed: true })),
    ...inOrder(others).map((scope) => ({ scope, isNamed: false })),
  ];
}

/** Names in groups of which the same is said; none at all, and any other, each in its place. */
function alike(
  names: ReadonlySet<string>,
  said: (name: string) => string,
): readonly (readonly (string | null)[])[] {
  const groups = new Map<string, string[]>();
  for (const name of [...[...names].sort(compareBytes), ANY]) {
    const key = said(name);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [name]);
    else group.push(name);
  }
  return [[null], ...groups.values()];
}

/** What a scope's own file says, as far as resolution asks. */
function sayingOf(registry: Registry, scope: Scope): readonly (string | null)[] | null {
  const entry = registry.get(`scope:${scopePath(scope)}`);
  if (entry?.kind !== "Activation") return null;
  const { bundle, fallback = null } = (entry as Entry<"Activation">).value;
  return [bundle, fallback];
}

function isServed(byMode: ServedByMode): boolean {
  return Object.values(byMode ?? {}).some(({ bundle }) => bundle !== null);
}

/** The version that a served bundle's reference names. */
export function versionServed(served: Served | undefined): string | null {
  return served?.bundle == null ? null : (parseRef(served.bundle)?.version ?? null);
}
