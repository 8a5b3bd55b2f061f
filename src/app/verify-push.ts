/**
 * `assent verify-push`: the gate as a pre-receive hook of any git server (DESIGN 5.6, CLI.md). Each new first-parent
 * commit of the protected branch is judged as a landing on top of its first parent, oldest first. What the attacker
 * controls: the refs and objects pushed, all dates and names in them. What is not understood is refused.
 */
import { EVIDENCE_BRANCH } from "../core/audit/evidence.ts";
import { clockFinding } from "../core/govern/soak.ts";
import * as codes from "../core/govern/codes.ts";
import type { Sandbox } from "../core/model/plugin.ts";
import type { Decision } from "../core/model/decision.ts";
import type { Finding } from "../core/model/diagnostic.ts";
import { millisecondsOf, type Instant } from "../core/model/instant.ts";
import type { Landing } from "../core/model/landing.ts";
import type { Diagnostic } from "../core/validate/report.ts";
import { Failure } from "../core/model/failure.ts";
import { judge, type Judged } from "./judge.ts";
import { protectedBranch } from "./landed.ts";
import { locate } from "./lint.ts";
import type { Ports, Repository } from "./ports.ts";
import type { Selection } from "./read.ts";
import { APPROVALS_BRANCH } from "./signatures.ts";

/** One line of a pre-receive hook's input. */
export interface RefUpdate {
  readonly ref: string;
  /** Null = the ref is new. */
  readonly from: string | null;
  /** Null = the ref goes. */
  readonly to: string | null;
}

/** A landing that was judged. */
export interface JudgedLanding {
  readonly commit: string;
  readonly subject: string;
  readonly outcome: Decision["outcome"];
  readonly decision: Decision;
  readonly diagnostics: readonly Diagnostic[];
}

export interface PushVerdict {
  readonly outcome: Decision["outcome"];
  /** Refs that may not move like this, and why. */
  readonly refusals: readonly { readonly ref: string; readonly because: string }[];
  /** Up to and with the first that may not land. */
  readonly landings: readonly JudgedLanding[];
}

/** Reads the lines that git gives a pre-receive hook. */
export function parseUpdates(input: string): readonly RefUpdate[] {
  return input
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [, from, to, ref] =
        /^([0-9a-f]{40}|[0-9a-f]{64}) ([0-9a-f]{40}|[0-9a-f]{64}) (refs\/\S+)$/.exec(line) ?? [];
      if (from === undefined || to === undefined || ref === undefined) {
        throw new Failure(
          "usage/push-lines",
          `${JSON.stringify(line.slice(0, 100))} is no line of a pre-receive hook.`,
          {
            hint: "Call assent verify-push from the hook pre-receive; git writes `<old> <new> <ref>` to it, line by line.",
          },
        );
      }
      return { ref, from: isNothing(from) ? null : from, to: isNothing(to) ? null : to };
    });
}

function isNothing(oid: string): boolean {
  return /^0+$/.test(oid);
}

/** Judges a push. `folder` is the receiving repository. */
export async function verifyPush(
  updates: readonly RefUpdate[],
  { folder, asOf: typed }: Pick<Selection, "folder" | "asOf">,
  ports: Pick<Ports, "openReceiving" | "now" | "sandbox">,
): Promise<PushVerdict> {
  const asOf = typed ?? ports.now();
  const repository = await ports.openReceiving(folder);
  const branch = await ownBranch(repository);
  const refusals: { ref: string; because: string }[] = [];
  const landings: JudgedLanding[] = [];
  const ofApprovals = updates.find(({ ref }) => ref === `refs/heads/${APPROVALS_BRANCH}`);
  for (const update of updates) {
    const because = await refusalOf(update, branch, repository);
    if (because !== undefined) refusals.push({ ref: update.ref, because });
  }
  const ofBranch = updates.find(({ ref }) => ref === `refs/heads/${branch}`);
  if (refusals.length === 0 && ofBranch !== undefined && ofBranch.to !== null) {
    // All refs of a push move together, so what it brings counts already.
    const approvals =
      ofApprovals === undefined ? await repository.refAt(`refs/heads/${APPROVALS_BRANCH}`) : ofApprovals.to;
    const chain = await repository.landings(ofBranch.to);
    const fresh = chain.slice(chain.findIndex(({ oid }) => oid === ofBranch.from) + 1);
    for (const landing of fresh) {
      // The first commit of all has no rules to be judged by.
      if (landing.parents.length === 0) continue;
      const judged = await judgeLanding(landing, branch, approvals, repository, asOf, ports.sandbox);
      landings.push(judged);
      if (judged.outcome !== "allowed") break;
    }
  }
  const last = landings.at(-1)?.outcome ?? "allowed";
  return { outcome: refusals.length > 0 ? "denied" : last, refusals, landings };
}

/**
 * The protected branch, which HEAD of the receiving repository must name: then its name is read from a place that only
 * judged landings change. A branch that anybody may push to could otherwise say that another one is protected.
 */
