/**
 * Makes registries of entries: of all that there are, or of another registry and what differs from it, at the cost of
 * what differs. Both are the same value, and neither is ever altered. It must never judge an entry.
 */
import { kindOf } from "../kinds/index.ts";
import type { KindName } from "../model/kind.ts";
import { layersOf, type Layers } from "../model/layers.ts";
import type { Entry, Registry } from "../model/registry.ts";
import { sortedOf, type Sorted } from "../model/sorted.ts";
import type { Tree } from "../model/tree.ts";
import { compareVersions } from "../model/version.ts";

/** Makes a registry value of entries in any order. */
export function registryOf(
  tree: Tree,
  entries: readonly Entry[],
  broken: ReadonlySet<string> = new Set(),
): Registry {
  // References are ASCII, for which the order of code units is the order of bytes.
  const sorted = [...entries].sort((a, b) => (a.ref < b.ref ? -1 : a.ref > b.ref ? 1 : 0));
  const byRef = new Map<string, Entry>();
  const lists = new Map<KindName, Entry[]>();
  for (const entry of sorted) {
    byRef.set(entry.ref, entry);
    const list = lists.get(entry.kind);
    if (list === undefined) lists.set(entry.kind, [entry]);
    else list.push(entry);
  }
  const byKind = new Map([...lists].map(([kind, list]) => [kind, sortedOf(list, refOf)]));
  return assembled({ tree, broken, byRef: layersOf(byRef), byKind, byName: new Map() }, sorted);
}

/** The registry of a tree that differs from another registry's in these entries, by reference; undefined = not there. */
export function patchedRegistry(
  before: Registry,
  tree: Tree,
  changes: ReadonlyMap<string, Entry | undefined>,
): Registry {
  const parts = partsOf.get(before);
  if (parts === undefined) {
    const kept = before.entries.filter(({ ref }) => !changes.has(ref));
    return registryOf(tree, [...kept, ...[...changes.values()].flatMap((entry) => entry ?? [])]);
  }
  const old = new Map<string, Entry>(
    [...changes.keys()].flatMap((ref) => before.get(ref) ?? []).map((entry) => [entry.ref, entry]),
  );
  const touched = new Map<KindName, Map<string, Entry | undefined>>();
  for (const [ref, entry] of changes) {
    const kind = entry?.kind ?? old.get(ref)?.kind;
    if (kind === undefined) continue;
    const own = touched.get(kind);
    if (own === undefined) touched.set(kind, new Map([[ref, entry]]));
    else own.set(ref, entry);
  }
  const byKind = new Map(parts.byKind);
  const byName = new Map(parts.byName);
  for (const [kind, own] of touched) {
    byKind.set(kind, (byKind.get(kind) ?? sortedOf<Entry>([], refOf)).with(own));
    const names = byName.get(kind);
    if (names !== undefined) byName.set(kind, names.with(renamed(names, own, old)));
  }
  const runs = touched.get("Evaluation");
  const byTarget =
    runs === undefined ? parts.byTarget : parts.byTarget?.with(retargeted(parts.byTarget, runs, old));
  return assembled({
    tree,
    broken: parts.broken,
    byRef: parts.byRef.with(changes),
    byKind,
    byName,
    ...(byTarget && { byTarget }),
  });
}

/** What a registry is made of. Indexes are made when first asked for, and then handed on. */
interface Parts {
  readonly tree: Tree;
  readonly broken: ReadonlySet<string>;
  readonly byRef: Layers<Entry>;
  readonly byKind: ReadonlyMap<KindName, Sorted<Entry>>;
  /** Versions by `<ns>/<name>`. */
  readonly byName: Map<KindName, Layers<readonly Entry[]>>;
  /** Evaluations by what they measured. */
  byTarget?: Layers<readonly Entry<"Evaluation">[]>;
}

const partsOf = new WeakMap<Registry, Parts>();

