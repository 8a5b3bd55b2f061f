/** What is in use: which scopes reach an entry. It must never resolve; it follows what activations name. */
import { reachOf } from "../../compile/reach.ts";
import { compareBytes } from "../../model/json.ts";
import type { Registry } from "../../model/registry.ts";
import { liveBundle } from "./chosen.ts";

export interface Use {
  /** The scopes whose bundle or fallback is the entry or reaches it, in byte order; none = not in use. */
  scopes(ref: string): readonly string[];
}

/** Follows every activation, or those of one environment. */
export function useOf(registry: Registry, environment: string | null): Use {
  const scopes = new Map<string, Set<string>>();
  const reached = new Map<string, readonly string[]>();
  for (const activation of registry.ofKind("Activation")) {
    if (environment !== null && !activation.id.startsWith(`${environment}/`)) continue;
    for (const which of ["bundle", "fallback"] as const) {
      const bundle = liveBundle(activation, registry, which);
      if (bundle === undefined) continue;
      let refs = reached.get(bundle.ref);
      if (refs === undefined) {
        refs = [bundle.ref, ...reachOf(bundle, registry).map(({ ref }) => ref)];
        reached.set(bundle.ref, refs);
      }
      for (const ref of refs) {
        const known = scopes.get(ref);
        if (known === undefined) scopes.set(ref, new Set([activation.id]));
        else known.add(activation.id);
      }
    }
  }
  const listed = new Map([...scopes].map(([ref, found]) => [ref, [...found].sort(compareBytes)]));
  return { scopes: (ref) => listed.get(ref) ?? nowhere };
}

const nowhere: readonly string[] = [];
