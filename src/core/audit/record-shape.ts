/**
 * The strict reading of a record's statement: every key that a predicate has, each of its type, and nothing is guessed.
 * Whatever else stands in it, the caller sees by spelling the evidence again. It must never compare with git.
 */
import type { Outcome, ReviewVerdict } from "../model/decision.ts";
import { parseDigest, type Digest } from "../model/digest.ts";
import { parseInstant, type Instant } from "../model/instant.ts";
import { isObject, type Json, type JsonObject } from "../model/json.ts";
import { pathOfBytes } from "../model/path.ts";
import type { Action, ChangedPath, Transition } from "../model/transition.ts";
import type { FileMode } from "../model/tree.ts";
import type { Account, ReviewFact } from "../govern/facts.ts";
import type { BadSignature } from "../trust/sshsig.ts";
import * as shape from "./evidence.ts";

/** Thrown while reading, caught below. */
class Odd extends Error {}

/** Reads the evidence out of a statement; what is wrong with it is a value. */
export function evidenceIn(statement: Json): shape.Evidence | BadSignature {
  try {
    const { _type, predicateType, predicate } = object(statement, "statement");
    if (_type !== shape.STATEMENT_TYPE || predicateType !== shape.PREDICATE_TYPE)
      throw new Odd("it is no statement about a landing");
    return evidence(object(predicate, "predicate"));
  } catch (error) {
    if (error instanceof Odd) return { problem: error.message };
    throw error;
  }
}

function evidence(value: JsonObject): shape.Evidence {
  if (value["format"] !== shape.EVIDENCE_FORMAT) throw new Odd(`its format is not ${shape.EVIDENCE_FORMAT}`);
  return {
    format: shape.EVIDENCE_FORMAT,
    registry: text(value, "registry"),
    ref: text(value, "ref"),
    sequence: sequence(value),
    landing: commit(value, "landing"),
    previousLanding: orNull(value, "previousLanding", commit),
    previousRecord: orNull(value, "previousRecord", digest),
    landedAt: instant(value, "landedAt"),
    head: commit(value, "head"),
    paths: list(value, "paths", changedPath),
    digest: digest(value, "digest"),
    transitions: list(value, "transitions", transition),
    mode: oneOf(value, "mode", ["observe", "enforce"]),
    decision: orNull(value, "decision", (of, key) =>
      oneOf(of, key, ["APPROVED", "NON_GOVERNED", "OVERRIDE", "VIOLATION"]),
    ),
    outcome: oneOf<Outcome>(value, "outcome", ["allowed", "pending", "denied"]),
    reasons: texts(value, "reasons"),
    heals: orNull(value, "heals", (of, key) => point(object(of[key], key))),
    policyRevision: digest(value, "policyRevision"),
    reviews: list(value, "reviews", verdict),
    approvals: list(value, "approvals", approval),
    facts: facts(object(value["facts"], "facts")),
    external: list(value, "external", answer),
    evaluator: text(value, "evaluator"),
    decidedAt: instant(value, "decidedAt"),
    recordedAt: instant(value, "recordedAt"),
    witness: oneOf(value, "witness", ["inside", "outside"]),
  };
}

function facts(value: JsonObject): shape.EvidenceFacts {
  return {
    origin: oneOf(value, "origin", ["forge", "git"]),
    author: orNull(value, "author", account),
    headKey: orNull(value, "headKey", text),
    reviews: list(value, "reviews", review),
    signatures: list(value, "signatures", (each) => ({
      identity: text(each, "identity"),
      key: text(each, "key"),
      digest: digest(each, "digest"),
      valid: truth(each, "valid"),
      signature: text(each, "signature"),
    })),
    commits: list(value, "commits", (each) => ({
      sha: commit(each, "sha"),
      author: person(object(each["author"], "author")),
      committer: person(object(each["committer"], "committer")),
      coAuthors: list(each, "coAuthors", person),
      addsNothing: truth(each, "addsNothing"),
    })),
    pushers: orNull(value, "pushers", (of, key) => list(of, key, accountIn)),
    requestedBy: orNull(value, "requestedBy", account),
    mergedAt: orNull(value, "mergedAt", instant),
    unknown: texts(value, "unknown"),
    attested: orNull(value, "attested", texts),
    verifiedArtifacts: orNull(value, "verifiedArtifacts", texts),
  };
}

function changedPath(value: JsonObject): ChangedPath {
  const modes = ["100644", "100755", "120000", "160000"] as const;
  const mode = (of: JsonObject, key: string): FileMode => oneOf<FileMode>(of, key, modes);
  return {
    path: readPath(text(value, "path")),
    modeFrom: orNull(value, "modeFrom", mode),
    modeTo: orNull(value, "modeTo", mode),
    from: orNull(value, "from", hex),
    to: orNull(value, "to", hex),
  };
}

function transition(value: JsonObject): Transition {
  const { scope, indirect } = value;
  if (indirect !== undefined && indirect !== true) throw new Odd("`indirect` is other than true");
  return {
    subject: readPath(text(value, "subject")),
    // Which actions there are is said by deciding anew.
    action: text(value, "action") as Action,
    from: orNull(value, "from", text),
    to: orNull(value, "to", text),
    ...(scope !== undefined && { scope: text(value, "scope") }),
    ...(indirect === true && { indirect }),
  };
}

