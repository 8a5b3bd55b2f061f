/**
 * What a service says when it opens a release, checked once. Wrong options are a Failure at once and never a default.
 */
import { Failure } from "../core/model/failure.ts";
import { millisecondsOfDuration } from "../core/model/duration.ts";
import { isObject } from "../core/model/json.ts";
import { isName } from "../core/model/ref.ts";
import { shown } from "./question.ts";
import { safeHooks, type Hooks } from "./events.ts";
import type { StalePolicy } from "./freshness.ts";
import type { Meter } from "./metrics.ts";
import type { ReleaseReader } from "./source/reader.ts";
import { machine, type World } from "./world.ts";

/** Seconds, or an ISO 8601 duration without months and years: `30`, `"PT30S"`, `"P2D"`. */
export type Duration = number | string;

/** `/srv/release`, `https://…`, `oci://…`, `s3://…`, `github-release:…`, or a reader of one's own. */
export type Source = string | ReleaseReader;

export interface ReleaseOptions {
  /** Where the release lies; of several, the first that gives a good answer is used, in this order, each time. */
  readonly source: Source | readonly Source[];
  /** The TUF root that is trusted, handed over outside of any source: the path of the file, or its bytes. */
  readonly trust?: string | Uint8Array | undefined;
  /** Development only: reads a snapshot that nobody signed, and says so everywhere. */
  readonly unsigned?: boolean | undefined;
  /** The id that the registry must have. Without it, that of the first release accepted. */
  readonly registry?: string | undefined;
  /** A folder that survives restarts, shared by any number of processes. Without it nothing is kept. */
  readonly cacheDir?: string | undefined;
  /** How often to ask for a newer release; 30 seconds unless said. `false`: only when `refresh()` is called. */
  readonly refresh?: Duration | false | undefined;
  /** What to do once the signed expiry has passed: answer nothing (the default), or go on for so long. */
  readonly onStale?: "fail" | { readonly serveLastGood: Duration } | undefined;
  /** No release below this is used, whatever the cache has forgotten. A floor; nothing pins a release. */
  readonly minSequence?: number | undefined;
  /** How long a source may take over one answer; a minute unless said. */
  readonly timeout?: Duration | undefined;
  readonly hooks?: Hooks | undefined;
  /** An OpenTelemetry Meter. */
  readonly meter?: Meter | undefined;
  /** The clock, randomness and timers; the machine's unless said. */
  readonly world?: Partial<World> | undefined;
}

/** The same, checked and in one unit: milliseconds. */
export interface Settings {
  readonly sources: readonly Source[];
  readonly trust: string | Uint8Array | undefined;
  readonly unsigned: boolean;
  readonly registry: string | undefined;
  readonly environment: string | undefined;
  readonly tenant: string | null;
  readonly cacheDir: string | undefined;
  readonly interval: number | undefined;
  readonly onStale: StalePolicy;
  readonly minSequence: number | undefined;
  readonly timeout: number;
  readonly hooks: Hooks;
  readonly meter: Meter | undefined;
  readonly world: World;
}

/**
 * Checks options. `place` is whose: an environment and a tenant for a resolver, neither for a catalogue. `own` are the
 * names of options that only the caller knows.
 */
export function settingsOf(
  options: ReleaseOptions,
  place: { readonly environment?: string | undefined; readonly tenant?: string | null | undefined },
  own: readonly string[] = [],
): Settings {
  requireShapes(given(options), [...Object.keys(place), ...own]);
  const { source, unsigned = false, registry, minSequence, onStale = "fail", refresh = 30 } = options;
  const trust = options.trust ?? undefined;
  const sources = isMany(source) ? source : [source];
  if (sources.length === 0 || sources.some((each) => each === "")) {
    throw wrong("no source is named", NAME_A_SOURCE);
  }
  if (trust === undefined && !unsigned) {
    throw new Failure("client/no-trust", "Nothing says whose signatures to believe.", {
      hint: "Hand over the registry's root.json as trust; unsigned: true is for development only.",
      category: "auth",
    });
  }
  if (trust !== undefined && unsigned) {
    throw wrong("trust and unsigned contradict each other", "Leave out unsigned wherever trust is given.");
  }
  if (registry !== undefined && !isName(registry))
    throw wrong(`"${registry}" is no registry id`, "Write it as registry.yaml does.");
  // A resolver has one environment; its tenant may be left out.
  for (const [what, name] of Object.entries(place)) {
    if (what === "tenant" && name == null) continue;
    if (typeof name === "string" && isName(name)) continue;
    throw wrong(
      `${shown(name)} is no ${what}`,
      "Names are lower-case letters, digits, dots, dashes and underscores.",
    );
  }
  if (minSequence !== undefined && !(Number.isSafeInteger(minSequence) && minSequence >= 0))
    throw wrong(`minSequence cannot be ${String(minSequence)}`, "Give a landing's number.");
  const world: World = { ...machine, ...options.world };
  return {
    sources,
    trust,
    unsigned,
    registry,
    environment: place.environment,
    tenant: place.tenant ?? null,
    cacheDir: options.cacheDir,
    interval: refresh === false ? undefined : lengthOf("refresh", refresh, 1),
    onStale:
      onStale === "fail" ? "fail" : { serveLastGood: lengthOf("serveLastGood", onStale.serveLastGood, 0) },
    minSequence,
    timeout: lengthOf("timeout", options.timeout ?? 60, 1),
    hooks: safeHooks(options.hooks ?? {}, (line) => world.say(line)),
    meter: options.meter,
    world,
  };
}

