/**
 * Which exact versions dependency ranges resolve to, kept from landing to landing, so that a landing that moves one
 * says so (DESIGN 2.2). It looks only at dependents of what a landing touched.
 */
import { kindOf, kindOfPrefix } from "../kinds/index.ts";
import { compareBytes, isObject, type JsonObject } from "../model/json.ts";
import { highestWithin } from "../model/version.ts";
import { textAt, type EntryDifference, type Happening } from "./derive.ts";

/** One range an entry asks for. */
interface Wanted {
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

/** Before the first landing. */
export const noDependencies: Dependencies = { usable: new Map(), wanted: new Map(), dependents: new Map() };

/** The next state, and an event for each dependency of a landed entry that now resolves elsewhere. */
export function advanceDependencies(
  state: Dependencies,
  differences: readonly EntryDifference[],
): { readonly state: Dependencies; readonly happenings: readonly Happening[] } {
  const relevant = differences.filter(({ identity }) => kindOf(identity.kind).shape === "versioned");
  if (relevant.length === 0) return { state, happenings: [] };
  const usable = new Map(state.usable);
  const wanted = new Map(state.wanted);
  const dependents = new Map(state.dependents);
  const touched = new Set<string>();
  const landedHere = new Set<string>();
  for (const { identity, before, after } of relevant) {
    const { kind, ref, version } = identity;
    const name = ref.slice(0, ref.lastIndexOf("@"));
    const others = (usable.get(name) ?? []).filter((known) => known !== version);
    const { lifecycle } = kindOf(kind);
    const isUsable = after !== null && !(lifecycle?.final ?? []).includes(textAt(after, "state") ?? lifecycle?.initial ?? "");
    usable.set(name, isUsable && version !== null ? [...others, version].sort(compareBytes) : others);
    touched.add(name);
    const asks = after === null ? [] : wantedBy(after);
    const asked = wanted.get(ref) ?? [];
    if (asks.length === 0 && asked.length === 0) continue;
    if (before === null) landedHere.add(ref);
    for (const each of asked) dependents.set(each.ref, (dependents.get(each.ref) ?? []).filter((known) => known !== ref));
    for (const each of asks) dependents.set(each.ref, [...new Set([...(dependents.get(each.ref) ?? []), ref])].sort(compareBytes));
    if (asks.length === 0) wanted.delete(ref);
    else wanted.set(ref, asks);
  }
  const happenings: Happening[] = [];
  for (const name of [...touched].sort(compareBytes)) {
    for (const dependent of dependents.get(name) ?? []) {
      // What an entry asks for when it lands is its own doing, no move.
      if (landedHere.has(dependent)) continue;
      for (const { ref, range } of wanted.get(dependent) ?? []) {
        if (ref !== name) continue;
        const from = highestWithin(state.usable.get(name) ?? [], range) ?? null;
        const to = highestWithin(usable.get(name) ?? [], range) ?? null;
        if (from !== to) happenings.push(moved(dependent, name, from, to));
      }
    }
  }
  return { state: { usable, wanted, dependents }, happenings };
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
    if (ref === null || range === null || kindOfPrefix(ref.slice(0, ref.indexOf(":"))) === undefined) continue;
    found.push({ ref, range });
  }
  return found;
}
