/**
 * Whether a bundle has soaked where a policy asks for it (DESIGN 4): served there, without interruption, for long enough.
 * It must never count time that no facts prove; what is not known denies, and what nobody has recorded yet waits.
 */
import { millisecondsOf, type Instant } from "../model/instant.ts";
import type { Entry } from "../model/registry.ts";
import type { Transition } from "../model/transition.ts";
import { digestOfVersion } from "../validate/gates.ts";
import type { Change } from "./change.ts";
import * as codes from "./codes.ts";
import { pathOf, type SoakDemand } from "./demands.ts";
import type { Facts } from "./facts.ts";
import { later, servedSince, soakScope } from "./soak.ts";
import { allowed, denied, pending, type Verdict } from "./verdict.ts";

/** Judges one soak that a policy asks for; `target` is what moves, as it is in R. */
export function judgeSoak(
  { base }: Change,
  target: Entry,
  transition: Transition,
  demand: SoakDemand,
  facts: Facts,
  asOf: Instant,
): Verdict {
  const { environment, milliseconds, text, policy } = demand;
  const requirement = `${target.ref} has been live in ${environment} for ${text} (${policy})`;
  const at = { file: pathOf(transition) };
  const refuse = (
    because: string,
    code = codes.soakMissing as typeof codes.soakMissing | typeof codes.unknown,
  ): Verdict =>
    denied(requirement, because, {
      code,
      at,
      subject: target.ref,
      next: [
        {
          who: [],
          do: `promote ${target.ref} to ${environment} first`,
          command: `assent promote ${target.ref} --to ${environment} --reason <text>`,
        },
      ],
    });
  if (target.kind !== "Bundle") return refuse(`A ${target.kind} cannot soak; only bundles go live.`);
  const scope = soakScope(base.registry, transition, environment);
  const timeline = scope === undefined ? undefined : facts.timelines.get(scope);
  if (scope === undefined || timeline === undefined)
    return refuse(`It is not known what ${scope ?? environment} resolved to until now.`, codes.unknown);
  const start = servedSince(timeline, digestOfVersion(target));
  if (start === null) return refuse(`${scope} does not resolve to ${target.ref}.`);
  if ("unrecorded" in start) {
    const landing = `landing ${start.unrecorded}`;
    return pending(
      requirement,
      `${scope} resolves to it since ${landing}, which its witness has not recorded yet; it soaks from then on.`,
      [
        {
          who: [],
          do: `have ${landing} recorded by the registry's witness`,
          command: "assent audit record",
        },
      ],
    );
  }
  const { since } = start;
  const until = later(since, milliseconds);
  if (millisecondsOf(until) <= millisecondsOf(asOf))
    return allowed(requirement, `${scope} has resolved to it since ${since}.`);
  return pending(
    requirement,
    `${scope} has resolved to it since ${since}, which is long enough on ${until}.`,
    [{ who: [], do: `wait until it has soaked in ${environment}`, until }],
    until,
  );
}
