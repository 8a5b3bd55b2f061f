/** What `assent doctor` may say: one code for each thing that makes a registry's surroundings unsafe. Holds no check. */
import { defineCode, type CodeDefinition } from "../model/diagnostic.ts";

const gate = { severity: "error", category: "gate" } as const;
const warning = { severity: "warning", category: "gate" } as const;
const setup = "Run assent setup github --level 1 --apply (or the level you want).";

export const noRequiredCheck = defineCode({
  ...gate,
  code: "doctor/no-required-check",
  summary: "No active ruleset demands the gate's check on the protected branch.",
  why: "Without it anybody who may write can merge what nobody agreed to; the gate only comments.",
  fix: setup,
});

export const checkSourceOpen = defineCode({
  ...gate,
  code: "doctor/check-source-open",
  summary: "The required check is not bound to the App that posts it.",
  why: "Any token that may write checks or statuses can post one of that name and make it green.",
  fix: setup,
});

export const notUpToDate = defineCode({
  ...gate,
  code: "doctor/not-up-to-date",
  summary: "A branch may be merged although the protected branch has moved on.",
  why: "The decision was about another base: two changes that are right by themselves may break what is live together.",
  fix: `Demand up-to-date branches in the ruleset, or use a merge queue. ${setup}`,
});

export const bypass = defineCode({
  ...gate,
  code: "doctor/bypass",
  summary: "Somebody may bypass the ruleset.",
  why: "Who may bypass it, an administrator too, can put anything live alone, and it looks like any other landing.",
  fix: "Empty the bypass list of the ruleset; in an emergency use an emergency activation, which leaves a trace.",
});

export const rewritable = defineCode({
  ...gate,
  code: "doctor/rewritable",
  summary: "The protected branch may be force-pushed or deleted.",
  why: "The history is the audit log; who can rewrite it can make a landing never have happened.",
  fix: setup,
});

export const directPush = defineCode({
  ...gate,
  code: "doctor/direct-push",
  summary: "The protected branch takes pushes without a pull request.",
  why: "A direct push has no reviews that could count.",
  fix: setup,
});

export const rebaseMerge = defineCode({
  ...warning,
  code: "doctor/rebase-merge",
  summary: "Pull requests may be merged by rebasing.",
  why: "One pull request is one landing; a rebase merge lands its commits one by one, and each but the last was judged by nobody.",
  fix: "Switch rebase merging off in the repository's settings, or run assent setup github --apply.",
});

export const workflowToken = defineCode({
  ...warning,
  code: "doctor/workflow-token",
  summary: "Workflows get a token that may write, or may approve pull requests, by default.",
  why: "Any workflow, and whatever it installs, could then post checks, push branches or approve.",
  fix: "Set the default to read, without approving, under Settings, Actions, General; or run assent setup github --apply.",
});

export const anyAction = defineCode({
  ...warning,
  code: "doctor/any-action",
  summary: "Workflows may use any action, by a tag that can move.",
  why: "Who owns an action's tag decides what runs beside your token tomorrow.",
  fix: "Demand actions pinned to commits, or allow selected ones only, under Settings, Actions, General.",
});

export const codeownersErrors = defineCode({
  ...gate,
  code: "doctor/codeowners-errors",
  summary: "GitHub does not understand a line of CODEOWNERS, or does not know an owner.",
  why: "GitHub skips such a line: nobody is asked to review what it was to cover.",
  fix: "Give the team or account write access to the repository, or mend `ownership` in registry.yaml.",
});

export const unreadable = defineCode({
  ...warning,
  code: "doctor/unreadable",
  summary: "Some settings could not be read.",
  why: "What is not seen may be unsafe; nothing is said about it.",
  fix: "Run it with a token of an administrator (GITHUB_TOKEN=$(gh auth token) assent doctor --github ...).",
});

export const otherDefaultBranch = defineCode({
  ...gate,
  code: "doctor/other-default-branch",
  summary: "The default branch is not the protected branch.",
  why: "GitHub takes the gate's workflow from the default branch, so who may write there decides which gate judges.",
  fix: "Make the protected branch the default branch, or change protectedBranch in registry.yaml.",
});

export const noGit = defineCode({
  ...gate,
  code: "doctor/no-git",
  summary: "The registry is in no git repository.",
  why: "History is the audit log, and what landed is what is live.",
  fix: "Run git init, and commit.",
});

export const shallow = defineCode({
  ...warning,
  code: "doctor/shallow",
  summary: "This clone does not hold the whole history.",
  why: "Soak, rollback and history need every landing.",
  fix: "Run git fetch --unshallow.",
});

export const noProtectedBranch = defineCode({
  ...warning,
  code: "doctor/no-protected-branch",
  summary: "This clone does not know the protected branch.",
  why: "Plans and gates compare with it.",
  fix: "Run git fetch origin, or correct protectedBranch in registry.yaml.",
});

