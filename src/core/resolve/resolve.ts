/**
 * `resolve`: what is live here? (DESIGN 8). A pure function of a snapshot and a query, the same in the library, the
 * CLI and the service. It must never look at a clock, or choose by version or time. Scopes are indexed once, verdicts
 * are kept per scope and degrade mode; a question then costs a few lookups.
 */
import type { Digest } from "../model/digest.ts";
import { compareBytes, type Json } from "../model/json.ts";
import { DEFAULT_TENANT, parseScope, scopePath } from "../model/scope.ts";
import {
  ERROR_FORMAT,
  RESOLUTION_FORMAT,
  type Resolution,
  type SliceDocument,
  type SliceScope,
  type Step,
  type WireError,
} from "../model/snapshot.ts";
import {
  modesOf,
  NORMAL_MODE,
  profileOf,
  type DegradeProfile,
  type EnvironmentOffer,
  type Narrowing,
  type Requirements,
} from "./compatibility.ts";
import { judge, type Candidate, type Verdict } from "./judge.ts";
import type { LoadedManifest } from "./load.ts";

export interface Query extends Narrowing {
  readonly environment: string;
  /** `<ns>/<name>`. */
  readonly usecase: string;
  /** Null and absent are the same; so is `default`, which only spells "no tenant". */
  readonly tenant?: string | null | undefined;
  readonly scenario?: string | null | undefined;
  /** NORMAL when absent. */
  readonly degradeMode?: string | undefined;
}

/** A snapshot that is ready to be asked. */
export interface Resolver {
  /** The answer; an unknown environment or degrade mode is an error value, never `none`. */
  resolve(query: Query): Resolution | WireError;
}

/** Makes a resolver of a manifest and those of its slices that are at hand, already checked by `loadSlice`. */
export function createResolver(
  { manifest, digest }: LoadedManifest,
  slices: readonly SliceDocument[],
): Resolver {
  const stamp: Stamp = {
    snapshot: Object.freeze({ digest, commit: manifest.commit, sequence: manifest.sequence }),
    policyRevision: manifest.policyRevision,
  };
  const prepared = new Map<string, Map<string | null, Prepared>>();
  for (const slice of slices) {
    let tenants = prepared.get(slice.environment);
    if (tenants === undefined) prepared.set(slice.environment, (tenants = new Map()));
    tenants.set(slice.tenant, prepare(slice));
  }
  const elsewhere = new Set(manifest.slices.map((slice) => `${slice.environment}/${slice.tenant ?? ""}`));
  return {
    resolve(query) {
      const { environment } = query;
      const tenant = query.tenant === undefined || query.tenant === DEFAULT_TENANT ? null : query.tenant;
      const tenants = prepared.get(environment);
      if (tenants === undefined) {
        if (!manifest.environments.includes(environment))
          return unknown("environment", environment, manifest.environments);
        return notLoaded(environment, tenant);
      }
      let slice = tenants.get(tenant);
      if (slice === undefined) {
        // A tenant without a slice of its own has no scope of its own; every slice holds the scopes without tenant.
        const isElsewhere = tenant !== null && elsewhere.has(`${environment}/${tenant}`);
        if (!isElsewhere) slice = tenants.get(null) ?? tenants.values().next().value;
        if (slice === undefined) return notLoaded(environment, tenant);
      }
      return answer(slice, query, tenant, stamp);
    },
  };
}

/** The bytes of an answer, the same everywhere: one line of JSON in the order of its keys, and a line feed. */
export function renderAnswer(answered: Resolution | WireError): string {
  return `${JSON.stringify(answered)}\n`;
}

interface Stamp {
  readonly snapshot: Resolution["snapshot"];
  readonly policyRevision: Digest;
}

/** One Activation, with the verdicts that were asked for so far. */
interface Cell {
  readonly activation: SliceScope;
  readonly path: string;
  readonly verdicts: Map<string, Verdict>;
}

interface Branch {
  base: Cell | undefined;
  readonly scenarios: Map<string, Cell>;
}

interface Prepared {
  readonly inherit: boolean;
  readonly environment: EnvironmentOffer;
  readonly usecases: Map<string, Branch & { readonly tenants: Map<string, Branch> }>;
  readonly bundles: ReadonlyMap<string, Candidate>;
}

function prepare(slice: SliceDocument): Prepared {
  const usecases: Prepared["usecases"] = new Map();
  for (const activation of slice.scopes) {
    const scope = parseScope(activation.scope);
    if (scope === undefined || scope.environment !== slice.environment) continue;
    let branch = usecases.get(scope.usecase);
    if (branch === undefined)
      usecases.set(scope.usecase, (branch = { ...emptyBranch(), tenants: new Map() }));
    let place: Branch = branch;
    if (scope.tenant !== null) {
      place = branch.tenants.get(scope.tenant) ?? emptyBranch();
      branch.tenants.set(scope.tenant, place);
    }
    const cell: Cell = { activation, path: `scope:${activation.scope}`, verdicts: new Map() };
    if (scope.scenario === null) place.base = cell;
    else place.scenarios.set(scope.scenario, cell);
  }
  const bundles = new Map<string, Candidate>();
  for (const [ref, { digest, spec, deprecated }] of Object.entries(slice.bundles)) {
    // Answers share these objects; a caller that changed one would change everybody's.
    freeze(spec);
    const requirements = spec["compatibility"] as Requirements | undefined;
    bundles.set(ref, { answer: Object.freeze({ ref, digest, spec }), requirements, deprecated });
  }
  const { inherit, compatibility, offer, degradeProfiles } = slice;
  return { inherit, environment: { compatibility, offer, degradeProfiles }, usecases, bundles };
}

