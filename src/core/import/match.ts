/**
 * Which entry of the registry describes which foreign model: by provider and upstream id, whatever its name.
 */
import { compareBytes } from "../model/json.ts";
import type { Entry, Registry } from "../model/registry.ts";
import { ownSources } from "./provenance.ts";
import { asObject } from "./sync.ts";

/** The latest version of every model that states its upstream id, by vendorKey. */
export type KnownModels = ReadonlyMap<string, Entry<"Model">>;

/** The key of a model at its vendor. Upstream ids hold no line feed, references neither. */
export function vendorKey(providerRef: string, upstreamId: string): string {
  return `${providerRef}\n${upstreamId}`;
}

/**
 * Finds the models an import may meet. Of several entries for the same vendor's model (two names, say) the one that
 * this source made counts, then the first in bytes.
 */
export function matchModels(registry: Registry, uri: string | null): KnownModels {
  const latest = new Map<string, Entry<"Model">>();
  for (const { ns, name } of registry.ofKind("Model")) {
    const id = `${ns ?? ""}/${name}`;
    if (latest.has(id)) continue;
    const versions = registry.versions("Model", id);
    const last = versions.at(-1);
    if (last !== undefined) latest.set(id, last);
  }
  const known = new Map<string, Entry<"Model">>();
  const isOwn = (entry: Entry<"Model">): boolean => ownSources(asObject(entry.value), uri).length > 0;
  for (const [, entry] of [...latest].sort(([a], [b]) => compareBytes(a, b))) {
    const { provider, upstreamId } = entry.value.spec;
    if (upstreamId === undefined) continue;
    const key = vendorKey(provider, upstreamId);
    const other = known.get(key);
    if (other === undefined || (!isOwn(other) && isOwn(entry))) known.set(key, entry);
  }
  return known;
}
