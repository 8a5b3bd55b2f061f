/**
 * Landings: the first-parent line of the protected branch, numbered and timed (DESIGN 6).
 * It must never ask a clock: a landing's time is what the commits say, made monotonous.
 */
import { Failure } from "../model/failure.ts";
import { instantOfSeconds } from "../model/instant.ts";
import type { Commit, Landing } from "../model/landing.ts";

/**
 * Numbers a first-parent chain from the root on, oldest first, or from the landing `after` on. Time is the running
 * maximum of committer times: a commit dated into the past lands when its parent did.
 */
export function numberLandings(chain: readonly Commit[], after?: Landing): readonly Landing[] {
  let previous = after;
  let latest = after === undefined ? -Infinity : secondsOf(after.time);
  return chain.map((commit) => {
    if (commit.parents[0] !== previous?.oid) throw brokenChain(commit.oid);
    latest = Math.max(latest, clamp(commit.committer.time));
    previous = { ...commit, sequence: (previous?.sequence ?? 0) + 1, time: instantOfSeconds(latest) };
    return previous;
  });
}

/** The last landing whose time is not after an instant (`--at T`); undefined before the first. */
export function landingAt(landings: readonly Landing[], instant: string): Landing | undefined {
  // Times never fall along the line, so the last that fits is found by halving.
  let low = 0;
  let high = landings.length;
  const asked = Date.parse(instant);
  while (low < high) {
    const middle = (low + high) >> 1;
    if (Date.parse(landings[middle]?.time ?? "") <= asked) low = middle + 1;
    else high = middle;
  }
  return landings[low - 1];
}

function secondsOf(time: string): number {
  return Date.parse(time) / 1000;
}

/** Commit times are claims; what RFC 3339 cannot spell counts as the nearest instant that it can. */
function clamp(seconds: number): number {
  return Math.min(Math.max(seconds, 0), 253_402_300_799);
}

function brokenChain(oid: string): Failure {
  return new Failure("git/broken-chain", `Git lists ${oid} where another commit's first parent belongs.`, {
    hint: "Run git fsck and git commit-graph verify, or clone again.",
    category: "internal",
  });
}
