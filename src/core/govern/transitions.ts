/**
 * Change -> transitions (DESIGN 4, Actions): what the difference of each file means. A scope's move is told by what
 * the scope had before, never by version numbers; where that is not known it is a promotion.
 * It must never judge whether a move is legal, or who must agree to it.
 */
import { isVersionLive, moveScope, type ActivationMove, type Live, type ScopeStack } from "../audit/stack.ts";
import { kindOf } from "../kinds/index.ts";
import { canonicalJsonOf } from "../model/canonical.ts";
import { compareBytes, type JsonObject } from "../model/json.ts";
import type { Lifecycle } from "../model/kind.ts";
import type { Entry } from "../model/registry.ts";
import type { Action, ChangedPath, Transition } from "../model/transition.ts";
import { NORMAL_MODE } from "../resolve/compatibility.ts";
import { identityOfPath } from "../source/reference.ts";
import type { Change } from "./change.ts";
import { versionServed, type AlteredScope, type Served } from "./scopes.ts";

/** What every scope had at B, by its path below `live/`; null = the history is not known. */
export type Stacks = ReadonlyMap<string, ScopeStack> | null;

/** Every transition of a change: those of its files in byte order of their paths, then those of altered scopes. */
export function transitionsOf(
  change: Change,
  stacks: Stacks,
  altered: readonly AlteredScope[],
): readonly Transition[] {
  const direct = change.paths.flatMap((path) => transitionsAt(change, path, stacks));
  return [...direct, ...indirectTransitions(altered, direct)];
}

/** The transitions of one path. */
function transitionsAt(change: Change, path: ChangedPath, stacks: Stacks): readonly Transition[] {
  const identity = identityOfPath(path.path);
  if (identity === undefined) return [{ subject: path.path, action: presence(path), from: null, to: null }];
  // What cannot be read at B has said nothing yet, so what stands there now has all its moves before it.
  const before = change.base.registry.get(identity.ref);
  const after = change.result.get(identity.ref);
  const subject = identity.ref;
  if (identity.kind === "Activation") {
    return activationTransitions(identity.id, subject, path, activation(before), activation(after), stacks);
  }
  if (after === undefined)
    return [{ subject, action: path.modeTo === null ? "remove" : "edit", from: stateOf(before), to: null }];
  const { lifecycle } = kindOf(identity.kind);
  const to = stateOf(after) ?? lifecycle?.initial ?? null;
  if (before === undefined) {
    const created: Transition = { subject, action: "create", from: null, to: lifecycle?.initial ?? null };
    return [
      created,
      ...(lifecycle === undefined ? [] : skippedMoves(lifecycle, to).map((move) => ({ subject, ...move }))),
    ];
  }
  const found: Transition[] = [];
  const from = stateOf(before) ?? lifecycle?.initial ?? null;
  const move = lifecycle?.moves.find((each) => each.from === from && each.to === to);
  if (move !== undefined) found.push({ subject, action: move.action as Action, from, to });
  if (differs(before, after, ["serving"])) found.push({ subject, action: "serve", from: null, to: null });
  const told = [...(move === undefined ? [] : STATE_KEYS), "serving"];
  // Comments and layout are an edit too: whoever owns the file sees it change.
  if (found.length === 0 || differs(before, after, undefined, told))
    found.push({ subject, action: "edit", from: null, to: null });
  return found;
}

/** The keys that a legal move of the state brings along (DESIGN 2.1). */
const STATE_KEYS = ["state", "reason", "sunset", "replacedBy"];

function presence({ modeFrom, modeTo }: ChangedPath): Action {
  return modeFrom === null ? "create" : modeTo === null ? "remove" : "edit";
}

/**
 * The moves by which a new version comes to its state (DESIGN 4): through every state that stands before it in the
 * lifecycle and leads to it. A state that one returns from (paused) is passed by nobody who does not stay there.
 */
export function skippedMoves(
  lifecycle: Lifecycle,
  target: string | null,
): readonly Pick<Transition, "action" | "from" | "to">[] {
  const { states, moves, initial } = lifecycle;
  const rank = (state: string): number => states.indexOf(state);
  const isAside = (state: string): boolean =>
    state !== target && moves.some((move) => move.from === state && rank(move.to) < rank(state));
  const found: Pick<Transition, "action" | "from" | "to">[] = [];
  let at = initial;
  while (at !== target && target !== null) {
    const step = moves
      .filter((move) => move.from === at && rank(move.to) > rank(at) && rank(move.to) <= rank(target))
      .filter((move) => !isAside(move.to) && hasWay(lifecycle, move.to, target))
      .sort((a, b) => rank(a.to) - rank(b.to))[0];
    if (step === undefined) break;
    found.push({ action: step.action as Action, from: at, to: step.to });
    at = step.to;
  }
  return found;
}

function hasWay({ moves, states }: Lifecycle, from: string, to: string): boolean {
  const open = [from];
  const seen = new Set(open);
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    if (state === to) return true;
    for (const move of moves) {
      if (move.from !== state || states.indexOf(move.to) <= states.indexOf(state) || seen.has(move.to))
        continue;
      seen.add(move.to);
      open.push(move.to);
    }
  }
  return false;
}

