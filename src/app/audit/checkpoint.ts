/**
 * Checkpoints made and compared (DESIGN 6): made by a witness that has verified everything up to a landing, compared by
 * whoever has only the checkpoint and a history that came from somewhere. It must never sign for a history that does not
 * stand.
 */
import { checkpointPayload, parseCheckpoint, treeDigest } from "../../core/audit/checkpoint.ts";
import * as codes from "../../core/audit/clone-codes.ts";
import type { ChainState } from "../../core/audit/chain-state.ts";
import { recordPath } from "../../core/audit/record.ts";
import type { AuditViolation } from "../../core/audit/verify.ts";
import { faultsOfSignatures } from "../../core/audit/verify-signatures.ts";
import type { CodeDefinition } from "../../core/model/diagnostic.ts";
import { digestOfBytes } from "../../core/model/digest.ts";
import { Failure } from "../../core/model/failure.ts";
import type { ProofRepository } from "../ports.ts";
import { certificateOf, rootInTree, SIGSTORE_ROOT } from "./certified.ts";
import { witnessesAt, type Subject } from "./open.ts";
import { isWitnessed, signPayload, type EvidenceSigner } from "./witness-key.ts";

/** A signed checkpoint of the landing at which a verified state stands. */
export async function makeCheckpoint(
  state: ChainState,
  signer: EvidenceSigner,
  repository: ProofRepository,
): Promise<Uint8Array> {
  const { tip, record, anchor, unhealed, ref, witnesses } = state;
  if (tip === null || anchor === null || record?.sequence !== tip.sequence || unhealed.length > 0)
    throw noCheckpoint();
  isWitnessed(state, signer);
  const tree = await repository.treeAt(tip.commit);
  const checkpoint = {
    registry: anchor.registry,
    ref,
    sequence: tip.sequence,
    landing: tip.commit,
    record: record.digest,
    tree: treeDigest(tree),
  };
  const rootOf = (): Promise<string | undefined> => Promise.resolve(rootInTree(tree));
  return (await signPayload(checkpointPayload(checkpoint), signer, witnesses, rootOf)).bytes;
}

/** What stops whoever would sign for a history that does not stand. */
export function noCheckpoint(): Failure {
  return new Failure("audit/no-checkpoint", "There is nothing that a checkpoint could be made of.", {
    hint: "Every landing must be recorded, and none be a violation that nobody has healed: assent audit verify.",
  });
}

/** What a history is compared by. */
export interface Compared extends Pick<Subject, "repository" | "ref" | "tip" | "evidence"> {
  /** The registry's id, as the anchor says it; null where nothing is enforced. */
  readonly registry: string | null;
  /** The text of sigstore's trusted root, where one is pinned outside. */
  readonly trustedRoot: string | undefined;
}

/** What a history does not hold of what a checkpoint says; nothing where it holds all of it. */
export async function checkpointViolations(
  bytes: Uint8Array,
  { repository, ref, tip, evidence, registry, trustedRoot }: Compared,
): Promise<readonly AuditViolation[]> {
  const read = parseCheckpoint(bytes);
  if ("problem" in read)
    return [found(codes.checkpointUnproven, null, `It cannot be read: ${read.problem}.`)];
  const { checkpoint, envelope } = read;
  const { sequence, landing } = checkpoint;
  const landings = await repository.landings(tip);
  const here = landings[sequence - 1];
  const differs = (what: string): AuditViolation => found(codes.checkpointDiffers, sequence, what);
  if (checkpoint.ref !== ref || checkpoint.registry !== registry)
    return [differs(`It is about ${quoted(checkpoint.ref)} of the registry ${quoted(checkpoint.registry)}.`)];
  if (here === undefined)
    return [
      differs(`Landing ${sequence} is ${landing}, and here history ends at landing ${landings.length}.`),
    ];
  if (here.oid !== landing)
    return [differs(`Landing ${sequence} is ${landing}, and here it is ${here.oid}.`)];
  const root = await repository.treeAt(landing, { paths: [SIGSTORE_ROOT] });
  const certificate = await certificateOf(envelope, () => Promise.resolve(trustedRoot ?? rootInTree(root)));
  const witnesses = await witnessesAt(landing, repository);
  const { faults } = faultsOfSignatures({ envelope }, certificate, witnesses, []);
  if (faults.length > 0)
    return [found(codes.checkpointUnproven, sequence, `Landing ${sequence} names no witness who signed it.`)];
  const path = recordPath(sequence);
  const file =
    evidence === null ? undefined : (await repository.treeAt(evidence, { paths: [path] })).get(path);
  const violations: AuditViolation[] = [];
  if (file === undefined || digestOfBytes(file.read()) !== checkpoint.record)
    violations.push(
      differs(`The record of landing ${sequence} is ${file === undefined ? "not here" : "another one"}.`),
    );
  if (treeDigest(await repository.treeAt(landing)) !== checkpoint.tree)
    violations.push(differs(`The files of landing ${sequence} are others.`));
  return violations;
}

function found({ code }: CodeDefinition, sequence: number | null, what: string): AuditViolation {
  return { code, commit: null, sequence, message: `The checkpoint: ${what}` };
}

function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 100));
}