function verdict(value: JsonObject): ReviewVerdict {
  return {
    id: text(value, "id"),
    user: orNull(value, "user", text),
    identity: orNull(value, "identity", text),
    counted: truth(value, "counted"),
    reason: text(value, "reason"),
  };
}

function approval(value: JsonObject): shape.EvidenceApproval {
  return {
    identity: text(value, "identity"),
    roles: texts(value, "roles"),
    level: oneOf(value, "level", ["forge", "signed"]),
    review: text(value, "review"),
    key: orNull(value, "key", text),
  };
}

function review(value: JsonObject): ReviewFact {
  return {
    id: number(value, "id"),
    user: orNull(value, "user", account),
    state: text(value, "state"),
    commitId: text(value, "commitId"),
    submittedAt: orNull(value, "submittedAt", instant),
    digest: orNull(value, "digest", digest),
    isAncestor: truth(value, "isAncestor"),
  };
}

function answer(value: JsonObject): shape.ExternalAnswer {
  return {
    policy: text(value, "policy"),
    input: digest(value, "input"),
    answer: text(value, "answer"),
    version: text(value, "version"),
    at: instant(value, "at"),
    signature: orNull(value, "signature", text),
  };
}

function person(value: JsonObject): shape.EvidencePerson {
  return {
    id: orNull(value, "id", number),
    login: orNull(value, "login", text),
    identities: texts(value, "identities"),
  };
}

function accountIn(value: JsonObject): Account {
  return {
    id: number(value, "id"),
    login: text(value, "login"),
    ...(value["type"] !== undefined && { type: text(value, "type") }),
  };
}

function account(value: JsonObject, key: string): Account {
  return accountIn(object(value[key], key));
}

function point(value: JsonObject): shape.LandingPoint {
  return { sequence: sequence(value), commit: commit(value, "commit") };
}

/** The inverse of `spelledPath`. */
function readPath(spelled: string): string {
  if (!spelled.startsWith("%bytes:")) return spelled;
  const digits = spelled.slice("%bytes:".length);
  if (!/^(?:[0-9a-f]{2})+$/.test(digits)) throw new Odd("a path's bytes are no hex");
  return pathOfBytes(Uint8Array.from(digits.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16)));
}

function object(value: Json | undefined, what: string): JsonObject {
  if (isObject(value)) return value;
  throw new Odd(`\`${what}\` is no object`);
}

function text(value: JsonObject, key: string): string {
  const found = value[key];
  if (typeof found === "string") return found;
  throw new Odd(`\`${key}\` is no text`);
}

function number(value: JsonObject, key: string): number {
  const found = value[key];
  if (typeof found === "number" && Number.isSafeInteger(found)) return found;
  throw new Odd(`\`${key}\` is no whole number`);
}

function sequence(value: JsonObject): number {
  const found = number(value, "sequence");
  if (found > 0) return found;
  throw new Odd("`sequence` is no landing's number");
}

function truth(value: JsonObject, key: string): boolean {
  const found = value[key];
  if (typeof found === "boolean") return found;
  throw new Odd(`\`${key}\` is neither true nor false`);
}

function matching(value: JsonObject, key: string, pattern: RegExp, what: string): string {
  const found = text(value, key);
  if (pattern.test(found)) return found;
  throw new Odd(`\`${key}\` is no ${what}`);
}

function commit(value: JsonObject, key: string): string {
  return matching(value, key, /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/, "commit");
}

function hex(value: JsonObject, key: string): string {
  return matching(value, key, /^[0-9a-f]{64}$/, "sha256");
}

function digest(value: JsonObject, key: string): Digest {
  const found = parseDigest(text(value, key));
  if (found !== undefined) return found;
  throw new Odd(`\`${key}\` is no digest`);
}

function instant(value: JsonObject, key: string): Instant {
  const found = parseInstant(text(value, key));
  if (found !== undefined) return found;
  throw new Odd(`\`${key}\` is no instant`);
}

function oneOf<T extends string>(value: JsonObject, key: string, known: readonly T[]): T {
  const found = known.find((each) => each === value[key]);
  if (found !== undefined) return found;
  throw new Odd(`\`${key}\` is none of ${known.join(", ")}`);
}

function list<T>(value: JsonObject, key: string, read: (each: JsonObject) => T): readonly T[] {
  const found = value[key];
  if (!Array.isArray(found)) throw new Odd(`\`${key}\` is no list`);
  return found.map((each: Json) => read(object(each, key)));
}

function texts(value: JsonObject, key: string): readonly string[] {
  const found = value[key];
  if (Array.isArray(found) && found.every((each: Json) => typeof each === "string"))
    return found as readonly string[];
  throw new Odd(`\`${key}\` is no list of texts`);
}

function orNull<T>(value: JsonObject, key: string, read: (value: JsonObject, key: string) => T): T | null {
  return value[key] === null ? null : read(value, key);
}
