/**
 * The history of a registry: landings folded into events, marks and scopes, one landing after the other, so that
 * appending equals building anew bit for bit (DESIGN 6 and 7). Work is proportional to what landed.
 * It must never read a file or a clock: values and times arrive with the landings.
 */
import { isRulePath, revisionOfRules } from "../compile/policy-revision.ts";
import { identityOfPath } from "../source/reference.ts";
import type { Digest } from "../model/digest.ts";
import type { Instant } from "../model/instant.ts";
import { compareBytes, type JsonObject } from "../model/json.ts";
import type { Landing } from "../model/landing.ts";
import { identityOfEmail } from "./actor.ts";
import {
  moveDependencies,
  movingFrom,
  noDependencies,
  type Dependencies,
  type MovingDependencies,
} from "./dependencies.ts";
import {
  activationHappening,
  fileHappening,
  happeningsOf,
  textAt,
  type EntryDifference,
  type Happening,
} from "./derive.ts";
import { eventIdOf, type RegistryEvent } from "./event.ts";
import { overrideHappening } from "./override.ts";
import { moveScope, type Live, type ScopeStack } from "./stack.ts";
import { watchFrom, type MovingWatch, type Watch, type Watcher } from "./watch.ts";

/** One governed path's change in a landing, read. */
export interface ValueChange {
  readonly path: string;
  /** Whether the path was there before. */
  readonly existed: boolean;
  /** The parsed content; null where there is no file, or none that can be read as an entry. */
  readonly before: JsonObject | null;
  readonly after: JsonObject | null;
  /** sha256 of the new content, 64 hex digits; null where the file is gone or is a submodule. */
  readonly sha256: string | null;
}

export interface LandedValues {
  readonly landing: Landing;
  readonly changes: readonly ValueChange[];
}

/** When and by whom something landed. */
export interface Mark {
  readonly sequence: number;
  readonly commit: string;
  readonly at: Instant;
  /** An identity, or `unknown`. */
  readonly by: string;
}

/** When an entry landed first, and when it changed last. */
export interface Marks {
  readonly registered: Mark;
  readonly updated: Mark;
}

/** What a scope has and had. */
export interface ScopeState {
  readonly live: Live;
  readonly stack: ScopeStack;
}

/** Everything that follows from the landings so far. */
export interface History {
  /** The last landing; null before the first. */
  readonly tip: Landing | null;
  readonly events: readonly RegistryEvent[];
  /** By reference; what was removed has none. */
  readonly marks: ReadonlyMap<string, Marks>;
  /** By path below `live/`. */
  readonly scopes: ReadonlyMap<string, ScopeState>;
  readonly registryId: string;
  readonly policyRevision: Digest;
  /** sha256 of each file that rules are read from, by path. */
  readonly rules: ReadonlyMap<string, string>;
  /** Identity values by reference. */
  readonly identities: ReadonlyMap<string, JsonObject>;
  readonly dependencies: Dependencies;
  /** What tells of compliance; null as long as nothing is bound or waived. */
  readonly watch: Watch | null;
}

/** The history of nothing. */
export const emptyHistory: History = {
  tip: null,
  events: [],
  marks: new Map(),
  scopes: new Map(),
  registryId: "",
  policyRevision: revisionOfRules(new Map()),
  rules: new Map(),
  identities: new Map(),
  dependencies: noDependencies,
  watch: null,
};

/** The history of all landings, oldest first. */
export function buildHistory(landed: readonly LandedValues[]): History {
  return appendHistory(emptyHistory, landed);
}

/** The history with more landings, which follow its last one. The same as building all of it, bit for bit. */
export function appendHistory(history: History, landed: readonly LandedValues[], watcher?: Watcher): History {
  const draft = draftOf(history);
  for (const each of landed) takeLanding(draft, each, watcher);
  return draft;
}

/** A history that grows landing by landing; the one it began with stays as it is. */
export interface HistoryDraft extends History {
  tip: Landing | null;
  readonly events: RegistryEvent[];
  readonly marks: Map<string, Marks>;
  readonly scopes: Map<string, ScopeState>;
  registryId: string;
  policyRevision: Digest;
  readonly rules: Map<string, string>;
  readonly identities: Map<string, JsonObject>;
  readonly dependencies: MovingDependencies;
  watch: MovingWatch | null;
}

/** Begins where a history ends. `takeLanding` moves it on. */
export function draftOf(history: History): HistoryDraft {
  return {
    ...history,
    events: [...history.events],
    marks: new Map(history.marks),
    scopes: new Map(history.scopes),
    rules: new Map(history.rules),
    identities: new Map(history.identities),
    dependencies: movingFrom(history.dependencies),
    watch: watchFrom(history.watch),
  };
}

/**
 * Moves a history on by the landing that follows its last one. Where it watches compliance, what time alone has brought
 * about since then comes first; it cannot be moved on without its watcher.
 */
export function takeLanding(draft: HistoryDraft, landed: LandedValues, watcher?: Watcher): void {
  const { sequence, time } = landed.landing;
  const { tip, watch } = draft;
  if (sequence !== (tip?.sequence ?? 0) + 1)
    throw new Error(`landing ${sequence} does not follow ${tip?.sequence ?? 0}`);
  if (watch === null) takeSome(draft, landed);
  else {
    if (watcher === undefined) throw new Error("a history that watches compliance needs its watcher");
    draft.events.push(...lapsesOf(draft, watcher, time));
    takeSome(draft, landed, watcher);
  }
}

