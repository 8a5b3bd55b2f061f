/**
 * `assent merge`: lands a change without a forge. The tip is read anew, the gate decides on it, the landing is made and
 * the branch moved only if it still stands there; a lost race decides anew. It must never land what the gate did not
 * allow on exactly this base.
 */
import { EVIDENCE_BRANCH } from "../core/audit/record.ts";
import { clockFinding } from "../core/govern/soak.ts";
import { COMMIT_NAMESPACE } from "../core/trust/sshsig.ts";
import type { Decision } from "../core/model/decision.ts";
import { Failure } from "../core/model/failure.ts";
import type { Instant } from "../core/model/instant.ts";
import type { Landing, PathChange } from "../core/model/landing.ts";
import type { Diagnostic } from "../core/validate/report.ts";
import { judge, sharedBranch, type Judged } from "./judge.ts";
import { locate } from "./lint.ts";
import type { Exchange, NewFile, Ports, Repository } from "./ports.ts";
import { needGit, type Selection } from "./read.ts";
import { rootOf } from "./root.ts";
import { requireTip } from "./sign.ts";
import { APPROVALS_BRANCH } from "./signatures.ts";

export interface MergeRequest extends Selection {
  readonly revision: string;
  /** One commit with one parent, signed by whoever lands it: without the branch's own history its author is not known. */
  readonly squash: boolean;
  readonly keyFile?: string | undefined;
  /** The witness's key, where this landing is to be recorded at once; else the environment's, where there is one. */
  readonly witnessKeyFile?: string | undefined;
  /** Of this program; without it nothing is recorded. */
  readonly version?: string | undefined;
}

export interface Merged {
  readonly status: "LANDED" | "DUPLICATE" | "CONFLICT" | "DENIED" | "PENDING" | "REFUSED";
  /** The landing, or for a duplicate the tip that holds the change already. */
  readonly commit: string | null;
  readonly branch: string;
  /** Absent only for a duplicate, about which there is nothing to decide. */
  readonly decision: Decision | null;
  readonly diagnostics: readonly Diagnostic[];
  /** Of a conflict: the landings that changed the same files meanwhile, newest first. */
  readonly winners: readonly Winner[];
  /** What the other side said when it refused. */
  readonly said: string | null;
  /** Of a landing: what became of its record. */
  readonly record: MergeRecord;
}

/** `none`: no witness's key is at hand, and whoever witnesses does it later. `failed`: the landing stands without one. */
export type MergeRecord =
  | { readonly status: "none" }
  | { readonly status: "recorded"; readonly sequence: number; readonly decision: string | null }
  | { readonly status: "failed"; readonly because: string };

export interface Winner {
  readonly commit: string;
  readonly subject: string;
  readonly author: string;
  readonly paths: readonly string[];
}

const ATTEMPTS = 10;

/** Lands a change, or says why not. */
export async function merge(request: MergeRequest, ports: Ports): Promise<Merged> {
  const root = rootOf(request.folder, ports);
  const repository = needGit(await ports.openRepository(root), "assent merge");
  const exchange = await ports.openExchange(root);
  const head = await repository.resolveRevision(request.revision);
  const branch = await sharedBranch(exchange, repository);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const tips = await exchange.fetch([branch, APPROVALS_BRANCH, EVIDENCE_BRANCH]);
    const base = requireTip(tips.get(branch), branch);
    const asOf = request.asOf ?? ports.now();
    const judged = await judge({ base, head, ref: `refs/heads/${branch}` }, repository, {
      asOf,
      sandbox: ports.sandbox,
      approvals: tips.get(APPROVALS_BRANCH) ?? null,
    });
    const { change } = judged.read;
    const { decision } = judged.decided;
    const clock = clockFinding(judged.landings.at(-1)?.time ?? asOf, asOf);
    const diagnostics = await locate(
      [...decision.findings, ...(clock === undefined ? [] : [clock])],
      change.result.tree,
    );
    const answer = {
      branch,
      decision,
      diagnostics,
      commit: null,
      winners: [],
      said: null,
      record: { status: "none" } as const,
    };
    if (await isThere(judged, repository))
      return { ...answer, status: "DUPLICATE", commit: base, decision: null, diagnostics: [] };
    const winners = await winnersOf(judged, repository);
    if (winners.length > 0) return { ...answer, status: "CONFLICT", winners };
    if (decision.outcome === "denied" || clock !== undefined) return { ...answer, status: "DENIED" };
    if (decision.outcome === "pending") return { ...answer, status: "PENDING" };
    const to = await landing(request, judged, { exchange, repository, ports });
    const published = await exchange.publish([{ branch, expected: base, to }]);
    if (published.outcome === "published")
      return { ...answer, status: "LANDED", commit: to, record: await recordOf(to, request, asOf, ports) };
    if (published.outcome === "refused") return { ...answer, status: "REFUSED", said: published.said };
  }
  throw new Failure("git/busy", `The branch ${branch} moved ${ATTEMPTS} times meanwhile.`, {
    hint: "Try again.",
    category: "conflict",
  });
}

