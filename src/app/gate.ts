/** `assent gate`: the decision about a change, from git and from what a forge says in a file. It reaches no network. */
import { dependentsIn, planOf, type Plan } from "../core/govern/plan.ts";
import type { Decision } from "../core/model/decision.ts";
import type { Sandbox } from "../core/model/plugin.ts";
import type { Tree } from "../core/model/tree.ts";
import type { Diagnostic } from "../core/validate/report.ts";
import type { Instant } from "../core/model/instant.ts";
import { withForge, type ReviewedFacts } from "./forge-facts.ts";
import { judge, type Judged } from "./judge.ts";
import { locate } from "./lint.ts";
import type { Ports, Repository } from "./ports.ts";
import { needGit, type Selection } from "./read.ts";
import { verifiedAbout } from "./artifact-report.ts";
import { parseReviewsFile } from "./reviews-file.ts";
import { rootOf } from "./root.ts";
import { APPROVALS_BRANCH } from "./signatures.ts";

export interface GateFileRequest extends Selection {
  readonly base: string;
  readonly head: string;
  /** The file of reviews. */
  readonly reviews: string;
  /** A report of `artifacts verify` about the head, made in the same run. */
  readonly verifiedArtifacts?: string | undefined;
}

export interface GateResult {
  readonly decision: Decision;
  readonly plan: Plan;
  readonly diagnostics: readonly Diagnostic[];
  /** R, for showing the places of diagnostics. */
  readonly tree: Tree;
}

/** Decides by a file of reviews. */
export async function gateByFile(request: GateFileRequest, ports: Ports): Promise<GateResult> {
  const repository = needGit(await ports.openRepository(rootOf(request.folder, ports)), "assent gate");
  const forge = parseReviewsFile(ports.readInput(request.folder, request.reviews));
  const [base, head] = [
    await repository.resolveRevision(request.base),
    await repository.resolveRevision(request.head),
  ];
  return gateResult(
    await judgeReviewed(
      {
        base,
        head,
        forge,
        asOf: request.asOf ?? ports.now(),
        sandbox: ports.sandbox,
        verified: verifiedIn(request, head, ports),
      },
      repository,
    ),
  );
}

/** The digests that a report about the head has verified; null where nobody hands one in. */
export function verifiedIn(
  request: { readonly folder: string; readonly verifiedArtifacts?: string | undefined },
  head: string,
  ports: Ports,
): ReadonlySet<string> | null {
  const { folder, verifiedArtifacts: path } = request;
  return path === undefined ? null : verifiedAbout(ports.readInput(folder, path), head);
}

/** Decides about a pull request whose objects are in a repository. */
export async function judgeReviewed(
  {
    base,
    head,
    forge,
    asOf,
    sandbox,
    verified,
  }: {
    readonly base: string;
    readonly head: string;
    readonly forge: ReviewedFacts;
    readonly asOf: Instant;
    readonly sandbox: Sandbox;
    readonly verified?: ReadonlySet<string> | null;
  },
  repository: Repository,
): Promise<Judged> {
  const approvals = await repository.tipOf(APPROVALS_BRANCH);
  return judge({ base, head, ref: forge.base.ref }, repository, {
    asOf,
    sandbox,
    approvals,
    complete: async (facts, read) => ({
      ...(await withForge(facts, read, forge, repository)),
      verifiedArtifacts: verified ?? null,
    }),
  });
}

/** A judgement with everything that is shown about it. */
export async function gateResult({ decided, read, facts }: Judged): Promise<GateResult> {
  const { tree } = read.change.result;
  const { renderingsOf } = await import("./plan.ts");
  const renderings = await renderingsOf(decided);
  const plan = planOf(decided, dependentsIn(read.change.result), facts.verifiedArtifacts, renderings);
  return {
    decision: decided.decision,
    plan,
    diagnostics: await locate(decided.decision.findings, tree),
    tree,
  };
}
