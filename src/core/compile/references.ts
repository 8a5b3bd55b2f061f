/**
 * What an entry refers to: the edges of the graph that reverse dependencies, lineage and reach are made of.
 * `needs` are what the entry does not work without; `names` is everything else it mentions (whom a policy binds, what
 * an evaluation measured). Owners and contacts inform and decide nothing, so they are no edges.
 * This module must never judge whether a reference is right; lint does.
 */
import type { Dependency } from "../../generated/entries.ts";
import { kindOfPrefix, kinds } from "../kinds/index.ts";
import { compareBytes, isObject } from "../model/json.ts";
import type { KindName } from "../model/kind.ts";
import type { Entry, Registry } from "../model/registry.ts";
import { highestWithin } from "../model/version.ts";

/** Paths to references; `[]` = each element of a list, `{}` = each value of a map. `dependencies`: the kind has `spec.dependencies`, references with a range. */
interface Fields {
  readonly needs?: readonly string[];
  readonly names?: readonly string[];
  readonly dependencies?: true;
}

const fields: { readonly [K in KindName]?: Fields } = {
  Registry: { names: ["ownership[].roles[]", "publishTogether[]"] },
  Identity: { names: ["controller", "model", "proofs[].by"] },
  Role: { names: ["members[]", "incompatibleWith[]"] },
  ApprovalPolicy: {
    names: [
      "match.environments[]",
      "require.approvals[].role",
      "require.soak.environment",
      "emergency.approvals[].role",
    ],
  },
  PolicyBinding: { names: ["policies[]", "selector.refs[]", "selector.environments[]"] },
  Waiver: { names: ["policy", "selector.refs[]", "selector.environments[]"] },
  UseCase: { names: ["gates[].environments[]"] },
  Model: {
    needs: ["spec.provider", "spec.derivedFrom[]", "spec.datasets[]"],
    names: ["facts.compatibleWith[]", "facts.incompatibleWith[]", "replacedBy"],
    dependencies: true,
  },
  Dataset: { needs: ["spec.derivedFrom[]", "spec.producedBy"], names: ["replacedBy"] },
  Config: { needs: ["spec.template"], names: ["replacedBy"] },
  Pipeline: {
    needs: ["spec.nodes[].config.model", "spec.nodes[].config.config", "spec.template"],
    names: ["replacedBy"],
    dependencies: true,
  },
  Template: { needs: ["spec.extends", "spec.includes{}"], names: ["replacedBy"] },
  TestSuite: { names: ["replacedBy"] },
  Policy: { names: ["replacedBy"] },
  Bundle: {
    needs: [
      "spec.models[]",
      "spec.policies[]",
      "spec.pipelines[]",
      "spec.configs[]",
      "spec.provenance.datasets[]",
    ],
    names: ["gateReceipt.evaluations[]", "gateReceipt.issuer", "replacedBy"],
  },
  Evaluation: { needs: ["suite", "target"], names: ["issuer"] },
};

interface Compiled {
  readonly needs: readonly (readonly string[])[];
  readonly names: readonly (readonly string[])[];
}

const compiled = new Map<KindName, Compiled>(
  Object.entries(fields).map(([kind, { needs = [], names = [] }]) => [
    kind as KindName,
    { needs: needs.map(stepsOf), names: names.map(stepsOf) },
  ]),
);

/** The fields of a kind that hold references, by its schema file; `[]` = each element. Owners and contacts are left out. */
export function referenceFields(schema: string): readonly string[] {
  const kind = kinds.find((candidate) => candidate.schema === schema);
  const { needs = [], names = [], dependencies } = (kind && fields[kind.name]) ?? {};
  return [...needs, ...names, ...(dependencies === true ? ["spec.dependencies[].ref"] : [])];
}

/** The exact references an entry needs: those it pins, and what its dependency ranges resolve to; in byte order. */
export function needsOf(entry: Entry, registry: Registry): readonly string[] {
  const found: string[] = [];
  collectNeeds(entry, registry, compiled.get(entry.kind), found);
  return inOrder(found);
}

