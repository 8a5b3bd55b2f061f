/**
 * Where a walk along the landings stands: what the landings and records so far come to, as one JSON value, so that a
 * verified prefix can be remembered and taken up again. Recording and verifying walk with the same state, so that they
 * cannot come to different answers. It must never hold more than later landings ask for.
 *
 * How the pieces fit (record and verify alike, oldest landing first):
 *
 *   let state = startChain(anchor, ref)                                                       chain.ts
 *   per landing:  landed = the app reads Landed (change parent -> landing, lint, people of head)
 *     record:   judged = judgeLanding(state, landed, facts, moment)                           judge.ts
 *               bytes = renderRecord(judged.evidence, signatures over recordMessage(evidence)) record.ts
 *               state = advanceChain(state, landed, { evidence, record: digestOfBytes(bytes) }) chain.ts
 *     verify:   ({ state, violations, transitions } = verifyLanding(state, landed, input))     verify-landing.ts
 *   reportOf(...) -> AuditReport; verifyChain(input) does all of it for values in memory.      verify.ts
 */
import type { Account, CommitFact } from "../govern/facts.ts";
import type { Change, Revision } from "../govern/change.ts";
import type { Digest } from "../model/digest.ts";
import type { Finding } from "../model/diagnostic.ts";
import type { Instant } from "../model/instant.ts";
import type { Landing } from "../model/landing.ts";
import type { Anchor, Witness } from "./anchor.ts";
import type { Live } from "./stack.ts";
import type { LandingPoint } from "./evidence.ts";

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

/** What an Activation's file said from a landing on: sequence, landing time, bundle, whether under the flag. */
export type Said = readonly [sequence: number, at: Instant, bundle: Live, emergency: boolean];

/** What a scope serves in the NORMAL mode, and since when without interruption by trusted times. */
export type Serving = readonly [at: Instant, digest: string | null];

/** Landings from .. to, both included. */
export type Span = readonly [from: number, to: number];

export interface ChainState {
  /** The digest of the anchor that the walk began with; null = trust on first use, and none found yet. */
  readonly anchor: Anchor | null;
  /** Whether the anchor was handed over from outside. */
  readonly isPinned: boolean;
  readonly ref: string;
  /** The last landing walked over; null before the first. */
  readonly tip: { readonly sequence: number; readonly commit: string; readonly time: Instant } | null;
  /** The last record; null before the first. */
  readonly record: { readonly sequence: number; readonly digest: Digest } | null;
  readonly evaluator: string | null;
  /** The running maximum of trusted times: landing times and recordedAt. */
  readonly trusted: Instant | null;
  /** Who may sign the record of the next landing: the witnesses of the tip's registry.yaml. */
  readonly witnesses: readonly Witness[];
  /** Whether a witness was ever named: from then on every landing needs a record. */
  readonly isWitnessed: boolean;
  /** Landings that were judged and do not stand, and are not healed; the base is a violation while there are any. */
  readonly unhealed: readonly number[];
  /** VIOLATION and healed landings: they count for nothing (DESIGN 5.9). Ascending, apart. */
  readonly voided: readonly Span[];
  /** Landings whose rules only observed. Ascending, apart. */
  readonly observed: readonly Span[];
  /** Everything that Activations said and that counts, by path below `live/`, oldest first. */
  readonly said: Readonly<Record<string, readonly Said[]>>;
  readonly serving: Readonly<Record<string, Serving>>;
  /** The D of every landing on signatures, 64 hex digits each, joined by blanks: they are spent. */
  readonly spent: string;
  /** Which landings a key vouched for (a record, a head, an approval that counted), by fingerprint. */
  readonly signed: Readonly<Record<string, readonly Span[]>>;
  /** Since which landing keys are revoked, by fingerprint. */
  readonly revoked: Readonly<Record<string, number>>;
  readonly counts: { readonly landings: number; readonly records: number; readonly judged: number };
  /** How many judged landings stand on which assurance. */
  readonly levels: Readonly<Partial<Record<Level, number>>>;
}

/** How a governed landing is assured; `none` where no record was asked for yet. */
export type Level = "none" | "forge" | "forge-self-witnessed" | "signed";

/** People and approvals as the landing's moment knew them (facts.ts); `judgeLanding` leaves their addresses out. */
export type { Account, Revision };
