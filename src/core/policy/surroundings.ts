/**
 * What surrounds an entry in its registry, gathered only as far as an expression reads it.
 * The same entry always has the same lists, so that what is made of them can be kept.
 */
import { reachOf } from "../compile/reach.ts";
import { needsOf } from "../compile/references.ts";
import type { Instant } from "../model/instant.ts";
import { isObject } from "../model/json.ts";
import type { Entry, Registry } from "../model/registry.ts";
import { environmentOf } from "./bindings.ts";
import type { Surroundings } from "./subject.ts";

/** Gathers what `uses` names for an entry in an environment (a reference, or null). */
export type Gather = (entry: Entry, environment: string | null, uses: ReadonlySet<string>) => Surroundings;

/** What surrounds every entry of a registry: the clock, and the functions that its plugins add. */
export function bareSurroundings(registry: Registry, asOf: Instant): Surroundings {
  const functions = registry.plugins?.functions;
  return functions === undefined ? { asOf } : { asOf, functions };
}

/** Prepares to gather from one registry. */
export function surroundingsOf(registry: Registry, asOf: Instant): Gather {
  const bare = bareSurroundings(registry, asOf);
  const byTarget = lazily(() => {
    const map = new Map<string, Entry<"Evaluation">[]>();
    for (const evaluation of registry.ofKind("Evaluation")) {
      const { target } = evaluation.value;
      const known = map.get(target);
      if (known === undefined) map.set(target, [evaluation]);
      else known.push(evaluation);
    }
    return map;
  });
  const dependencies = kept((entry) =>
    // What is live is all that it reaches; everything else depends on what it names.
    entry.kind === "Activation" ? reachOf(entry, registry) : entriesOf(registry, needsOf(entry, registry)),
  );
  const ancestors = kept((entry) => ancestorsOf(registry, entry));

  return (entry, environment, uses) => {
    if (uses.size === 0) return bare;
    const where = environmentOf(entry) ?? environment;
    return {
      ...bare,
      ...(uses.has("environment") && where !== null ? { environment: registry.get(where) } : {}),
      ...(uses.has("usecase") ? { usecase: usecaseOf(registry, entry) } : {}),
      ...(uses.has("bundle") ? { bundle: bundleOf(registry, entry) } : {}),
      ...(uses.has("evaluations") ? { evaluations: byTarget().get(entry.ref) ?? [] } : {}),
      ...(uses.has("dependencies") ? { dependencies: dependencies(entry) } : {}),
      ...(uses.has("ancestors") ? { ancestors: ancestors(entry) } : {}),
    };
  };
}

/** The use case that a bundle, an activation or an evaluation of a bundle belongs to. */
export function usecaseOf(registry: Registry, entry: Entry): Entry | undefined {
  switch (entry.kind) {
    case "UseCase":
      return entry;
    case "Bundle":
    case "Evaluation":
    case "Activation":
      return registry.get(`usecase:${entry.ns}/${entry.name}`);
    default:
      return undefined;
  }
}

/** The bundle an activation points at, or the bundle itself. */
export function bundleOf(registry: Registry, entry: Entry): Entry | undefined {
  if (entry.kind === "Bundle") return entry;
  if (entry.kind !== "Activation") return undefined;
  const { bundle } = (entry as Entry<"Activation">).value;
  const [, ns, name] = entry.id.split("/");
  return registry.get(`bundle:${ns}/${name}@${bundle}`);
}

// Cycles are a lint finding elsewhere; here they only must end.
function ancestorsOf(registry: Registry, entry: Entry): readonly Entry[] {
  const seen = new Set<string>([entry.ref]);
  const found: Entry[] = [];
  const open = parentsOf(entry);
  for (let ref = open.shift(); ref !== undefined; ref = open.shift()) {
    if (seen.has(ref)) continue;
    seen.add(ref);
    const parent = registry.get(ref);
    if (parent === undefined) continue;
    found.push(parent);
    open.push(...parentsOf(parent));
  }
  return found;
}

function parentsOf(entry: Entry): string[] {
  const spec: unknown = "spec" in entry.value ? entry.value.spec : undefined;
  if (!isObject(spec)) return [];
  const parents = spec["derivedFrom"];
  return Array.isArray(parents) ? parents.filter((ref) => typeof ref === "string") : [];
}

function entriesOf(registry: Registry, refs: readonly string[]): readonly Entry[] {
  return refs.map((ref) => registry.get(ref)).filter((entry) => entry !== undefined);
}

function kept(make: (entry: Entry) => readonly Entry[]): (entry: Entry) => readonly Entry[] {
  const made = new Map<string, readonly Entry[]>();
  return (entry) => {
    let list = made.get(entry.ref);
    if (list === undefined) made.set(entry.ref, (list = make(entry)));
    return list;
  };
}

function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
