/**
 * A history as text and back, so that the next landing costs one landing (DESIGN 7): kept inside a clone, safe to lose.
 * Text that is not exactly what this program once wrote is nobody's history: the reader then says undefined, never a guess.
 */
import { sha256Hex, type Digest } from "../model/digest.ts";
import type { JsonObject } from "../model/json.ts";
import type { Landing } from "../model/landing.ts";
import type { Wanted } from "./dependencies.ts";
import type { RegistryEvent } from "./event.ts";
import type { History, Marks, ScopeState } from "./events.ts";
import type { Answer } from "./watch.ts";

/**
 * Which program derived it. Raised whenever the same landings would give another history, so that an older state is
 * built anew; a golden test holds it against what is derived.
 */
export const DERIVATION = 4;

const HEAD = `assent.history-state/v1 ${DERIVATION}`;

/** Everything but the events, as it stands in the second line. */
interface Rest {
  readonly tip: Landing;
  readonly registryId: string;
  readonly policyRevision: Digest;
  readonly marks: readonly (readonly [string, Marks])[];
  readonly scopes: readonly (readonly [string, ScopeState])[];
  readonly rules: readonly (readonly [string, string])[];
  readonly identities: readonly (readonly [string, JsonObject])[];
  readonly usable: readonly (readonly [string, readonly string[]])[];
  readonly wanted: readonly (readonly [string, readonly Wanted[]])[];
  readonly dependents: readonly (readonly [string, readonly string[]])[];
  readonly watch: {
    readonly values: readonly (readonly [string, JsonObject])[];
    readonly answers: readonly (readonly [string, readonly Answer[]])[];
  } | null;
}

/** A history of at least one landing as text: a head with the sha256 of what follows, its state, its events. */
export function renderHistoryState(history: History): string {
  const { tip, registryId, policyRevision, marks, scopes, rules, identities, dependencies, watch } = history;
  if (tip === null) throw new Error("a history without landings has nothing to keep");
  const rest: Rest = {
    tip,
    registryId,
    policyRevision,
    marks: [...marks],
    scopes: [...scopes],
    rules: [...rules],
    identities: [...identities],
    usable: [...dependencies.usable],
    wanted: [...dependencies.wanted],
    dependents: [...dependencies.dependents],
    watch: watch && { values: [...watch.values], answers: [...watch.answers] },
  };
  const body = `${JSON.stringify(rest)}\n${JSON.stringify(history.events)}\n`;
  return `${HEAD} ${sha256Hex(body)}\n${body}`;
}

/** The history that was written; undefined for anything else: another version's, cut off, damaged. */
export function parseHistoryState(text: string): History | undefined {
  const end = text.indexOf("\n");
  const middle = text.indexOf("\n", end + 1);
  if (end < 0 || middle < 0) return undefined;
  if (text.slice(0, end) !== `${HEAD} ${sha256Hex(text.slice(end + 1))}`) return undefined;
  const rest = JSON.parse(text.slice(end + 1, middle)) as Rest;
  const { tip, registryId, policyRevision } = rest;
  return {
    tip,
    events: JSON.parse(text.slice(middle + 1)) as RegistryEvent[],
    marks: new Map(rest.marks),
    scopes: new Map(rest.scopes),
    registryId,
    policyRevision,
    rules: new Map(rest.rules),
    identities: new Map(rest.identities),
    dependencies: {
      usable: new Map(rest.usable),
      wanted: new Map(rest.wanted),
      dependents: new Map(rest.dependents),
    },
    watch: rest.watch && { values: new Map(rest.watch.values), answers: new Map(rest.watch.answers) },
  };
}
