/**
 * Who agreed to landings, for showing beside them: from the evidence branch where a record tells, else from the
 * signatures that stand on the approvals branch. What is shown is what is recorded; that it is true is proved by
 * `assent audit verify`, never here.
 */
import { parseRecord, recordPath } from "../core/audit/record.ts";
import { governedBy } from "../core/govern/governed.ts";
import { sha256Hex, type Digest } from "../core/model/digest.ts";
import type { Landing } from "../core/model/landing.ts";
import { bareDigest, transitionDigest } from "../core/model/transition.ts";
import type { Repository } from "./ports.ts";
import { loadTree } from "./read.ts";
import { signaturesFor } from "./signatures.ts";

/** One person's yes to a landing. */
export interface Approval {
  readonly identity: string;
  /** How it was given: through the forge, or signed. */
  readonly level: "forge" | "signed";
  /** Where that is read from. */
  readonly from: "evidence" | "approvals";
}

/** What is known of a landing's verdict; null where no evidence was recorded. */
export interface Approved {
  readonly decision: string | null;
  readonly approvals: readonly Approval[];
}

/** Where the two branches stand in this clone; null where it has none. */
export interface ApprovalTips {
  readonly evidence: string | null;
  readonly approvals: string | null;
}

/** Approvals by landing's commit; a landing without any has no line. `ref` is the protected branch in full. */
export async function approvedBy(
  landings: readonly Landing[],
  ref: string,
  { evidence, approvals }: ApprovalTips,
  repository: Repository,
): Promise<ReadonlyMap<string, Approved>> {
  const known = new Map<string, Approved>();
  if (evidence !== null) {
    const { files } = await repository.treeAt(evidence, {
      paths: landings.map(({ sequence }) => recordPath(sequence)),
    });
    for (const file of files) {
      const record = parseRecord(file.read());
      if (!("evidence" in record)) continue;
      const { landing, decision, approvals: given } = record.evidence;
      known.set(landing, {
        decision,
        approvals: given.map(({ identity, level }) => ({ identity, level, from: "evidence" })),
      });
    }
  }
  if (approvals === null) return known;
  const files = await repository.changedPaths(null, approvals, { paths: "everywhere" });
  const signed = new Set(files.map(({ path }) => path.split("/", 1)[0] ?? ""));
  if (signed.size === 0) return known;
  for (const landing of landings) {
    if (known.has(landing.oid)) continue;
    const digest = await digestOfLanding(landing, ref, repository);
    if (!signed.has(bareDigest(digest))) continue;
    const valid = (await signaturesFor(digest, approvals, repository)).filter((each) => each.valid);
    const given = valid.map(({ identity }): Approval => ({ identity, level: "signed", from: "approvals" }));
    known.set(landing.oid, { decision: null, approvals: given });
  }
  return known;
}

/** D of what a landing changed against its first parent (DESIGN 5.4). */
async function digestOfLanding(
  { oid, parents }: Landing,
  ref: string,
  repository: Repository,
): Promise<Digest> {
  const base = parents[0] ?? null;
  const settings = await repository.treeAt(base ?? oid, { paths: ["registry/registry.yaml"] });
  const { registry } = await loadTree(settings);
  const isGoverned = governedBy(registry);
  const all = await repository.changedPaths(base, oid, { paths: "everywhere" });
  const changed = all.filter(({ path }) => isGoverned(path));
  const blobs = await repository.readBlobs(
    changed.flatMap(({ modeFrom, modeTo, oidFrom, oidTo }) => [
      ...(oidFrom === null || modeFrom === "160000" ? [] : [oidFrom]),
      ...(oidTo === null || modeTo === "160000" ? [] : [oidTo]),
    ]),
  );
  // Of a submodule the commit's own id counts.
  const contentOf = (blob: string | null): string | null =>
    blob === null ? null : sha256Hex(blobs.get(blob) ?? blob);
  const registryId = registry.ofKind("Registry")[0]?.value.id ?? "";
  return transitionDigest(
    { registryId, ref },
    changed.map(({ path, modeFrom, modeTo, oidFrom, oidTo }) => ({
      path,
      modeFrom,
      modeTo,
      from: contentOf(oidFrom),
      to: contentOf(oidTo),
    })),
  );
}