/** What time alone has brought about since a history's last landing, up to and with an instant. It moves the watch on. */
export function lapsesOf(draft: HistoryDraft, watcher: Watcher, until: Instant): readonly RegistryEvent[] {
  const { tip, watch, registryId, policyRevision } = draft;
  if (tip === null || watch === null) return [];
  return watcher.lapse(watch, { registryId, landing: tip, policyRevision }, until);
}

/**
 * The same where landings are left out, or told in part, because they changed nothing of what is asked about. The first
 * landing and all rules and people must be told. Of compliance only the whole can tell, with a watcher.
 */
export function takeSome(draft: HistoryDraft, { landing, changes }: LandedValues, watcher?: Watcher): void {
  const ordered = changes.length < 2 ? changes : [...changes].sort((a, b) => compareBytes(a.path, b.path));
  const isFirst = draft.tip === null;
  // Who acted and under which rules is what the first parent says; the first landing has nothing but itself.
  let { registryId, policyRevision } = draft;
  let actor = actorOf(landing, draft);
  if (applyRules(draft, ordered)) draft.policyRevision = revisionOfRules(draft.rules);
  if (isFirst) {
    policyRevision = draft.policyRevision;
    actor = actorOf(landing, draft);
  }
  if (registryId === "") registryId = draft.registryId;
  const mark: Mark = { sequence: landing.sequence, commit: landing.oid, at: landing.time, by: actor };
  const { happenings, differences } = happeningsIn(draft, ordered, mark);
  if (draft.watch !== null && watcher !== undefined)
    happenings.push(...watcher.land(draft.watch, landing, differences));
  happenings.forEach((happening, index) => {
    const { type, subject, bundleId, bundleVersion, scope, fromState, toState, replaces, patch, reason } =
      happening;
    draft.events.push({
      eventId: eventIdOf({
        registryId,
        source: "history",
        sequence: landing.sequence,
        asOf: null,
        ordinal: index + 1,
      }),
      registry: registryId,
      sequence: landing.sequence,
      type,
      subject,
      bundleId,
      bundleVersion,
      scope,
      fromState,
      toState,
      replaces,
      actor,
      claimed: true,
      reason: reason ?? landing.subject,
      patch,
      commit: landing.oid,
      observedAt: landing.time,
      policyRevision,
    });
  });
  draft.tip = landing;
}

/** Takes the landing's rules and identities in; says whether any file that rules are read from changed. */
function applyRules(draft: HistoryDraft, changes: readonly ValueChange[]): boolean {
  let changed = false;
  for (const { path, after, sha256 } of changes) {
    if (isRulePath(path)) {
      changed = true;
      if (sha256 === null) draft.rules.delete(path);
      else draft.rules.set(path, sha256);
    }
    if (path === "registry/registry.yaml") draft.registryId = textAt(after, "id") ?? draft.registryId;
    if (path.startsWith("registry/governance/identities/")) {
      actors.delete(draft);
      const ref = identityOfPath(path)?.ref;
      if (ref !== undefined && after !== null) draft.identities.set(ref, after);
      else if (ref !== undefined) draft.identities.delete(ref);
    }
  }
  return changed;
}

function happeningsIn(
  draft: HistoryDraft,
  changes: readonly ValueChange[],
  mark: Mark,
): { readonly happenings: Happening[]; readonly differences: readonly EntryDifference[] } {
  const happenings: Happening[] = [];
  const differences: EntryDifference[] = [];
  for (const { path, existed, before, after, sha256 } of changes) {
    const identity = identityOfPath(path);
    if (identity === undefined) {
      // Inside `registry/` only entries happen; what is no entry there is lint's to report.
      if (!path.startsWith("registry/")) happenings.push(fileHappening(path, sha256 === null));
      continue;
    }
    const removed = sha256 === null;
    if (removed) draft.marks.delete(identity.ref);
    else
      draft.marks.set(identity.ref, {
        registered: draft.marks.get(identity.ref)?.registered ?? mark,
        updated: mark,
      });
    // A file that is there and cannot be read says nothing; what it said before it was damaged still stands.
    if (!removed && after === null) continue;
    const difference = { identity, before: before ?? (existed ? {} : null), after };
    differences.push(difference);
    if (identity.kind !== "Activation") happenings.push(...happeningsOf(difference));
    else {
      const { live: from, stack } = draft.scopes.get(identity.id) ?? { live: null, stack: [] };
      const to = textAt(after, "bundle");
      const moved = moveScope(stack, from, to);
      draft.scopes.set(identity.id, { live: to, stack: moved.stack });
      const happening = activationHappening(difference, moved.move, from, to);
      const override = overrideHappening(difference, happening);
      happenings.push(happening, ...(override === undefined ? [] : [override]));
    }
  }
  happenings.push(...moveDependencies(draft.dependencies, differences));
  return { happenings, differences };
}

/** Whom an address means, asked again and again by a few people; forgotten when an Identity changes. */
const actors = new WeakMap<HistoryDraft, Map<string, string>>();

/** The identity a commit's author claims to be. */
function actorOf({ author }: Landing, draft: HistoryDraft): string {
  let known = actors.get(draft);
  if (known === undefined) actors.set(draft, (known = new Map()));
  let actor = known.get(author.email);
  if (actor === undefined) known.set(author.email, (actor = identityOfEmail(author.email, draft.identities)));
  return actor;
}
