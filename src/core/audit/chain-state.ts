/**
 * Where a walk along the landings stands: what the landings and records so far come to, as one JSON value, so that a
 * verified prefix can be remembered and taken up again. Recording and verifying walk with the same state, so that they
 * cannot come to different answers. It must never hold more than later landings ask for.
 *
 * How the pieces fit (record and verify alike, oldest landing first):
 *
 *   let state = startChain({ anchor, ref })                                              chain.ts
 *   per landing, oldest first: landed = the app reads Landed (parent -> landing, lint, people of the head)
 *     record:  judged = judgeLanding(state, landed, evidenceFacts(...), moment)           chain-judge.ts
 *              bytes = renderRecord(judged.evidence, [signature over recordMessage(it)])  record.ts
 *              state = advanceChain(state, landed, judged, digestOfBytes(bytes))          chain.ts
 *     verify:  step = verifyLanding(state, landed, input); state = step.state             verify-landing.ts
 *   verify.ts does the whole for values: verifyChain(input) -> { report, state }.
 */
import type { Change } from "../govern/change.ts";
import type { CommitFact } from "../govern/facts.ts";
import type { Digest } from "../model/digest.ts";
import type { Finding } from "../model/diagnostic.ts";
import type { Instant } from "../model/instant.ts";
import type { Landing } from "../model/landing.ts";
import type { Anchor, Witness } from "./anchor.ts";
import type { LandingPoint } from "./evidence.ts";
import type { Spent } from "./spent.ts";
import type { Live, ScopeStack } from "./stack.ts";

/** One landing as the repository has it; the app reads it, and nothing of it is believed from a record. */
export interface Landed {
  readonly landing: Landing;
  /**
   * First parent -> landing: base = first parent (commit "" and an empty registry before the first landing), head = the
   * landing, mergeBases = [base], result = the landing's registry. With `heals` where it restores an earlier landing.
   */
  readonly change: Change;
  /** What lint says about the landing against its first parent, at `decidedAt` (`findingsIn` with `baseSideOf`). */
  readonly findings: readonly Finding[];
  /** What git says about the people of the head H: the second parent of a merge that is exactly its change, else the landing. */
  readonly head: string;
  /** The fingerprint of the key that signed H; null = unsigned. */
  readonly headKey: string | null;
  /** The commits reachable from H and not from the first parent; empty where H is not in this clone. */
  readonly commits: readonly CommitFact[];
  /** For a heal: the number of the landing G that `change.heals` is the revision of. */
  readonly healed: LandingPoint | null;
}

/** What an Activation's file said from a landing on, and what that made of its scope. */
export interface ScopePast {
  readonly sequence: number;
  /** The landing time. */
  readonly at: Instant;
  readonly bundle: Live;
  readonly emergency: boolean;
  readonly stack: ScopeStack;
  /** Since when the scope is live by an emergency; null where it is not. */
  readonly override: Instant | null;
  /** What it said before, oldest first: one line of JSON each, read only where something is healed. */
  readonly before: string;
}

/** What a scope serves in the NORMAL mode, since when without interruption by landing time or, if later, its record's, and from which landing on. */
export type Serving = readonly [at: Instant, digest: string | null, sequence: number];

/** Landings from .. to, both included. */
export type Span = readonly [from: number, to: number];

/** Landings that a key vouched for; all spans but the last as text, `<from>-<to> ` each, read only when a key is revoked. */
export interface Vouched {
  readonly before: string;
  readonly last: Span;
}

/** A landing that does not stand and was not healed yet. */
export interface Unhealed {
  readonly sequence: number;
  /** A code of `auditCodes`. */
  readonly code: string;
  readonly message: string;
}

/** How a governed landing is assured; `none` where no record was asked for yet, or where it does not stand. */
export type Level = "none" | "forge" | "forge-self-witnessed" | "signed";

export interface ChainState {
  /** Null = trust on first use, and nothing enforced was found yet. */
  readonly anchor: Anchor | null;
  /** Whether the anchor was handed over from outside. */
  readonly isPinned: boolean;
  /** The protected branch in full. */
  readonly ref: string;
  /** The last landing walked over; null before the first. */
  readonly tip: { readonly sequence: number; readonly commit: string; readonly time: Instant } | null;
  /** Whether the tip has no sound record although it needs one: then the next record has nothing to be chained to. */
  readonly isGap: boolean;
  /** The last sound record; null before the first. */
  readonly record: {
    readonly sequence: number;
    readonly digest: Digest;
    readonly evaluator: string;
    readonly recordedAt: Instant;
  } | null;
  /** Who may sign the record of the next landing: the witnesses of the last registry.yaml that stood. */
  readonly witnesses: readonly Witness[];
  /** Every witness that was ever named, to tell a key that is not in force from a stranger's. */
  readonly known: readonly Witness[];
  /** The base is a violation while there are any. Ascending. */
  readonly unhealed: readonly Unhealed[];
  /** VIOLATION and healed landings: they count for nothing (DESIGN 5.9). Ascending, apart. */
  readonly voided: readonly Span[];
  /** What heals healed. */
  readonly healed: readonly Span[];
  /** Landings whose rules only observed. Ascending, apart. */
  readonly observed: readonly Span[];
  /** What Activations said and that counts, by path below `live/`. */
  readonly scopes: Readonly<Record<string, ScopePast>>;
  readonly serving: Readonly<Record<string, Serving>>;
  /** The D of every landing on signatures. */
  readonly spent: Spent;
  /** Which landings a key vouched for (a record, a head, an approval that counted), by fingerprint. */
  readonly signed: Readonly<Record<string, Vouched>>;
  /** How many landings were walked over, how many records were read. */
  readonly landings: number;
  readonly records: number;
  /** How many judged, governed landings stand on which assurance. */
  readonly levels: Readonly<Record<Level, number>>;
}
