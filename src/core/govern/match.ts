/**
 * Which approval policies a transition, or a changed path, falls under (DESIGN 3, ApprovalPolicy): keys ANDed, values
 * ORed, `when` asked on the subject as in B and as in R. Either side suffices, and what cannot be answered matches.
 * The attacker writes R: making a side unreadable, or an expression fail, must never ask for less.
 */
import { compileExpression, evaluate } from "../policy/cel.ts";
import { approvalNames } from "../policy/policies.ts";
import { surroundingsOf, type Gather } from "../policy/surroundings.ts";
import type { Instant } from "../model/instant.ts";
import type { Entry, Registry } from "../model/registry.ts";
import type { Ref } from "../model/ref.ts";
import type { Transition } from "../model/transition.ts";
import { parseRef } from "../source/reference.ts";
import type { Change } from "./change.ts";
import { matchesPath } from "./codeowners-pattern.ts";
import { patternOf } from "./ownership.ts";

/** Whether a policy matches; `error` = its condition could not be answered, so it matches and denies. */
export interface Match {
  readonly matches: boolean;
  readonly error: string | null;
}

/** Prepares both sides of a change for matching. */
export interface Matcher {
  transition(policy: Entry<"ApprovalPolicy">, transition: Transition): Match;
  path(policy: Entry<"ApprovalPolicy">, path: string): boolean;
}

interface Side {
  readonly registry: Registry;
  readonly gather: Gather;
  readonly isBase: boolean;
}

/** Prepares to match the policies of a change's rules. */
export function matcherOf({ rules, result }: Change, asOf: Instant): Matcher {
  const side = (registry: Registry, isBase: boolean): Side => ({
    registry,
    gather: surroundingsOf(registry, asOf),
    isBase,
  });
  const sides = [side(rules.registry, true), side(result, false)];
  return {
    transition: (policy, transition) => matchTransition(policy, transition, sides),
    path(policy, path) {
      return (policy.value.match.paths ?? []).some((text) => {
        const pattern = patternOf(text);
        // A pattern that cannot be read asks for its approvals everywhere rather than nowhere.
        return pattern === undefined || matchesPath(pattern, path);
      });
    },
  };
}

const NO: Match = { matches: false, error: null };
const YES: Match = { matches: true, error: null };

function matchTransition(
  policy: Entry<"ApprovalPolicy">,
  transition: Transition,
  sides: readonly Side[],
): Match {
  const { kinds, actions, environments, namespaces, when, paths } = policy.value.match;
  if (paths !== undefined) return NO;
  if (actions !== undefined && !actions.includes(transition.action)) return NO;
  const identity = identityOfSubject(transition);
  if (identity === undefined) {
    // A file that is no entry has no kind, no namespace, no environment and no fields to ask about.
    return (kinds ?? environments ?? namespaces ?? when) ? NO : YES;
  }
  if (kinds !== undefined && !kinds.includes(identity.kind)) return NO;
  if (namespaces !== undefined && (identity.ns === null || !namespaces.includes(identity.ns))) return NO;
  if (environments !== undefined) {
    if (identity.kind !== "Activation" || !environments.includes(`environment:${identity.id.split("/")[0]}`))
      return NO;
  }
  return when === undefined ? YES : ask(when, kinds ?? [], transition, sides);
}

function ask(
  when: string,
  kinds: readonly Entry["kind"][],
  transition: Transition,
  sides: readonly Side[],
): Match {
  const compiled = compileExpression(when, { kinds, around: approvalNames });
  if ("faults" in compiled)
    return { matches: true, error: compiled.faults[0]?.message ?? "it cannot be read" };
  let asked = 0;
  let error: string | null = null;
  for (const { registry, gather, isBase } of sides) {
    const subject = subjectAt(registry, transition, isBase);
    if (subject === undefined) continue;
    asked++;
    const { from, to, action } = transition;
    const around = {
      ...gather(subject, null, compiled.program.uses),
      from: from ?? undefined,
      to: to ?? undefined,
      action,
    };
    const result = evaluate(compiled.program, subject, around);
    if ("error" in result) error ??= result.error.message;
    else if (result.value === true) return YES;
    else if (result.value !== false) error ??= "it is neither true nor false";
  }
  if (error === null && asked === 0)
    error = "its subject can be read neither at the base nor after the change";
  return error === null ? NO : { matches: true, error };
}

/** Who a transition is about; `*` in a scope stands for any name, so the parts before it say it all. */
function identityOfSubject({
  subject,
  scope,
}: Transition): Pick<Entry, "kind" | "id" | "ns" | "name"> | undefined {
  if (scope === undefined) return parseRef(subject);
  const [, ns = "", name = ""] = scope.split("/");
  return { kind: "Activation", id: scope, ns, name };
}

/** The subject as a side has it. A scope that only follows is asked about as if a file said what it comes to. */
function subjectAt(registry: Registry, transition: Transition, isBase: boolean): Entry | undefined {
  const { subject, scope, from, to, indirect } = transition;
  if (indirect !== true || scope === undefined) return registry.get(subject);
  const [, ns = "", name = ""] = scope.split("/");
  const value: Entry<"Activation">["value"] = { bundle: (isBase ? from : to) ?? "none", reason: "" };
  return {
    kind: "Activation",
    ref: subject as Ref,
    id: scope,
    ns,
    name,
    version: null,
    path: `registry/live/${scope}.yaml`,
    value,
  };
}
