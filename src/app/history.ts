/**
 * history and events: who changed what, when and why, from the landings of the protected branch (DESIGN 6).
 * Everything here is derived from commits; it must never be written into the registry.
 */
import { buildHistory, type History, type LandedValues } from "../core/audit/events.ts";
import type { RegistryEvent } from "../core/audit/event.ts";
import { textAt } from "../core/audit/derive.ts";
import { stackOf, type Live, type ScopeStack } from "../core/audit/stack.ts";
import { kindOfPrefix } from "../core/kinds/index.ts";
import { Failure } from "../core/model/failure.ts";
import { compareBytes, isObject, type Json, type JsonObject } from "../core/model/json.ts";
import { nearest } from "../core/model/nearest.ts";
import { parseRef } from "../core/source/reference.ts";
import { landingsOf, needLandings, readLandings } from "./landed.ts";
import { needGit, type Selection } from "./read.ts";
import { rootOf } from "./root.ts";
import type { Ports, Repository } from "./ports.ts";

/** The history of everything that landed up to `at`. */
export async function readHistory(repository: Repository, at?: string): Promise<History> {
  return buildHistory(await readLandings(repository, await landingsOf(repository, at)));
}

/** The versions that a scope had, the live one last (DESIGN 4); `path` as below `live/`. */
export async function scopeStack(path: string, repository: Repository): Promise<ScopeStack> {
  const file = `registry/live/${path}.yaml`;
  const landed = await readLandings(repository, await landingsOf(repository), [file]);
  // A file that is there and cannot be read says nothing, as in the whole history.
  const told = landed.flatMap(({ changes }) => changes).filter(({ after, sha256 }) => after !== null || sha256 === null);
  return stackOf(told.map(({ after }): Live => textAt(after, "bundle")));
}

/** History needs the repository and nothing on disk. */
export type HistoryPorts = Pick<Ports, "findRoot" | "openRepository">;

export interface EventsRequest extends Selection {
  /** Sequences, both included. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

export interface EventsResult {
  readonly registry: string;
  readonly events: readonly RegistryEvent[];
}

/** RegistryEvents in the order in which they happened. */
export async function events(request: EventsRequest, ports: HistoryPorts): Promise<EventsResult> {
  const { all } = await open(request, "assent events", ports);
  const { from = 1, to = Number.POSITIVE_INFINITY } = request;
  return { registry: all.registryId, events: all.events.filter(({ sequence }) => sequence >= from && sequence <= to) };
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
  const { all, landed } = await open(request, "assent history", ports);
  const subjects = request.subject === undefined ? null : subjectsOf(request.subject, all);
  const wanted = subjects === null ? all.events : all.events.filter(({ subject }) => subjects.includes(subject));
  const items = wanted.map((event) => itemOf(event, landed)).reverse();
  return { registry: all.registryId, subjects, commit: all.tip?.oid ?? "", sequence: all.tip?.sequence ?? 0, items };
}

interface Opened {
  readonly all: History;
  readonly landed: readonly LandedValues[];
}

async function open(request: Selection, command: string, ports: HistoryPorts): Promise<Opened> {
  const repository = needGit(await ports.openRepository(rootOf(request.folder, ports)), command);
  const landed = await readLandings(repository, needLandings(await landingsOf(repository, request.at)));
  return { all: buildHistory(landed), landed };
}

/** Subjects a word means: a reference, one without prefix or version, or a scope. What is gone has a history too. */
function subjectsOf(word: string, all: History): readonly string[] {
  const known = [...new Set(all.events.map(({ subject }) => subject))].sort(compareBytes);
  const hasPrefix = kindOfPrefix(word.slice(0, Math.max(word.indexOf(":"), 0))) !== undefined;
  const idOf = (subject: string): string => (hasPrefix ? subject : subject.slice(subject.indexOf(":") + 1));
  const exact = known.filter((subject) => idOf(subject) === word);
  const found = exact.length > 0 ? exact : known.filter((subject) => idOf(subject).startsWith(`${word}@`));
  const prefixes = [...new Set(found.map((subject) => subject.slice(0, subject.indexOf(":"))))];
  if (prefixes.length > 1) {
    throw new Failure("usage/ambiguous-entry", `"${word}" fits several entries.`, {
      hint: `Write the prefix: ${prefixes.map((prefix) => `${prefix}:${word}`).join(" or ")}.`,
    });
  }
  if (found.length > 0) return found;
  const near = nearest(word, known.map(idOf));
  throw new Failure("usage/unknown-entry", `Nothing called "${word}" ever landed.`, {
    hint: near === undefined ? "assent history alone shows everything." : `Did you mean ${near}?`,
  });
}

function itemOf(event: RegistryEvent, landed: readonly LandedValues[]): HistoryItem {
  const { changes } = landed[event.sequence - 1] ?? { changes: [] };
  const change = event.patch === null ? undefined : changes.find(({ path }) => path === (parseRef(event.subject)?.path ?? event.subject));
  const fields = (event.patch ?? []).map(
    (operation): FieldChange => ({
      path: operation.path,
      before: operation.op === "add" ? null : valueAt(change?.before ?? null, operation.path),
      after: operation.op === "remove" ? null : operation.value,
    }),
  );
  if (event.scope === null) return { event, before: event.fromState, after: event.toState, changes: fields };
  const live = event.toState === "live" ? event.bundleVersion : event.toState;
  const amended = event.type === "activation_amended";
  return { event, before: amended ? live : (event.replaces ?? event.fromState), after: live, changes: fields };
}

function valueAt(value: JsonObject | null, pointer: string): Json {
  let found: Json | undefined = value;
  for (const step of pointer.split("/").slice(1)) {
    const key = step.replaceAll("~1", "/").replaceAll("~0", "~");
    found = Array.isArray(found) ? (found as readonly Json[])[Number(key)] : isObject(found) ? found[key] : undefined;
  }
  return found ?? null;
}
