/**
 * Opens a registry for audit: the protected branch, its landings, the branch of evidence, and what this clone has
 * verified before. Reading only; what stands in the way of any proof (a shallow clone, grafts, replaced objects, objects
 * of another repository) is told by name.
 */
import type { Anchor, Witness } from "../../core/audit/anchor.ts";
import { EVIDENCE_BRANCH } from "../../core/audit/record.ts";
import type { Line } from "../../core/audit/verify.ts";
import { settingsOf } from "../../core/govern/ownership.ts";
import { Failure } from "../../core/model/failure.ts";
import type { Landing } from "../../core/model/landing.ts";
import { protectedBranch } from "../landed.ts";
import { loadTree } from "../read.ts";
import type { Ports, ProofRepository } from "../ports.ts";

/** The folder that is audited: a registry's root, or a bare repository such as a mirror. */
export function auditRoot(folder: string, ports: Pick<Ports, "findRoot">): string {
  return ports.findRoot(folder) ?? folder;
}

/** What is audited. */
export interface Subject {
  readonly repository: ProofRepository;
  /** The protected branch, without `refs/heads/`. */
  readonly branch: string;
  readonly ref: string;
  /** Where it stands, and where the branch of evidence does; null = there is no evidence. */
  readonly tip: string;
  readonly evidence: string | null;
}

/**
 * The protected branch as this clone knows it. Its name is the anchor's where one was handed over: a branch that says of
 * itself that another one is protected has no say.
 */
export async function openSubject(repository: ProofRepository, anchor: Anchor | null): Promise<Subject> {
  const branch = anchor === null ? await ownBranch(repository) : anchor.ref.slice("refs/heads/".length);
  const tip = await repository.tipOf(branch);
  if (tip === null) {
    throw new Failure("audit/no-branch", `This clone has no branch ${branch}, which is to be audited.`, {
      hint: `Run git fetch origin ${branch}:${branch}, and try again.`,
      category: "unknown",
    });
  }
  const evidence = await repository.tipOf(EVIDENCE_BRANCH);
  return { repository, branch, ref: `refs/heads/${branch}`, tip, evidence };
}

async function ownBranch(repository: ProofRepository): Promise<string> {
  const head = await repository.head();
  return head === null ? "main" : protectedBranch(repository, head);
}

/** The witnesses that a commit's registry.yaml names. */
export async function witnessesAt(commit: string, repository: ProofRepository): Promise<readonly Witness[]> {
  const { registry } = await loadTree(await repository.treeAt(commit, { paths: ["registry/registry.yaml"] }));
  return settingsOf(registry)?.value.witness ?? [];
}

/** The line as the core asks about it. */
export async function lineOf(
  repository: ProofRepository,
  landings: readonly Landing[],
  tip: string,
): Promise<Line> {
  const sequences = new Map(landings.map(({ oid, sequence }) => [oid, sequence]));
  const commits = new Map(landings.map(({ oid, sequence }) => [sequence, oid]));
  const merged = await repository.reachable(tip);
  return {
    sequenceOf: (commit) => sequences.get(commit),
    commitOf: (sequence) => commits.get(sequence),
    isMerged: (commit) => merged(commit),
  };
}