export const toolMissing = defineCode({
  ...gate,
  code: "doctor/tool-missing",
  summary: "The tool that judges is not pinned in .github/assent.",
  why: "Workflows install it from there and from nowhere else, so that which program judges is governed too.",
  fix: "Put the packed tool, package.json and package-lock.json there; .github/assent/README.md, which assent init writes, says how.",
});

export const toolUnlocked = defineCode({
  ...gate,
  code: "doctor/tool-unlocked",
  summary: "The lock of the tool has a package without an integrity.",
  why: "Without it the registry that serves the package decides what runs.",
  fix: "Delete .github/assent/package-lock.json and make it again with npm install --package-lock-only.",
});

export const workflowUnpinned = defineCode({
  ...gate,
  code: "doctor/workflow-unpinned",
  summary: "A workflow uses an action that is not pinned to a commit.",
  why: "A tag or branch can be moved to other code, which then runs with the workflow's token.",
  fix: "Write the full commit, with the version in a comment behind it.",
});

export const workflowPermissions = defineCode({
  ...gate,
  code: "doctor/workflow-permissions",
  summary: "A workflow does not say which permissions its token has.",
  why: "It gets the repository's default, which may be everything.",
  fix: "Write `permissions:` with what it needs; `permissions: {}` for nothing.",
});

export const workflowEventText = defineCode({
  ...gate,
  code: "doctor/workflow-event-text",
  summary: "A workflow pastes a value that strangers choose into a script.",
  why: "A title such as `$(curl ...)` then runs with the workflow's token.",
  fix: "Hand the value over by `env` and use the variable in quotes.",
});

export const workflowRunsChange = defineCode({
  ...gate,
  code: "doctor/workflow-runs-change",
  summary: "A workflow with the base's permissions checks out a pull request's files.",
  why: "Whoever opens a pull request then runs code of their choice with a token that may write.",
  fix: "Use `pull_request` for what runs the change's files, and never check them out under pull_request_target or workflow_run.",
});

export const workflowUnreadable = defineCode({
  ...gate,
  code: "doctor/workflow-unreadable",
  summary: "A workflow is no YAML.",
  why: "What cannot be read cannot be found safe.",
  fix: "Mend it; GitHub does not run it either.",
});

export const releaseKeysOpen = defineCode({
  ...gate,
  code: "doctor/release-keys-open",
  summary: "Keys that sign releases can be reached from more than the protected branch.",
  why: "Whoever may push a branch can change its workflows, and with these keys make services run anything.",
  fix: "Keep them as secrets of the environment `release`, which only protected branches reach (assent setup github --apply), and name it in the job. No pull request may start that job.",
});

export const rootKeyOnline = defineCode({
  ...gate,
  code: "doctor/root-key-online",
  summary: "A workflow reads the key of the root.",
  why: "The root is what everything is mended with after a machine was broken into; a machine must not have it.",
  fix: "Delete the secret and exchange that key: assent key rotate. Roots are signed by people, at their desks.",
});

export const rootExpires = defineCode({
  ...warning,
  code: "doctor/root-expires",
  summary: "The root of releases has expired or soon will.",
  why: "From then on every service refuses every release, however fresh.",
  fix: "Let its owners sign the next one: assent key rotate. Land it, and release.",
});

export const rootUnusable = defineCode({
  ...gate,
  code: "doctor/root-unusable",
  summary: "The roots of releases do not follow from each other.",
  why: "Services find the newest root by a chain of signatures from the one they were given; broken, they stay behind.",
  fix: "Restore the files of trust/ from the history; make new ones only with assent key rotate.",
});

export const envMissing = defineCode({
  ...warning,
  code: "doctor/env-missing",
  summary: "A variable that a provider's clients need is not set here.",
  why: "Calls to the provider fail where it is missing; better to learn it here than from a customer.",
  fix: "Set the variable where the service runs. Its value never belongs into the registry.",
});

/** All of them, for the table of codes. */
export const doctorCodes: readonly CodeDefinition[] = [
  noRequiredCheck,
  checkSourceOpen,
  notUpToDate,
  bypass,
  rewritable,
  directPush,
  rebaseMerge,
  workflowToken,
  anyAction,
  codeownersErrors,
  unreadable,
  otherDefaultBranch,
  noGit,
  shallow,
  noProtectedBranch,
  toolMissing,
  toolUnlocked,
  workflowUnpinned,
  workflowPermissions,
  workflowEventText,
  workflowRunsChange,
  workflowUnreadable,
  releaseKeysOpen,
  rootKeyOnline,
  rootExpires,
  rootUnusable,
  envMissing,
];
