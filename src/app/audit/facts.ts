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
import { personsOf } from "../../core/govern/persons.ts";
import type { Digest } from "../../core/model/digest.ts";
import { bareDigest } from "../../core/model/transition.ts";
import { withForge, type ReviewedFacts } from "../forge-facts.ts";
import type { ProofRepository } from "../ports.ts";

/** Larger than any signature; what is larger is none. */
const LIMIT = 16_384;

/** Where facts come from. */
export interface FactSources {
  /** A commit of the branch of signatures; null = there is none. */
  readonly approvals: string | null;
  /** What a forge said about pull requests, each with its head. */
  readonly reviews: readonly ReviewedFacts[];
}

/** Gathers the facts about a landing. `isAlone`: a file of reviews without a head is about this landing. */
export async function gatherFacts(
  landed: Omit<Landed, "findings">,
  { approvals, reviews }: FactSources,
  isAlone: boolean,
  repository: ProofRepository,
): Promise<EvidenceFacts> {
  const { change, head, headKey, commits } = landed;
  const known: Facts = { ...noFacts, origin: "git", headKey, commits };
  const forge = reviews.find((each) => (each.head === undefined ? isAlone : each.head.sha === head || each.head.sha === change.head));
  const complete =
    forge === undefined
      ? known
      : await withForge(known, { change: { ...change, head }, findings: [], differing: [], asks: undefined }, forge, repository);
  const signatures = await approvalsOf(change.digest, approvals, repository);
  return evidenceFacts(complete, signatures, personsOf(change.rules.registry));
}

/** The files `<D>/<identity>.sig`; anything else in the folder is nobody's approval. */
async function approvalsOf(digest: Digest, approvals: string | null, repository: ProofRepository): Promise<readonly EvidenceSignature[]> {
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
