/** `assent lint --lapses-within`: what time will make wrong, asked of now. Reads the registry, writes nothing. */
import type { Finding } from "../core/model/diagnostic.ts";
import { millisecondsOfDuration } from "../core/model/duration.ts";
import { Failure } from "../core/model/failure.ts";
import { instantOfSeconds, millisecondsOf, type Instant } from "../core/model/instant.ts";
import { compliance } from "../core/policy/compliance.ts";
import { lapsesWithin } from "../core/validate/lapses.ts";
import type { OpenRegistry } from "./read.ts";

/** The findings of an opened registry; `within` as people type it, `30d`, or an ISO 8601 duration. */
export function lapsesOf(
  { registry }: Pick<OpenRegistry, "registry">,
  within: string,
  asOf: Instant,
): readonly Finding[] {
  const days = /^(\d{1,5})d$/.exec(within)?.[1];
  const length = millisecondsOfDuration(days === undefined ? within : `P${days}D`);
  if (length === undefined) {
    throw new Failure("usage/duration", `"${within}" is no length of time.`, {
      hint: "Write days, such as 30d, or an ISO 8601 duration of fixed length, such as P4W.",
    });
  }
  const until = instantOfSeconds(Math.floor((millisecondsOf(asOf) + length) / 1000));
  return lapsesWithin(registry, asOf, until, () => compliance(registry, asOf));
}