/** Appends the landing's record where a witness's key is at hand. What stops that does not undo the landing. */
async function recordOf(
  commit: string,
  request: MergeRequest,
  asOf: Instant,
  ports: Ports,
): Promise<MergeRecord> {
  const { folder, witnessKeyFile, version } = request;
  const text =
    version === undefined ? undefined : await ports.readWitnessKey({ folder, file: witnessKeyFile });
  if (text === undefined || version === undefined) return { status: "none" };
  const { recordEvidence } = await import("./audit/record.ts");
  try {
    const about = { folder, asOf, keyFile: witnessKeyFile, reviews: [], isOutside: false, version };
    const { recorded } = await recordEvidence(about, ports);
    const own = recorded.find((each) => each.commit === commit);
    return own === undefined
      ? { status: "none" }
      : { status: "recorded", sequence: own.sequence, decision: own.decision };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { status: "failed", because: error.message };
  }
}

/** Whether the protected branch holds everything already that the change would bring. */
async function isThere({ read }: Judged, repository: Repository): Promise<boolean> {
  const { change, differing } = read;
  const wanted = new Set(differing.map(({ path }) => path));
  const missing = await repository.changedPaths(change.base.commit, change.head, { paths: "everywhere" });
  return !missing.some(({ path }) => wanted.has(path));
}

/** The landings since the branch was made that changed one of its files; ungoverned files may not be overwritten either. */
async function winnersOf({ read, landings }: Judged, repository: Repository): Promise<readonly Winner[]> {
  const { change, differing } = read;
  const [from] = change.mergeBases;
  if (from === undefined || change.mergeBases.length > 1) return [];
  const wanted = new Set(differing.map(({ path }) => path));
  const moved = (await repository.changedPaths(from, change.base.commit, { paths: "everywhere" })).map(
    ({ path }) => path,
  );
  const lost = new Set(moved.filter((path) => wanted.has(path)));
  if (lost.size === 0) return [];
  const since = landings.slice(landings.findIndex(({ oid }) => oid === from) + 1);
  const changes = await repository.changesOf(since, { paths: [...lost] });
  return since
    .map((each, index) =>
      winnerOf(
        each,
        (changes[index] ?? []).filter(({ path }) => lost.has(path)),
      ),
    )
    .filter(({ paths }) => paths.length > 0)
    .reverse();
}

function winnerOf({ oid, subject, author }: Landing, paths: readonly PathChange[]): Winner {
  return { commit: oid, subject, author: author.name, paths: paths.map(({ path }) => path) };
}

/** The landing: B with exactly the changed files replaced. */
async function landing(
  request: MergeRequest,
  { read, decided }: Judged,
  {
    exchange,
    repository,
    ports,
  }: { readonly exchange: Exchange; readonly repository: Repository; readonly ports: Ports },
): Promise<string> {
  const { change, differing } = read;
  const { subject } = await repository.commitOf(change.head);
  const files = differing.map(({ path, modeTo, oidTo }): NewFile => ({
    path,
    content: modeTo === null || oidTo === null ? null : { mode: modeTo, oid: oidTo },
  }));
  const base = change.base.commit;
  const message = messageOf(subject, decided.decision);
  if (!request.squash) return exchange.makeCommit({ parents: [base, change.head], files, message });
  const { keyFile, folder } = request;
  if (keyFile === undefined) {
    throw new Failure(
      "usage/squash-unsigned",
      "A squashed landing must be signed: it has no other commit that says whose change it is.",
      {
        hint: "Add --key <file>, or leave out --squash.",
      },
    );
  }
  const sign = (payload: Uint8Array): Promise<string> =>
    ports.signer.sign({ message: payload, namespace: COMMIT_NAMESPACE, folder, keyFile, publicKeys: [] });
  return exchange.makeCommit({ parents: [base], files, message, sign });
}

/** The message says what was agreed to and by whom; nobody ever decides by it. */
function messageOf(subject: string, { decision, digest, reviews }: Decision): string {
  const approvers = reviews.filter(({ counted }) => counted).flatMap(({ identity }) => identity ?? []);
  const trailers = [
    `Assent-Digest: ${digest}`,
    `Assent-Decision: ${decision ?? "observed"}`,
    ...[...new Set(approvers)].map((ref) => `Assent-Approved-by: ${ref}`),
  ];
  return `${subject === "" ? "Land a change" : subject}\n\n${trailers.join("\n")}\n`;
}
