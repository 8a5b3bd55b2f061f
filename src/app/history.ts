/**
 * history and events: who changed what, when and why, from the landings of the protected branch (DESIGN 6).
 * Everything here is derived from commits; it must never be written into the registry.
 */
import {
  draftOf,
  emptyHistory,
  takeLanding,
  takeSome,
  type History,
  type LandedValues,
} from "../core/audit/events.ts";
import type { RegistryEvent } from "../core/audit/event.ts";
import { textAt } from "../core/audit/derive.ts";
import { parseHistoryState, renderHistoryState } from "../core/audit/state.ts";
import { stackOf, type Live, type ScopeStack } from "../core/audit/stack.ts";
import { RULE_ROOTS } from "../core/compile/policy-revision.ts";
import { kindOfPrefix, kinds } from "../core/kinds/index.ts";
import { Failure } from "../core/model/failure.ts";
import { compareBytes, isObject, type Json, type JsonObject } from "../core/model/json.ts";
import { nearest } from "../core/model/nearest.ts";
import { identityOf, parseRef } from "../core/source/reference.ts";
import { needLandings, readLandings, walkLandings, walkLine } from "./landed.ts";
import { needGit, type Selection } from "./read.ts";
import { rootOf } from "./root.ts";
import type { CloneNotes, Ports, Repository } from "./ports.ts";

/** The history of everything that landed up to `at`. */
export async function readHistory(repository: Repository, at?: string): Promise<History> {
  const draft = draftOf(emptyHistory);
  for await (const batch of walkLine(repository, at)) for (const landed of batch) takeLanding(draft, landed);
  return draft;
}

/** Where a clone keeps the history that was built last. */
const NOTE = "history.json";

/**
 * The same history, built from the one that was built last in this clone: only what landed since is read. What was kept
 * is used if it is whole and its last landing is on the line to `tip`; otherwise all is read. `keep`: whether the
 * next one may build on this one; not for a look into the past.
 */
export async function growHistory(
  repository: Repository,
  tip: string,
  notes: CloneNotes,
  keep: boolean,
): Promise<History> {
  const text = notes.read(NOTE);
  const kept = text === undefined ? undefined : parseHistoryState(text);
  let draft = draftOf(kept ?? emptyHistory);
  const { tip: since } = draft;
  for await (const batch of walkLandings(repository, tip, since === null ? {} : { after: since })) {
    if (batch === null) {
      draft = draftOf(await readHistory(repository, tip));
      break;
    }
    for (const landed of batch) takeLanding(draft, landed);
  }
  if (keep && draft.tip !== null && draft.tip.oid !== since?.oid)
    notes.write(NOTE, renderHistoryState(draft));
  return draft;
}

/** The versions that a scope had, the live one last (DESIGN 4); `path` as below `live/`. */
export async function scopeStack(path: string, repository: Repository): Promise<ScopeStack> {
  const file = `registry/live/${path}.yaml`;
  const landed: LandedValues[] = [];
  for await (const batch of walkLine(repository, undefined, [file])) landed.push(...batch);
  // A file that is there and cannot be read says nothing, as in the whole history.
  const told = landed
    .flatMap(({ changes }) => changes)
    .filter(({ after, sha256 }) => after !== null || sha256 === null);
  return stackOf(told.map(({ after }): Live => textAt(after, "bundle")));
}

/** History needs the repository and nothing on disk. */
export type HistoryPorts = Pick<Ports, "findRoot" | "openRepository">;

