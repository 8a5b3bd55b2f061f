/**
 * Which exact versions dependency ranges resolve to, kept from landing to landing, so that a landing that moves one
 * says so (DESIGN 2.2). It looks only at dependents of what a landing touched.
 */
import { kindOf, kindOfPrefix } from "../kinds/index.ts";
import { compareBytes, isObject, type JsonObject } from "../model/json.ts";
import { highestWithin } from "../model/version.ts";
import { textAt, type EntryDifference, type Happening } from "./derive.ts";

/** One range an entry asks for. */
export interface Wanted {
  /** `model:<ns>/<name>`. */
  readonly ref: string;
  readonly range: string;
}

export interface Dependencies {
  /** Versions that may be chosen, by `model:<ns>/<name>`. */
  readonly usable: ReadonlyMap<string, readonly string[]>;
  /** What each dependent asks for, by its reference. */
  readonly wanted: ReadonlyMap<string, readonly Wanted[]>;
  /** Dependents by what they ask for. */
  readonly dependents: ReadonlyMap<string, readonly string[]>;
}

/** Dependencies that move on with each landing; what stands in its lists is never changed in place. */
export interface MovingDependencies extends Dependencies {
  readonly usable: Map<string, readonly string[]>;
  readonly wanted: Map<string, readonly Wanted[]>;
  readonly dependents: Map<string, readonly string[]>;
}

/** Before the first landing. */
export const noDependencies: Dependencies = { usable: new Map(), wanted: new Map(), dependents: new Map() };

/** A copy that may move on. */
export function movingFrom({ usable, wanted, dependents }: Dependencies): MovingDependencies {
  return { usable: new Map(usable), wanted: new Map(wanted), dependents: new Map(dependents) };
}

/** Moves on by one landing; an event for each dependency of a landed entry that now resolves elsewhere. */
export function moveDependencies(
  state: MovingDependencies,
  differences: readonly EntryDifference[],
): readonly Happening[] {
  const { usable, wanted, dependents } = state;
  const usableBefore = new Map<string, readonly string[]>();
  const landedHere = new Set<string>();
  for (const { identity, before, after } of differences) {
    const { kind, ref, version } = identity;
    const { shape, lifecycle } = kindOf(kind);
    if (shape !== "versioned") continue;
    const name = ref.slice(0, ref.lastIndexOf("@"));
    const known = usable.get(name) ?? [];
    const isUsable =
      after !== null &&
      !(lifecycle?.final ?? []).includes(textAt(after, "state") ?? lifecycle?.initial ?? "");
    if (version !== null && known.includes(version) !== isUsable) {
      if (!usableBefore.has(name)) usableBefore.set(name, known);
      const others = known.filter((other) => other !== version);
      usable.set(name, isUsable ? [...others, version] : others);
    }
    if (before === null) landedHere.add(ref);
    const asks = after === null ? [] : wantedBy(after);
    const asked = wanted.get(ref) ?? [];
    if (asks.length === 0 && asked.length === 0) continue;
    for (const each of asked)
      dependents.set(
        each.ref,
        (dependents.get(each.ref) ?? []).filter((other) => other !== ref),
      );
    for (const each of asks)
      dependents.set(each.ref, [...new Set([...(dependents.get(each.ref) ?? []), ref])].sort(compareBytes));
    if (asks.length === 0) wanted.delete(ref);
    else wanted.set(ref, asks);
  }
  if (usableBefore.size === 0) return [];
  const happenings: Happening[] = [];
  for (const [name, old] of [...usableBefore].sort(([a], [b]) => compareBytes(a, b))) {
    for (const dependent of dependents.get(name) ?? []) {
      // What an entry asks for when it lands is its own doing, no move.
      if (landedHere.has(dependent)) continue;
      for (const { ref, range } of wanted.get(dependent) ?? []) {
        if (ref !== name) continue;
        const from = highestWithin(old, range) ?? null;
        const to = highestWithin(usable.get(name) ?? [], range) ?? null;
        if (from !== to) happenings.push(moved(dependent, name, from, to));
      }
    }
  }
  return happenings;
}

function moved(dependent: string, name: string, from: string | null, to: string | null): Happening {
  return {
    type: "dependency_moved",
    subject: dependent,
    bundleId: null,
    bundleVersion: null,
    scope: null,
    fromState: from,
    toState: to,
    replaces: null,
    patch: null,
    reason: `${name} now resolves to ${to ?? "nothing"}`,
  };
}

function wantedBy(value: JsonObject): readonly Wanted[] {
  const spec = value["spec"];
  const list = isObject(spec) ? spec["dependencies"] : undefined;
  if (!Array.isArray(list)) return [];
  const found: Wanted[] = [];
  for (const each of list) {
    if (!isObject(each)) continue;
    const ref = textAt(each, "ref");
    const range = textAt(each, "version");
    if (ref === null || range === null || kindOfPrefix(ref.slice(0, ref.indexOf(":"))) === undefined)
      continue;
    found.push({ ref, range });
  }
  return found;
}
