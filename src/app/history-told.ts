/**
 * What history tells of a word, event by event, before anybody is asked who agreed. What was told of a scope is kept in
 * the clone, so that the next question reads only what landed since. What is kept is for showing: proof never reads it.
 */
import {
  draftOf,
  emptyHistory,
  takeSome,
  type History,
  type HistoryDraft,
  type LandedValues,
} from "../core/audit/events.ts";
import type { RegistryEvent } from "../core/audit/event.ts";
import { noDependencies } from "../core/audit/dependencies.ts";
import { parseHistoryState, renderHistoryState } from "../core/audit/state.ts";
import { RULE_ROOTS } from "../core/compile/policy-revision.ts";
import { sha256Hex } from "../core/model/digest.ts";
import { isObject, type Json, type JsonObject } from "../core/model/json.ts";
import type { Landing } from "../core/model/landing.ts";
import { identityOfPath, parseRef } from "../core/source/reference.ts";
import { askedFor, filesMeant } from "./history-subject.ts";
import { takeLandings, type HistorySource } from "./history-take.ts";
import { readLandings, readUpTo, tipOfLine, walkLandings, walkLine } from "./landed.ts";
import type { CloneNotes, Repository } from "./ports.ts";

/** One value that an event changed; null on the side where there is none. */
export interface FieldChange {
  /** A JSON pointer. */
  readonly path: string;
  readonly before: Json;
  readonly after: Json;
}

/** One thing that happened, with the landing it came with. */
export interface Told {
  readonly landing: Landing;
  readonly event: RegistryEvent;
  /** For an Activation the versions, `none` or `inherit`; else the states. */
  readonly before: string | null;
  readonly after: string | null;
  readonly changes: readonly FieldChange[];
}

/** What was told, oldest first, and where history ends. */
export interface Telling {
  readonly history: History;
  readonly items: readonly Told[];
}

/** Everything that happened to what a word means, up to `at`. `notes`: what this clone keeps between two questions. */
export async function tell(
  word: string | undefined,
  source: HistorySource,
  at: string | undefined,
  notes: CloneNotes,
): Promise<Telling> {
  const { repository } = source;
  const files = word === undefined ? undefined : filesMeant(word);
  if (word === undefined || files === undefined) {
    return tellWhole(word, source, at);
  }
  const isKept = at === undefined && !(await repository.isShallow());
  const told =
    (isKept ? await tellSince(word, files, repository, notes) : undefined) ??
    (await tellScope(word, files, repository, at));
  // Only the whole of a history tells of compliance.
  if (told === undefined) return tellWhole(word, source, at);
  const { draft, items, since } = told;
  if (isKept && items.length > 0 && draft.tip !== null && draft.tip.oid !== since)
    notes.write(noteOf(files), renderTold(draft, items));
  return { history: draft, items };
}

async function tellWhole(
  word: string | undefined,
  source: HistorySource,
  at: string | undefined,
): Promise<Telling> {
  const draft = draftOf(emptyHistory);
  const items: Told[] = [];
  const asked = askedFor(word);
  let before: LandedValues | undefined;
  for await (const batch of walkLine(source.repository, at)) {
    for (const landed of batch) {
      const first = draft.events.length;
      await takeLandings(draft, [landed], source);
      for (const event of draft.events.slice(first)) {
        // What time brought about belongs to the landing that was in force.
        const of = event.sequence === landed.landing.sequence ? landed : before;
        if (of !== undefined && asked(event.subject)) items.push(itemOf(event, of));
      }
      before = landed;
    }
  }
  return { history: draft, items };
}

/** What was told so far. */
interface Begun {
  readonly draft: HistoryDraft;
  readonly items: Told[];
  /** The landing that was kept last. */
  readonly since?: string;
}

function take({ draft, items }: Begun, landed: readonly LandedValues[], word: string | undefined): void {
  const asked = askedFor(word);
  for (const each of landed) {
    const first = draft.events.length;
    takeSome(draft, each);
    for (let at = first; at < draft.events.length; at++) {
      const event = draft.events[at];
      if (event !== undefined && asked(event.subject)) items.push(itemOf(event, each));
    }
  }
}

