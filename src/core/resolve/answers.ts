/**
 * The answers of one slice (DESIGN 8). A question without narrowing, for a scope where something stands, is one probe
 * and one shared frozen answer per degrade mode, made when it is first asked for; everything else walks the scopes from
 * narrow to wide. It must never look at a clock, or choose by version or time.
 */
import type { Digest } from "../model/digest.ts";
import type { Json } from "../model/json.ts";
import { scopePath } from "../model/scope.ts";
import { RESOLUTION_FORMAT, type Resolution, type SliceDocument, type Step } from "../model/snapshot.ts";
import {
  NORMAL_MODE,
  profileOf,
  type DegradeProfile,
  type EnvironmentOffer,
  type Requirements,
} from "./compatibility.ts";
import { indexScopes, type ScopeIndex } from "./index-scopes.ts";
import { judge, type Candidate, type Verdict } from "./judge.ts";
import type { Query } from "./resolve.ts";

/** What every answer says about where it comes from. */
export interface Stamp {
  readonly snapshot: Resolution["snapshot"];
  readonly policyRevision: Digest;
}

/** One slice, ready to be asked. */
export interface Answers {
  readonly environment: EnvironmentOffer;
  /** The answer for a query whose environment is this slice's; undefined = the degrade mode is unknown. */
  answer(query: Query, tenant: string | null, mode: string): Resolution | undefined;
}

/** Makes the answers of a slice; nothing of it is looked at before the first question. */
export function answersOf(slice: SliceDocument, stamp: Stamp): Answers {
  const { compatibility, offer, degradeProfiles } = slice;
  const environment: EnvironmentOffer = { compatibility, offer, degradeProfiles };
  // Let go of once prepared: the index is a fraction of the document.
  let waiting: SliceDocument | undefined = slice;
  let prepared: Prepared | undefined;
  return {
    environment,
    answer(query, tenant, mode) {
      if (waiting !== undefined) {
        prepared = prepare(waiting, environment, stamp);
        waiting = undefined;
      }
      if (prepared === undefined) return undefined;
      const inMode = mode === NORMAL_MODE ? prepared.normal : modeOf(prepared, mode);
      return inMode === undefined ? undefined : answer(prepared, inMode, query, tenant);
    },
  };
}

interface Prepared {
  readonly name: string;
  /** `scope:<name>`, with which the references of its scopes begin. */
  readonly prefix: string;
  readonly inherit: boolean;
  readonly environment: EnvironmentOffer;
  readonly index: ScopeIndex;
  readonly bundleOf: (ref: string) => Candidate | undefined;
  readonly normal: Mode;
  /** The modes asked for so far; only those that the environment knows. */
  readonly modes: Map<string, Mode>;
  readonly stamp: Stamp;
}

/** What is known in one degrade mode, filled as it is asked for. */
interface Mode {
  readonly profile: DegradeProfile;
  /** By places of the index. */
  readonly answers: (Resolution | undefined)[];
  /** By numbers of placements. */
  readonly verdicts: (Verdict | undefined)[];
}

function prepare(slice: SliceDocument, environment: EnvironmentOffer, stamp: Stamp): Prepared {
  const seed = Number.parseInt(stamp.snapshot.digest.slice(-8), 16) | 0;
  const index = indexScopes(slice.environment, slice.scopes, seed);
  return {
    name: slice.environment,
    prefix: `scope:${slice.environment}`,
    inherit: slice.inherit,
    environment,
    index,
    bundleOf: candidatesOf(slice.bundles),
    normal: emptyMode(profileOf(environment, NORMAL_MODE) ?? {}, index),
    modes: new Map(),
    stamp,
  };
}

function emptyMode(profile: DegradeProfile, index: ScopeIndex): Mode {
  // Places are filled in any order; an array that grew to them by leaps would become a slow dictionary.
  return { profile, answers: Array.from({ length: index.capacity }), verdicts: [] };
}

function modeOf(slice: Prepared, mode: string): Mode | undefined {
  const known = slice.modes.get(mode);
  if (known !== undefined) return known;
  const profile = profileOf(slice.environment, mode);
  if (profile === undefined) return undefined;
  const made = emptyMode(profile, slice.index);
  slice.modes.set(mode, made);
  return made;
}

function answer(slice: Prepared, mode: Mode, query: Query, tenant: string | null): Resolution {
  const { usecase } = query;
  const scenario = query.scenario ?? null;
  const { usecases, names, placements } = slice.index;
  const key: Key = {
    usecase: usecases.find(usecase) || NOWHERE,
    tenant: tenant === null ? 0 : names.find(tenant) || NOWHERE,
    scenario: scenario === null ? 0 : names.find(scenario) || NOWHERE,
  };
  const isNarrowed = query.featureGroups !== undefined || query.capabilities !== undefined;
  if (isNarrowed) return walk(slice, mode, key, usecase, tenant, scenario, query);
  const exact = findKey(slice.index, key, true, true);
  const known = exact < 0 ? undefined : mode.answers[exact];
  if (known !== undefined) return known;
  if (exact < 0 || placements[slice.index.placementAt(exact)]?.bundle === "inherit")
    return walk(slice, mode, key, usecase, tenant, scenario);
  const made = freezeAnswer(
    walk(slice, mode, key, copy(usecase), tenant && copy(tenant), scenario && copy(scenario)),
  );
  mode.answers[exact] = made;
  return made;
}

