/**
 * A template as a whole: with everything that it takes from those it extends. Read from the registry once.
 * It must never render; what is wrong with the chain is a value.
 */
import { isObject, type Json, type JsonObject } from "../model/json.ts";
import type { Entry, Registry } from "../model/registry.ts";
import { closedParameters, mergeBodies, mergeParameters } from "./merge.ts";

/** How many templates one may stand on. */
export const MOST_EXTENDED = 16;

export interface Effective {
  readonly entry: Entry<"Template">;
  readonly type: Entry<"Template">["value"]["spec"]["type"];
  /** The JSON Schema of all its parameters, closed. */
  readonly schema: JsonObject;
  /** The parameters by name. */
  readonly parameters: JsonObject;
  readonly body: Json;
  /** The templates it puts in, by the names that its body uses. */
  readonly includes: Readonly<Record<string, string>>;
}

/** A template, or why there is none. */
export type Found = { readonly effective: Effective } | { readonly reason: string };

const known = new WeakMap<Registry, Map<string, Found>>();

/** The template that a reference names, with what it extends. */
export function effectiveOf(registry: Registry, ref: string): Found {
  let ofRegistry = known.get(registry);
  if (ofRegistry === undefined) known.set(registry, (ofRegistry = new Map()));
  let found = ofRegistry.get(ref);
  if (found === undefined) ofRegistry.set(ref, (found = read(registry, ref)));
  return found;
}

/** The template at a reference. */
export function templateAt(registry: Registry, ref: string): Entry<"Template"> | undefined {
  const entry = registry.get(ref);
  return entry?.kind === "Template" ? (entry as Entry<"Template">) : undefined;
}

function read(registry: Registry, ref: string): Found {
  const chain: Entry<"Template">[] = [];
  for (let next: string | undefined = ref; next !== undefined; next = chain.at(-1)?.value.spec.extends) {
    const entry = templateAt(registry, next);
    if (entry === undefined) return { reason: `there is no ${next}` };
    if (chain.includes(entry)) return { reason: `${entry.ref} extends itself` };
    if (chain.length >= MOST_EXTENDED)
      return { reason: `${ref} stands on more than ${MOST_EXTENDED} templates, one on the other` };
    chain.push(entry);
  }
  const [own] = chain;
  if (own === undefined) return { reason: `there is no ${ref}` };
  const { type } = own.value.spec;
  const other = chain.find(({ value }) => value.spec.type !== type);
  if (other !== undefined)
    return {
      reason: `${own.ref} makes ${article(type)}, and ${other.ref} ${article(other.value.spec.type)}`,
    };
  let schema: JsonObject = {};
  let body: Json | undefined;
  let includes: Readonly<Record<string, string>> = {};
  for (const { value } of chain.toReversed()) {
    if (value.spec.parameters !== undefined) schema = mergeParameters(schema, value.spec.parameters);
    body = mergeBodies(body, value.spec.body as JsonObject);
    includes = { ...includes, ...value.spec.includes };
  }
  const closed = closedParameters(schema);
  const parameters = isObject(closed["properties"]) ? closed["properties"] : {};
  return { effective: { entry: own, type, schema: closed, parameters, body: body ?? {}, includes } };
}

/** What a template makes, with its article. */
export function article(type: Effective["type"]): string {
  return `${type === "invocation" ? "an" : "a"} ${type}`;
}
