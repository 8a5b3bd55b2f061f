/**
 * What the gate may say against a change (DESIGN 5): one code for each reason that denies. What only people or time
 * can complete is pending and has no code. It must never hold a check.
 */
import { defineCode, type CodeDefinition } from "../model/diagnostic.ts";

export const conflict = defineCode({
  code: "govern/conflict",
  severity: "error",
  category: "conflict",
  summary: "A file of the change was also changed on the protected branch since.",
  why: "The landing is the base with exactly the changed files replaced; no merge is ever guessed. Landing this one would undo what landed in between.",
  fix: "Update the branch: merge or rebase the protected branch into it, and look at the file again.",
});

export const crissCross = defineCode({
  code: "govern/criss-cross",
  severity: "error",
  category: "gate",
  summary: "The branch and the protected branch have several merge bases.",
  why: "What the branch changes then depends on which of them is asked, so two people could see two different changes.",
  fix: "Make a new branch from the protected branch and bring the change there as one commit.",
});

export const unrelated = defineCode({
  code: "govern/unrelated",
  severity: "error",
  category: "gate",
  summary: "The branch has no history in common with the protected branch.",
  why: "Without a common ancestor every file counts as changed, and history would be replaced, not continued.",
  fix: "Make a new branch from the protected branch and bring the change there.",
});

export const mixed = defineCode({
  code: "govern/mixed",
  severity: "error",
  category: "gate",
  summary: "One change touches both the rules and the catalogue.",
  why: "Rules are read from the base. A change that brings its own rules along would have been judged by other rules than its readers see.",
  fix: "Split it: governance files (registry.yaml, governance/, usecases/, CODEOWNERS, .github/) in one pull request, everything else in another.",
});

export const link = defineCode({
  code: "govern/link",
  severity: "error",
  category: "gate",
  summary: "A governed file becomes a symbolic link or a submodule.",
  why: "What such a file says stands elsewhere, where it can change without anybody agreeing.",
  fix: "Put the content itself there.",
});

export const unowned = defineCode({
  code: "govern/unowned",
  severity: "error",
  category: "gate",
  summary: "A changed path has no owner under `ownership` of the base.",
  why: "Every governed path needs the approval of one of its owners; where there is none, nobody could give it.",
  fix: 'Add a line to `ownership` in registry.yaml in a change of its own; `path: "*"` first owns whatever nothing else names.',
});

export const unknown = defineCode({
  code: "govern/unknown",
  severity: "error",
  category: "unknown",
  summary: "Something that the decision depends on is not known.",
  why: "A truncated answer or an unreadable object may hold exactly what speaks against the change, so what is unknown denies.",
  fix: "Run the gate again; if it stays so, mend what the message names.",
});

export const policyError = defineCode({
  code: "govern/policy-error",
  severity: "error",
  category: "gate",
  summary: "The condition of an approval policy cannot be evaluated for this change.",
  why: "A condition that cannot be answered may be the one that asks for more approvals, so it matches and denies.",
  fix: "Mend `when` of the policy in a change of its own: `assent lint` points at it.",
});

export const dataInvalid = defineCode({
  code: "govern/data-invalid",
  severity: "error",
  category: "gate",
  summary: "The registry would have errors after the change.",
  why: "Whoever reads the registry relies on it being valid; approvals cannot make it so.",
  fix: "Mend what the diagnostics say; `assent lint --base <protected branch>` shows the same.",
});

export const notApproved = defineCode({
  code: "govern/not-approved",
  severity: "error",
  category: "gate",
  summary: "What is to go live was not approved at the base.",
  why: "A bundle is approved in one landing and goes live in another, unless registry.yaml's publishTogether names the environment.",
  fix: "Land the approval first: `assent transition <bundle> approved`.",
});

export const incompatible = defineCode({
  code: "govern/incompatible",
  severity: "error",
  category: "gate",
  summary: "What is to go live does not fit its environment.",
  why: "Resolution would withhold it, so the use case would be down there.",
  fix: "Choose a version that fits, or let the environment offer what is missing.",
});

export const reachesRetired = defineCode({
  code: "govern/reaches-retired",
  severity: "error",
  category: "gate",
  summary: "What is to go live reaches something that has come to its end.",
  why: "Retired, rejected and archived are final: nobody maintains what stands behind it any more.",
  fix: "Publish a version that refers to what is still in use.",
});

export const gateUnmet = defineCode({
  code: "govern/gate-unmet",
  severity: "error",
  category: "gate",
  summary: "A gate of the use case is not met.",
  why: "At least one run of exactly this content must carry the metric, and every such run must meet the gate.",
  fix: "Evaluate the bundle with a suite that measures the metric; if a run failed the gate, publish a new version.",
});

export const evaluationStale = defineCode({
  code: "govern/evaluation-stale",
  severity: "error",
  category: "gate",
  summary: "The evaluations that a policy asks for are missing or too old.",
  why: "What was measured long ago says little about the data of today.",
  fix: "Run the suite again and record the run: `assent evaluation add <file>`.",
});

