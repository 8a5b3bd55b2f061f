/**
 * Records that a gate may believe (DESIGN 5.9 and 6): those that a witness signed who was in force when their landing
 * came. What the attacker controls: the whole branch of evidence, and whom a landing of their own names as witness. It
 * must never believe a record by those that the landing itself, or a later one, names.
 */
import { parseRecord, recordPath, type ReadRecord } from "../../core/audit/record.ts";
import type { Evidence } from "../../core/audit/evidence.ts";
import { faultsOfSignatures } from "../../core/audit/verify-signatures.ts";
import type { Witness } from "../../core/audit/anchor.ts";
import { settingsOf } from "../../core/govern/ownership.ts";
import type { Landing } from "../../core/model/landing.ts";
import type { Repository } from "../ports.ts";
import { loadTree } from "../read.ts";
import { certificateOf, rootInTree, SIGSTORE_ROOT } from "./certified.ts";

/** What is to be made of the record of a landing. */
export type Belief =
  /** Nobody could sign one when it landed. */
  | { readonly status: "unwitnessed" }
  /** There is none, yet or any more. */
  | { readonly status: "missing" }
  /** There is one, and why it is not believed. */
  | { readonly status: "refused"; readonly problem: string }
  | { readonly status: "believed"; readonly evidence: Evidence };

/** What each of these landings' records comes to, in their order: read at once, and looked at one by one as asked for. */
export type Believer = (landings: readonly Landing[]) => AsyncIterable<Belief>;

/** Opens the evidence about landings, which are all of the branch up to a base, oldest first. Null = no evidence at all. */
export async function openBelief(
  landings: readonly Landing[],
  evidence: string | null,
  repository: Repository,
): Promise<Believer> {
  const recordsOf: RecordsOf = async (some) => {
    if (evidence === null) return () => undefined;
    const paths = some.map(({ sequence }) => recordPath(sequence));
    const { get } = await repository.treeAt(evidence, { paths });
    return ({ sequence }) => {
      const file = get(recordPath(sequence));
      return file === undefined ? undefined : parseRecord(file.read());
    };
  };
  const witnessesOf = await witnessesIn(landings, recordsOf, repository);
  return async function* believe(some) {
    const recordOf = await recordsOf(some);
    for (const landing of some) yield await beliefIn(recordOf(landing), landing, await witnessesOf(landing));
  };
}

type ParsedRecord = ReturnType<typeof parseRecord>;
type RecordsOf = (landings: readonly Landing[]) => Promise<(landing: Landing) => ParsedRecord | undefined>;

/** Who may sign the records of some landings. */
interface InForce {
  readonly witnesses: readonly Witness[];
  /** Why what names them is not proven; null where it is, or where nobody could prove it. */
  readonly doubt: string | null;
  /** The trusted root that certificates are verified by. */
  readonly root: string | undefined;
}

const nobody: InForce = { witnesses: [], doubt: null, root: undefined };

/**
 * Asks who may sign the record of a landing: whom registry.yaml named last before it, leaving out what could not be read,
 * what named nobody, and what was a violation by those who could sign then (DESIGN 3, Registry, and 5.9). Records follow
 * their landings, so where the landing that names them has none, whoever signed later ones may be an intruder.
 */
async function witnessesIn(
  landings: readonly Landing[],
  recordsOf: RecordsOf,
  repository: Repository,
): Promise<(landing: Landing) => Promise<InForce>> {
  const paths = ["registry/registry.yaml", SIGSTORE_ROOT];
  const changes = await repository.changesOf(landings, { paths });
  const naming = landings.filter((_, index) => (changes[index] ?? []).length > 0);
  const known = new Map<string, Promise<InForce>>();
  const before = async (sequence: number): Promise<InForce> => {
    for (const landing of naming.toReversed()) {
      if (landing.sequence >= sequence) continue;
      const tree = await repository.treeAt(landing.oid, { paths });
      const { registry } = await loadTree(tree);
      const witnesses = settingsOf(registry)?.value.witness ?? [];
      if (witnesses.length === 0) continue;
      const record = (await recordsOf([landing]))(landing);
      const belief = await beliefIn(record, landing, await of(landing));
      if (belief.status === "believed" && belief.evidence.decision === "VIOLATION") continue;
      const doubt =
        belief.status === "missing"
          ? `The record of landing ${landing.sequence}, which names the witnesses, is missing.`
          : belief.status === "refused"
            ? belief.problem
            : null;
      return { witnesses, doubt, root: rootInTree(tree) };
    }
    return nobody;
  };
  const of = (landing: Landing): Promise<InForce> => {
    // All landings between two that name witnesses have the same.
    const last = naming.findLast(({ sequence }) => sequence < landing.sequence)?.oid ?? "";
    const found = known.get(last) ?? before(landing.sequence);
    known.set(last, found);
    return found;
  };
  return of;
}

async function beliefIn(
  record: ParsedRecord | undefined,
  landing: Landing,
  { witnesses, doubt, root }: InForce,
): Promise<Belief> {
  // Where nobody may sign evidence, none of it says anything.
  if (witnesses.length === 0) return { status: "unwitnessed" };
  if (record === undefined) return { status: "missing" };
  if (doubt !== null) return { status: "refused", problem: doubt };
  const what = `The record of landing ${landing.sequence}`;
  const refused = (why: string): Belief => ({ status: "refused", problem: `${what} ${why}.` });
  if ("problem" in record) return refused(`cannot be read: ${record.problem}`);
  const { evidence } = record;
  if (evidence.landing !== landing.oid || evidence.sequence !== landing.sequence)
    return refused("is about another commit");
  return (await isSigned(record, witnesses, root))
    ? { status: "believed", evidence }
    : refused("is not signed by a witness of the base");
}

async function isSigned(
  { envelope }: ReadRecord,
  witnesses: readonly Witness[],
  root: string | undefined,
): Promise<boolean> {
  const certificate = await certificateOf(envelope, () => Promise.resolve(root));
  return faultsOfSignatures({ envelope }, certificate, witnesses, []).faults.length === 0;
}
