/**
 * Facts as evidence keeps them, and back (DESIGN 6): addresses are left out and whom they map to at B is kept, lists are
 * put in order, so that the same facts give the same bytes and the decision can be made again from them alone.
 * It must never let an e-mail address through.
 */
import { parseSshSignature, verifySshSignature, APPROVAL_NAMESPACE } from "../trust/sshsig.ts";
import { canonicalJsonOf } from "../model/canonical.ts";
import type { Digest } from "../model/digest.ts";
import { compareBytes } from "../model/json.ts";
import { bareDigest } from "../model/transition.ts";
import { noFacts, type Account, type CommitFact, type CommitPerson, type Facts } from "../govern/facts.ts";
import { identitiesOf, isWebCommitter, WEB_COMMITTER, type Persons } from "../govern/persons.ts";
import type { EvidenceCommit, EvidenceFacts, EvidencePerson, EvidenceSignature } from "./evidence.ts";

/** Facts about people as the gate gathers them; of the rest nothing is read. */
export type PeopleFacts = Pick<
  Facts,
  | "origin"
  | "author"
  | "headKey"
  | "reviews"
  | "commits"
  | "pushers"
  | "requestedBy"
  | "mergedAt"
  | "unknown"
  | "attested"
  | "verifiedArtifacts"
>;

/**
 * What is kept of the facts. `signatures` are the approvals with their armor (`evidenceSignature`); `persons` those at
 * the base, or at the landing that a heal returns to (`personsOf(change.rules.registry)`).
 */
export function evidenceFacts(
  facts: PeopleFacts,
  signatures: readonly EvidenceSignature[],
  persons: Persons,
): EvidenceFacts {
  return inOrder({
    origin: facts.origin,
    author: facts.author,
    headKey: facts.headKey,
    reviews: facts.reviews,
    signatures,
    commits: facts.commits.map((commit) => evidenceCommit(commit, persons)),
    pushers: facts.pushers,
    requestedBy: facts.requestedBy,
    mergedAt: facts.mergedAt,
    unknown: facts.unknown,
    attested: facts.attested === null ? null : [...facts.attested],
    verifiedArtifacts: facts.verifiedArtifacts === null ? null : [...facts.verifiedArtifacts],
  });
}

/** The same facts in their one order; what was left unordered is no other fact. */
export function inOrder(facts: EvidenceFacts): EvidenceFacts {
  const { reviews, signatures, commits, pushers, unknown, attested, verifiedArtifacts } = facts;
  return {
    origin: facts.origin,
    author: facts.author === null ? null : account(facts.author),
    headKey: facts.headKey,
    reviews: byText(
      reviews.map(({ id, user, state, commitId, submittedAt, digest, isAncestor }) => ({
        id,
        user: user === null ? null : account(user),
        state: state.toWellFormed(),
        commitId: commitId.toWellFormed(),
        submittedAt,
        digest,
        isAncestor,
      })),
    ).sort((a, b) => a.id - b.id),
    signatures: byText(signatures),
    commits: byText(commits.map((commit) => ({ ...commit, coAuthors: byText(commit.coAuthors) }))).sort(
      (a, b) => compareBytes(a.sha, b.sha),
    ),
    pushers: pushers === null ? null : byText(pushers.map(account)),
    requestedBy: facts.requestedBy === null ? null : account(facts.requestedBy),
    mergedAt: facts.mergedAt,
    unknown: once(unknown),
    attested: attested === null ? null : once(attested),
    verifiedArtifacts: verifiedArtifacts === null ? null : once(verifiedArtifacts),
  };
}

/** The facts about people as `decide` takes them; those that trees and earlier landings tell are for the caller to add. */
export function factsFrom(evidence: EvidenceFacts): Facts {
  const { attested, verifiedArtifacts, commits } = evidence;
  return {
    ...noFacts,
    origin: evidence.origin,
    author: evidence.author,
    headKey: evidence.headKey,
    reviews: evidence.reviews,
    signatures: evidence.signatures.map(({ identity, key, digest, valid }) => ({
      identity,
      key,
      digest,
      valid,
    })),
    commits: commits.map(({ sha, author, committer, coAuthors, addsNothing }) => ({
      sha,
      author: person(author),
      committer: person(committer),
      coAuthors: coAuthors.map(person),
      addsNothing,
    })),
    pushers: evidence.pushers,
    requestedBy: evidence.requestedBy,
    mergedAt: evidence.mergedAt,
    unknown: evidence.unknown,
    attested: attested === null ? null : new Set(attested),
    verifiedArtifacts: verifiedArtifacts === null ? null : new Set(verifiedArtifacts),
  };
}

/** A commit without its addresses. */
export function evidenceCommit(commit: CommitFact, persons: Persons): EvidenceCommit {
  const named = (each: CommitPerson): EvidencePerson => evidencePerson(each, persons);
  return {
    sha: commit.sha,
    author: named(commit.author),
    committer: named(commit.committer),
    coAuthors: byText(commit.coAuthors.map(named)),
    addsNothing: commit.addsNothing,
  };
}

function evidencePerson(named: CommitPerson, persons: Persons): EvidencePerson {
  const login = named.login === null ? null : named.login.toWellFormed();
  if (named.id !== null) return { id: named.id, login, identities: [] };
  // The forge's own committer is known by its address alone; its id says the same.
  if (isWebCommitter(named)) return { id: WEB_COMMITTER.id, login, identities: [] };
  return {
    id: null,
    login,
    identities: identitiesOf(persons, named)
      .map(({ ref }) => ref)
      .sort(compareBytes),
  };
}

function person({ id, login, identities }: EvidencePerson): CommitPerson {
  return { id, login, email: null, identities };
}

/** A signed approval from its file: `<D>/<identity>.sig`. What does not verify is kept as what it is. */
export function evidenceSignature(identity: string, armored: string, digest: Digest): EvidenceSignature {
  const verdict = verifySshSignature(armored, approvalText(digest), APPROVAL_NAMESPACE);
  if ("key" in verdict)
    return { identity, key: verdict.key.fingerprint, digest, valid: true, signature: armored };
  // Bytes that are no signature prove nothing and may be anything, an address too.
  const signature = "problem" in parseSshSignature(armored) ? "" : armored;
  return { identity, key: "", digest, valid: false, signature };
}

/** What is signed: D in hex, and a line feed (DESIGN 5.6). */
export function approvalText(digest: Digest): string {
  return `${bareDigest(digest)}\n`;
}

function account({ id, login, type }: Account): Account {
  return { id, login: login.toWellFormed(), ...(type !== undefined && { type: type.toWellFormed() }) };
}

function once(texts: readonly string[]): readonly string[] {
  return [...new Set(texts.map((text) => text.toWellFormed()))].sort(compareBytes);
}

/** In order of their spelling, each once. */
function byText<T extends object>(values: readonly T[]): T[] {
  const spelled = new Map(values.map((value) => [canonicalJsonOf(value), value]));
  return [...spelled].sort((a, b) => compareBytes(a[0], b[0])).map(([, value]) => value);
}