function emptyBranch(): Branch {
  return { base: undefined, scenarios: new Map() };
}

function answer(slice: Prepared, query: Query, tenant: string | null, stamp: Stamp): Resolution | WireError {
  const { environment, usecase } = query;
  const scenario = query.scenario ?? null;
  const mode = query.degradeMode ?? NORMAL_MODE;
  const profile = profileOf(slice.environment, mode);
  if (profile === undefined) return unknown("degrade mode", mode, modesOf(slice.environment));
  const branch = slice.usecases.get(usecase);
  const own = tenant === null ? undefined : branch?.tenants.get(tenant);
  const steps: Step[] = [];
  let found: Cell | undefined;
  let inherited = false;
  // The pinned order: (tenant, scenario), (tenant, -), (-, scenario), (-, -).
  for (let level = 0; level < 4 && found === undefined; level++) {
    const withTenant = level < 2;
    const withScenario = level % 2 === 0;
    if ((withTenant && tenant === null) || (withScenario && scenario === null)) continue;
    inherited = steps.length > 0;
    if (inherited && !slice.inherit) break;
    const place = withTenant ? own : branch;
    const cell = withScenario ? place?.scenarios.get(scenario ?? "") : place?.base;
    if (cell === undefined) {
      const at = {
        environment,
        usecase,
        tenant: withTenant ? tenant : null,
        scenario: withScenario ? scenario : null,
      };
      steps.push({ try: `scope:${scopePath(at)}`, result: "absent", reason: "SCOPE_NOT_FOUND" });
    } else if (cell.activation.bundle === "inherit") {
      steps.push({ try: cell.path, result: "inherit", reason: "SCOPE_NOT_FOUND" });
    } else {
      found = cell;
      const isNone = cell.activation.bundle === "none";
      const reason = isNone ? "NO_ACTIVE" : inherited ? "SCOPE_INHERITED" : null;
      steps.push({ try: cell.path, result: isNone ? "none" : "found", reason });
    }
  }
  const verdict = found === undefined ? undefined : verdictOf(slice, found, mode, profile, query);
  if (verdict !== undefined) for (const step of verdict.steps) steps.push(step);
  return {
    format: RESOLUTION_FORMAT,
    outcome: verdict === undefined ? "none" : verdict.outcome,
    scope: { environment, usecase, tenant, scenario },
    bundle: verdict === undefined ? null : verdict.bundle,
    compatible: verdict === undefined ? false : verdict.compatible,
    posture: profile.posture ?? "NORMAL",
    reasons: verdict === undefined ? NOT_FOUND : inherited ? verdict.inheritedReasons : verdict.reasons,
    steps,
    snapshot: stamp.snapshot,
    policyRevision: stamp.policyRevision,
  };
}

const NOT_FOUND: readonly string[] = Object.freeze(["SCOPE_NOT_FOUND"]);

function verdictOf(
  slice: Prepared,
  cell: Cell,
  mode: string,
  profile: DegradeProfile,
  query: Query,
): Verdict {
  const { environment, bundles } = slice;
  // What a caller says it has is its own; only the question that everybody asks is worth keeping.
  if (query.featureGroups !== undefined || query.capabilities !== undefined) {
    return judge(environment, bundles, cell.activation, profile, query);
  }
  let verdict = cell.verdicts.get(mode);
  if (verdict === undefined) {
    verdict = judge(environment, bundles, cell.activation, profile, {});
    cell.verdicts.set(mode, verdict);
  }
  return verdict;
}

function freeze(value: Json | undefined): void {
  if (typeof value !== "object" || value === null) return;
  Object.freeze(value);
  for (const inner of Object.values(value)) freeze(inner);
}

function unknown(what: "environment" | "degrade mode", name: string, known: readonly string[]): WireError {
  const names = [...known].sort(compareBytes).join(", ");
  return {
    format: ERROR_FORMAT,
    code: what === "environment" ? "resolve/unknown-environment" : "resolve/unknown-degrade-mode",
    category: "invalid",
    retryable: false,
    message: `${JSON.stringify(name)} is no ${what} of this snapshot`,
    hint: known.length === 0 ? `It has no ${what} at all.` : `Known: ${names}.`,
  };
}

function notLoaded(environment: string, tenant: string | null): WireError {
  return {
    format: ERROR_FORMAT,
    code: "resolve/slice-not-loaded",
    category: "unknown",
    retryable: false,
    message: `the slice of ${environment}${tenant === null ? "" : ` for ${tenant}`} is not loaded`,
    hint: "Load the slice that the manifest names for this environment and tenant.",
  };
}