/** Everything an entry refers to, needed or only named; in byte order. */
export function referencesOf(entry: Entry, registry: Registry): readonly string[] {
  const found: string[] = [];
  const paths = compiled.get(entry.kind);
  collectNeeds(entry, registry, paths, found);
  if (paths !== undefined) for (const path of paths.names) collect(entry.value, path, 0, found);
  if (entry.kind === "Aliases") found.push(...aliasRefs(entry));
  return inOrder(found);
}

function collectNeeds(entry: Entry, registry: Registry, paths: Compiled | undefined, found: string[]): void {
  if (entry.kind === "Activation") found.push(...activationRefs(entry));
  if (paths === undefined) return;
  for (const path of paths.needs) collect(entry.value, path, 0, found);
  for (const ref of resolvedDependencies(entry, registry)) found.push(ref);
}

/**
 * What the dependency ranges of an entry resolve to (DESIGN 2.2): semver's maxSatisfying over the versions that are
 * not at their end, no pre-releases unless named. A range that nothing satisfies is left out; lint reports it.
 */
export function resolvedDependencies(entry: Entry, registry: Registry): readonly string[] {
  const dependencies = dependenciesOf(entry);
  if (dependencies === undefined) return NOTHING;
  const found: string[] = [];
  for (const { ref, version } of dependencies) {
    const exact = resolveDependency(ref, version, registry);
    if (exact !== undefined) found.push(exact);
  }
  return inOrder(found);
}

/** Read by name, not by path: almost every entry has none, and asking thousands of times must cost nothing. */
function dependenciesOf(entry: Entry): readonly Dependency[] | undefined {
  if (entry.kind === "Model") return (entry as Entry<"Model">).value.spec.dependencies;
  if (entry.kind === "Pipeline") return (entry as Entry<"Pipeline">).value.spec.dependencies;
  return undefined;
}

/** The exact reference of one dependency, `model:openai/gpt-4o` with a range; undefined = nothing satisfies it. */
export function resolveDependency(ref: string, range: string, registry: Registry): string | undefined {
  const colon = ref.indexOf(":");
  const kind = kindOfPrefix(ref.slice(0, colon));
  if (kind?.lifecycle === undefined) return undefined;
  const { final } = kind.lifecycle;
  const usable = registry
    .versions(kind.name, ref.slice(colon + 1))
    .filter(
      (entry) =>
        !(
          "state" in entry.value &&
          typeof entry.value.state === "string" &&
          final.includes(entry.value.state)
        ),
    )
    .map((entry) => entry.version ?? "");
  const version = highestWithin(usable, range);
  return version === undefined ? undefined : `${ref}@${version}`;
}

/** The full references an Activation pins: its bundle and its fallback, where they are versions. */
export function activationRefs(entry: Entry<"Activation"> | Entry): readonly string[] {
  const [, ns, name] = entry.id.split("/");
  const value = entry.value as { readonly bundle?: unknown; readonly fallback?: unknown };
  const refs: string[] = [];
  for (const version of [value.bundle, value.fallback]) {
    if (typeof version === "string" && version !== "none" && version !== "inherit")
      refs.push(`bundle:${ns}/${name}@${version}`);
  }
  return refs;
}

function aliasRefs(entry: Entry): readonly string[] {
  const [prefix, ns, name] = entry.id.split("/");
  const aliases = (entry.value as { readonly aliases?: unknown }).aliases;
  return isObject(aliases)
    ? Object.values(aliases).map((version) => `${prefix}:${ns}/${name}@${String(version)}`)
    : NOTHING;
}

const NOTHING: readonly string[] = [];

function stepsOf(path: string): readonly string[] {
  return path.replaceAll("[]", ".[]").replaceAll("{}", ".{}").split(".");
}

function collect(value: unknown, steps: readonly string[], from: number, found: string[]): void {
  let at = value;
  for (let i = from; i < steps.length; i++) {
    const step = steps[i]!;
    if (step === "[]" || step === "{}") {
      if (typeof at !== "object" || at === null || Array.isArray(at) !== (step === "[]")) return;
      for (const item of Object.values(at)) collect(item, steps, i + 1, found);
      return;
    }
    if (typeof at !== "object" || at === null) return;
    at = (at as Readonly<Record<string, unknown>>)[step];
  }
  if (typeof at === "string") found.push(at);
}

function inOrder(refs: string[]): readonly string[] {
  return refs.length < 2 ? refs : [...new Set(refs)].sort(compareBytes);
}
