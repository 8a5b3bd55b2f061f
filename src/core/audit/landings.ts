/** The line of landings, asked by time (DESIGN 6). It must never ask a clock: times are what the commits say. */
import type { Landing } from "../model/landing.ts";

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
