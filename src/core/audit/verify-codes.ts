/**
 * What `assent audit verify` may say: one code for each attack on history, its records, or its keys (DESIGN 6).
 * It must never hold a check.
 */
import { defineCode, type CodeDefinition } from "../model/diagnostic.ts";

const audit = (name: string, summary: string, why: string, fix: string): CodeDefinition =>
  defineCode({ code: `audit/${name}`, severity: "error", category: "gate", summary, why, fix });

const LOOK = "Compare this clone with a mirror that nobody here can write to, and find out who moved what.";
const RERECORD = "Restore the evidence branch from a mirror; records are added, never changed.";

export const violation = audit(
  "violation",
  "A landing stands although the rules did not allow it.",
  "It was recorded as VIOLATION: approvals were missing, or something denied. Nothing may be released on top of it.",
  "Land a heal: all governed files as the last landing that stood has them (DESIGN 5.9).",
);
export const keyRevoked = audit(
  "key-revoked",
  "A landing was vouched for by a key that was revoked since before it.",
  "Whoever had the key then may not have been its owner, so its approvals and signatures prove nothing from there on.",
  "Land a heal that returns to the last landing before that, then make the changes anew.",
);
export const recordMissing = audit(
  "record-missing",
  "Between recorded landings one has no record.",
  "Records are added one a landing; a gap is what a deleted record leaves.",
  RERECORD,
);
export const landingNotRecorded = audit(
  "landing-not-recorded",
  "The first landings that need records have none.",
  "From the landing that names a witness on, each needs a record; before the first one nothing is proven.",
  "Run `assent audit record`, and find out why it was not run then.",
);
export const unsignedTail = audit(
  "unsigned-tail",
  "The last landings have no records.",
  "What nobody witnessed may never have been agreed to. It is also what is left when records are cut off.",
  "Run `assent audit record`, or wait for the witness to catch up.",
);
export const recordExtra = audit(
  "record-extra",
  "The evidence branch holds a file that is the record of no landing.",
  "Evidence is one record for each landing and nothing else.",
  RERECORD,
);
export const recordDuplicated = audit(
  "record-duplicated",
  "One record stands at two places.",
  "A landing's record proves nothing about another landing.",
  RERECORD,
);
export const recordReordered = audit(
  "record-reordered",
  "A record stands at another landing's place.",
  "Records follow the landings' order; swapped ones tell another history.",
  RERECORD,
);
export const recordForked = audit(
  "record-forked",
  "A record does not follow the record before it.",
  "Each record holds the digest of the one before. Two that follow the same one, or one that was replaced, break that.",
  RERECORD,
);
export const recordMalformed = audit(
  "record-malformed",
  "A record cannot be read, or is not spelled as records are.",
  "A record has exactly one spelling; any other means that somebody touched it, or that it was cut off.",
  RERECORD,
);
export const recordResigned = audit(
  "record-resigned",
  "A record is not signed by its witness.",
  "Only witnesses that registry.yaml names may vouch for a landing. This signature does not fit, or is a stranger's.",
  RERECORD,
);
export const keyNotInForce = audit(
  "key-not-in-force",
  "A record is signed by a witness that was not in force at that landing.",
  "A witness counts from the landing after the one that names it, to the one that takes it away.",
  "Have the landing recorded by a witness that was in force, on an evidence branch restored to before that record.",
);
export const wrongRegistry = audit(
  "wrong-registry",
  "A record is another registry's.",
  "The registry's id is signed with everything else, so that evidence cannot be carried from one registry to another.",
  RERECORD,
);
export const wrongBranch = audit(
  "wrong-branch",
  "A record is about another branch.",
  "Only the protected branch's landings are judged as landings.",
  RERECORD,
);
export const rewritten = audit(
  "rewritten",
  "A recorded landing is not on the protected branch.",
  "The branch was rewritten after its landings were witnessed, or a record is about a commit that never landed.",
  LOOK,
);
export const foxtrot = audit(
  "foxtrot",
  "A recorded landing is still an ancestor, but no longer on the first-parent line.",
  "A merge with its parents swapped (a foxtrot merge) makes somebody's branch the history of the protected branch.",
  "Reset the protected branch to its last recorded landing, and merge into it instead of it.",
);
export const contentDiffers = audit(
  "content-differs",
  "A record says something else about what landed than git does.",
  "Paths, modes, contents, times and D follow from the commits alone.",
  LOOK,
);
export const decisionDiffers = audit(
  "decision-differs",
  "Deciding anew comes to another answer than the record.",
  "The rules of the first parent, the landed data and the recorded facts have exactly one decision.",
  "Find out which program recorded it; a witness that says what the rules do not is no witness.",
);
export const factsDiffer = audit(
  "facts-differ",
  "Facts in a record are not what git, or a signature in it, says.",
  "Who wrote and who signed can be read from the commits; a record that leaves somebody out could let them approve their own work.",
  "Find out which program recorded it; a witness that says what git does not is no witness.",
);
export const evaluatorDowngraded = audit(
  "evaluator-downgraded",
  "A record was made by an older program than the one before it.",
  "An older program may not know a rule that stands between a change and its landing.",
  "Let the witness run the version that the registry pins, and record anew on a branch restored from a mirror.",
);
export const evaluatorUnknown = audit(
  "evaluator-unknown",
  "A record was made by a newer program than this one, or by none that can be named.",
  "What a newer program decided cannot be decided anew by an older one.",
  "Verify with at least that version of assent.",
);
export const recordClock = audit(
  "record-clock",
  "The times in a record cannot be.",
  "A landing is decided after the one before it landed, and recorded after it was decided; otherwise rules of another time were asked.",
  "Set the witness's clock.",
);
export const anchorDiffers = audit(
  "anchor-differs",
  "This repository is not the one that the trust anchor pins.",
  "The anchor names a registry, a landing at its number, its record and its witnesses. One of them is another here.",
  "Ask whoever handed the anchor over; do not make a new one from this repository.",
);

/** All of them, for the table of codes. */
export const auditCodes: readonly CodeDefinition[] = [
  violation,
  keyRevoked,
  recordMissing,
  landingNotRecorded,
  unsignedTail,
  recordExtra,
  recordDuplicated,
  recordReordered,
  recordForked,
  recordMalformed,
  recordResigned,
  keyNotInForce,
  wrongRegistry,
  wrongBranch,
  rewritten,
  foxtrot,
  contentDiffers,
  decisionDiffers,
  factsDiffer,
  evaluatorDowngraded,
  evaluatorUnknown,
  recordClock,
  anchorDiffers,
];
