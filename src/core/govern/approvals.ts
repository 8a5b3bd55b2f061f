/**
 * Which reviews and signatures count, and why the others do not (DESIGN 5.3 and 5.6, clause by clause).
 * The attacker may review from any account, at any time, on any commit, and controls every name; numeric ids, the
 * digest at the reviewed commit and the identities at the base decide. It must never ask which role somebody holds.
 */
import type { ReviewVerdict } from "../model/decision.ts";
import type { Digest } from "../model/digest.ts";
import { millisecondsOf } from "../model/instant.ts";
import { compareBytes } from "../model/json.ts";
import type { Entry } from "../model/registry.ts";
import { isActiveHuman } from "../validate/people.ts";
import type { Facts, ReviewFact, SignatureFact } from "./facts.ts";
import type { Persons } from "./persons.ts";

/** An account's request for changes that still stands. */
export interface Objection {
  readonly id: string;
  readonly user: string;
  /** Every identity the account maps to. */
  readonly identities: readonly string[];
}

export interface Tally {
  /** Persons whose approval counts, in byte order. */
  readonly approvers: readonly string[];
  /** One a review or signature, reviews first, in order of their ids. */
  readonly reviews: readonly ReviewVerdict[];
  readonly objections: readonly Objection[];
  /** What the forge says that contradicts itself, as sentences; any of it denies. */
  readonly unknown: readonly string[];
}

export interface TallyInput {
  readonly facts: Facts;
  readonly digest: Digest;
  readonly persons: Persons;
  /** Identities that made the change. */
  readonly excluded: ReadonlySet<string>;
  /** With `signed` only signatures count. */
  readonly assurance: "forge" | "signed";
}

const OPINIONS: ReadonlySet<string> = new Set(["APPROVED", "CHANGES_REQUESTED", "DISMISSED"]);
const REMARKS: ReadonlySet<string> = new Set(["COMMENTED", "PENDING"]);
/** The account that GitHub shows in place of deleted ones. */
const GHOST = 10_137;

/** Counts approvals. The order of reviews and signatures does not matter, nor does the same one twice. */
export function tallyOf(input: TallyInput): Tally {
  const { facts } = input;
  const unknown: string[] = [];
  const reviews = once(facts.reviews, unknown);
  const latest = latestByAccount(reviews, facts);
  const verdicts: ReviewVerdict[] = [];
  const approvers = new Set<string>();
  const objections: Objection[] = [];
  for (const review of reviews) {
    if (!OPINIONS.has(review.state) && !REMARKS.has(review.state))
      unknown.push(
        `Review ${review.id} has the state ${JSON.stringify(review.state)}, which nobody has taught the gate.`,
      );
    const judged = judgeReview(review, latest, input);
    verdicts.push({ id: String(review.id), user: review.user?.login ?? null, ...judged });
    if (judged.counted && judged.identity !== null) approvers.add(judged.identity);
    const { user } = review;
    if (review.state === "CHANGES_REQUESTED" && user !== null && latest.get(user.id) === review) {
      const identities = input.persons.byAccount(user.id).map(({ ref }) => ref);
      objections.push({ id: String(review.id), user: user.login, identities });
    }
  }
  for (const signature of signaturesInOrder(facts.signatures)) {
    const judged = judgeSignature(signature, input);
    verdicts.push({ id: `signature:${signature.identity}`, user: null, ...judged });
    if (judged.counted && judged.identity !== null) approvers.add(judged.identity);
  }
  for (const ref of [...new Set(facts.assumed)].sort(compareBytes)) {
    const judged = judgePerson(input.persons.get(ref), ref, input.excluded, "is taken to approve");
    verdicts.push({ id: `assumed:${ref}`, user: null, ...judged });
    if (judged.counted) approvers.add(ref);
  }
  return { approvers: [...approvers].sort(compareBytes), reviews: verdicts, objections, unknown };
}

type Judged = Pick<ReviewVerdict, "identity" | "counted" | "reason">;

function judgeReview(review: ReviewFact, latest: ReadonlyMap<number, ReviewFact>, input: TallyInput): Judged {
  const { persons, facts, excluded } = input;
  const { user, state } = review;
  if (user === null || user.id === GHOST) return no(null, "the account was deleted");
  const owners = persons.byAccount(user.id);
  const identity = owners.length === 1 ? owners[0] : undefined;
  const ref = identity?.ref ?? null;
  if (state === "PENDING" || review.submittedAt === null) return no(ref, "it was not submitted");
  if (!OPINIONS.has(state)) return no(ref, "a comment is no opinion");
  if (isAfterMerge(review, facts)) return no(ref, "it was submitted after the merge");
  if (latest.get(user.id) !== review) return no(ref, "the account has said something else since");
  if (state === "DISMISSED") return no(ref, "it was dismissed");
  if (state === "CHANGES_REQUESTED") return no(ref, "it asks for changes");
  if (user.type !== undefined && user.type !== "User")
    return no(ref, `the account is a ${user.type}, and only people approve`);
  if (!review.isAncestor) return no(ref, "the reviewed commit is no ancestor of the head");
  if (review.digest === null) return no(ref, "what the reviewed commit changed cannot be computed");
  if (review.digest !== input.digest) return no(ref, "the change was another one at the reviewed commit");
  if (owners.length === 0) return no(null, "the account belongs to no Identity at the base");
  if (owners.length > 1) return no(null, "the account belongs to several Identities at the base");
  const judged = judgePerson(identity, ref ?? "", excluded, "approves exactly this change");
  if (!judged.counted || input.assurance === "forge") return judged;
  return no(ref, "this change asks for signed approvals");
}

