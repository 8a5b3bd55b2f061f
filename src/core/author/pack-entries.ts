/**
 * What a policy pack becomes in a registry: its Policy and its suites, which are catalogue, and, once that has landed, the PolicyBinding
 * and the MetadataSchemas that its rules read, which are rules. One change never holds both (DESIGN 5.1).
 */
import type { Json, JsonObject } from "../model/json.ts";
import type { KindName } from "../model/kind.ts";
import type { Entry, Registry } from "../model/registry.ts";
import { identityOf } from "../source/reference.ts";
import { packs } from "./packs/index.ts";
import type { Pack } from "./packs/pack.ts";
import type { PlannedEntry } from "./request.ts";
import { beginningOf } from "./scaffold.ts";

/** The Policy of a pack; undefined when `namespace` is no name. */
export function policyOfPack(pack: Pack, namespace: string, registry: Registry): PlannedEntry | undefined {
  const { name, version, title, summary, notes, spec } = pack;
  const identity = identityOf("Policy", `${namespace}/${name}@${version}`);
  if (identity === undefined) return undefined;
  const { owner } = beginningOf(identity, registry);
  const value = {
    title,
    description: [`Asks that ${summary}.`, ...notes].join("\n\n"),
    ...(owner !== undefined && { owner }),
    state: "active",
    reason: `Taken over from the pack ${name}.`,
    spec: jsonOf(spec),
  };
  return { kind: "Policy", ref: identity.ref, path: identity.path, value };
}

/** The suites that come along with a pack's Policy: catalogue, as it is. */
export function suitesOfPack({ suites = {} }: Pack, registry: Registry): readonly PlannedEntry[] {
  return Object.entries(suites).flatMap(([id, suite]) => {
    const identity = identityOf("TestSuite", id);
    if (identity === undefined) return [];
    const { owner } = beginningOf(identity, registry);
    const value = { ...jsonOf(suite), ...(owner !== undefined && { owner }) };
    return planned("TestSuite", id, value);
  });
}

/** Where a policy is bound. */
export interface Bind {
  /** An environment's name; null = everywhere. */
  readonly environment: string | null;
  readonly mode: "enforce" | "warn";
}

/** The binding of a policy to all that it can judge, and before it the MetadataSchemas of the pack that it came from. */
export function bindingOf(policy: Entry<"Policy">, { environment, mode }: Bind): readonly PlannedEntry[] {
  const { name, ref, value } = policy;
  const title = value.title ?? name;
  const where = environment === null ? {} : { environments: [`environment:${environment}`] };
  const schemas = packs.find((pack) => pack.name === name)?.schemas ?? {};
  return [
    ...Object.entries(schemas).flatMap(([key, schema]) => planned("MetadataSchema", key, jsonOf(schema))),
    ...planned("PolicyBinding", environment === null ? name : `${name}-${environment}`, {
      title: environment === null ? title : `${title}, in ${environment}`,
      selector: { kinds: [...value.spec.appliesTo], ...where },
      policies: [ref],
      mode,
    }),
  ];
}

function planned(kind: KindName, id: string, value: JsonObject): readonly PlannedEntry[] {
  const identity = identityOf(kind, id);
  return identity === undefined ? [] : [{ kind, ref: identity.ref, path: identity.path, value }];
}

/** A pack is written as readonly types; an entry is plain JSON. */
function jsonOf(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value)) as { [key: string]: Json };
}
