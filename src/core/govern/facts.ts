/**
 * What the gate is told about the world (DESIGN 5): who wrote, pushed and reviewed, what landed when, what was proven.
 * Facts are gathered by adapters and never believed beyond what they say; what could not be learned is `unknown` and
 * denies. Types only; this module must never judge a fact.
 */
import type { Finding } from "../model/diagnostic.ts";
import type { Digest } from "../model/digest.ts";
import type { Instant } from "../model/instant.ts";
import type { Timeline } from "./soak.ts";
import type { Stacks } from "./transitions.ts";

/** An account of the forge. The id counts; the login is for people. */
export interface Account {
  readonly id: number;
  readonly login: string;
  /** As the forge says it; only `User` is a human's. */
  readonly type?: string | undefined;
}

/** Somebody as a commit names them. */
export interface CommitPerson {
  /** The forge's numeric id, where it reports one; then the e-mail address is not asked. */
  readonly id: number | null;
  readonly login: string | null;
  /** As it stands in the commit; only its digest is ever compared, and it is never shown. */
  readonly email: string | null;
  /** Of whoever signed it: the key's fingerprint, which stands as the login as well. */
  readonly key?: string;
  /** Where evidence stands for the commit: whom the address or key mapped to at B, in their place. */
  readonly identities?: readonly string[];
}

/** A commit reachable from H and not from B. */
export interface CommitFact {
  readonly sha: string;
  readonly author: CommitPerson;
  readonly committer: CommitPerson;
  /** From Co-authored-by trailers, and whoever signed it with an SSH key: whose key it is made it as well. */
  readonly coAuthors: readonly CommitPerson[];
  /** Whether this is a merge of B that leaves R unchanged: then it adds nobody. */
  readonly addsNothing: boolean;
}

/** A review as the forge reports it. */
export interface ReviewFact {
  readonly id: number;
  /** Null = the account was deleted. */
  readonly user: Account | null;
  readonly state: string;
  readonly commitId: string;
  /** Null = not submitted yet. */
  readonly submittedAt: Instant | null;
  /** D at the reviewed commit; null where it cannot be computed (the commit is gone). */
  readonly digest: Digest | null;
  /** Whether the reviewed commit is an ancestor of H, or H itself. */
  readonly isAncestor: boolean;
}

/** A signature `<D>/<identity>.sig` from the branch registry-approvals. */
export interface SignatureFact {
  /** The identity's reference, from the file's name. */
  readonly identity: string;
  /** `SHA256:<base64 without padding>` of the key that signed, as ssh-keygen prints it. */
  readonly key: string;
  /** The D that was signed. */
  readonly digest: Digest;
  /** Whether the SSHSIG over D and LF in the namespace `assent-approval@v1` verifies. */
  readonly valid: boolean;
}

export interface Facts {
  /** With a forge the author is the pull request's; without one, who signed H. */
  readonly origin: "forge" | "git";
  /** The pull request's author; null = not known, or without a forge. */
  readonly author: Account | null;
  /** Without a forge: the fingerprint of the key whose signature on H verifies; null = unsigned. */
  readonly headKey: string | null;
  /** In any order; every page of them, or `unknown` says so. */
  readonly reviews: readonly ReviewFact[];
  readonly signatures: readonly SignatureFact[];
  readonly commits: readonly CommitFact[];
  /** Null where the adapter cannot know them. */
  readonly pushers: readonly Account[] | null;
  /** Who caused a bot's or a model's change. */
  readonly requestedBy: Account | null;
  readonly mergedAt: Instant | null;
  /** What could not be learned, or does not agree with git, as sentences; any of it denies. */
  readonly unknown: readonly string[];
  /** What lint says about R against B (`findingsIn`): its errors deny. Null = nobody looked, which denies too. */
  readonly findings: readonly Finding[] | null;
  readonly stacks: Stacks;
  /** What scopes resolved to, by their path, for soak: see `soakScopes`. A missing scope is not known. */
  readonly timelines: ReadonlyMap<string, Timeline>;
  /** Since when scopes have been live by an emergency, by their path. */
  readonly overrides: ReadonlyMap<string, Instant>;
  /** References of Evaluations whose attestation was verified; null = nothing was. */
  readonly attested: ReadonlySet<string> | null;
  /** Why those of others was not, for people: a clause for each. Nothing is decided by it, and evidence leaves it out. */
  readonly unattested?: ReadonlyMap<string, string>;
  /** Digests of artifacts that were fetched and compared; null = nothing was. */
  readonly verifiedArtifacts: ReadonlySet<string> | null;
  /** Whether this D has landed on signatures before. */
  readonly spent: boolean;
  /** Whether evidence says that B is a VIOLATION. */
  readonly baseIsViolation: boolean;
  /** `--if-approved-by`: identities taken to approve. Never set by what decides about a landing. */
  readonly assumed: readonly string[];
}

/** Facts about a change of which nothing is known yet; adapters fill in what they learn. */
export const noFacts: Facts = {
  origin: "forge",
  author: null,
  headKey: null,
  reviews: [],
  signatures: [],
  commits: [],
  pushers: null,
  requestedBy: null,
  mergedAt: null,
  unknown: [],
  findings: null,
  stacks: null,
  timelines: new Map(),
  overrides: new Map(),
  attested: null,
  verifiedArtifacts: null,
  spent: false,
  baseIsViolation: false,
  assumed: [],
};
