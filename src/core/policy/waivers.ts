/**
 * Waivers: approved exceptions that end. A waiver is live until the instant it names; one that has ended covers nothing.
 * This module must never judge whether an exception is right; its approvals did.
 */
import { millisecondsOf, parseInstant, type Instant } from "../model/instant.ts";
import { compareBytes } from "../model/json.ts";
import type { Entry, Registry } from "../model/registry.ts";
import { selectionOf, type Selection } from "./bindings.ts";

export interface Waivers {
  /** In byte order of their references. */
  readonly live: readonly Entry<"Waiver">[];
  /** The live waivers that cover a rule's violation by an entry in an environment, in byte order. */
  covering(policy: string, rule: string, entry: Entry, environment: string | null): readonly string[];
}

/** Whether a waiver has ended; at the very instant it names it has. */
export function isExpired(waiver: Entry<"Waiver">, asOf: Instant): boolean {
  const expires = parseInstant(waiver.value.expires);
  return expires === undefined || millisecondsOf(expires) <= millisecondsOf(asOf);
}

/** Prepares the waivers of a registry that are live at `asOf`. */
export function waiversOf(registry: Registry, asOf: Instant): Waivers {
  const live = registry
    .ofKind("Waiver")
    .filter((waiver) => !isExpired(waiver, asOf))
    .sort((a, b) => compareBytes(a.ref, b.ref));
  const byPolicy = new Map<string, { readonly waiver: Entry<"Waiver">; readonly selects: Selection }[]>();
  for (const waiver of live) {
    const prepared = { waiver, selects: selectionOf(waiver.value.selector) };
    const known = byPolicy.get(waiver.value.policy);
    if (known === undefined) byPolicy.set(waiver.value.policy, [prepared]);
    else known.push(prepared);
  }
  return {
    live,
    covering(policy, rule, entry, environment) {
      const candidates = byPolicy.get(policy);
      if (candidates === undefined) return nothing;
      return candidates
        .filter(({ waiver, selects }) => (waiver.value.rule ?? rule) === rule && selects(entry, environment))
        .map(({ waiver }) => waiver.ref);
    },
  };
}

const nothing: readonly string[] = [];
