/**
 * The little that the client takes from the machine: a clock, randomness, waiting, the environment's credentials, and a
 * line for people. All of it is an option, and these are the defaults; no other file of the client may ask a clock, roll
 * dice or look at the environment.
 */
import { writeSync } from "node:fs";
import { env } from "node:process";

/** What the machine gives. Tests hand in their own. */
export interface World {
  /** Milliseconds since the epoch, as the machine believes. */
  now(): number;
  /** Milliseconds that only ever grow; for measuring how long something took. */
  elapsed(): number;
  /** From 0 up to, not including, 1. Spreads polls out; no secret depends on it. */
  random(): number;
  /** Calls back once, after so many milliseconds; keeps no process alive. Returns what takes it back. */
  wait(milliseconds: number, run: () => void): () => void;
  /** Where credentials for sources stand (AWS_…, GITHUB_TOKEN, …). */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A line for people, where no hook takes it: standard error. */
  say(line: string): void;
}

/** Node's timers cannot wait longer; who must wait longer is woken and looks again. */
const LONGEST_WAIT = 2 ** 31 - 1;

export const machine: World = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  random: () => Math.random(),
  wait(milliseconds, run) {
    const timer = setTimeout(run, Math.min(Math.max(milliseconds, 0), LONGEST_WAIT));
    timer.unref();
    return () => clearTimeout(timer);
  },
  env,
  say(line) {
    try {
      writeSync(2, `${line}\n`);
    } catch {
      // Nobody reads standard error; a service does not end for that.
    }
  },
};

/** A clock that never goes back. */
export interface SteadyClock {
  /** The latest time that was ever seen, milliseconds since the epoch. */
  now(): number;
  /** Whether the machine's clock is behind what was seen before, by more than clocks differ. */
  isSetBack(): boolean;
  /** Takes notice of a time that was seen earlier, by this process or by another one. */
  saw(milliseconds: number): void;
}

/** Clocks are corrected by seconds all the time; that is nothing to speak of. */
const TOLERANCE = 60_000;

/**
 * A clock for expiries. Whoever can set a machine's clock back could otherwise revive a release that has expired
 * (TUF 1.0.31, 5.1: the time of an update is fixed, and freeze attacks are what expiry is against); so the latest time
 * ever seen counts, across restarts as well, because it is kept with the release.
 */
export function steadyClock(world: Pick<World, "now">): SteadyClock {
  let latest = 0;
  return {
    now() {
      const now = world.now();
      if (now > latest) latest = now;
      return latest;
    },
    isSetBack: () => world.now() < latest - TOLERANCE,
    saw(milliseconds) {
      if (milliseconds > latest) latest = milliseconds;
    },
  };
}
