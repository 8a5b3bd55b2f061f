/**
 * What is proven about a landing (DESIGN 6): the predicate of its record, with everything from which the decision can
 * be made again, offline. People stand in it as numeric ids and identity references, never as e-mail addresses.
 * Shapes only; this module must never decide anything.
 */
import type { Outcome, ReviewVerdict } from "../model/decision.ts";
import type { Digest } from "../model/digest.ts";
import type { Instant } from "../model/instant.ts";
import type { Account, ReviewFact, SignatureFact } from "../govern/facts.ts";
import type { ChangedPath, Transition } from "../model/transition.ts";

/** The branch that records live on. */
export const EVIDENCE_BRANCH = "registry-evidence";
export const EVIDENCE_FORMAT = "assent.evidence/v1";
export const PREDICATE_TYPE = "https://assent.dev/evidence/v1";
export const STATEMENT_TYPE = "https://in-toto.io/Statement/v1";
export const PAYLOAD_TYPE = "application/vnd.in-toto+json";

/** Somebody as a commit names them, without the address: whom it maps to at B stands in its place. */
export interface EvidencePerson {
  /** The forge's numeric id, where it reported one. */
  readonly id: number | null;
  readonly login: string | null;
  /** Whom the e-mail address maps to, in byte order; empty where the id counts, or where it maps to nobody. */
  readonly identities: readonly string[];
}

export interface EvidenceCommit {
  readonly sha: string;
  readonly author: EvidencePerson;
  readonly committer: EvidencePerson;
  readonly coAuthors: readonly EvidencePerson[];
  readonly addsNothing: boolean;
}

/** A signed approval with its signature, so that it can be verified without the branch it came from. */
export interface EvidenceSignature extends SignatureFact {
  /** Armored; empty where it was no signature at all. */
  readonly signature: string;
}

/** What the gate was told about people: everything that neither the trees nor the records before can tell again. */
export interface EvidenceFacts {
  readonly origin: "forge" | "git";
  readonly author: Account | null;
  readonly headKey: string | null;
  readonly reviews: readonly ReviewFact[];
  readonly signatures: readonly EvidenceSignature[];
  readonly commits: readonly EvidenceCommit[];
  readonly pushers: readonly Account[] | null;
  readonly requestedBy: Account | null;
  readonly mergedAt: Instant | null;
  readonly unknown: readonly string[];
  /** In byte order; null = nobody looked. */
  readonly attested: readonly string[] | null;
  readonly verifiedArtifacts: readonly string[] | null;
}

/** Somebody whose approval counted, and in which of the roles that were asked for. */
export interface EvidenceApproval {
  readonly identity: string;
  /** References of roles, in byte order. */
  readonly roles: readonly string[];
  readonly level: "forge" | "signed";
  /** As in `reviews`. */
  readonly review: string;
  /** The fingerprint of the key that signed; the signature stands in `facts.signatures`. Null for a review. */
  readonly key: string | null;
}

/** What an external policy engine answered; a fact like others (DESIGN 5.10). */
export interface ExternalAnswer {
  readonly policy: string;
  /** Of what was asked. */
  readonly input: Digest;
  readonly answer: string;
  readonly version: string;
  readonly at: Instant;
  /** The engine's signature, as it gave it; null where it gave none. */
  readonly signature: string | null;
}

export type RecordedDecision = "APPROVED" | "NON_GOVERNED" | "OVERRIDE" | "VIOLATION";

/** A landing's number and commit. */
export interface LandingPoint {
  readonly sequence: number;
  readonly commit: string;
}

/** The predicate. */
export interface Evidence {
  readonly format: typeof EVIDENCE_FORMAT;
  readonly registry: string;
  /** The protected branch in full. */
  readonly ref: string;
  readonly sequence: number;
  readonly landing: string;
  /** The landing's first parent; null for the first landing. */
  readonly previousLanding: string | null;
  /** The digest of the file of the record before; null for the first record. */
  readonly previousRecord: Digest | null;
  /** The landing time (DESIGN 6). */
  readonly landedAt: Instant;
  /** The commit H whose people were asked about: the landing itself where nothing else is known. */
  readonly head: string;
  /** Every governed path that differs from the first parent, in byte order. */
  readonly paths: readonly ChangedPath[];
  /** D. */
  readonly digest: Digest;
  readonly transitions: readonly Transition[];
  readonly mode: "observe" | "enforce";
  /** Null: the rules only observed, and would not have let it land. */
  readonly decision: RecordedDecision | null;
  /** What the rules say about it; of an observed landing what `enforce` would have said. */
  readonly outcome: Outcome;
  /** Codes of what denies, in byte order. */
  readonly reasons: readonly string[];
  /** The landing whose tree it restores; null where it heals nothing. */
  readonly heals: LandingPoint | null;
  /** Of the rules at the first parent, for a heal of those it returns to. */
  readonly policyRevision: Digest;
  /** Every review and signature, counted or not, and why. */
  readonly reviews: readonly ReviewVerdict[];
  readonly approvals: readonly EvidenceApproval[];
  readonly facts: EvidenceFacts;
  readonly external: readonly ExternalAnswer[];
  /** The version of the program that decided. */
  readonly evaluator: string;
  /** The evaluator's clock when it decided, never a commit's date; the decision is made again with it. */
  readonly decidedAt: Instant;
  readonly recordedAt: Instant;
  /** Where the witness ran: within the judged repository it can be made to say anything by whoever governs that. */
  readonly witness: "inside" | "outside";
}
