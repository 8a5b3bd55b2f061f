/**
 * A registry that changes entry by entry, for following a history without loading each of its trees. It answers as the
 * registry of the same entries does. It has no files: whoever asks for them has the wrong registry.
 */
import type { KindName } from "../model/kind.ts";
import type { JsonObject } from "../model/json.ts";
import type { Plugins } from "../model/plugin.ts";
import type { Identity } from "../model/ref.ts";
import type { Entry, Registry } from "../model/registry.ts";
import { treeOf } from "../model/tree.ts";
import { compareVersions } from "../model/version.ts";

export interface LiveRegistry extends Registry {
  /** `value` must fit the schema of its kind. */
  put(identity: Identity, value: JsonObject): void;
  remove(identity: Identity): void;
  /** Whoever judges says which. */
  plugins?: Plugins;
}

/** A registry of nothing. */
export function openLiveRegistry(): LiveRegistry {
  const byRef = new Map<string, Entry>();
  const byKind = new Map<KindName, Map<string, Entry>>();
  // Made when asked for; a landing forgets those of its kinds.
  const lists = new Map<KindName, readonly Entry[]>();
  const names = new Map<KindName, ReadonlyMap<string, readonly Entry[]>>();
  const forget = (kind: KindName): void => {
    lists.delete(kind);
    names.delete(kind);
  };
  const listOf = (kind: KindName): readonly Entry[] => {
    let list = lists.get(kind);
    if (list === undefined) lists.set(kind, (list = inOrder(byKind.get(kind)?.values() ?? [])));
    return list;
  };
  return {
    tree: treeOf([]),
    get entries() {
      return inOrder(byRef.values());
    },
    get: (ref) => byRef.get(ref),
    ofKind: <K extends KindName>(kind: K) => listOf(kind) as readonly Entry<K>[],
    versions<K extends KindName>(kind: K, nsName: string) {
      let named = names.get(kind);
      if (named === undefined) names.set(kind, (named = versionsByName(listOf(kind))));
      return (named.get(nsName) ?? []) as readonly Entry<K>[];
    },
    runsOf: (target) =>
      (listOf("Evaluation") as readonly Entry<"Evaluation">[]).filter(({ value }) => value.target === target),
    isBroken: () => false,
    put(identity, value) {
      const { kind, ref, id, ns, name, version, path } = identity;
      // The caller has held it against its schema; as in the loader, this is where a value becomes typed.
      const entry: Entry = { kind, ref, id, ns, name, version, path, value: value as Entry["value"] };
      byRef.set(ref, entry);
      let own = byKind.get(kind);
      if (own === undefined) byKind.set(kind, (own = new Map()));
      own.set(ref, entry);
      forget(kind);
    },
    remove({ kind, ref }) {
      byRef.delete(ref);
      byKind.get(kind)?.delete(ref);
      forget(kind);
    },
  };
}

/** References are ASCII, for which the order of code units is the order of bytes. */
function inOrder(entries: Iterable<Entry>): readonly Entry[] {
  return [...entries].sort((a, b) => (a.ref < b.ref ? -1 : a.ref > b.ref ? 1 : 0));
}

function versionsByName(entries: readonly Entry[]): ReadonlyMap<string, readonly Entry[]> {
  const named = new Map<string, Entry[]>();
  for (const entry of entries) {
    const name = `${entry.ns}/${entry.name}`;
    const list = named.get(name);
    if (list === undefined) named.set(name, [entry]);
    else list.push(entry);
  }
  for (const list of named.values()) list.sort((a, b) => compareVersions(a.version ?? "", b.version ?? ""));
  return named;
}
