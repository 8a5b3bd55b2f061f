/** A registry for tests of rules, from paths and values as files would hold them (not schema-checked). */
import { identityOfPath } from "../src/core/source/reference.ts";
import { compareBytes } from "../src/core/model/json.ts";
import type { KindName } from "../src/core/model/kind.ts";
import type { Entry, Registry } from "../src/core/model/registry.ts";
import { treeOfTexts } from "../src/core/model/tree.ts";
import { compareVersions } from "../src/core/model/version.ts";

/** Makes the registry. `texts` are further files of the tree (CODEOWNERS, say); `broken` are unreadable entries. */
export function registryOfValues(
  values: Readonly<Record<string, object>>,
  texts: Readonly<Record<string, string>> = {},
  broken: readonly string[] = [],
): Registry {
  const entries = Object.entries(values)
    .map(([path, value]) => {
      const identity = identityOfPath(path);
      if (identity === undefined) throw new Error(`${path} is no entry's path`);
      return { ...identity, value } as Entry;
    })
    .sort((a, b) => compareBytes(a.ref, b.ref));
  const files = Object.fromEntries(Object.entries(values).map(([path, value]) => [path, JSON.stringify(value)]));
  const ofKind = <K extends KindName>(kind: K): readonly Entry<K>[] =>
    entries.filter((entry): entry is Entry<K> & Entry => entry.kind === kind);
  return {
    tree: treeOfTexts({ ...files, ...texts }),
    entries,
    get: (ref) => entries.find((entry) => entry.ref === ref),
    ofKind,
    versions: (kind, nsName) =>
      ofKind(kind)
        .filter((entry) => `${entry.ns}/${entry.name}` === nsName)
        .sort((a, b) => compareVersions(a.version ?? "", b.version ?? "")),
    isBroken: (ref) => broken.includes(ref),
  };
}
