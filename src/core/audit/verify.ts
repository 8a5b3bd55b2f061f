/**
 * `verifyChain`: proves from values alone that every landing was agreed to under the rules then in force (DESIGN 6).
 * Landings come from git, records from the evidence branch; every record is made again from what git says and the facts
 * that it carries, and must be the same to the byte. It must never believe a record, or stop at the first fault.
 */
import type { Digest } from "../model/digest.ts";
import type { Instant } from "../model/instant.ts";
import type { Transition } from "../model/transition.ts";
import type { Anchor } from "./anchor.ts";
import type { ChainState, Landed, Level, Span } from "./chain-state.ts";
import type { RecordFile } from "./record.ts";

/** What git says about the branch beyond its landings. */
export interface Line {
  /** The number of a landing; undefined where the commit is none of this line. */
  sequenceOf(commit: string): number | undefined;
  /** Whether a commit that is no landing is an ancestor of the tip all the same: foxtrot merges make landings that. */
  isMerged(commit: string): boolean;
  /** The commit of a landing. */
  commitOf(sequence: number): string | undefined;
}

/** Who agreed, and in which of the roles that were asked for. */
export interface ApprovedBy {
  readonly identity: string;
  readonly roles: readonly string[];
}

export interface AuditedTransition extends Omit<Transition, "indirect"> {
  readonly commit: string;
  readonly sequence: number;
  readonly decision: string | null;
  readonly approvedBy: readonly ApprovedBy[];
  readonly level: Level;
  readonly policyRevision: Digest;
}

/** Something that proof fails on; the code names the attack (`auditCodes`). */
export interface AuditViolation {
  readonly code: string;
  /** The landing; null where it is about none. */
  readonly commit: string | null;
  readonly sequence: number | null;
  readonly message: string;
}

export interface AuditReport {
  readonly ok: boolean;
  readonly assurance: Level | "mixed";
  /** Null = nothing has been enforced yet, so nothing is judged. */
  readonly anchor: Anchor | null;
  /** `pinned`: handed over from outside. */
  readonly trust: "pinned" | "first-use";
  readonly landings: number;
  readonly records: number;
  /** The landing up to which an earlier run verified; transitions and violations are those after it. */
  readonly remembered: number | null;
  /** In order of landings. */
  readonly transitions: readonly AuditedTransition[];
  readonly violations: readonly AuditViolation[];
  /** Landings that do not stand and were healed since, with those between. */
  readonly healed: readonly Span[];
  /** Landings whose rules only observed: they are no violations. */
  readonly observed: readonly Span[];
  /** Scopes that are live by an emergency, in byte order, and since when. */
  readonly overrides: readonly { readonly scope: string; readonly since: Instant }[];
}

/** What `verifyLanding` is told beside the landing. */
export interface RecordInput {
  /** The file at `recordPath(sequence)`; null = there is none. */
  readonly file: RecordFile | null;
  /** The version of this program. */
  readonly evaluator: string;
  readonly line: Line;
}

export interface VerifyChainInput {
  /** Null = trust on first use. */
  readonly anchor: Anchor | null;
  /** The protected branch in full. */
  readonly ref: string;
  /** All of them, oldest first, from the root; those up to a remembered state left out. */
  readonly landed: Iterable<Landed>;
  /** Every file below `log/` of the evidence branch, in any order. */
  readonly records: readonly RecordFile[];
  readonly evaluator: string;
  readonly line: Line;
  /** What `recallChain` gave back. */
  readonly remembered?: ChainState | undefined;
}
