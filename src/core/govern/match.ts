/**
 * Which approval policies a transition, or a changed path, falls under (DESIGN 3, ApprovalPolicy): keys ANDed, values
 * ORed, `when` asked on the subject as in B and as in R. Either side suffices, and what cannot be answered matches.
 * The attacker writes R: making a side unreadable, or an expression fail, must never ask for less.
 */
import { compileExpression, evaluate, type Compiled } from "../policy/cel.ts";
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
  transition(policy: Policy, transition: Transition): Match;
  path(policy: Policy, path: string): boolean;
}

type Policy = Entry<"ApprovalPolicy">;
type Subject = Pick<Entry, "kind" | "id" | "ns" | "name">;

interface Side {
  readonly registry: Registry;
  readonly gather: Gather;
  readonly isBase: boolean;
}

/** Prepares to match the policies of a change's rules. */
export function matcherOf(
  { rules, result }: Pick<Change, "result"> & { readonly rules: Pick<Change["rules"], "registry"> },
  asOf: Instant,
): Matcher {
  const side = (registry: Registry, isBase: boolean): Side => ({
    registry,
    gather: surroundingsOf(registry, asOf),
    isBase,
  });
  const sides = [side(rules.registry, true), side(result, false)];
  // Large changes ask the same policies about the same subjects again and again.
  const subjectOf = once(identityOfSubject);
  const conditionOf = once(({ value: { match } }: Policy) =>
    compileExpression(match.when ?? "true", { kinds: match.kinds ?? [], around: approvalNames }),
  );
  const patternsOf = once(({ value }: Policy) => (value.match.paths ?? []).map(patternOf));
  return {
    transition(policy, transition) {
      if (!isMeant(policy, transition, subjectOf(transition))) return NO;
      return policy.value.match.when === undefined ? YES : ask(conditionOf(policy), transition, sides);
    },
    path: (policy, path) =>
      // A pattern that cannot be read asks for its approvals everywhere rather than nowhere.
      patternsOf(policy).some((pattern) => pattern === undefined || matchesPath(pattern, path)),
  };
}

function once<K extends object, V>(make: (key: K) => V): (key: K) => V {
  const made = new Map<K, { readonly value: V }>();
  return (key) => {
    let known = made.get(key);
    if (known === undefined) made.set(key, (known = { value: make(key) }));
    return known.value;
  };
}

const NO: Match = { matches: false, error: null };
const YES: Match = { matches: true, error: null };

/** Whether a policy's keys, `when` aside, mean a transition. */
function isMeant(policy: Policy, { action }: Transition, subject: Subject | undefined): boolean {
  const { kinds, actions, environments, namespaces, when, paths } = policy.value.match;
  if (paths !== undefined || actions?.includes(action) === false) return false;
  // A file that is no entry has no kind, no namespace, no environment and no fields to ask about.
  if (subject === undefined)
    return (
      kinds === undefined && environments === undefined && namespaces === undefined && when === undefined
    );
  const { kind, id, ns } = subject;
  if (kinds?.includes(kind) === false) return false;
  if (namespaces !== undefined && (ns === null || !namespaces.includes(ns))) return false;
  return (
    environments === undefined ||
    (kind === "Activation" && environments.includes(`environment:${id.split("/")[0]}`))
  );
}

function ask(compiled: Compiled, transition: Transition, sides: readonly Side[]): Match {
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
function identityOfSubject({ subject, scope }: Transition): Subject | undefined {
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
