/**
 * A model as a caller needs it: where it is served, under which id, within which limits, at what price, and which
 * credentials that takes. Read from the entries of a model and its provider (schemas/model, schemas/provider); it holds
 * names of environment variables and never a secret.
 */
import { isObject, type Json, type JsonObject } from "../core/model/json.ts";

/** How callers prove who they are, and the variables that hold what they prove it with. */
export interface AuthInfo {
  readonly type: string;
  readonly header: string | null;
  readonly variables: readonly {
    readonly name: string;
    readonly required: boolean;
    readonly secret: boolean;
  }[];
}

export interface ProviderInfo {
  readonly ref: string;
  readonly title: string;
  /** `active`, `deprecated` or `retired`. */
  readonly status: string;
  readonly baseUrl: string | null;
  readonly auth: AuthInfo;
  /** The package that speaks to it. */
  readonly sdk: string | null;
  /** The whole entry. */
  readonly value: JsonObject;
}

export interface EndpointInfo {
  readonly type: string;
  readonly url: string;
  readonly shape: string | null;
  readonly region: string | null;
  /** Milliseconds are not implied: the registry's own spelling, such as `30s`. */
  readonly timeout: string | null;
  readonly auth: AuthInfo;
  readonly rateLimit: {
    readonly requestsPerMinute: number | null;
    readonly requestsPerDay: number | null;
    readonly tokensPerMinute: number | null;
  };
}

export interface ServedModel {
  readonly ref: string;
  readonly title: string;
  readonly state: string;
  readonly type: string;
  /** The id that the provider's API wants. */
  readonly upstreamId: string | null;
  /** A reference; null where the model is our own and served by nobody else. */
  readonly provider: string | null;
  /** Its own endpoints, else the provider's base address. */
  readonly endpoints: readonly EndpointInfo[];
  readonly limits: {
    readonly contextLength: number | null;
    readonly maxInputTokens: number | null;
    readonly maxOutputTokens: number | null;
  };
  /** As the registry spells it: decimal strings a million tokens, with their currency. */
  readonly pricing: JsonObject | null;
  /** What it can do: the names of the capabilities that are true. */
  readonly capabilities: readonly string[];
  /** Where it is deprecated: until when it may be used, and what to use instead. */
  readonly deprecated: { readonly sunset: string | null; readonly replacedBy: string | null } | null;
  /** The whole entry. */
  readonly value: JsonObject;
}

/** A provider, from its entry. */
export function providerOf(ref: string, value: JsonObject): ProviderInfo {
  return {
    ref,
    title: textIn(value, "title") ?? ref,
    status: textIn(value, "status") ?? "active",
    baseUrl: textIn(value, "baseUrl"),
    auth: authOf(value["auth"], value["env"]),
    sdk: textIn(value, "sdk"),
    value,
  };
}

/** A model, from its entry and that of its provider. */
export function servedModelOf(
  ref: string,
  value: JsonObject,
  provider: ProviderInfo | undefined,
): ServedModel {
  const spec = objectIn(value, "spec");
  const capabilities = objectIn(objectIn(value, "facts"), "capabilities");
  const serving = objectIn(value, "serving");
  const own = listIn(serving, "endpoints").filter(isObject);
  const state = textIn(value, "state") ?? "draft";
  const { pricing } = serving;
  return {
    ref,
    title: textIn(value, "title") ?? ref,
    state,
    type: textIn(spec, "type") ?? "unknown",
    upstreamId: textIn(spec, "upstreamId"),
    provider: textIn(spec, "provider"),
    endpoints:
      own.length > 0
        ? own.map((endpoint) => endpointOf(endpoint, provider))
        : provider?.baseUrl == null
          ? []
          : [endpointOf({ type: "rest", url: provider.baseUrl }, provider)],
    limits: {
      contextLength: numberIn(capabilities, "contextLength"),
      maxInputTokens: numberIn(capabilities, "maxInputTokens"),
      maxOutputTokens: numberIn(capabilities, "maxOutputTokens"),
    },
    pricing: isObject(pricing) ? pricing : null,
    capabilities: Object.entries(capabilities).flatMap(([name, has]) => (has === true ? [name] : [])),
    deprecated:
      state === "deprecated"
        ? { sunset: textIn(value, "sunset"), replacedBy: textIn(value, "replacedBy") }
        : null,
    value,
  };
}

function endpointOf(endpoint: JsonObject, provider: ProviderInfo | undefined): EndpointInfo {
  const limit = objectIn(endpoint, "rateLimit");
  return {
    type: textIn(endpoint, "type") ?? "rest",
    url: textIn(endpoint, "url") ?? provider?.baseUrl ?? "",
    shape: textIn(endpoint, "shape"),
    region: textIn(endpoint, "region"),
    timeout: textIn(endpoint, "timeout"),
    auth: isObject(endpoint["auth"])
      ? authOf(endpoint["auth"], provider?.value["env"])
      : (provider?.auth ?? authOf(undefined, undefined)),
    rateLimit: {
      requestsPerMinute: numberIn(limit, "requestsPerMinute"),
      requestsPerDay: numberIn(limit, "requestsPerDay"),
      tokensPerMinute: numberIn(limit, "tokensPerMinute"),
    },
  };
}

function authOf(auth: Json | undefined, env: Json | undefined): AuthInfo {
  const said: JsonObject = isObject(auth) ? auth : {};
  const variables = Array.isArray(env) ? (env as readonly Json[]).filter(isObject) : [];
  return {
    type: textIn(said, "type") ?? (variables.length > 0 ? "api-key" : "none"),
    header: textIn(said, "header"),
    variables: variables.map((variable) => ({
      name: textIn(variable, "name") ?? "",
      required: variable["required"] === true,
      secret: variable["secret"] !== false,
    })),
  };
}

function objectIn(value: JsonObject, key: string): JsonObject {
  const inner = value[key];
  return isObject(inner) ? inner : {};
}

function listIn(value: JsonObject, key: string): readonly Json[] {
  const inner = value[key];
  return Array.isArray(inner) ? (inner as readonly Json[]) : [];
}

function textIn(value: JsonObject, key: string): string | null {
  const inner = value[key];
  return typeof inner === "string" ? inner : null;
}

function numberIn(value: JsonObject, key: string): number | null {
  const inner = value[key];
  return typeof inner === "number" ? inner : null;
}
