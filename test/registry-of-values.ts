/** A registry for tests of rules, from paths and values as files would hold them (not schema-checked). */
import type { Entry, Registry } from "../src/core/model/registry.ts";
import { treeOfTexts } from "../src/core/model/tree.ts";
import { registryOf } from "../src/core/source/registry-of.ts";
import { identityOfPath } from "../src/core/source/reference.ts";

/** Makes the registry. `texts` are further files of the tree (CODEOWNERS, say); `broken` are unreadable entries. */
export function registryOfValues(
  values: Readonly<Record<string, object>>,
  texts: Readonly<Record<string, string>> = {},
  broken: readonly string[] = [],
): Registry {
  const entries = Object.entries(values).map(([path, value]) => {
    const identity = identityOfPath(path);
    if (identity === undefined) throw new Error(`${path} is no entry's path`);
    return { ...identity, value } as Entry;
  });
  const files = Object.fromEntries(
    Object.entries(values).map(([path, value]) => [path, JSON.stringify(value)]),
  );
  return registryOf(treeOfTexts({ ...files, ...texts }), entries, new Set(broken));
}
