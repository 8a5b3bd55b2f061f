/**
 * Scope -> what stands there, for one slice of any size. Names become numbers once a question, scopes are triples of
 * numbers in one typed array: each scope asked costs one place of it, and 100,000 scopes two or three megabytes. It
 * must never decide what an answer is.
 */
import { isName } from "../model/ref.ts";
import { DEFAULT_TENANT } from "../model/scope.ts";
import type { SliceScope } from "../model/snapshot.ts";
import { capacityFor, indexTexts, stir, type TextIndex } from "./index-text.ts";

/** What an Activation names; scopes that name the same share one. */
export type Placement = Pick<SliceScope, "bundle" | "fallback">;

/** The scopes of one environment. */
export interface ScopeIndex {
  /** `<ns>/<name>` by their numbers; an unknown one has no scope at all. */
  readonly usecases: TextIndex;
  /** Tenants and scenarios. */
  readonly names: TextIndex;
  /** Distinct placements, by their numbers. */
  readonly placements: readonly Placement[];
  /** How many places there are, taken and free. */
  readonly capacity: number;
  /** The place of exactly this scope; -1 where nothing stands. Numbers of the texts, 0 = no tenant, no scenario. */
  find(usecase: number, tenant: number, scenario: number): number;
  /** The number of what stands at a place. */
  placementAt(place: number): number;
}

/**
 * Indexes the scopes of an environment; what is no scope of it is left out, and of two that are the same the last
 * counts. `seed` moves the places; it is taken from the manifest's digest.
 */
export function indexScopes(environment: string, scopes: readonly SliceScope[], seed: number): ScopeIndex {
  const usecases = new Map<string, number>();
  const names = new Map<string, number>();
  const placements = numberPlacements();
  const capacity = capacityFor(scopes.length);
  // A place is four words: use case, tenant, scenario, and the number of what stands there plus one (0 = free).
  const places = new Int32Array(capacity * 4);

  const wordOf = (usecase: number, tenant: number, scenario: number): number => {
    const hash = stir(Math.imul(usecase ^ seed, 0x85ebca6b) ^ Math.imul(tenant, 0xc2b2ae35) ^ scenario);
    const last = places.length - 4;
    let word = (hash << 2) & last;
    while (
      places[word + 3] !== 0 &&
      (places[word] !== usecase || places[word + 1] !== tenant || places[word + 2] !== scenario)
    )
      word = (word + 4) & last;
    return word;
  };

  eachScope(environment, scopes, (usecaseText, tenantText, scenarioText, activation) => {
    const usecase = numberIn(usecases, usecaseText);
    const tenant = tenantText === "" ? 0 : numberIn(names, tenantText);
    const scenario = scenarioText === "" ? 0 : numberIn(names, scenarioText);
    const word = wordOf(usecase, tenant, scenario);
    places[word] = usecase;
    places[word + 1] = tenant;
    places[word + 2] = scenario;
    places[word + 3] = placements.numberOf(activation) + 1;
  });

  return {
    usecases: indexTexts(usecases.keys(), seed),
    names: indexTexts(names.keys(), seed),
    placements: placements.all,
    capacity,
    find(usecase, tenant, scenario) {
      const word = wordOf(usecase, tenant, scenario);
      return places[word + 3] === 0 ? -1 : word >> 2;
    },
    placementAt: (place) => (places[place * 4 + 3] ?? 0) - 1,
  };
}

function numberIn(numbers: Map<string, number>, text: string): number {
  const known = numbers.get(text);
  if (known !== undefined) return known;
  numbers.set(text, numbers.size + 1);
  return numbers.size;
}

/**
 * What `parseScope` reads of each, without looking twice at the same names: scopes stand in byte order, so that use
 * case and tenant are mostly those of the one before. "" = none.
 */
function eachScope(
  environment: string,
  scopes: readonly SliceScope[],
  visit: (usecase: string, tenant: string, scenario: string, activation: SliceScope) => void,
): void {
  if (!isName(environment)) return;
  const from = environment.length + 1;
  let usecase = "";
  let tenant = "";
  for (const activation of scopes) {
    const { scope } = activation;
    if (!scope.startsWith(environment) || scope.charAt(from - 1) !== "/") continue;
    if (usecase === "" || !scope.startsWith(usecase, from) || !isEndAt(scope, from + usecase.length)) {
      const cut = scope.indexOf("/", from);
      if (cut < 0) continue;
      const end = endOf(scope, cut + 1);
      if (!isName(scope.slice(from, cut)) || !isName(scope.slice(cut + 1, end))) continue;
      usecase = scope.slice(from, end);
      tenant = "";
    }
    const rest = from + usecase.length + 1;
    if (rest > scope.length) {
      visit(usecase, "", "", activation);
      continue;
    }
    const end = endOf(scope, rest);
    if (tenant === "" || end !== rest + tenant.length || !scope.startsWith(tenant, rest)) {
      const read = scope.slice(rest, end);
      if (!isName(read)) continue;
      tenant = read;
    }
    const scenario = scope.slice(end + 1);
    if (end < scope.length && !isName(scenario)) continue;
    // `default` alone would be a second spelling of the scope without a tenant (core/model/scope.ts).
    if (tenant !== DEFAULT_TENANT) visit(usecase, tenant, scenario, activation);
    else if (scenario !== "") visit(usecase, "", scenario, activation);
  }
}

function endOf(scope: string, from: number): number {
  const cut = scope.indexOf("/", from);
  return cut < 0 ? scope.length : cut;
}

function isEndAt(scope: string, at: number): boolean {
  return at === scope.length || scope.charAt(at) === "/";
}

/** Numbers distinct placements; many scopes name few bundles. */
function numberPlacements(): { readonly all: readonly Placement[]; numberOf(of: Placement): number } {
  const all: Placement[] = [];
  const known = new Map<string, Map<string | undefined, number>>();
  return {
    all,
    numberOf({ bundle, fallback }) {
      let byFallback = known.get(bundle);
      if (byFallback === undefined) known.set(bundle, (byFallback = new Map()));
      let number = byFallback.get(fallback);
      if (number === undefined) {
        number = all.push(fallback === undefined ? { bundle } : { bundle, fallback }) - 1;
        byFallback.set(fallback, number);
      }
      return number;
    },
  };
}
