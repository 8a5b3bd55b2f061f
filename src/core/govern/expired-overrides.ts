/**
 * Emergencies that have outlived their policies, whatever the change at hand (DESIGN 5.7): what a release is refused for.
 * It must never find less than the gate would, so each is asked about as if it were opened now.
 */
import type { Finding } from "../model/diagnostic.ts";
import { millisecondsOf, type Instant } from "../model/instant.ts";
import type { Registry } from "../model/registry.ts";
import { overrideExpired } from "./codes.ts";
import { expiryOf } from "./emergency.ts";
import { matcherOf } from "./match.ts";

/** `opened`: since when each scope is live by an emergency. One of which that is not known is taken for expired. */
export function expiredOverrides(
  registry: Registry,
  opened: ReadonlyMap<string, Instant>,
  asOf: Instant,
): readonly Finding[] {
  const matcher = matcherOf({ rules: { registry }, result: registry }, asOf);
  return registry.ofKind("Activation").flatMap((activation): readonly Finding[] => {
    if (activation.value.emergency !== true) return [];
    const since = opened.get(activation.id);
    const { ref: subject, id: scope, path: file, value } = activation;
    const opening = { subject, scope, action: "promote", from: null, to: value.bundle } as const;
    const until =
      since === undefined
        ? asOf
        : expiryOf(registry, activation, since, (policy) => matcher.transition(policy, opening).matches);
    if (until === null || (since !== undefined && millisecondsOf(asOf) <= millisecondsOf(until))) return [];
    const message = `${subject} was opened on ${since ?? "an unknown day"} and could stand until ${until}.`;
    return [{ definition: overrideExpired, message, at: { file, pointer: ["emergency"] }, subject }];
  });
}