/** A scope in numbers of the index: 0 = no tenant, no scenario. */
interface Key {
  readonly usecase: number;
  readonly tenant: number;
  readonly scenario: number;
}

/** The number of a text that no scope has. */
const NOWHERE = -1;

/** The place of a scope, or of the wider one without its tenant or scenario; -1 where nothing stands. */
function findKey(index: ScopeIndex, key: Key, withTenant: boolean, withScenario: boolean): number {
  const tenant = withTenant ? key.tenant : 0;
  const scenario = withScenario ? key.scenario : 0;
  if (key.usecase < 0 || tenant < 0 || scenario < 0) return -1;
  return index.find(key.usecase, tenant, scenario);
}

/** Asks the scopes in the pinned order: (tenant, scenario), (tenant, -), (-, scenario), (-, -). */
function walk(
  slice: Prepared,
  mode: Mode,
  key: Key,
  usecase: string,
  tenant: string | null,
  scenario: string | null,
  narrowing?: Query,
): Resolution {
  const { index, name: environment } = slice;
  const steps: Step[] = [];
  let verdict: Verdict | undefined;
  let inherited = false;
  for (let level = 0; level < 4 && verdict === undefined; level++) {
    const withTenant = level < 2;
    const withScenario = level % 2 === 0;
    if ((withTenant && tenant === null) || (withScenario && scenario === null)) continue;
    inherited = steps.length > 0;
    if (inherited && !slice.inherit) break;
    const path = scopePath({
      environment: slice.prefix,
      usecase,
      tenant: withTenant ? tenant : null,
      scenario: withScenario ? scenario : null,
    });
    const place = findKey(index, key, withTenant, withScenario);
    const number = place < 0 ? -1 : index.placementAt(place);
    const bundle = index.placements[number]?.bundle;
    if (bundle === undefined) {
      steps.push({ try: path, result: "absent", reason: "SCOPE_NOT_FOUND" });
    } else if (bundle === "inherit") {
      steps.push({ try: path, result: "inherit", reason: "SCOPE_NOT_FOUND" });
    } else {
      const isNone = bundle === "none";
      const reason = isNone ? "NO_ACTIVE" : inherited ? "SCOPE_INHERITED" : null;
      steps.push({ try: path, result: isNone ? "none" : "found", reason });
      verdict = verdictOf(slice, mode, number, narrowing);
    }
  }
  if (verdict !== undefined) for (const step of verdict.steps) steps.push(step);
  return {
    format: RESOLUTION_FORMAT,
    outcome: verdict === undefined ? "none" : verdict.outcome,
    scope: { environment, usecase, tenant, scenario },
    bundle: verdict === undefined ? null : verdict.bundle,
    compatible: verdict === undefined ? false : verdict.compatible,
    posture: mode.profile.posture ?? "NORMAL",
    reasons: verdict === undefined ? NOT_FOUND : inherited ? verdict.inheritedReasons : verdict.reasons,
    steps,
    snapshot: slice.stamp.snapshot,
    policyRevision: slice.stamp.policyRevision,
  };
}

const NOT_FOUND: readonly string[] = Object.freeze(["SCOPE_NOT_FOUND"]);

/** What a placement comes to. What a caller says it has is its own; only what everybody asks is worth keeping. */
function verdictOf(slice: Prepared, mode: Mode, number: number, narrowing: Query | undefined): Verdict {
  const known = narrowing === undefined ? mode.verdicts[number] : undefined;
  if (known !== undefined) return known;
  const { environment, bundleOf, index } = slice;
  const placement = index.placements[number] ?? { bundle: "none" };
  const verdict = judge(environment, bundleOf, placement, mode.profile, narrowing ?? {});
  if (narrowing === undefined) mode.verdicts[number] = verdict;
  return verdict;
}

/** Bundles as they are judged and answered, each made ready when it is first named. */
function candidatesOf(bundles: SliceDocument["bundles"]): (ref: string) => Candidate | undefined {
  const ready = new Map<string, Candidate>();
  return (ref) => {
    const known = ready.get(ref);
    if (known !== undefined) return known;
    const found = Object.hasOwn(bundles, ref) ? bundles[ref] : undefined;
    if (found === undefined) return undefined;
    const { digest, spec, deprecated } = found;
    // Answers share these objects; a caller that changed one would change everybody's.
    freeze(spec);
    const requirements = spec["compatibility"] as Requirements | undefined;
    const candidate = { answer: Object.freeze({ ref, digest, spec }), requirements, deprecated };
    ready.set(ref, candidate);
    return candidate;
  };
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The same text in memory of its own: a name cut from a request would keep the whole request. */
function copy(text: string): string {
  return decoder.decode(encoder.encode(text));
}

function freezeAnswer(answered: Resolution): Resolution {
  Object.freeze(answered.scope);
  for (const step of answered.steps) Object.freeze(step);
  Object.freeze(answered.steps);
  return Object.freeze(answered);
}

function freeze(value: Json | undefined): void {
  if (typeof value !== "object" || value === null) return;
  Object.freeze(value);
  for (const inner of Object.values(value)) freeze(inner);
}
