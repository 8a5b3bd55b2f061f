/** The compliance of a registry, computed once for all rules that ask about it. It must never outlive its registry. */
import type { Instant } from "../model/instant.ts";
import type { Registry } from "../model/registry.ts";
import { compliance, type EntryCompliance } from "../policy/compliance.ts";
import type { RuleContext } from "./rule.ts";

const judged = new WeakMap<
  Registry,
  { readonly asOf: Instant; readonly found: readonly EntryCompliance[] }
>();

/** The compliance of every entry at the context's time. */
export function judgedIn({ registry, asOf }: RuleContext): readonly EntryCompliance[] {
  const known = judged.get(registry);
  if (known?.asOf === asOf) return known.found;
  const found = compliance(registry, asOf);
  judged.set(registry, { asOf, found });
  return found;
}