/** The same options, where any were handed over; a program without types may forget them. */
export function given<T extends ReleaseOptions>(options: T): T {
  if (isObject(options)) return options;
  throw wrong(`they are ${shown(options)}`, "Hand over an object: at least a source, and whom to trust.");
}

type Fits = (value: unknown) => boolean;
const isText: Fits = (value) => typeof value === "string" && value !== "";
const isSource: Fits = (value) =>
  typeof value === "string" || (isObject(value) && typeof value["read"] === "function");
const isLength: Fits = (value) => typeof value === "number" || typeof value === "string";

/** What each option may be, and how that is said. Values are looked at more closely where they are used. */
const SHAPES: Readonly<Record<keyof ReleaseOptions, readonly [Fits, string]>> = {
  source: [
    (value) => (Array.isArray(value) ? value.every(isSource) : isSource(value)),
    "Give a folder, an address or a reader, or a list of those.",
  ],
  trust: [
    (value) => value === null || isText(value) || value instanceof Uint8Array,
    "Give the path of root.json, or its bytes.",
  ],
  // "false", as settings of a process are written, must not mean true.
  unsigned: [(value) => typeof value === "boolean", "Give true or false, and no text."],
  registry: [(value) => typeof value === "string", "Give the id that registry.yaml has."],
  cacheDir: [isText, "Give the path of a folder, or leave it out to keep nothing."],
  refresh: [(value) => value === false || isLength(value), "Give seconds, a duration, or false."],
  onStale: [(value) => value === "fail" || isObject(value), 'Give "fail", or { serveLastGood: "PT6H" }.'],
  minSequence: [(value) => typeof value === "number", "Give a landing's number."],
  timeout: [isLength, 'Give seconds, or a duration such as "PT30S".'],
  hooks: [
    (value) =>
      isObject(value) && Object.values(value).every((each) => each == null || typeof each === "function"),
    "Give functions by the names of the hooks: resolved, refreshed, warned.",
  ],
  meter: [
    (value) => isObject(value) && typeof value["createCounter"] === "function",
    "Give a Meter of OpenTelemetry.",
  ],
  world: [isObject, "Give a clock, randomness and timers."],
};

/** Programs without types may hand over anything; what is not understood must not be read as if it were not there. */
function requireShapes(options: ReleaseOptions, own: readonly string[]): void {
  for (const [name, value] of Object.entries(options)) {
    if (own.includes(name)) continue;
    const shape = Object.hasOwn(SHAPES, name) ? SHAPES[name as keyof ReleaseOptions] : undefined;
    if (shape === undefined)
      throw wrong(
        `nothing is known of ${JSON.stringify(name)}`,
        `Options are ${[...own, ...Object.keys(SHAPES)].join(", ")}.`,
      );
    const [fits, hint] = shape;
    if (value !== undefined && !fits(value)) throw wrong(`${name} cannot be ${shown(value)}`, hint);
  }
  if (options.source === undefined) throw wrong("no source is named", NAME_A_SOURCE);
}

const NAME_A_SOURCE = "Name the folder or address that the release is pushed to.";

function isMany(source: ReleaseOptions["source"]): source is readonly Source[] {
  return Array.isArray(source);
}

/** Milliseconds. An endless duration would be an open bound, and is refused like everything that is no length. */
function lengthOf(what: string, duration: Duration, least: number): number {
  const milliseconds =
    typeof duration === "number" ? duration * 1000 : (millisecondsOfDuration(duration) ?? Number.NaN);
  if (Number.isFinite(milliseconds) && milliseconds >= least) return milliseconds;
  throw wrong(
    `${what} cannot be ${JSON.stringify(duration)}`,
    'Give seconds, or a duration such as "PT30S" or "P2D"; it has an end.',
  );
}

function wrong(what: string, hint: string): Failure {
  return new Failure("client/options", `The options of the client do not fit: ${what}.`, { hint });
}