export const evidenceMissing = defineCode({
  code: "govern/evidence-missing",
  severity: "error",
  category: "gate",
  summary: "A policy asks for attested evaluations or verified artifacts, and the proof is not there.",
  why: "The policy asks for proof, not for a statement; without it the demand is not met.",
  fix: "Record attested runs (`assent evaluation add`), verify artifacts (`assent artifacts verify`), or change the policy.",
});

export const soakMissing = defineCode({
  code: "govern/soak-missing",
  severity: "error",
  category: "gate",
  summary: "The bundle is not live where a policy asks for it to have soaked.",
  why: "Time alone does not help: a bundle soaks only where it is what the use case resolves to.",
  fix: "Promote the same version there first, and come back after the duration.",
});

export const nonCompliant = defineCode({
  code: "govern/non-compliant",
  severity: "error",
  category: "gate",
  summary: "An entry that the change touches violates an enforced policy, or the evidence for it is missing.",
  why: "Policies are enforced where something changes: for an activation on the bundle and all it reaches.",
  fix: "Do what the policy's remediation says, record the missing evidence, or ask for a Waiver in a change of its own.",
});

export const changesRequested = defineCode({
  code: "govern/changes-requested",
  severity: "error",
  category: "gate",
  summary: "Somebody whose word counts here asked for changes.",
  why: "An owner of a changed path or a holder of a required role said no; others' approvals do not outvote that.",
  fix: "Do what the review asks for and get that account's approval, or have the review dismissed.",
});

export const nobodyLeft = defineCode({
  code: "govern/nobody-left",
  severity: "error",
  category: "gate",
  summary: "Nobody is left who could give a required approval.",
  why: "Authors, committers, co-authors, pushers and those who caused a bot's change cannot approve it, and one person fills one slot only.",
  fix: "Let somebody else make the change, or add members to the role in a change of its own.",
});

export const authorUnknown = defineCode({
  code: "govern/author-unknown",
  severity: "error",
  category: "unknown",
  summary: "It is not known who made the change.",
  why: "Nobody approves their own work; that cannot be told when the author is unknown.",
  fix: "Without a forge, sign the head with a key of your Identity (`git commit -S`) that is in force at the base.",
});

export const emergencyNotAlone = defineCode({
  code: "govern/emergency-not-alone",
  severity: "error",
  category: "gate",
  summary: "An emergency activation is not alone in its change.",
  why: "In an emergency fewer people look; they look at one scope and nothing else.",
  fix: "Put everything else into another change.",
});

export const emergencyUnchanged = defineCode({
  code: "govern/emergency-unchanged",
  severity: "error",
  category: "gate",
  summary: "The emergency flag is put on a bundle that was live already.",
  why: "The flag asks for the emergency approvals of a move; where nothing moves it would only turn an ordinary activation into an override.",
  fix: "Leave the flag out, or name the bundle that the emergency asks for.",
});

export const overrideExpired = defineCode({
  code: "override/expired",
  severity: "error",
  category: "gate",
  summary: "An emergency override has outlived its policy's expiresAfter.",
  why: "An emergency is agreed to by few and for a short time; after that the usual approvals are due.",
  fix: "Remove `emergency: true` with the usual approvals, or roll the scope back.",
});

export const spent = defineCode({
  code: "govern/spent",
  severity: "error",
  category: "gate",
  summary: "Exactly this change has landed on signatures before.",
  why: "A landing spends the signatures over its digest. If they counted again, an old yes could be replayed.",
  fix: "Make the change anew with another `reason`, and have it signed.",
});

export const baseViolation = defineCode({
  code: "govern/base-violation",
  severity: "error",
  category: "gate",
  summary: "Evidence says that the base landed without its approvals; only a heal may land.",
  why: "What lands on top of a violation would make it look agreed to.",
  fix: "Land a change that gives all governed files the content of the last landing that stood.",
});

export const notAHeal = defineCode({
  code: "govern/not-a-heal",
  severity: "error",
  category: "gate",
  summary: "The change does not give every governed file the content of the landing it is to restore.",
  why: "A heal is judged by the rules of the landing it returns to; that holds only where it returns to it exactly.",
  fix: "Restore every governed file of that landing, and change nothing else.",
});

export const clock = defineCode({
  code: "govern/clock",
  severity: "error",
  category: "gate",
  summary: "A landing is dated more than ten minutes ahead of the clock.",
  why: "Landing times decide how long something has soaked; a time from the future would shorten every later wait.",
  fix: "Set the committing machine's clock and make the commit again.",
});

/** All of them, for the table of codes. */
export const governCodes: readonly CodeDefinition[] = [
  conflict,
  crissCross,
  unrelated,
  mixed,
  link,
  unowned,
  unknown,
  policyError,
  dataInvalid,
  notApproved,
  incompatible,
  reachesRetired,
  gateUnmet,
  evaluationStale,
  evidenceMissing,
  soakMissing,
  nonCompliant,
  changesRequested,
  nobodyLeft,
  authorUnknown,
  emergencyNotAlone,
  emergencyUnchanged,
  overrideExpired,
  spent,
  baseViolation,
  notAHeal,
  clock,
];
