/**
 * Certificates on records, verified offline by the trusted root that was in force (DESIGN 6): a governed file of the
 * registry, as the last landing that stood has it, or a file that whoever verifies has pinned outside. What the attacker
 * controls: records, and the tree of a landing that nobody agreed to. It must never take a root from such a landing.
 */
import type { ChainState } from "../../core/audit/chain-state.ts";
import type { parseRecord, RecordFile } from "../../core/audit/record.ts";
import type { Line } from "../../core/audit/verify.ts";
import type { Tree } from "../../core/model/tree.ts";
import type { DsseEnvelope } from "../../core/trust/dsse.ts";
import type { Certifier } from "../../core/trust/sigstore.ts";
import type { BadSignature } from "../../core/trust/sshsig.ts";
import type { Repository } from "../ports.ts";

/** Where a registry keeps the root of the sigstore that it trusts; governed like whatever stands in .github. */
export const SIGSTORE_ROOT = ".github/assent/sigstore-root.json";

/** The same few roots judge record after record, and taking one apart costs more than a signature. */
const certifiers = new Map<string, Certifier | BadSignature>();
const KEPT = 8;

/** A record with what its certificate comes to; one without a certificate as it is. */
export async function certified(
  file: RecordFile,
  parsed: ReturnType<typeof parseRecord>,
  rootOf: () => Promise<string | undefined>,
): Promise<RecordFile> {
  const sigstore = "envelope" in parsed ? await certificateOf(parsed.envelope, rootOf) : undefined;
  return sigstore === undefined ? file : { ...file, sigstore };
}

/** What the certificate of an envelope comes to; undefined where it has none. */
export async function certificateOf(
  envelope: DsseEnvelope,
  rootOf: () => Promise<string | undefined>,
): Promise<RecordFile["sigstore"]> {
  if (envelope.material === undefined) return undefined;
  const root = await rootOf();
  if (root === undefined) return { problem: "no trusted root is named" };
  const certifier = await certifierFor(root);
  return typeof certifier === "function" ? certifier(envelope) : certifier;
}

/** The certifier by a trusted root, or what is wrong with that. */
export async function certifierFor(root: string): Promise<Certifier | BadSignature> {
  const certifier = certifiers.get(root) ?? (await import("../../core/trust/sigstore.ts")).certifierOf(root);
  if (certifiers.size >= KEPT) certifiers.clear();
  certifiers.set(root, certifier);
  return certifier;
}

/** The text of a tree's trusted root; undefined where it has none. */
export function rootInTree(tree: Pick<Tree, "get">): string | undefined {
  const file = tree.get(SIGSTORE_ROOT);
  return file === undefined ? undefined : new TextDecoder().decode(file.read());
}

/** The trusted root for what follows a state, whose tip has this tree. */
export async function rootAfter(
  state: ChainState,
  tip: Pick<Tree, "get">,
  line: Line,
  repository: Pick<Repository, "treeAt">,
): Promise<string | undefined> {
  const { unhealed, voided } = state;
  if (unhealed.length === 0) return rootInTree(tip);
  const isDoubted = (sequence: number): boolean =>
    unhealed.some((each) => each.sequence === sequence) ||
    voided.some(([from, to]) => sequence >= from && sequence <= to);
  let stood = state.tip?.sequence ?? 0;
  while (stood > 0 && isDoubted(stood)) stood--;
  const commit = line.commitOf(stood);
  return commit === undefined
    ? undefined
    : rootInTree(await repository.treeAt(commit, { paths: [SIGSTORE_ROOT] }));
}
