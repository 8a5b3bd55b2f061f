/**
 * The timers of a client: the next poll, and the moments at which the release in use becomes stale and expires. It holds
 * no release and decides nothing; what is due is the caller's to do.
 */
import { standingOf, type Bounds, type Standing } from "./freshness.ts";
import type { Settings } from "./options.ts";
import { delayUntilNext, firstDelay } from "./poll.ts";

export interface Timers {
  /** The first poll after a start from the cache. */
  start(): void;
  /** The next poll, after so many failures in a row. */
  poll(failures: number): void;
  /** From now on these bounds count. */
  bounds(bounds: Bounds, now: number): void;
  stop(): void;
}

export interface Due {
  now(): number;
  poll(): void;
  /** The release in use has become stale, or may not be used any more. */
  passed(): void;
}

export function watch({ interval, world }: Pick<Settings, "interval" | "world">, due: Due): Timers {
  let stopPolling = (): void => {};
  let stopLooking = (): void => {};
  const pollIn = (milliseconds: number): void => {
    stopPolling();
    stopPolling = world.wait(milliseconds, () => due.poll());
  };
  const look = (bounds: Bounds, last: Standing, now: number): void => {
    stopLooking();
    const next = now < bounds.expires ? bounds.expires : bounds.servesUntil;
    if (next === Infinity || now >= bounds.servesUntil) return;
    stopLooking = world.wait(next - now, () => {
      // A timer may fire early (there is a longest wait) or late (the machine slept).
      const at = due.now();
      const standing = standingOf(bounds, at);
      look(bounds, standing, at);
      if (standing !== last) due.passed();
    });
  };
  return {
    start: () => (interval === undefined ? undefined : pollIn(firstDelay(interval, world.random()))),
    poll: (failures) =>
      interval === undefined ? undefined : pollIn(delayUntilNext(interval, failures, world.random())),
    bounds: (bounds, now) => look(bounds, standingOf(bounds, now), now),
    stop() {
      stopPolling();
      stopLooking();
    },
  };
}
