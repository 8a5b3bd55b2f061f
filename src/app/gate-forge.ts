/**
 * `assent gate` by a forge: facts from the forge, objects from git, one judgement of both. What the forge and git both
 * know is compared where the facts are joined (forge-facts.ts); nothing of the pull request is checked out.
 */
import type { Instant } from "../core/model/instant.ts";
import type { PullRequestFacts } from "../core/model/pull-request.ts";
import type { Registry } from "../core/model/registry.ts";
import type { GateRequest } from "./app.ts";
import type { ReviewedFacts } from "./forge-facts.ts";
import { gateResult, judgeReviewed, verifiedIn, type GateResult } from "./gate.ts";
import type { Forge, Ports } from "./ports.ts";
import { needGit } from "./read.ts";

export interface ForgeGateRequest extends GateRequest {
  /** The git repository that the objects are brought into; made where there is none. */
  readonly folder: string;
  readonly asOf: Instant;
  /** A report of `artifacts verify` about the head, made in the same run. */
  readonly verifiedArtifacts?: string | undefined;
}

export interface ForgeGateResult extends GateResult {
  readonly facts: PullRequestFacts;
  /** The registry at the base: who its people are. */
  readonly registry: Registry;
}

/**
 * Decides about a pull request, or about a merge queue's commit of it. Undefined when it is to merge into another than
 * the default branch: such a branch may hold rules of its author's own, and a check on its head would count here too.
 */
export async function gateByForge(
  request: ForgeGateRequest,
  forge: Forge,
  ports: Ports,
): Promise<ForgeGateResult | undefined> {
  const { repo, number, queue, folder, asOf } = request;
  const facts = await forge.pullRequest(repo, number);
  if (facts.base.ref !== facts.defaultBranch) return undefined;
  const commits = queue === undefined ? [] : [queue.base, queue.head];
  const brought = await forge.bring(repo, { number, base: facts.base.ref, folder, commits });
  const repository = needGit(await ports.openRepository(folder), "assent gate");
  const { base, head } = queue ?? brought;
  const reviewed = queue === undefined ? facts : inQueue(facts, queue);
  const verified = verifiedIn(request, head, ports);
  const judged = await judgeReviewed(
    { base, head, forge: reviewed, asOf, sandbox: ports.sandbox, verified },
    repository,
  );
  return { ...(await gateResult(judged)), facts, registry: judged.read.change.base.registry };
}

/** The queue's merge commit on its own base: the approvals are the pull request's, the commits one more. */
function inQueue(facts: PullRequestFacts, queue: NonNullable<GateRequest["queue"]>): ReviewedFacts {
  const merge = { sha: queue.head, author: null, committer: null };
  return {
    ...facts,
    base: { ref: facts.base.ref, sha: queue.base },
    head: { sha: queue.head },
    commits: [...facts.commits, merge],
  };
}