function assembled(parts: Parts, sorted?: readonly Entry[]): Registry {
  const { tree, broken, byRef, byKind, byName } = parts;
  let entries = sorted;
  const listOf = (kind: KindName): readonly Entry[] => byKind.get(kind)?.all() ?? [];
  const registry: Registry = {
    tree,
    get entries() {
      return (entries ??= inOrder(byKind));
    },
    get: byRef.get,
    ofKind: <K extends KindName>(kind: K) => listOf(kind) as readonly Entry<K>[],
    versions<K extends KindName>(kind: K, nsName: string) {
      let names = byName.get(kind);
      if (names === undefined) byName.set(kind, (names = layersOf(versionsByName(listOf(kind)))));
      return (names.get(nsName) ?? []) as readonly Entry<K>[];
    },
    runsOf(target) {
      parts.byTarget ??= layersOf(runsByTarget(listOf("Evaluation") as readonly Entry<"Evaluation">[]));
      return parts.byTarget.get(target) ?? [];
    },
    isBroken: (ref) => broken.has(ref),
  };
  partsOf.set(registry, parts);
  return registry;
}

/** All entries: those of a kind stand together, because their references begin with the same word and a colon. */
function inOrder(byKind: ReadonlyMap<KindName, Sorted<Entry>>): readonly Entry[] {
  const lists = [...byKind]
    .map(([kind, list]) => ({ prefix: `${kindOf(kind).prefix}:`, list: list.all() }))
    .sort((a, b) => (a.prefix < b.prefix ? -1 : 1));
  const none: Entry[] = [];
  return none.concat(...lists.map(({ list }) => list));
}

function versionsByName(entries: readonly Entry[]): ReadonlyMap<string, readonly Entry[]> {
  const names = new Map<string, Entry[]>();
  for (const entry of entries) {
    if (kindOf(entry.kind).shape !== "versioned") continue;
    const list = names.get(nameOf(entry));
    if (list === undefined) names.set(nameOf(entry), [entry]);
    else list.push(entry);
  }
  for (const list of names.values()) if (list.length > 1) list.sort(byVersion);
  return names;
}

function runsByTarget(
  runs: readonly Entry<"Evaluation">[],
): ReadonlyMap<string, readonly Entry<"Evaluation">[]> {
  const byTarget = new Map<string, Entry<"Evaluation">[]>();
  for (const run of runs) {
    const known = byTarget.get(run.value.target);
    if (known === undefined) byTarget.set(run.value.target, [run]);
    else known.push(run);
  }
  return byTarget;
}

type Old = ReadonlyMap<string, Entry>;
type Changed = ReadonlyMap<string, Entry | undefined>;

/** The names whose versions are others now, with all of them. */
function renamed(
  names: Layers<readonly Entry[]>,
  changes: Changed,
  old: Old,
): readonly (readonly [string, readonly Entry[] | undefined])[] {
  const entries = [...changes].flatMap(([ref, entry]) => entry ?? old.get(ref) ?? []);
  const touched = new Set(entries.filter(({ kind }) => kindOf(kind).shape === "versioned").map(nameOf));
  return [...touched].map((name) => {
    const kept = (names.get(name) ?? []).filter(({ ref }) => !changes.has(ref));
    const now = [...changes.values()].flatMap((entry) =>
      entry !== undefined && nameOf(entry) === name ? [entry] : [],
    );
    // In order of references first, as when all of them are read.
    const list = [...kept, ...now].sort((a, b) => (a.ref < b.ref ? -1 : 1)).sort(byVersion);
    return [name, list.length === 0 ? undefined : list];
  });
}

/** The targets whose evaluations are others now, with all of them. */
function retargeted(
  byTarget: Layers<readonly Entry<"Evaluation">[]>,
  changes: Changed,
  old: Old,
): readonly (readonly [string, readonly Entry<"Evaluation">[] | undefined])[] {
  const sides = [...changes]
    .flatMap(([ref, entry]) => [entry, old.get(ref)])
    .flatMap((each) => runIn(each) ?? []);
  return [...new Set(sides.map(({ value }) => value.target))].map((target) => {
    const kept = (byTarget.get(target) ?? []).filter(({ ref }) => !changes.has(ref));
    const now = [...changes.values()]
      .flatMap((each) => runIn(each) ?? [])
      .filter(({ value }) => value.target === target);
    const list = [...kept, ...now].sort((a, b) => (a.ref < b.ref ? -1 : 1));
    return [target, list.length === 0 ? undefined : list];
  });
}

function runIn(entry: Entry | undefined): Entry<"Evaluation"> | undefined {
  return entry?.kind === "Evaluation" ? (entry as Entry<"Evaluation">) : undefined;
}

function byVersion(a: Entry, b: Entry): number {
  return compareVersions(a.version ?? "", b.version ?? "");
}

function nameOf({ ns, name }: Entry): string {
  return `${ns}/${name}`;
}

function refOf({ ref }: Entry): string {
  return ref;
}
