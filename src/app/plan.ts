/** `assent plan`: what a change means, what it asks for, and who can give it. It writes nothing and reaches no network. */
import { dependentsIn, planOf, type Plan } from "../core/govern/plan.ts";
import type { Decided } from "../core/govern/decide.ts";
import type { Decision } from "../core/model/decision.ts";
import { Failure } from "../core/model/failure.ts";
import type { Tree } from "../core/model/tree.ts";
import type { ChangedRendering } from "../core/template/renderings.ts";
import type { Diagnostic } from "../core/validate/report.ts";
import { locate } from "./lint.ts";
import { baseOf, judge, type Judged } from "./judge.ts";
import { protectedBranch } from "./landed.ts";
import type { Ports } from "./ports.ts";
import { needGit, type Selection } from "./read.ts";
import { rootOf } from "./root.ts";
import { APPROVALS_BRANCH } from "./signatures.ts";

export interface PlanRequest extends Selection {
  /** Revisions; by default the protected branch and HEAD. */
  readonly base?: string | undefined;
  readonly head?: string | undefined;
  /** `--if-approved-by`: references of identities that are taken to approve; undefined = not asked. */
  readonly ifApprovedBy?: readonly string[] | undefined;
}

export interface PlanResult {
  readonly plan: Plan;
  /** What would be decided now, or with the approvals that were asked about. */
  readonly decision: Decision;
  readonly diagnostics: readonly Diagnostic[];
  /** R, for showing the places of diagnostics. */
  readonly tree: Tree;
}

/** Plans a change of commits. */
export async function plan(request: PlanRequest, ports: Ports): Promise<PlanResult> {
  const repository = needGit(await ports.openRepository(rootOf(request.folder, ports)), "assent plan");
  const head = await repository.resolveRevision(request.head ?? "HEAD");
  const branch = await protectedBranch(repository, head);
  const base = await baseOf(repository, request.base, branch);
  const approvals = await repository.tipOf(APPROVALS_BRANCH);
  const judged = await judge({ base, head, ref: `refs/heads/${branch}` }, repository, {
    asOf: request.asOf ?? ports.now(),
    sandbox: ports.sandbox,
    approvals,
    assumed: (request.ifApprovedBy ?? []).map((name) => identityOf(name, "--if-approved-by")),
  });
  return planned(judged, approvals === null);
}

/**
 * The plan of what was judged. `byForge`: who made the change will be said by a forge, so that an unsigned head is no
 * finding yet.
 */
export async function planned({ decided, read, facts }: Judged, byForge: boolean): Promise<PlanResult> {
  const renderings = await renderingsOf(decided);
  const whole = planOf(decided, dependentsIn(read.change.result), facts.verifiedArtifacts, renderings);
  const findings = byForge
    ? whole.findings.filter(({ definition }) => definition.code !== "govern/author-unknown")
    : whole.findings;
  const diagnostics = await locate(findings, read.change.result.tree);
  return {
    plan: { ...whole, findings },
    decision: decided.decision,
    diagnostics,
    tree: read.change.result.tree,
  };
}

/** What new templates of a change make of what is rendered; the engine is loaded for changes that have some. */
export async function renderingsOf({ assessment }: Decided): Promise<readonly ChangedRendering[]> {
  const { change, transitions } = assessment;
  const created = transitions.some(
    ({ subject, action }) => action === "create" && subject.startsWith("template:"),
  );
  if (!created) return [];
  const { renderingsPlanned } = await import("../core/template/renderings.ts");
  return renderingsPlanned(change.result, transitions);
}

/** The reference of an identity as people type it: with or without its prefix. */
export function identityOf(name: string, flag: string): string {
  const bare = name.replace(/^identity:/, "");
  if (/^[a-z0-9][a-z0-9._-]{0,99}$/.test(bare)) return `identity:${bare}`;
  throw new Failure("usage/identity", `${flag} takes the name of an identity, not "${name}".`, {
    hint: "Identities stand in registry/governance/identities: assent list Identity.",
  });
}
