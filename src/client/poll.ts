/**
 * When to ask again: every so often, not all services at once, and less often while nobody answers.
 * Functions of their arguments; this module must never wait by itself.
 */

/** A host that does not answer is asked at least this often, milliseconds. */
const SLOWEST = 5 * 60_000;

/**
 * How long until the next poll, milliseconds. After success the interval, give or take a tenth, so that services that
 * were started together drift apart. After failures in a row the interval doubles each time, up to five minutes (or the
 * interval, where that is longer), and a random half of it is waited: a host that comes back is not met by all at once.
 * `random` is from 0 up to 1.
 */
export function delayUntilNext(interval: number, failures: number, random: number): number {
  if (failures === 0) return interval * (0.9 + 0.2 * random);
  const longest = Math.max(interval, SLOWEST);
  return Math.min(longest, interval * 2 ** Math.min(failures, 30)) * (0.5 + 0.5 * random);
}

/** How long after a start from the cache to ask for the first time: soon, and not in step with everybody else. */
export function firstDelay(interval: number, random: number): number {
  return Math.min(interval, 5_000) * random;
}
