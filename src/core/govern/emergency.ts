/**
 * Emergencies (DESIGN 5.7): when fewer people may agree, to what, and for how long. The flag lowers what is asked, so
 * everything that could bring it in by the way is refused.
 */
import { millisecondsOfDuration } from "../model/duration.ts";
import { millisecondsOf, type Instant } from "../model/instant.ts";
import type { Entry, Registry } from "../model/registry.ts";
import { later } from "./soak.ts";
import type { Change } from "./change.ts";
import * as codes from "./codes.ts";
import type { Facts } from "./facts.ts";
import { matcherOf } from "./match.ts";
import type { Transition } from "../model/transition.ts";
import { allowed, denied, type Verdict } from "./verdict.ts";

/** An Activation of the change that carries the flag after it. */
interface Flagged {
  readonly path: string;
  readonly before: Entry<"Activation"> | undefined;
  readonly after: Entry<"Activation">;
}

/** Whether the change opens an emergency: it makes something go live, or go, under the flag. */
export function isEmergency(change: Change): boolean {
  return change.heals === null && flaggedIn(change).some(isOpening);
}

/** What DESIGN 5.7 asks of changes that carry the flag; empty where none does. */
export function judgeEmergency(
  change: Change,
  transitions: readonly Transition[],
  facts: Facts,
  asOf: Instant,
): readonly Verdict[] {
  if (change.heals !== null) return [];
  return flaggedIn(change).flatMap((flagged) => {
    const { path, before, after } = flagged;
    const at = { file: path, pointer: ["emergency"] };
    const subject = after.ref;
    if (isOpening(flagged)) {
      const requirement = "an emergency stands alone in its change";
      if (change.paths.length === 1) return [allowed(requirement, "The change is this one activation.")];
      const others = change.paths.length - 1;
      return [
        denied(requirement, `The change touches ${others} other ${others === 1 ? "file" : "files"}.`, {
          code: codes.emergencyNotAlone,
          at,
          subject,
        }),
      ];
    }
    if (before?.value.emergency !== true) {
      const because = `${subject} already says ${after.value.bundle}; the flag moves nothing.`;
      return [
        denied("an emergency moves something", because, { code: codes.emergencyUnchanged, at, subject }),
      ];
    }
    return [judgeExpiry(change, after, transitions, facts, asOf)];
  });
}

/** An override that stands and is touched without being closed must not have outlived its policy. */
function judgeExpiry(
  change: Change,
  activation: Entry<"Activation">,
  transitions: readonly Transition[],
  facts: Facts,
  asOf: Instant,
): Verdict {
  const requirement = `the override of ${activation.ref} has not expired`;
  const at = { file: activation.path, pointer: ["emergency"] };
  const subject = activation.ref;
  const opened = facts.overrides.get(activation.id);
  if (opened === undefined) {
    return denied(requirement, `It is not known since when ${activation.id} is live by an emergency.`, {
      code: codes.unknown,
      at,
      subject,
    });
  }
  const until = expiryOf(change.rules.registry, activation, opened, (policy) => {
    const matcher = matcherOf(change, asOf);
    const moves = transitions.filter((transition) => transition.scope === activation.id);
    const opening = moves.map((transition) => ({ ...transition, action: "promote" as const }));
    return [...moves, ...opening].some((transition) => matcher.transition(policy, transition).matches);
  });
  if (until === null) return allowed(requirement, `It was opened on ${opened}, and no policy ends it.`);
  if (millisecondsOf(asOf) <= millisecondsOf(until))
    return allowed(requirement, `It was opened on ${opened} and may stand until ${until}.`);
  return denied(requirement, `It was opened on ${opened} and could stand until ${until}.`, {
    code: codes.overrideExpired,
    at,
    subject,
  });
}

/** When an override ends: the shortest expiresAfter of the policies that were asked instead; null = never. */
export function expiryOf(
  registry: Registry,
  activation: Entry<"Activation">,
  opened: Instant,
  isAsked: (policy: Entry<"ApprovalPolicy">) => boolean,
): Instant | null {
  const environment = `environment:${activation.id.split("/")[0]}`;
  const lengths = registry.ofKind("ApprovalPolicy").flatMap((policy) => {
    const { emergency, match } = policy.value;
    if (emergency === undefined || match.environments?.includes(environment) === false || !isAsked(policy))
      return [];
    return [millisecondsOfDuration(emergency.expiresAfter) ?? 0];
  });
  return lengths.length === 0 ? null : later(opened, Math.min(...lengths));
}

/** The activations that carry the flag at R and are touched. */
function flaggedIn({ base, result, paths }: Change): readonly Flagged[] {
  return paths.flatMap(({ path }) => {
    if (!path.startsWith("registry/live/")) return [];
    const ref = `scope:${path.slice("registry/live/".length, -".yaml".length)}`;
    const after = activationAt(result, ref);
    return after?.value.emergency === true ? [{ path, before: activationAt(base.registry, ref), after }] : [];
  });
}

function activationAt(registry: Registry, ref: string): Entry<"Activation"> | undefined {
  const entry = registry.get(ref);
  return entry?.kind === "Activation" ? (entry as Entry<"Activation">) : undefined;
}

function isOpening({ before, after }: Flagged): boolean {
  return before === undefined || before.value.bundle !== after.value.bundle;
}