/** Undefined where policies may tell of it. */
async function tellScope(
  word: string,
  files: readonly string[],
  repository: Repository,
  at: string | undefined,
): Promise<Begun | undefined> {
  const some: LandedValues[] = [];
  for await (const batch of walkLine(repository, at, [...files, ...RULE_ROOTS])) some.push(...batch);
  if (tellsOfCompliance(some, files)) return undefined;
  const begun: Begun = { draft: draftOf(emptyHistory), items: [] };
  take(begun, await wholeWhereTold(some, files, repository), word);
  return begun;
}

/** Goes on where the last answer ended; undefined where nothing is kept, or what is kept lies off the line. */
async function tellSince(
  word: string,
  files: readonly string[],
  repository: Repository,
  notes: CloneNotes,
): Promise<Begun | undefined> {
  const text = notes.read(noteOf(files));
  const kept = text === undefined ? undefined : parseTold(text);
  const since = kept?.history.tip ?? undefined;
  if (kept === undefined || since === undefined) return undefined;
  const tip = await tipOfLine(repository);
  if (tip === null) return undefined;
  const some: LandedValues[] = [];
  const paths = [...files, ...RULE_ROOTS];
  for await (const batch of walkLandings(repository, tip, { paths, after: since })) {
    if (batch === null) return undefined;
    some.push(...batch);
  }
  if (tellsOfCompliance(some, files)) return undefined;
  const begun: Begun = { draft: draftOf(kept.history), items: [...kept.items], since: since.oid };
  take(begun, await wholeWhereTold(some, files, repository), word);
  return begun;
}

/** An event's number counts those of its landing before it, so the landings that are told of are read up to there. */
async function wholeWhereTold(
  some: readonly LandedValues[],
  files: readonly string[],
  repository: Repository,
): Promise<readonly LandedValues[]> {
  const own = some.filter(({ changes }) => changes.some(({ path }) => files.includes(path)));
  if (own.length === 0) return some;
  const read = await readLandings(
    repository,
    own.map(({ landing }) => landing),
    { reads: readUpTo(files) },
  );
  const whole = new Map(read.map((each) => [each.landing.oid, each]));
  return some.map((each) => whole.get(each.landing.oid) ?? each);
}

/** Whether a policy lands that can be bound to what these files hold: then compliance is part of what is told. */
function tellsOfCompliance(some: readonly LandedValues[], files: readonly string[]): boolean {
  const kinds = files.map((file) => identityOfPath(file)?.kind);
  return some.some(({ changes }) =>
    changes.some(({ path, after }) => {
      const spec = path.startsWith("registry/policies/") ? after?.["spec"] : undefined;
      const judged = isObject(spec) ? spec["appliesTo"] : undefined;
      return Array.isArray(judged) && kinds.some((kind) => kind !== undefined && judged.includes(kind));
    }),
  );
}

/** Words are as long as somebody types; a name of a file is not. */
function noteOf(files: readonly string[]): string {
  return `scope-${sha256Hex(files.join("\0")).slice(0, 32)}.json`;
}

/** First the state to go on from, without what only the whole history has; then a line of what was told. */
function renderTold(history: History, items: readonly Told[]): string {
  const told = JSON.stringify(items);
  const state = { ...history, events: [], marks: new Map(), dependencies: noDependencies, watch: null };
  return `${sha256Hex(told)} ${told}\n${renderHistoryState(state)}`;
}

function parseTold(text: string): Telling | undefined {
  const end = text.indexOf("\n");
  const told = text.slice(65, Math.max(end, 65));
  if (text.slice(0, 65) !== `${sha256Hex(told)} `) return undefined;
  const history = parseHistoryState(text.slice(end + 1));
  return history === undefined ? undefined : { history, items: JSON.parse(told) as Told[] };
}

function itemOf(event: RegistryEvent, { landing, changes }: LandedValues): Told {
  const change =
    event.patch === null
      ? undefined
      : changes.find(({ path }) => path === (parseRef(event.subject)?.path ?? event.subject));
  const fields = (event.patch ?? []).map((operation): FieldChange => ({
    path: operation.path,
    before: operation.op === "add" ? null : valueAt(change?.before ?? null, operation.path),
    after: operation.op === "remove" ? null : operation.value,
  }));
  if (event.scope === null)
    return { landing, event, before: event.fromState, after: event.toState, changes: fields };
  const live = event.toState === "live" ? event.bundleVersion : event.toState;
  const amended = event.type === "activation_amended";
  return {
    landing,
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
