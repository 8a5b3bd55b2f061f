/**
 * How long signed metadata stays good, and when it is time to sign it anew. What is kept offline lives long, what is
 * signed by a machine shortly: a stolen or silent host is noticed after the lifetime of a timestamp.
 */
import { instantOfSeconds, millisecondsOf, type Instant } from "../model/instant.ts";
import type { Role } from "../trust/tuf/metadata.ts";

/** In milliseconds. */
export type Lifetimes = Readonly<Record<Role, number>>;

const DAY = 86_400_000;

export const LIFETIMES: Lifetimes = {
  root: 365 * DAY,
  targets: 90 * DAY,
  snapshot: 90 * DAY,
  timestamp: 2 * DAY,
};

/** When metadata expires that is signed now; to the second. */
export function expiryAfter(now: Instant, lifetime: number): Instant {
  return instantOfSeconds(Math.floor((millisecondsOf(now) + lifetime) / 1000));
}

/** Good; soon to be signed anew, since less than a third of its lifetime is left; or expired. */
export type Standing = "good" | "soon" | "expired";

export function standingOf(expires: Instant, now: Instant, lifetime: number): Standing {
  const left = millisecondsOf(expires) - millisecondsOf(now);
  return left <= 0 ? "expired" : left < lifetime / 3 ? "soon" : "good";
}