function judgeSignature(signature: SignatureFact, input: TallyInput): Judged {
  const { persons, facts, excluded, digest } = input;
  const identity = persons.get(signature.identity);
  const ref = identity?.ref ?? null;
  if (!signature.valid) return no(ref, "the signature does not verify");
  if (signature.digest !== digest) return no(ref, "another change was signed");
  if (facts.spent) return no(ref, "a landing has spent it");
  if (identity === undefined) return no(null, "there is no such Identity at the base");
  const holders = persons.byKey(signature.key);
  if (!holders.includes(identity))
    return no(ref, "the key is not one of the Identity's in force at the base");
  if (holders.length > 1) return no(ref, "the key is in force for several Identities at the base");
  return judgePerson(identity, identity.ref, excluded, "signed exactly this change");
}

/** Whether somebody may approve at all: an active human who had no part in the change. */
function judgePerson(
  identity: Entry<"Identity"> | undefined,
  ref: string,
  excluded: ReadonlySet<string>,
  reason: string,
): Judged {
  if (identity === undefined) return no(null, "there is no such Identity at the base");
  const { type = "human", active = true } = identity.value;
  if (type !== "human") return no(ref, `a ${type} never fills a human's slot`);
  if (!active || !isActiveHuman(identity)) return no(ref, "the Identity is inactive at the base");
  if (excluded.has(ref)) return no(ref, "the person had a part in the change");
  return { identity: ref, counted: true, reason };
}

function no(identity: string | null, reason: string): Judged {
  return { identity, counted: false, reason };
}

/** Each review once, in order of ids; the same id with two contents is a contradiction. */
function once(reviews: readonly ReviewFact[], unknown: string[]): readonly ReviewFact[] {
  const byId = new Map<number, ReviewFact>();
  const said = new Set<number>();
  for (const review of reviews) {
    const known = byId.get(review.id);
    if (known !== undefined && keyOf(known) !== keyOf(review)) said.add(review.id);
    // Whichever comes first in some answer must not decide: the spelling that is least in bytes stands for both.
    if (known === undefined || compareBytes(keyOf(review), keyOf(known)) < 0) byId.set(review.id, review);
  }
  for (const id of [...said].sort((a, b) => a - b))
    unknown.push(`The forge lists review ${id} twice, and differently.`);
  return [...byId.values()].sort((a, b) => a.id - b.id);
}

function keyOf({ id, user, state, commitId, submittedAt, digest, isAncestor }: ReviewFact): string {
  return JSON.stringify([
    id,
    user?.id,
    user?.login,
    user?.type,
    state,
    commitId,
    submittedAt,
    digest,
    isAncestor,
  ]);
}

/** The last opinion of each account; of the same second the one with the higher id, which the forge gave later. */
function latestByAccount(reviews: readonly ReviewFact[], facts: Facts): ReadonlyMap<number, ReviewFact> {
  const latest = new Map<number, ReviewFact>();
  for (const review of reviews) {
    const { user, state, submittedAt } = review;
    if (
      user === null ||
      user.id === GHOST ||
      submittedAt === null ||
      !OPINIONS.has(state) ||
      isAfterMerge(review, facts)
    )
      continue;
    const known = latest.get(user.id)?.submittedAt;
    if (known == null || millisecondsOf(submittedAt) >= millisecondsOf(known)) latest.set(user.id, review);
  }
  return latest;
}

function isAfterMerge({ submittedAt }: ReviewFact, { mergedAt }: Facts): boolean {
  return mergedAt !== null && submittedAt !== null && millisecondsOf(submittedAt) > millisecondsOf(mergedAt);
}

function signaturesInOrder(signatures: readonly SignatureFact[]): readonly SignatureFact[] {
  const key = ({ identity, key: used, digest, valid }: SignatureFact): string =>
    JSON.stringify([identity, used, digest, valid]);
  const byKey = new Map(signatures.map((signature) => [key(signature), signature]));
  return [...byKey].sort((a, b) => compareBytes(a[0], b[0])).map(([, signature]) => signature);
}
