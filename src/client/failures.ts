/**
 * What the client itself has to say when it answers nothing, one code a reason. What is wrong with a release is said by
 * core/trust/tuf/refusal.ts, what is wrong with a host by source/failures.ts.
 */
import { Failure } from "../core/model/failure.ts";
import type { Instant } from "../core/model/instant.ts";

export function closed(): Failure {
  return new Failure("client/closed", "The client was closed.", { hint: "Make a new one." });
}

export function noRelease(): Failure {
  return new Failure("client/no-release", "No release was read yet.", {
    hint: "Wait for the first one.",
    category: "unavailable",
  });
}

/** The bound that `onStale` sets has passed. */
export function expired(expires: Instant | null): Failure {
  return new Failure(
    "client/expired",
    `The release in use was good until ${String(expires)}, and no newer one can be had.`,
    {
      hint: "See that the sources can be reached and that releases are refreshed; serveLastGood would bridge a gap.",
      category: "unavailable",
    },
  );
}

/** Thrown at once: it stands where bytes would. */
export function damaged(path: string): never {
  throw new Failure("client/cache-damaged", `The cache has lost ${path}, or it was changed there.`, {
    hint: "Nothing is to be done: it is fetched again. Find out who writes to the cache.",
    category: "unavailable",
  });
}

export function overtaken(): Failure {
  return new Failure("client/overtaken", "Another process has refreshed the same cache further.", {
    hint: "Nothing is to be done: what it has verified is used.",
    category: "conflict",
  });
}

/** A reader of somebody else's making may throw anything. */
export function brokenSource(address: string, cause: unknown): Failure {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new Failure("client/source", `${address} could not be read: ${why}`, {
    hint: "See that the source is there and can be reached from here.",
    category: "unavailable",
    cause,
  });
}

export function tooSlow(address: string, milliseconds: number): Failure {
  return new Failure("client/too-slow", `${address} did not answer within ${milliseconds / 1000} s.`, {
    hint: "See that the source can be reached from here; a slow one needs a longer timeout.",
    category: "unavailable",
  });
}

/** A service that expects another registry than its root vouches for was given the wrong root. */
export function wrongRoot(vouched: string, expected: string): Failure {
  return new Failure("client/wrong-root", `The root to trust is of "${vouched}", not of "${expected}".`, {
    hint: "Hand over the root.json of the registry that the service expects.",
    category: "auth",
  });
}
