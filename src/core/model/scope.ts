/**
 * Scopes: where something is live (environment, use case, tenant, scenario).
 * A scope's path below `live/` is its identity; `default` is the tenant where only a scenario is meant (DESIGN 2).
 */
import { isName } from "./ref.ts";

/** The tenant segment that stands where only a scenario is meant. */
export const DEFAULT_TENANT = "default";

export interface Scope {
  readonly environment: string;
  /** `<ns>/<name>`. */
  readonly usecase: string;
  readonly tenant: string | null;
  readonly scenario: string | null;
}

/** Reads `prod/fraud/score[/acme[/night]]`; undefined when it is no scope. */
export function parseScope(text: string): Scope | undefined {
  const parts = text.split("/");
  if (parts.length < 3 || parts.length > 5 || !parts.every(isName)) return undefined;
  const [environment = "", ns = "", name = "", tenant, scenario] = parts;
  // `default` alone would be a second spelling of the scope without a tenant.
  if (tenant === DEFAULT_TENANT && scenario === undefined) return undefined;
  return {
    environment,
    usecase: `${ns}/${name}`,
    tenant: tenant === undefined || tenant === DEFAULT_TENANT ? null : tenant,
    scenario: scenario ?? null,
  };
}

/** The path of a scope below `live/`, without `.yaml`. */
export function scopePath(scope: Scope): string {
  const { environment, usecase, tenant, scenario } = scope;
  const base = `${environment}/${usecase}`;
  if (scenario !== null) return `${base}/${tenant ?? DEFAULT_TENANT}/${scenario}`;
  return tenant === null ? base : `${base}/${tenant}`;
}
