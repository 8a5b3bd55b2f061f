/**
 * Soak: how long the same digest has been what a use case resolved to somewhere, without interruption, by trusted
 * landing times (DESIGN 4 and 6). The attacker controls the dates of commits: a time only ever moves forward here, and
 * what lies in the future of the clock counts from its own instant on.
 */
import type { Finding } from "../model/diagnostic.ts";
import { instantOfSeconds, millisecondsOf, type Instant } from "../model/instant.ts";
import type { Entry, Registry } from "../model/registry.ts";
import { parseScope, scopePath } from "../model/scope.ts";
import type { Transition } from "../model/transition.ts";
import { parseRef } from "../source/reference.ts";
import * as codes from "./codes.ts";

/** What a scope resolved to in the NORMAL mode from a landing on, oldest first. */
export type Timeline = readonly {
  /** The landing's trusted time: see `trustedTime`. */
  readonly at: Instant;
  /** The served bundle's digest; null = nothing was served, or the landing was a VIOLATION or healed. */
  readonly digest: string | null;
  /** The number of the landing, where its witness has not recorded it yet: nothing soaks by it until then. */
  readonly unrecorded?: number;
}[];

/** Where a soak begins: an instant, or the number of a landing that somebody has to record first. */
export type SoakStart = { readonly since: Instant } | { readonly unrecorded: number };

/** The later of a landing's time and of the time at which it was recorded (DESIGN 6). */
export function trustedTime(landed: Instant, recorded: Instant | null): Instant {
  return recorded !== null && millisecondsOf(recorded) > millisecondsOf(landed) ? recorded : landed;
}

/** Since when a digest has been served without interruption; null = it is not what is served now. */
export function servedSince(timeline: Timeline, digest: string): SoakStart | null {
  let since: SoakStart | null = null;
  let latest: Instant | null = null;
  for (const { at, digest: served, unrecorded } of timeline) {
    // Time is a running maximum: what was recorded late makes everything after it late as well.
    if (latest === null || millisecondsOf(at) > millisecondsOf(latest)) latest = at;
    if (served !== digest) since = null;
    else since ??= unrecorded === undefined ? { since: latest } : { unrecorded };
  }
  return since;
}

/**
 * The scope in which what moves must have soaked: the tenant's own there if it has one at B, else the default.
 * Undefined where the move is about no bundle.
 */
export function soakScope(
  base: Registry,
  { subject, scope }: Pick<Transition, "subject" | "scope">,
  environment: string,
): string | undefined {
  const bundle = parseRef(subject);
  const asked = scope === undefined ? undefined : parseScope(scope);
  if (asked === undefined)
    return bundle?.kind === "Bundle" ? `${environment}/${bundle.ns}/${bundle.name}` : undefined;
  const { usecase, tenant } = asked;
  const own = tenant === null ? undefined : scopePath({ environment, usecase, tenant, scenario: null });
  const file = own === undefined ? undefined : base.get(`scope:${own}`);
  // `inherit` is as if the file did not exist.
  const isOwn = file?.kind === "Activation" && (file as Entry<"Activation">).value.bundle !== "inherit";
  return own !== undefined && isOwn ? own : scopePath({ environment, usecase, tenant: null, scenario: null });
}

/** An instant moved on by milliseconds. */
export function later(instant: Instant, milliseconds: number): Instant {
  return instantOfSeconds(Math.ceil((millisecondsOf(instant) + milliseconds) / 1000));
}

/** How far a landing may be dated ahead of the clock of whoever merges or records it, in milliseconds (DESIGN 6). */
const TOLERANCE = 10 * 60 * 1000;

/** The finding about a landing that is dated too far ahead; undefined when it is not. */
export function clockFinding(
  landed: Instant,
  clock: Instant,
  file = "registry/registry.yaml",
): Finding | undefined {
  if (millisecondsOf(landed) - millisecondsOf(clock) <= TOLERANCE) return undefined;
  return {
    definition: codes.clock,
    message: `The landing is dated ${landed}, and it is ${clock}.`,
    at: { file },
  };
}
