/**
 * Signed approvals (DESIGN 5.6): read from the branch `registry-approvals`, where the file `<D>/<identity>.sig` is
 * somebody's SSH signature over D. Whoever may push can put anything there, so a file is a claim until its signature
 * verifies; whose key it is and whether that counts is judged by the core.
 */
import type { Change } from "../core/govern/change.ts";
import type { SignatureFact } from "../core/govern/facts.ts";
import { sha256Hex, type Digest } from "../core/model/digest.ts";
import type { Landing, PathChange } from "../core/model/landing.ts";
import { isGovernedPath } from "../core/model/path.ts";
import { bareDigest } from "../core/model/transition.ts";
import { APPROVAL_NAMESPACE, verifySshSignature } from "../core/trust/sshsig.ts";
import type { Repository } from "./ports.ts";

export const APPROVALS_BRANCH = "registry-approvals";

/** What is signed: D in hex, and a line feed. */
export function approvalMessage(digest: Digest): string {
  return `${bareDigest(digest)}\n`;
}

/** Where an approval is kept. */
export function approvalPath(digest: Digest, identity: string): string {
  return `${bareDigest(digest)}/${identity.replace(/^identity:/, "")}.sig`;
}

/** Larger than any signature; what is larger is none. */
const LIMIT = 16_384;

/** The signatures over a digest at a commit of the approvals branch; null = there is no such branch. */
export async function signaturesFor(
  digest: Digest,
  approvals: string | null,
  repository: Repository,
): Promise<readonly SignatureFact[]> {
  if (approvals === null) return [];
  const folder = bareDigest(digest);
  const { files } = await repository.treeAt(approvals, { paths: [folder] });
  return files.flatMap(({ path, mode, read }): readonly SignatureFact[] => {
    const name = path.slice(folder.length + 1);
    // Anything else in the folder is nobody's approval.
    if (mode !== "100644" || !/^[a-z0-9][a-z0-9._-]*\.sig$/.test(name)) return [];
    const identity = `identity:${name.slice(0, -".sig".length)}`;
    const bytes = read();
    const armored = bytes.length > LIMIT ? "" : new TextDecoder("latin1").decode(bytes);
    const verdict = verifySshSignature(armored, approvalMessage(digest), APPROVAL_NAMESPACE);
    return "key" in verdict
      ? [{ identity, key: verdict.key.fingerprint, digest, valid: true }]
      : [{ identity, key: "", digest, valid: false }];
  });
}

/**
 * Whether exactly this change has landed before: then its signatures are spent. Compared by paths, modes and contents of
 * what each landing changed, so the cost follows how often one of the files was touched.
 */
export async function hasLanded(
  change: Change,
  landings: readonly Landing[],
  repository: Repository,
): Promise<boolean> {
  const [first] = change.paths;
  if (first === undefined) return false;
  const touching = await repository.changesOf(landings, { paths: [first.path] });
  const candidates = landings.filter((_, index) => (touching[index] ?? []).length > 0);
  // What else landed counts where it is governed always: `alsoGoverned` may have said less in those days than it says now.
  const own = new Set(change.paths.map(({ path }) => path));
  for (const landing of candidates) {
    const all = await repository.changedPaths(landing.parents[0] ?? null, landing.oid, {
      paths: "everywhere",
    });
    const landed = all.filter(({ path }) => own.has(path) || isGovernedPath(path));
    if (isSameShape(landed, change) && (await hasSameContent(landed, change, repository))) return true;
  }
  return false;
}

function isSameShape(landed: readonly PathChange[], { paths }: Change): boolean {
  if (landed.length !== paths.length) return false;
  const byPath = new Map(landed.map((each) => [each.path, each]));
  return paths.every(({ path, modeFrom, modeTo }) => {
    const other = byPath.get(path);
    return other !== undefined && other.modeFrom === modeFrom && other.modeTo === modeTo;
  });
}

async function hasSameContent(
  landed: readonly PathChange[],
  { paths }: Change,
  repository: Repository,
): Promise<boolean> {
  const oids = landed.flatMap(({ modeFrom, oidFrom, modeTo, oidTo }) => [
    ...(oidFrom === null || modeFrom === "160000" ? [] : [oidFrom]),
    ...(oidTo === null || modeTo === "160000" ? [] : [oidTo]),
  ]);
  const blobs = await repository.readBlobs(oids);
  const digestOf = (oid: string | null): string | null => {
    if (oid === null) return null;
    const bytes = blobs.get(oid);
    return sha256Hex(bytes ?? oid);
  };
  const byPath = new Map(landed.map((each) => [each.path, each]));
  return paths.every(({ path, from, to }) => {
    const other = byPath.get(path);
    return digestOf(other?.oidFrom ?? null) === from && digestOf(other?.oidTo ?? null) === to;
  });
}
