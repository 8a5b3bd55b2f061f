/** The compliance of a registry, computed once for all rules that ask about it. It must never outlive its registry. */
import type { Instant } from "../model/instant.ts";
import type { Registry } from "../model/registry.ts";
import { compliance, type EntryCompliance } from "../policy/compliance.ts";
import type { RuleContext } from "./rule.ts";

interface Judged {
  readonly asOf: Instant;
  readonly asks: RuleContext["asks"];
  readonly found: readonly EntryCompliance[];
}

const judged = new WeakMap<Registry, Judged>();

/**
 * The compliance of the entries that are asked about, at the context's time. Where a waiver is asked about all entries
 * are judged, because it may excuse any of them.
 */
export function judgedIn({ registry, asOf, asks }: RuleContext): readonly EntryCompliance[] {
  const known = judged.get(registry);
  if (known?.asOf === asOf && known.asks === asks) return known.found;
  const needsAll = registry.ofKind("Waiver").some(({ path }) => asks(path));
  const found = compliance(
    registry,
    asOf,
    needsAll ? {} : { entries: registry.entries.filter(({ path }) => asks(path)) },
  );
  judged.set(registry, { asOf, asks, found });
  return found;
}