export interface EventsRequest extends Selection {
  /** Sequences, both included. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** RegistryEvents in the order in which they happened, in batches, so that the length of a history costs no memory. */
export async function* events(
  request: EventsRequest,
  ports: HistoryPorts,
): AsyncGenerator<readonly RegistryEvent[], void> {
  const repository = needGit(await ports.openRepository(rootOf(request.folder, ports)), "assent events");
  const { from = 1, to = Number.POSITIVE_INFINITY } = request;
  const draft = draftOf(emptyHistory);
  for await (const batch of walkLine(repository, request.at)) {
    for (const landed of batch) takeLanding(draft, landed);
    const told = draft.events.splice(0);
    const isWithin =
      batch.length > 0 &&
      (batch[0]?.landing.sequence ?? 0) >= from &&
      (batch.at(-1)?.landing.sequence ?? 0) <= to;
    yield isWithin ? told : told.filter(({ sequence }) => sequence >= from && sequence <= to);
    if ((draft.tip?.sequence ?? 0) >= to) break;
  }
  needLandings(draft.tip === null ? [] : [draft.tip]);
}

/** One value that an event changed; null on the side where there is none. */
export interface FieldChange {
  /** A JSON pointer. */
  readonly path: string;
  readonly before: Json;
  readonly after: Json;
}

export interface HistoryItem {
  readonly event: RegistryEvent;
  /** For an Activation the versions, `none` or `inherit`; else the states. */
  readonly before: string | null;
  readonly after: string | null;
  readonly changes: readonly FieldChange[];
}

export interface HistoryRequest extends Selection {
  /** A scope, an entry, or an entry without its version; everything when absent. */
  readonly subject?: string | undefined;
}

export interface HistoryResult {
  readonly registry: string;
  /** The subjects that were meant, in byte order; all of them when none was asked for. */
  readonly subjects: readonly string[] | null;
  /** The landing it ends with. */
  readonly commit: string;
  readonly sequence: number;
  /** Latest first. */
  readonly items: readonly HistoryItem[];
}

/** What happened to a scope or an entry, latest first. */
export async function history(request: HistoryRequest, ports: HistoryPorts): Promise<HistoryResult> {
  const repository = needGit(await ports.openRepository(rootOf(request.folder, ports)), "assent history");
  const draft = draftOf(emptyHistory);
  const { subject: word } = request;
  const asked = askedFor(word);
  const items: HistoryItem[] = [];
  for await (const landed of landingsAbout(word, repository, request.at)) {
    const first = draft.events.length;
    takeSome(draft, landed);
    for (let at = first; at < draft.events.length; at++) {
      const event = draft.events[at];
      if (event !== undefined && asked(event.subject)) items.push(itemOf(event, landed));
    }
  }
  needLandings(draft.tip === null ? [] : [draft.tip]);
  const subjects = word === undefined ? null : subjectsOf(word, items, draft);
  const wanted = subjects === null ? items : items.filter(({ event }) => subjects.includes(event.subject));
  return {
    registry: draft.registryId,
    subjects,
    commit: draft.tip?.oid ?? "",
    sequence: draft.tip?.sequence ?? 0,
    items: wanted.reverse(),
  };
}

/**
 * All landings, with what they changed as far as it matters to a word: everything, or where the word can only mean a
 * scope, rules and people throughout and everything else only where the scope itself landed.
 */
async function* landingsAbout(
  word: string | undefined,
  repository: Repository,
  at: string | undefined,
): AsyncGenerator<LandedValues, void> {
  const files = word === undefined ? undefined : filesMeant(word);
  if (files === undefined) {
    for await (const batch of walkLine(repository, at)) yield* batch;
    return;
  }
  const some: LandedValues[] = [];
  for await (const batch of walkLine(repository, at, [...files, ...RULE_ROOTS])) {
    some.push(...batch);
  }
  // An event's number counts all events of its landing, so the landings that matter are read whole.
  const own = some.filter(({ changes }) => changes.some(({ path }) => files.includes(path)));
  const whole = new Map(
    (
      await readLandings(
        repository,
        own.map(({ landing }) => landing),
      )
    ).map((each) => [each.landing.oid, each]),
  );
  for (const each of some) yield whole.get(each.landing.oid) ?? each;
}

/**
 * The files a word can mean, where their own landings are all that can happen to them; undefined for everything else:
 * versions also move when what they depend on lands.
 */
function filesMeant(word: string): readonly string[] | undefined {
  const named = parseRef(word);
  const meant = named === undefined ? kinds.flatMap(({ name }) => identityOf(name, word) ?? []) : [named];
  // A word of two names may leave out a version.
  const isWhole = meant.every(({ kind }) => kind === "Activation" || kind === "Evaluation");
  return meant.length > 0 && isWhole ? meant.map(({ path }) => path) : undefined;
}

/** Whether a subject is what a word means, or a version of it. */
function askedFor(word: string | undefined): (subject: string) => boolean {
  if (word === undefined) return () => true;
  const idOf = idAsIn(word);
  return (subject) => {
    const id = idOf(subject);
    return id === word || (id.startsWith(word) && id[word.length] === "@");
  };
}

/** Spells subjects as a word does: with their prefix or without. */
function idAsIn(word: string): (subject: string) => string {
  const hasPrefix = kindOfPrefix(word.slice(0, Math.max(word.indexOf(":"), 0))) !== undefined;
  return (subject) => (hasPrefix ? subject : subject.slice(subject.indexOf(":") + 1));
}

/** Subjects a word means: a reference, one without prefix or version, or a scope. What is gone has a history too. */
function subjectsOf(word: string, items: readonly HistoryItem[], all: History): readonly string[] {
  const idOf = idAsIn(word);
  const known = [...new Set(items.map(({ event }) => event.subject))].sort(compareBytes);
  const exact = known.filter((subject) => idOf(subject) === word);
  const found = exact.length > 0 ? exact : known;
  const prefixes = [...new Set(found.map((subject) => subject.slice(0, subject.indexOf(":"))))];
  if (prefixes.length > 1) {
    throw new Failure("usage/ambiguous-entry", `"${word}" fits several entries.`, {
      hint: `Write the prefix: ${prefixes.map((prefix) => `${prefix}:${word}`).join(" or ")}.`,
    });
  }
  if (found.length > 0) return found;
  const near = nearest(word, [...new Set(all.events.map(({ subject }) => idOf(subject)))].sort(compareBytes));
  throw new Failure("usage/unknown-entry", `Nothing called "${word}" ever landed.`, {
    hint: near === undefined ? "assent history alone shows everything." : `Did you mean ${near}?`,
  });
}

function itemOf(event: RegistryEvent, { changes }: LandedValues): HistoryItem {
  const change =
    event.patch === null
      ? undefined
      : changes.find(({ path }) => path === (parseRef(event.subject)?.path ?? event.subject));
  const fields = (event.patch ?? []).map((operation): FieldChange => ({
    path: operation.path,
    before: operation.op === "add" ? null : valueAt(change?.before ?? null, operation.path),
    after: operation.op === "remove" ? null : operation.value,
  }));
  if (event.scope === null) return { event, before: event.fromState, after: event.toState, changes: fields };
  const live = event.toState === "live" ? event.bundleVersion : event.toState;
  const amended = event.type === "activation_amended";
  return {
    event,
    before: amended ? live : (event.replaces ?? event.fromState),
    after: live,
    changes: fields,
  };
}

function valueAt(value: JsonObject | null, pointer: string): Json {
  let found: Json | undefined = value;
  for (const step of pointer.split("/").slice(1)) {
    const key = step.replaceAll("~1", "/").replaceAll("~0", "~");
    found = Array.isArray(found)
      ? (found as readonly Json[])[Number(key)]
      : isObject(found)
        ? found[key]
        : undefined;
  }
  return found ?? null;
}