type ActivationValue = Entry<"Activation">["value"];

function activation(entry: Entry | undefined): ActivationValue | undefined {
  return entry?.kind === "Activation" ? (entry as Entry<"Activation">).value : undefined;
}

function activationTransitions(
  scope: string,
  subject: string,
  path: ChangedPath,
  before: ActivationValue | undefined,
  after: ActivationValue | undefined,
  stacks: Stacks,
): readonly Transition[] {
  const from: Live = before?.bundle ?? null;
  const to: Live = after?.bundle ?? null;
  const base = { subject, from, to, scope };
  // A file that is gone, or that cannot be read, makes nothing live.
  if (after === undefined) return [{ ...base, action: path.modeTo === null ? "remove" : "deactivate" }];
  const stack = stacks?.get(scope);
  // A stack that does not end with what is live tells of another history; then nothing is known.
  const known = stack !== undefined && stack.at(-1) === from ? stack : isVersionLive(from) ? [from] : [];
  const action: ActivationMove = moveScope(known, from, to).move;
  const endsOverride =
    before?.emergency === true && after.emergency !== true && from === to && isVersionLive(to);
  if (endsOverride) return [{ ...base, action: "promote" }];
  return [{ ...base, action }];
}

/**
 * Altered scopes as transitions of their own (DESIGN 5.2), except where the scope's own move says it already: what an
 * activate, promote or rollback names is served, or after a deactivate nothing is. One for each version that comes to
 * be served, so that conditions on the bundle see each of them.
 * A scope that follows a wider one along takes the wider one's move.
 */
function indirectTransitions(
  altered: readonly AlteredScope[],
  direct: readonly Transition[],
): readonly Transition[] {
  const found: Transition[] = [];
  for (const altering of altered) {
    const { scope } = altering;
    const changes = changedModes(altering);
    const own = direct.find((transition) => transition.scope === scope);
    const leader = altered.flatMap((each) => {
      const move = isSameMove(each, altering)
        ? direct.find((transition) => transition.scope === each.scope)
        : undefined;
      return move !== undefined && each !== altering ? [move] : [];
    })[0];
    const before = changes.find(([from]) => from?.bundle != null)?.[0];
    const base = { subject: `scope:${scope}`, scope, indirect: true } as const;
    const versions = new Set(changes.map(([, after]) => versionServed(after)));
    // Where something is served in one mode and nothing in another, what is served is the greater step.
    if (versions.size > 1) versions.delete(null);
    for (const to of versions) {
      if (own !== undefined && explains(own, to)) continue;
      const from = versionServed(
        changes.find(([each, after]) => versionServed(after) === to && each?.bundle != null)?.[0] ??
          (to === null ? before : undefined),
      );
      const action =
        leader !== undefined && explains(leader, to) ? leader.action : to === null ? "deactivate" : "promote";
      found.push({ ...base, action, from, to });
    }
  }
  return found.sort((a, b) => compareBytes(a.subject, b.subject) || compareBytes(a.to ?? "", b.to ?? ""));
}

/** Whether a scope's own move accounts for serving this version, or nothing. */
function explains({ action, to }: Transition, served: string | null): boolean {
  if (action === "activate" || action === "promote" || action === "rollback")
    return served === to || served === null;
  return action === "deactivate" && served === null;
}

function isSameMove(a: AlteredScope, b: AlteredScope): boolean {
  return (
    a.environment === b.environment &&
    a.usecase === b.usecase &&
    JSON.stringify([a.before, a.after]) === JSON.stringify([b.before, b.after])
  );
}

/** Before and after of each degrade mode in which a scope differs: the normal mode first, the others in byte order. */
function changedModes({
  before,
  after,
}: AlteredScope): readonly (readonly [Served | undefined, Served | undefined])[] {
  const named = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])].sort(compareBytes);
  const modes = [
    ...named.filter((mode) => mode === NORMAL_MODE),
    ...named.filter((mode) => mode !== NORMAL_MODE),
  ];
  return modes
    .map((mode) => [before?.[mode], after?.[mode]] as const)
    .filter(([from, to]) => JSON.stringify(from) !== JSON.stringify(to));
}

function stateOf(entry: Entry | undefined): string | null {
  const value = entry?.value;
  return value !== undefined && "state" in value && typeof value.state === "string" ? value.state : null;
}

/** Whether two entries differ in these keys, or in all but those left out. */
function differs(
  before: Entry,
  after: Entry,
  keys: readonly string[] | undefined,
  without: readonly string[] = [],
): boolean {
  const pick = (entry: Entry): string => {
    const value = entry.value as object as JsonObject;
    const chosen = Object.entries(value).filter(([key]) =>
      keys === undefined ? !without.includes(key) : keys.includes(key),
    );
    return canonicalJsonOf(Object.fromEntries(chosen));
  };
  return pick(before) !== pick(after);
}
