/**
 * Which policies apply to which entries: PolicyBindings and the selectors they share with waivers (DESIGN 3).
 * Keys of a selector are ANDed, the values within a key ORed; labels must all be carried; an empty selector means all.
 * This module must never ask what a policy says, only whether it applies.
 */
import type { Selector } from "../../generated/entries.ts";
import { compareBytes } from "../model/json.ts";
import type { KindName } from "../model/kind.ts";
import type { Entry, Registry } from "../model/registry.ts";

/** How near a binding aims: at everything, at namespaces, or at single entries (DESIGN 3; derived, never written). */
export type BindingLevel = "global" | "namespace" | "entry";

export interface BoundBy {
  /** The PolicyBinding's reference. */
  readonly ref: string;
  readonly level: BindingLevel;
}

/** A policy that applies to an entry, and every binding that brought it, in byte order of their references. */
export interface EffectivePolicy {
  /** The Policy's full reference. */
  readonly policy: string;
  /** `enforce` when any of the bindings enforces. */
  readonly mode: "enforce" | "warn";
  readonly bindings: readonly BoundBy[];
}

/** A selector that is ready to be asked. */
export interface Selection {
  /** Whether the entry is meant; `environment` is where it is asked about, null where none is meant. */
  (entry: Entry, environment: string | null): boolean;
}

/** The level of a binding by what its selector names. */
export function levelOf(selector: Selector): BindingLevel {
  return selector.refs !== undefined ? "entry" : selector.namespaces !== undefined ? "namespace" : "global";
}

/** The environment an activation is live in, as a reference; null for every other entry. */
export function environmentOf(entry: Entry): string | null {
  return entry.kind === "Activation" ? `environment:${entry.id.slice(0, entry.id.indexOf("/"))}` : null;
}

/** Prepares a selector. An activation is asked about in its own environment, whatever the caller means. */
export function selectionOf(selector: Selector): Selection {
  const kinds = setOf(selector.kinds);
  const namespaces = setOf(selector.namespaces);
  const refs = setOf(selector.refs);
  const states = setOf(selector.states);
  const environments = setOf(selector.environments);
  const labels = Object.entries(selector.labels ?? {});
  return (entry, environment) => {
    if (kinds !== undefined && !kinds.has(entry.kind)) return false;
    if (namespaces !== undefined && (entry.ns === null || !namespaces.has(entry.ns))) return false;
    if (refs !== undefined && !refs.has(entry.ref)) return false;
    if (states !== undefined && !("state" in entry.value && states.has(String(entry.value.state))))
      return false;
    if (environments !== undefined) {
      const where = environmentOf(entry) ?? environment;
      if (where === null || !environments.has(where)) return false;
    }
    if (labels.length === 0) return true;
    const carried: Readonly<Record<string, string | undefined>> = entry.value.labels ?? {};
    return labels.every(([key, value]) => Object.hasOwn(carried, key) && carried[key] === value);
  };
}

/** All bindings of a registry, ready to be asked. */
export interface Bindings {
  /** The environments that bindings name, as references in byte order. */
  readonly environments: readonly string[];
  /** The policies that apply, in byte order; the same list for entries that the same bindings reach. */
  policiesOf(entry: Entry, environment: string | null): readonly EffectivePolicy[];
  /** Whether a binding that names environments reaches the entry there. */
  isSpecial(entry: Entry, environment: string): boolean;
}

/** Prepares the bindings of a registry. Their order in it never matters. */
export function bindingsOf(registry: Registry): Bindings {
  const prepared = registry.ofKind("PolicyBinding").map((entry) => prepare(entry, registry));
  prepared.sort((a, b) => compareBytes(a.by.ref, b.by.ref));
  const byKind = new Map<
    KindName,
    (entry: Entry, environment: string | null) => readonly EffectivePolicy[]
  >();
  const named = new Set(prepared.flatMap((binding) => [...(binding.environments ?? [])]));

  return {
    environments: [...named].sort(compareBytes),
    policiesOf(entry, environment) {
      let policiesOf = byKind.get(entry.kind);
      if (policiesOf === undefined)
        byKind.set(entry.kind, (policiesOf = chooserOf(entry.kind, prepared, registry)));
      return policiesOf(entry, environment);
    },
    isSpecial(entry, environment) {
      return prepared.some(
        (binding) =>
          binding.environments?.has(environment) === true &&
          binding.kinds.has(entry.kind) &&
          binding.selects(entry, environment),
      );
    },
  };
}

