/**
 * `assent backtest`: which past landings a policy would have denied. Reads the policy's file, the landings and the signed
 * approvals that still stand on their branch; writes nothing, and asks no forge.
 */
import {
  isAbout,
  judgePast,
  UNAFFECTED,
  withCandidate,
  type Candidate,
  type PastVerdict,
} from "../core/govern/backtest.ts";
import type { Landing } from "../core/model/landing.ts";
import { counted } from "../core/model/progress.ts";
import type { Sandbox } from "../core/model/plugin.ts";
import type { Entry } from "../core/model/registry.ts";
import { isName } from "../core/model/ref.ts";
import { Failure } from "../core/model/failure.ts";
import { changeJudgedBy } from "../core/plugin/change.ts";
import { treeOf, type Tree } from "../core/model/tree.ts";
import { parseFast } from "../core/source/parse.ts";
import { identityOfPath } from "../core/source/reference.ts";
import type { Diagnostic } from "../core/validate/report.ts";
import { gitFacts } from "./git-facts.ts";
import { landingsOf, needLandings, protectedBranch } from "./landed.ts";
import { findingsIn, locate } from "./lint.ts";
import type { Ports, Repository } from "./ports.ts";
import { readChange } from "./read-change.ts";
import { judgedBy, loadTree, needGit, openRegistry, type OpenRegistry, type Selection } from "./read.ts";
import { APPROVALS_BRANCH, signaturesFor } from "./signatures.ts";

export interface BacktestRequest extends Selection {
  /** The policy's file; relative paths start at `folder`. It need not stand in the registry. */
  readonly file: string;
  /** How many landings, counted from the newest. */
  readonly last: number;
}

export interface PastLanding extends PastVerdict {
  readonly landing: Landing;
}

export interface Backtest {
  /** Null when the file is no policy that could be tried; the diagnostics say why. */
  readonly policy: string | null;
  readonly landings: readonly PastLanding[];
  readonly diagnostics: readonly Diagnostic[];
  readonly tree: Tree;
}

/** Judges the last landings as if the policy had been in force. */
export async function backtest(request: BacktestRequest, ports: Ports): Promise<Backtest> {
  const open = await openRegistry({ folder: request.folder, asOf: request.asOf }, ports);
  const repository = needGit(open.repository, "assent backtest");
  const { candidate, diagnostics, tree } = await readCandidate(request, open, ports);
  if (candidate === undefined) return { policy: null, landings: [], diagnostics, tree };
  const all = needLandings(await landingsOf(repository, request.at));
  const approvals = await repository.tipOf(APPROVALS_BRANCH);
  const ref = `refs/heads/${await protectedBranch(repository, all.at(-1)?.oid ?? "HEAD")}`;
  const landings: PastLanding[] = [];
  const told = counted(request.onProgress, "judging landings", null, 1);
  // The first landing of all began the registry; there were no rules that it could have been judged by.
  for (const landing of all.slice(-request.last).filter(({ parents }) => parents.length > 0)) {
    landings.push({
      landing,
      ...(await judgeLanding({ landing, all, ref, approvals, candidate }, repository, open.sandbox)),
    });
    told?.(landings.length);
  }
  return { policy: candidate.entry.ref, landings, diagnostics, tree };
}

interface Trial {
  readonly landing: Landing;
  readonly all: readonly Landing[];
  /** The protected branch in full. */
  readonly ref: string;
  /** A commit of the branch of signatures; null = there is none. */
  readonly approvals: string | null;
  readonly candidate: Candidate;
}

async function judgeLanding(
  { landing, all, ref, approvals, candidate }: Trial,
  repository: Repository,
  sandbox: Sandbox,
): Promise<PastVerdict> {
  const question = { base: landing.parents[0] ?? "", head: landing.oid, ref };
  const read = await readChange(question, repository);
  const change = changeJudgedBy(read.change, sandbox);
  // Which move a scope makes is only known with its history; everything else can be told at once.
  const isLive = change.paths.some(({ path }) => path.startsWith("registry/live/"));
  if (change.paths.length === 0 || (!isLive && !isAbout(change, candidate, landing.time))) return UNAFFECTED;
  const until = all.slice(0, landing.sequence - (all[0]?.sequence ?? 1));
  const [known, signatures] = await Promise.all([
    gitFacts({ ...read, change: withCandidate(change, candidate) }, until, repository, landing.time),
    signaturesFor(change.digest, approvals, repository),
  ]);
  return judgePast(change, { ...known, signatures }, candidate, landing.time);
}

/** The policy as an entry of today's registry; without one the diagnostics say what is wrong with it. */
async function readCandidate(
  { folder, file }: BacktestRequest,
  { registry, asOf, sandbox }: OpenRegistry,
  ports: Ports,
): Promise<{
  readonly candidate: Candidate | undefined;
  readonly diagnostics: readonly Diagnostic[];
  readonly tree: Tree;
}> {
  const bytes = ports.readInput(folder, file);
  const path = pathFor(file, await topKeys(file, bytes));
  const tree = treeOf([
    ...registry.tree.files.filter((each) => each.path !== path),
    { path, mode: "100644", read: () => bytes },
  ]);
  const loaded = judgedBy(await loadTree(tree), sandbox);
  const found = (await findingsIn(loaded, asOf, undefined, (each) => each === path)).filter(
    ({ at }) => at.file === path,
  );
  const diagnostics = await locate(found, tree);
  const entry = loaded.registry.get(identityOfPath(path)?.ref ?? "");
  const isWrong = entry === undefined || diagnostics.some(({ severity }) => severity === "error");
  if (isWrong || (entry.kind !== "ApprovalPolicy" && entry.kind !== "PolicyBinding"))
    return { candidate: undefined, diagnostics, tree };
  return {
    candidate: { entry: entry as Entry<"ApprovalPolicy"> | Entry<"PolicyBinding">, today: loaded.registry },
    diagnostics,
    tree,
  };
}

async function topKeys(file: string, bytes: Uint8Array): Promise<readonly string[]> {
  const fast = parseFast(bytes);
  if (fast !== undefined) return Object.keys(fast);
  const { parseStrict } = await import("../core/source/strict.ts");
  return Object.keys(parseStrict(file, bytes).value ?? {});
}

/** Where such a file would stand: under its own name, or another when that is no legal one. */
function pathFor(file: string, keys: readonly string[]): string {
  const name = /([^/\\]+?)(?:\.ya?ml)?$/.exec(file)?.[1] ?? "";
  const folder = keys.includes("match")
    ? "approval-policies"
    : keys.includes("selector")
      ? "policy-bindings"
      : undefined;
  if (folder !== undefined) return `registry/governance/${folder}/${isName(name) ? name : "candidate"}.yaml`;
  throw new Failure(
    "backtest/no-policy",
    `${file} is neither an ApprovalPolicy (\`match\`) nor a PolicyBinding (\`selector\`).`,
    {
      hint: "Name a file like those in registry/governance/approval-policies or registry/governance/policy-bindings.",
    },
  );
}
