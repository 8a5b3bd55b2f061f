/**
 * What an environment offers, and whether a bundle fits it (DESIGN 3 Environment, DESIGN 8).
 * Lint, the plan and resolution ask the same functions, so they cannot disagree. Pure, over plain values;
 * it must never look at entries, states or time.
 */
import { compareBytes } from "../model/json.ts";

/** What callers are told about how careful to be. */
export type Posture = "NORMAL" | "STEP_UP_ONLY" | "REVIEW";

/** What happens to a live bundle that does not fit: it is withheld, or handed out and marked. */
export type CompatibilityMode = "fail-closed" | "warn";

/** The degrade mode of a query that names none. */
export const NORMAL_MODE = "NORMAL";

/** Everything an environment offers: versions by feature group, versions by schema, capabilities. */
export interface Offer {
  readonly featureGroups: Readonly<Record<string, readonly string[]>>;
  readonly schemas: Readonly<Record<string, readonly string[]>>;
  readonly capabilities: readonly string[];
}

/** What a degrade mode leaves of the offer. A list that is not stated masks nothing. */
export interface DegradeProfile {
  readonly featureGroups?: readonly string[] | undefined;
  readonly capabilities?: readonly string[] | undefined;
  readonly posture?: Posture | undefined;
}

/** The keys that registry.yaml and an Environment have in common. */
export interface OfferFields {
  readonly platform?: Partial<Offer> | { readonly [K in keyof Offer]?: Offer[K] | undefined } | undefined;
  readonly degradeProfiles?: Readonly<Record<string, DegradeProfile>> | undefined;
}

/** An Environment's own fields, as far as compatibility goes. */
export interface EnvironmentFields extends OfferFields {
  readonly rank: number;
  readonly compatibility?: CompatibilityMode | undefined;
}

/** An environment with the registry's defaults filled in. */
export interface EnvironmentOffer {
  readonly compatibility: CompatibilityMode;
  readonly offer: Offer;
  /** By degrade mode; NORMAL may be missing and then masks nothing. */
  readonly degradeProfiles: Readonly<Record<string, DegradeProfile>>;
}

/** What a caller says it has; what it does not say is not narrowed. */
export interface Narrowing {
  /** By feature group the version, or the versions, that the caller has. Groups not named are not there. */
  readonly featureGroups?: Readonly<Record<string, string | readonly string[]>> | undefined;
  readonly capabilities?: readonly string[] | undefined;
}

/** A bundle's `spec.compatibility`; nothing stated = compatible everywhere. */
export interface Requirements {
  readonly featureGroups?: Readonly<Record<string, string>> | undefined;
  readonly schemas?: Readonly<Record<string, string>> | undefined;
  /** The message schema it is called with; looked up in the offered schemas. */
  readonly inputContract?: { readonly schema: string; readonly version: string } | undefined;
  readonly requires?: readonly string[] | undefined;
}

/** Why a bundle does not fit, in DESIGN 8's words. */
export type Mismatch =
  | `FEATURE_GROUP_MISSING:${string}`
  | `FEATURE_GROUP_VERSION_MISMATCH:${string}`
  | `SCHEMA_VERSION_MISMATCH:${string}`
  | `CAPABILITY_MISMATCH:${string}`;

/**
 * Fills an environment from the registry's defaults. Each key of `platform` that the environment states, and each
 * degrade mode, replaces the registry's whole. The highest rank is always fail-closed, whatever it says.
 */
export function offerOf(
  registry: OfferFields,
  environment: EnvironmentFields,
  highestRank: number,
): EnvironmentOffer {
  const base = registry.platform;
  const own = environment.platform;
  const mayWarn = environment.rank < highestRank && environment.compatibility === "warn";
  return {
    compatibility: mayWarn ? "warn" : "fail-closed",
    offer: {
      featureGroups: own?.featureGroups ?? base?.featureGroups ?? {},
      schemas: own?.schemas ?? base?.schemas ?? {},
      capabilities: own?.capabilities ?? base?.capabilities ?? [],
    },
    degradeProfiles: { ...registry.degradeProfiles, ...environment.degradeProfiles },
  };
}

/** The degrade modes an environment knows, NORMAL among them, in byte order. */
export function modesOf(environment: EnvironmentOffer): readonly string[] {
  return [...new Set([NORMAL_MODE, ...Object.keys(environment.degradeProfiles)])].sort(compareBytes);
}

/** The profile of a mode; undefined when the environment does not know the mode (an error, never `none`). */
export function profileOf(environment: EnvironmentOffer, mode: string): DegradeProfile | undefined {
  if (Object.hasOwn(environment.degradeProfiles, mode)) return environment.degradeProfiles[mode];
  return mode === NORMAL_MODE ? {} : undefined;
}

