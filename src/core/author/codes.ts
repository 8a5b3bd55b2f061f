/**
 * What a request (a publish request, a run to record) may be refused for before it becomes entries. What is wrong with
 * the entries it would become is said by the rules of lint, in their own codes.
 */
import { defineCode } from "../model/diagnostic.ts";

export const requestUnreadable = defineCode({
  code: "request/unreadable",
  severity: "error",
  category: "invalid",
  summary: "A request is not the JSON that it should be.",
  why: "Requests come from other programs. One with two equal keys, with bytes that are no text or with endless nesting would be read differently by different programs.",
  fix: "Write one JSON object in UTF-8, each key once, of at most 4 MiB.",
});

export const requestResults = defineCode({
  code: "request/results",
  severity: "error",
  category: "invalid",
  summary: "A results file of another program cannot be read, or says less than a run needs.",
  why: "What is not understood is never guessed: a number that was read wrongly would pass or fail gates.",
  fix: "Write it with the program's own option again, and state what it does not say with the flags of `assent evaluation add`. At most 16 MiB are read; bulkier output is kept elsewhere and pinned with --artifact <file>=<uri>.",
});

export const requestShape = defineCode({
  code: "request/shape",
  severity: "error",
  category: "invalid",
  summary: "A key of a request is missing, unknown or of the wrong kind.",
  why: "What is not understood is never skipped: a misspelt key would be lost without anybody noticing.",
  fix: "Follow the contract PublishBundleRequest (schemas/wire) or the schema of the kind.",
});

export const requestDisagrees = defineCode({
  code: "request/disagrees",
  severity: "error",
  category: "invalid",
  summary: "A request states something that can be computed, and states it differently.",
  why: "Titles, digests, run names and summaries follow from the rest. Where the sender computed something else, it was looking at another content.",
  fix: "Leave the key out, or send what is computed.",
});

export const requestConflict = defineCode({
  code: "request/conflict",
  severity: "error",
  category: "conflict",
  summary: "An entry of this id exists with other content.",
  why: "A published version never changes: approvals, evaluations and what is live were given for exactly its content.",
  fix: "Read the registry again; publish the new content under a new version.",
});

export const requestUnavailable = defineCode({
  code: "request/unavailable",
  severity: "error",
  category: "unavailable",
  summary: "A file that a request points at cannot be read.",
  why: "A request may name files that lie beside it, and nothing else: it comes from outside, and must not make the registry read the machine or the network.",
  fix: "Put the file beside the request and name it by a relative path or a file: URI, or embed its content.",
});

export const requestDigest = defineCode({
  code: "request/digest",
  severity: "error",
  category: "invalid",
  summary: "A file that a request points at has another digest than the request says.",
  why: "The digest is what the sender saw. Other bytes are another content, whoever changed them.",
  fix: "Send the digest of the file's bytes as they are: sha256sum <file>.",
});

export const requestSubmitter = defineCode({
  code: "request/submitter",
  severity: "error",
  category: "auth",
  summary: "The submitter of a request is no active identity of the registry.",
  why: "The commit says who submitted a version; a name that nobody answers for says nothing.",
  fix: "Send `submitted_by` as a reference to an active identity, or add the identity first.",
});

/** All codes of requests, for their pages. */
export const requestCodes = [
  requestUnreadable,
  requestResults,
  requestShape,
  requestDisagrees,
  requestConflict,
  requestUnavailable,
  requestDigest,
  requestSubmitter,
] as const;
