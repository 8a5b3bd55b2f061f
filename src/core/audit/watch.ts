/**
 * What history follows to tell of compliance (DESIGN 5 and 6): every entry's value, and what policies said of it last. It
 * begins with the first binding or waiver that lands; before, nothing is bound and there is nothing to tell. This file
 * holds the shapes only, so that a registry without policies never loads the engine of expressions (`moves.ts`).
 */
import type { Digest } from "../model/digest.ts";
import type { Instant } from "../model/instant.ts";
import type { JsonObject } from "../model/json.ts";
import type { Landing } from "../model/landing.ts";
import type { ComplianceStatus } from "../policy/compliance.ts";
import type { EntryDifference, Happening } from "./derive.ts";
import type { RegistryEvent } from "./event.ts";

/** What policies said of an entry when it was last asked about. Of what nothing is bound to there is no answer. */
export interface Answer {
  /** A reference; null where the environment does not matter. */
  readonly environment: string | null;
  readonly status: ComplianceStatus;
  /**
   * What else than the entry can change it: `c` the clock, `w` the end of a waiver, `o` other entries, any. An entry's own
   * use case, bundle and evaluations go without saying.
   */
  readonly moves: string;
  /** From when on `status` has been this, without interruption: the time of a landing, or an instant of time alone. */
  readonly since: Instant;
  /** The rules that are not met, waived or not, as `<policy> <rule>`, each with when it began. */
  readonly unmet: Readonly<Record<string, Instant>>;
}

/** How `unmet` names a rule of a policy. */
export function ruleKey({ policy, rule }: { readonly policy: string; readonly rule: string }): string {
  return `${policy} ${rule}`;
}

/** All of it, by reference. */
export interface Watch {
  readonly values: ReadonlyMap<string, JsonObject>;
  readonly answers: ReadonlyMap<string, readonly Answer[]>;
}

/** A watch that moves on with its history. */
export interface MovingWatch extends Watch {
  readonly values: Map<string, JsonObject>;
  readonly answers: Map<string, readonly Answer[]>;
}

/** The landing in force while time passes, and what its events have in common. */
export interface InForce {
  readonly registryId: string;
  readonly landing: Landing;
  readonly policyRevision: Digest;
}

/** What moves a watch on; `moves.ts` is the one there is. */
export interface Watcher {
  /** What time alone brings about after a landing, up to and with an instant, in the order in which it happens. */
  lapse(watch: MovingWatch, inForce: InForce, until: Instant): readonly RegistryEvent[];
  /** What a landing changes of what policies say; in byte order of references, an entry's own answer first. */
  land(watch: MovingWatch, landing: Landing, differences: readonly EntryDifference[]): readonly Happening[];
}

/** Begins to watch a registry to which nothing is bound yet. Its values must fit their schemas. */
export function beginWatch(values: Iterable<readonly [string, JsonObject]>): MovingWatch {
  return { values: new Map(values), answers: new Map() };
}

/** A copy that may move on. */
export function watchFrom(watch: Watch | null): MovingWatch | null {
  return watch && { values: new Map(watch.values), answers: new Map(watch.answers) };
}

/** Whether a path is of a kind whose first landing begins the watch. */
export function isWatched(path: string): boolean {
  return (
    path.startsWith("registry/governance/policy-bindings/") || path.startsWith("registry/governance/waivers/")
  );
}