/** What is left of the offer for a caller that states what it has. A caller cannot widen the offer. */
export function narrow(offer: Offer, by: Narrowing): Offer {
  const { featureGroups: groups, capabilities } = by;
  if (groups === undefined && capabilities === undefined) return offer;
  return {
    ...offer,
    featureGroups: groups === undefined ? offer.featureGroups : narrowGroups(offer.featureGroups, groups),
    capabilities:
      capabilities === undefined
        ? offer.capabilities
        : offer.capabilities.filter((name) => capabilities.includes(name)),
  };
}

/** What a degrade profile leaves of the offer. */
export function mask(offer: Offer, profile: DegradeProfile): Offer {
  const { featureGroups: groups, capabilities } = profile;
  if (groups === undefined && capabilities === undefined) return offer;
  return {
    ...offer,
    featureGroups:
      groups === undefined
        ? offer.featureGroups
        : Object.fromEntries(Object.entries(offer.featureGroups).filter(([name]) => groups.includes(name))),
    capabilities:
      capabilities === undefined
        ? offer.capabilities
        : offer.capabilities.filter((name) => capabilities.includes(name)),
  };
}

/**
 * Every way in which a bundle does not fit an offer; empty = compatible. Exact membership, no ranges.
 * Order: feature groups missing, feature group versions, schemas, capabilities; names in byte order.
 */
export function mismatchesOf(requirements: Requirements | undefined, offer: Offer): readonly Mismatch[] {
  if (requirements === undefined) return [];
  const missing: Mismatch[] = [];
  const versions: Mismatch[] = [];
  for (const [name, version] of inByteOrder(requirements.featureGroups)) {
    const offered = versionsIn(offer.featureGroups, name);
    if (offered === undefined) missing.push(`FEATURE_GROUP_MISSING:${name}`);
    else if (!offered.includes(version)) versions.push(`FEATURE_GROUP_VERSION_MISMATCH:${name}`);
  }
  const schemas: Mismatch[] = [];
  for (const name of schemasNotOffered(requirements, offer)) schemas.push(`SCHEMA_VERSION_MISMATCH:${name}`);
  const capabilities: Mismatch[] = [];
  for (const name of [...new Set(requirements.requires)].sort(compareBytes)) {
    if (!offer.capabilities.includes(name)) capabilities.push(`CAPABILITY_MISMATCH:${name}`);
  }
  return [...missing, ...versions, ...schemas, ...capabilities];
}

/** What lint and the plan ask: how a bundle fits an environment in one degrade mode; undefined = unknown mode. */
export function mismatchesInMode(
  requirements: Requirements | undefined,
  environment: EnvironmentOffer,
  mode: string = NORMAL_MODE,
): readonly Mismatch[] | undefined {
  const profile = profileOf(environment, mode);
  return profile === undefined ? undefined : mismatchesOf(requirements, mask(environment.offer, profile));
}

/** Keeps the group even when no version is left, so that the reason says "other version", not "missing". */
function narrowGroups(
  offered: Offer["featureGroups"],
  groups: Readonly<Record<string, string | readonly string[]>>,
): Offer["featureGroups"] {
  const left: [string, readonly string[]][] = [];
  for (const [name, versions] of Object.entries(offered)) {
    if (!Object.hasOwn(groups, name)) continue;
    const wanted = groups[name] ?? [];
    left.push([
      name,
      versions.filter((version) =>
        typeof wanted === "string" ? version === wanted : wanted.includes(version),
      ),
    ]);
  }
  return Object.fromEntries(left);
}

function schemasNotOffered({ schemas, inputContract }: Requirements, offer: Offer): readonly string[] {
  const wanted = Object.entries(schemas ?? {});
  if (inputContract !== undefined) wanted.push([inputContract.schema, inputContract.version]);
  const names = wanted.flatMap(([name, version]) =>
    versionsIn(offer.schemas, name)?.includes(version) === true ? [] : [name],
  );
  return [...new Set(names)].sort(compareBytes);
}

function versionsIn(
  offered: Readonly<Record<string, readonly string[]>>,
  name: string,
): readonly string[] | undefined {
  return Object.hasOwn(offered, name) ? offered[name] : undefined;
}

function inByteOrder(record: Readonly<Record<string, string>> | undefined): readonly [string, string][] {
  return record === undefined ? [] : Object.entries(record).sort((a, b) => compareBytes(a[0], b[0]));
}
