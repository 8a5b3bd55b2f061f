/**
 * How long a release may be answered from (DESIGN 7: an explicit bound, never open). Functions of instants; this module
 * must never ask a clock.
 */
import type { Instant } from "../core/model/instant.ts";
import { millisecondsOf } from "../core/model/instant.ts";

/** `fail`: an expired release answers nothing. Else it goes on answering for so long after it expired, milliseconds. */
export type StalePolicy = "fail" | { readonly serveLastGood: number };

/** Until when a release is current, and until when it may be answered from; milliseconds since the epoch. */
export interface Bounds {
  readonly expires: number;
  readonly servesUntil: number;
}

/** fresh: within its signed expiry. stale: after it, within the bound. expired: nothing may be answered from it. */
export type Standing = "fresh" | "stale" | "expired";

/**
 * The bounds of a release. Counted from the signed expiry and not from the last time a host was reached: a host that
 * replays what it has (a freeze) can be reached for ever, and must not buy time by it. Without an expiry (an unsigned
 * snapshot) there is no bound, because nothing says how old it is.
 */
export function boundsOf(expires: Instant | null, policy: StalePolicy): Bounds {
  if (expires === null) return { expires: Infinity, servesUntil: Infinity };
  const end = millisecondsOf(expires);
  return { expires: end, servesUntil: policy === "fail" ? end : end + policy.serveLastGood };
}

/** What a release is at an instant. At the very instant of its expiry it has expired (TUF 1.0.31, 5.4.4). */
export function standingOf({ expires, servesUntil }: Bounds, now: number): Standing {
  if (now < expires) return "fresh";
  return now < servesUntil ? "stale" : "expired";
}
