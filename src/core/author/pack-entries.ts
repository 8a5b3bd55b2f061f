/**
 * The entries that a policy pack becomes in a registry: its Policy, the MetadataSchemas that its rules read, and, where
 * somebody asks for it, a PolicyBinding. What a registry holds already is its own and is never written over.
 */
import type { Json, JsonObject } from "../model/json.ts";
import type { KindName } from "../model/kind.ts";
import type { Entry, Registry } from "../model/registry.ts";
import { identityOf } from "../source/reference.ts";
import type { Pack } from "./packs/pack.ts";
import type { PlannedEntry } from "./request.ts";
import { beginningOf } from "./scaffold.ts";

/** Whom a binding is for. */
export interface Bind {
  /** An environment's name; null = everywhere. */
  readonly environment: string | null;
  readonly mode: "enforce" | "warn";
}

export interface PackInto {
  /** The namespace of the Policy: the team that owns it. */
  readonly namespace: string;
  readonly bind: Bind | null;
}

/** The entries in the order in which they refer to each other. Undefined when `namespace` is no name. */
export function entriesOfPack(
  pack: Pack,
  { namespace, bind }: PackInto,
  registry: Registry,
): readonly PlannedEntry[] | undefined {
  const { name, version, title, spec } = pack;
  const policy = planned("Policy", `${namespace}/${name}@${version}`, registry, {
    title,
    description: descriptionOf(pack),
    state: "active",
    reason: `Taken over from the pack ${name}.`,
    spec: jsonOf(spec),
  });
  if (policy === undefined) return undefined;
  const schemas = Object.entries(pack.schemas ?? {}).map(([key, schema]) =>
    planned("MetadataSchema", key, registry, jsonOf(schema)),
  );
  const binding = bind === null ? undefined : bindingOf(pack, policy.ref, bind, registry);
  return [...schemas, policy, binding].filter((each) => each !== undefined);
}

function bindingOf(
  { name, title, selector }: Pack,
  policy: string,
  { environment, mode }: Bind,
  registry: Registry,
): PlannedEntry | undefined {
  const where = environment === null ? {} : { environments: [`environment:${environment}`] };
  return planned("PolicyBinding", environment === null ? name : `${name}-${environment}`, registry, {
    title: environment === null ? title : `${title}, in ${environment}`,
    selector: jsonOf({ ...selector, ...where }),
    policies: [policy],
    mode,
  });
}

function planned(
  kind: KindName,
  id: string,
  registry: Registry,
  value: JsonObject,
): PlannedEntry | undefined {
  const identity = identityOf(kind, id);
  if (identity === undefined) return undefined;
  const { owner } = beginningOf(identity, registry);
  const owned = kind === "Policy" && owner !== undefined ? { ...value, owner } : value;
  return { kind, ref: identity.ref, path: identity.path, value: owned };
}

function descriptionOf({ summary, notes }: Pack): string {
  return [`Asks that ${summary}.`, ...notes].join("\n\n");
}

/** A pack is written as readonly types; an entry is plain JSON. */
function jsonOf(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value)) as { [key: string]: Json };
}

/** What a registry holds of these entries already, whatever it says there. */
export function standingOf(entries: readonly PlannedEntry[], registry: Registry): readonly Entry[] {
  return entries.flatMap(({ ref }) => registry.get(ref) ?? []);
}
