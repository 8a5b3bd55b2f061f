/**
 * What a scope had, and therefore whether a change of its Activation is a promotion or a rollback (DESIGN 4): activate
 * and promote push, rollback pops to its target, `none` and `inherit` empty the stack.
 * It must never look at versions' numbers: only the order in which they landed counts.
 */
export type ActivationMove = "activate" | "promote" | "rollback" | "inherit" | "deactivate" | "amend";

/** What an Activation says about its bundle: a version, `none`, `inherit`; null = there is no file. */
export type Live = string | null;

/** Versions a scope had, the live one on top; empty when nothing is live. */
export type ScopeStack = readonly string[];

/** The move from one state of an Activation to the next, and the stack after it. */
export function moveScope(
  stack: ScopeStack,
  from: Live,
  to: Live,
): { readonly move: ActivationMove; readonly stack: ScopeStack } {
  if (from === to) return { move: "amend", stack };
  if (to === "inherit") return { move: "inherit", stack: [] };
  if (!isVersionLive(to))
    return { move: isVersionLive(from) || from === "inherit" ? "deactivate" : "amend", stack: [] };
  if (!isVersionLive(from)) return { move: "activate", stack: [to] };
  const below = stack.indexOf(to);
  if (below >= 0) return { move: "rollback", stack: stack.slice(0, below + 1) };
  return { move: "promote", stack: [...stack, to] };
}

/** The stack of a scope from everything its Activation ever said, oldest first. */
export function stackOf(states: readonly Live[]): ScopeStack {
  let from: Live = null;
  let stack: ScopeStack = [];
  for (const to of states) {
    stack = moveScope(stack, from, to).stack;
    from = to;
  }
  return stack;
}

/** Whether an Activation makes something live. */
export function isVersionLive(live: Live): live is string {
  return live !== null && live !== "none" && live !== "inherit";
}