async function ownBranch(repository: Repository): Promise<string> {
  const [head, current] = [await repository.head(), await repository.currentBranch()];
  const isEmpty = head === null && (await repository.branches()).length === 0;
  const branch = isEmpty ? current : head === null ? null : await protectedBranch(repository, head);
  if (branch !== null && branch === current) return branch;
  throw new Failure(
    "verify-push/head",
    `HEAD of this repository names ${current ?? "no branch"}, which is not the protected branch${branch === null ? "" : ` ${branch}`}.`,
    {
      hint: `On the server, run git symbolic-ref HEAD refs/heads/${branch ?? "main"}.`,
    },
  );
}

/** Why a ref may not move like this, whatever it brings. */
async function refusalOf(
  { ref, from, to }: RefUpdate,
  branch: string,
  repository: Repository,
): Promise<string | undefined> {
  if (ref.startsWith("refs/replace/"))
    return "objects may not be replaced: readers would see another history than was judged";
  const kept = new Map([
    [`refs/heads/${APPROVALS_BRANCH}`, "the branch of signatures"],
    // Without its records a violation would stand.
    [`refs/heads/${EVIDENCE_BRANCH}`, "the branch of evidence"],
  ]).get(ref);
  if (kept === undefined && ref !== `refs/heads/${branch}`) return undefined;
  const name = kept ?? "the protected branch";
  if (to === null) return `${name} may not be deleted`;
  if (from === null) return undefined;
  if (kept !== undefined) {
    const bases = await repository.mergeBases(from, to);
    return bases.length === 1 && bases[0] === from
      ? undefined
      : `${name} may not be rewritten: fetch it and add to it`;
  }
  const chain = await repository.landings(to);
  if (chain.some(({ oid }) => oid === from)) return undefined;
  return `${name} may not be rewritten: its tip must be the first parent of what is pushed (assent merge makes such a commit)`;
}

async function judgeLanding(
  landing: Landing,
  branch: string,
  approvals: string | null,
  repository: Repository,
  asOf: Instant,
  sandbox: Sandbox,
): Promise<JudgedLanding> {
  const { judged, head } = await judgeContent(landing, branch, approvals, repository, asOf, sandbox);
  const { decision, assessment } = judged.decided;
  const clock = dateFinding(
    landing,
    assessment.transitions.some(({ scope }) => scope !== undefined),
    asOf,
  );
  const diagnostics = await locate(
    [...decision.findings, ...(clock === undefined ? [] : [clock])],
    judged.read.change.result.tree,
  );
  const outcome = clock !== undefined && decision.mode === "enforce" ? "denied" : decision.outcome;
  const { subject } = head === landing.oid ? landing : await repository.commitOf(head);
  return { commit: landing.oid, subject, outcome, decision, diagnostics };
}

/**
 * A merge whose content is exactly what its second parent changed is that change, and its author is who signed it. Any
 * other landing, an evil merge too, speaks for itself.
 */
async function judgeContent(
  landing: Landing,
  branch: string,
  approvals: string | null,
  repository: Repository,
  asOf: Instant,
  sandbox: Sandbox,
): Promise<{ readonly judged: Judged; readonly head: string }> {
  const [base = "", second, ...more] = landing.parents;
  const ref = `refs/heads/${branch}`;
  if (second !== undefined && more.length === 0) {
    const judged = await judge({ base, head: second, ref }, repository, { asOf, sandbox, approvals });
    const landed = await repository.changedPaths(base, landing.oid, { paths: "everywhere" });
    const { differing } = judged.read;
    const sides = (changes: typeof landed): string =>
      JSON.stringify(changes.map(({ path, modeTo, oidTo }) => [path, modeTo, oidTo]));
    if (sides(landed) === sides(differing)) return { judged, head: second };
  }
  return {
    judged: await judge({ base, head: landing.oid, ref }, repository, { asOf, sandbox, approvals }),
    head: landing.oid,
  };
}

/** How far a landing's date may be from the clock: ahead always (DESIGN 6), behind where something goes live. */
const TOLERANCE = 10 * 60 * 1000;

/**
 * Soak counts from landing times, and here no witness records when a landing was really made. So a landing that moves a
 * scope may not be dated back either: its author could otherwise have it soak in the past.
 */
function dateFinding(landing: Landing, movesScope: boolean, asOf: Instant): Finding | undefined {
  const ahead = clockFinding(landing.time, asOf);
  if (ahead !== undefined || !movesScope || millisecondsOf(asOf) - millisecondsOf(landing.time) <= TOLERANCE)
    return ahead;
  return {
    definition: codes.clock,
    message: `The landing is dated ${landing.time}, and it is ${asOf}: how long something has been live would be counted from that date.`,
    hint: "Land it with assent merge, which dates it now.",
    at: { file: "registry/registry.yaml" },
  };
}
