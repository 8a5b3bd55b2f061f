/**
 * What is known about the people of a landing when it is recorded (DESIGN 5.3 and 6): signed approvals from their
 * branch, reviews from a forge's file, people from the commits. Verifying never comes here: it has the facts that were
 * recorded. Nothing of it is judged.
 */
import type { Landed } from "../../core/audit/chain-state.ts";
import type { EvidenceFacts, EvidenceSignature } from "../../core/audit/evidence.ts";
import { evidenceFacts, evidenceSignature } from "../../core/audit/evidence-facts.ts";
import type { Facts } from "../../core/govern/facts.ts";
import { noFacts } from "../../core/govern/facts.ts";
import type { Landing } from "../../core/model/landing.ts";
import { personsOf } from "../../core/govern/persons.ts";
import type { Digest } from "../../core/model/digest.ts";
import type { RepositoryName } from "../../core/model/repository-name.ts";
import { bareDigest } from "../../core/model/transition.ts";
import { attestedFacts } from "../attested.ts";
import { commitFacts } from "../git-facts.ts";
import { digestAt } from "../read-change.ts";
import type { ArtifactReport } from "../artifact-report.ts";
import { withForge, type ReviewedFacts } from "../forge-facts.ts";
import type { Forge, ProofRepository } from "../ports.ts";

/** Larger than any signature; what is larger is none. */
const LIMIT = 16_384;

/** Where facts come from. */
export interface FactSources {
  /** A commit of the branch of signatures; null = there is none. */
  readonly approvals: string | null;
  /** What a forge said about pull requests, each with its head. */
  readonly reviews: readonly ReviewedFacts[];
  /** What trusted runs of `artifacts verify` have found, each about one commit. */
  readonly reports: readonly ArtifactReport[];
  /** Asks a forge about a landing; undefined where it knows no merged pull request that the landing could be of. */
  readonly ask: ((landing: Landing) => Promise<ReviewedFacts | undefined>) | undefined;
}

/** A forge that may be asked about a repository's pull requests. */
export interface AskedForge {
  readonly forge: Forge;
  readonly repo: RepositoryName;
}

/** What is known, and about whose commits. */
export interface GatheredFacts {
  readonly facts: EvidenceFacts;
  /** The commit H: of a squash the head of its pull request, where this clone has it. */
  readonly head: string;
}

/** Gathers the facts about a landing. `isAlone`: a file of reviews without a head is about this landing. */
export async function gatherFacts(
  landed: Omit<Landed, "findings">,
  { approvals, reviews, reports, ask }: FactSources,
  isAlone: boolean,
  repository: ProofRepository,
): Promise<GatheredFacts> {
  const { change, landing } = landed;
  const named = reviews.find((each) =>
    each.head === undefined ? isAlone : each.head.sha === landed.head || each.head.sha === landing.oid,
  );
  const found = named ?? (await squashOf(landed, reviews, repository)) ?? (await ask?.(landing));
  const asked = found === named || (await isAbout(found, landed, repository)) ? found : undefined;
  const head = await headOf(landed, asked, repository);
  const commits = head === landed.head ? landed.commits : await commitFacts({ ...change, head }, repository);
  const attestations = await attestedFacts(change);
  const known: Facts = { ...noFacts, origin: "git", headKey: landed.headKey, commits, ...attestations };
  // Since it landed the branch has moved on, and where it stands now says nothing about where it stood.
  const forge =
    asked === undefined ? undefined : { ...asked, base: { ref: asked.base.ref }, head: { sha: head } };
  const read = { change: { ...change, head }, findings: [], differing: [], asks: undefined };
  const complete = forge === undefined ? known : await withForge(known, read, forge, repository);
  const signatures = await approvalsOf(change.digest, approvals, repository);
  const about = reports.filter(({ commit }) => commit === landing.oid || commit === head);
  const verifiedArtifacts =
    about.length === 0 ? null : new Set(about.flatMap(({ verified }) => [...verified]));
  return {
    facts: evidenceFacts({ ...complete, verifiedArtifacts }, signatures, personsOf(change.rules.registry)),
    head,
  };
}

/**
 * Whether a pull request's content is exactly what landed. What was agreed to is its head; whatever else stands in the
 * landing, by a merge of lines or by somebody's hand, nobody has seen.
 */
async function isAbout(
  found: ReviewedFacts | undefined,
  { change, head }: Omit<Landed, "findings">,
  repository: ProofRepository,
): Promise<boolean> {
  const sha = found?.head?.sha;
  if (sha === undefined || sha === head) return sha !== undefined;
  return (await repository.has(sha)) && (await digestAt(sha, change, repository)) === change.digest;
}

/** A file about a pull request whose content is exactly what a squash landed. */
async function squashOf(
  { change, landing }: Omit<Landed, "findings">,
  reviews: readonly ReviewedFacts[],
  repository: ProofRepository,
): Promise<ReviewedFacts | undefined> {
  if (landing.parents.length !== 1) return undefined;
  for (const each of reviews) {
    const sha = each.head?.sha;
    if (sha === undefined || !(await repository.has(sha))) continue;
    if ((await digestAt(sha, change, repository)) === change.digest) return each;
  }
  return undefined;
}

/** Of a squash the pull request's head; of everything else what git says. */
async function headOf(
  { head, landing }: Omit<Landed, "findings">,
  forge: ReviewedFacts | undefined,
  repository: ProofRepository,
): Promise<string> {
  const sha = forge?.head?.sha;
  const isSquash = landing.parents.length === 1 && sha !== undefined && sha !== head;
  return isSquash && (await repository.has(sha)) ? sha : head;
}

/** The files `<D>/<identity>.sig`; anything else in the folder is nobody's approval. */
async function approvalsOf(
  digest: Digest,
  approvals: string | null,
  repository: ProofRepository,
): Promise<readonly EvidenceSignature[]> {
  if (approvals === null) return [];
  const folder = bareDigest(digest);
  const { files } = await repository.treeAt(approvals, { paths: [folder] });
  return files.flatMap(({ path, mode, read }) => {
    const name = path.slice(folder.length + 1);
    if (mode !== "100644" || !/^[a-z0-9][a-z0-9._-]*\.sig$/.test(name)) return [];
    const bytes = read();
    const armored = bytes.length > LIMIT ? "" : new TextDecoder("latin1").decode(bytes);
    return [evidenceSignature(`identity:${name.slice(0, -".sig".length)}`, armored, digest)];
  });
}

/**
 * Asks a forge about the pull request that a landing's subject names. The subject is only a hint that anybody can write:
 * the pull request must have been merged by exactly this landing.
 */
export function askForge({ forge, repo }: AskedForge, branch: string, folder: string) {
  return async ({ subject, oid }: Landing): Promise<ReviewedFacts | undefined> => {
    const number = /^Merge pull request #(\d{1,9}) |\(#(\d{1,9})\)$/.exec(subject);
    if (number === null) return undefined;
    const facts = await forge.pullRequest(repo, Number(number[1] ?? number[2]));
    if (facts.mergeCommit !== oid || facts.base.ref !== `refs/heads/${branch}`) return undefined;
    await forge.bring(repo, { number: facts.number, base: facts.base.ref, folder });
    return facts;
  };
}
