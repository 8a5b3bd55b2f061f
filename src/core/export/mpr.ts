/**
 * The registry's answers as the contracts of schemas/wire/mpr_public_contracts_v0.schema.json, for systems that
 * already speak them. A rendering of values that exist; it must never decide or add anything.
 */
import type { RegistryEvent } from "../audit/event.ts";
import type { Digest } from "../model/digest.ts";
import type { Instant } from "../model/instant.ts";
import { parseScope, type Scope } from "../model/scope.ts";
import type { Resolution, WireError } from "../model/snapshot.ts";

export interface ScopeKeyV0 {
  readonly environment: string;
  readonly usecase: string;
  readonly tenant: string | null;
  readonly scenario: string | null;
}

export interface ModelBundleRefV0 {
  readonly bundle_id: string;
  readonly bundle_version: string;
  readonly digest: Digest;
}

export interface ResolveActiveResponseV0 {
  readonly scope: ScopeKeyV0;
  readonly active_bundle_ref: ModelBundleRefV0 | null;
  readonly resolved_at_utc: Instant;
  readonly outcome: Resolution["outcome"];
  readonly reasons: readonly string[];
}

export interface RegistryEventV0 {
  readonly event_id: string;
  readonly bundle_id: string;
  readonly bundle_version: string | null;
  readonly scope: ScopeKeyV0 | null;
  readonly event_type: string;
  readonly from_state: string | null;
  readonly to_state: string | null;
  readonly actor: string;
  readonly observed_at_utc: Instant;
  readonly reason: string;
}

export interface ErrorResponseV0 {
  readonly code: string;
  readonly category: string;
  readonly retryable: boolean;
  readonly message: string;
  readonly hint?: string;
}

/** What became of a request to publish or to promote: DUPLICATE = it was so already. */
export type StatusV0 = "ACCEPTED" | "DUPLICATE" | "REJECTED";

export interface PublishBundleResponseV0 {
  readonly bundle_id: string;
  readonly bundle_version: string;
  readonly status: StatusV0;
  readonly reasons?: readonly ErrorResponseV0[];
}

export interface PromoteResponseV0 extends PublishBundleResponseV0 {
  readonly scope: ScopeKeyV0;
}

/** A resolution as a ResolveActiveResponse; `asOf` is the snapshot's, so that the same snapshot gives the same answer. */
export function resolveActiveResponse(
  { scope, bundle, outcome, reasons }: Resolution,
  asOf: Instant,
): ResolveActiveResponseV0 {
  return {
    scope: scopeKey(scope),
    active_bundle_ref: bundle === null ? null : bundleRef(bundle.ref, bundle.digest),
    resolved_at_utc: asOf,
    outcome,
    reasons,
  };
}

/** An event as a RegistryEvent of the contract; undefined for events that are not about a bundle or a scope. */
export function registryEvent(event: RegistryEvent): RegistryEventV0 | undefined {
  const { type, bundleId, bundleVersion } = event;
  if (bundleId === null || !(type.startsWith("bundle_") || type.startsWith("activation_"))) return undefined;
  const scope = event.scope === null ? undefined : parseScope(event.scope);
  return {
    event_id: event.eventId,
    bundle_id: bundleId,
    bundle_version: bundleVersion,
    scope: scope === undefined ? null : scopeKey(scope),
    event_type: type,
    from_state: event.fromState,
    to_state: event.toState,
    actor: event.actor,
    observed_at_utc: event.observedAt,
    reason: event.reason,
  };
}

/** A failure as an ErrorResponse. */
export function errorResponse({
  code,
  category,
  retryable,
  message,
  hint,
}: Omit<WireError, "format">): ErrorResponseV0 {
  return { code, category, retryable, message, ...(hint === "" ? {} : { hint }) };
}

/** The answer to a PublishBundleRequest; reasons stand only where it was rejected. */
export function publishBundleResponse(
  bundleId: string,
  bundleVersion: string,
  status: StatusV0,
  reasons: readonly Omit<WireError, "format">[] = [],
): PublishBundleResponseV0 {
  const why = status === "REJECTED" ? { reasons: reasons.map(errorResponse) } : {};
  return { bundle_id: bundleId, bundle_version: bundleVersion, status, ...why };
}

/** The answer to a PromoteRequest. */
export function promoteResponse(
  scope: Scope,
  bundleVersion: string,
  status: StatusV0,
  reasons: readonly Omit<WireError, "format">[] = [],
): PromoteResponseV0 {
  return { ...publishBundleResponse(scope.usecase, bundleVersion, status, reasons), scope: scopeKey(scope) };
}

function scopeKey({ environment, usecase, tenant, scenario }: Scope): ScopeKeyV0 {
  return { environment, usecase, tenant, scenario };
}

function bundleRef(ref: string, digest: Digest): ModelBundleRefV0 {
  const at = ref.lastIndexOf("@");
  return { bundle_id: ref.slice("bundle:".length, at), bundle_version: ref.slice(at + 1), digest };
}