/**
 * The policies of entries of one kind. Nearly all of them are reached by the same bindings, so what a set of bindings
 * brings is put together once and found again by which of them selected the entry.
 */
function chooserOf(
  kind: KindName,
  all: readonly Prepared[],
  registry: Registry,
): (entry: Entry, environment: string | null) => readonly EffectivePolicy[] {
  const candidates = all.filter((binding) => binding.kinds.has(kind));
  const always = candidates.filter((binding) => binding.isForAll);
  const asked = candidates.filter((binding) => !binding.isForAll);
  // Thirty bits of a number; more bindings than that take further numbers.
  const words: Asked[] = [];
  for (let from = 0; from < asked.length; from += 30) words.push(asked.slice(from, from + 30));
  const kept = new Map<number | string, readonly EffectivePolicy[]>();

  return (entry, environment) => {
    const first = words[0];
    let key: number | string = first === undefined ? 0 : bitsOf(first, entry, environment);
    for (let i = 1; i < words.length; i++) key = `${key} ${bitsOf(words[i] ?? [], entry, environment)}`;
    let policies = kept.get(key);
    if (policies === undefined) {
      const chosen = asked.filter((binding) => binding.selects(entry, environment));
      kept.set(key, (policies = merge(kind, [...always, ...chosen], registry)));
    }
    return policies;
  };
}

type Asked = readonly Prepared[];

function bitsOf(bindings: Asked, entry: Entry, environment: string | null): number {
  let bits = 0;
  for (let i = 0; i < bindings.length; i++)
    if (bindings[i]?.selects(entry, environment) === true) bits |= 1 << i;
  return bits;
}

function prepare(binding: Entry<"PolicyBinding">, registry: Registry): Prepared {
  const { selector, policies, mode = "enforce" } = binding.value;
  const judged = new Set(policies.flatMap((ref) => appliesToOf(registry, ref)));
  const { kinds, ...others } = selector;
  return {
    by: { ref: binding.ref, level: levelOf(selector) },
    mode,
    policies,
    environments: setOf(selector.environments),
    selects: selectionOf(selector),
    kinds: kinds === undefined ? judged : new Set(kinds.filter((kind) => judged.has(kind))),
    isForAll: Object.keys(others).length === 0,
  };
}

interface Prepared {
  readonly by: BoundBy;
  readonly mode: "enforce" | "warn";
  readonly policies: readonly string[];
  readonly environments: ReadonlySet<string> | undefined;
  readonly selects: Selection;
  /** The kinds that it selects and that one of its policies can judge. */
  readonly kinds: ReadonlySet<KindName>;
  /** Whether it selects every entry of its kinds. */
  readonly isForAll: boolean;
}

function merge(
  kind: KindName,
  bindings: readonly Prepared[],
  registry: Registry,
): readonly EffectivePolicy[] {
  const found = new Map<string, { mode: "enforce" | "warn"; readonly bindings: BoundBy[] }>();
  for (const binding of [...bindings].sort((a, b) => compareBytes(a.by.ref, b.by.ref))) {
    for (const policy of binding.policies) {
      if (!appliesToOf(registry, policy).includes(kind)) continue;
      const known = found.get(policy);
      if (known === undefined) found.set(policy, { mode: binding.mode, bindings: [binding.by] });
      else {
        known.bindings.push(binding.by);
        if (binding.mode === "enforce") known.mode = "enforce";
      }
    }
  }
  return [...found]
    .map(([policy, rest]) => ({ policy, ...rest }))
    .sort((a, b) => compareBytes(a.policy, b.policy));
}

// A binding to a policy that is not there binds nothing; the rules about references say so.
function appliesToOf(registry: Registry, ref: string): readonly KindName[] {
  const policy = registry.get(ref);
  return policy?.kind === "Policy" ? (policy as Entry<"Policy">).value.spec.appliesTo : [];
}

function setOf<T extends string>(values: readonly T[] | undefined): ReadonlySet<string> | undefined {
  return values === undefined ? undefined : new Set<string>(values);
}
