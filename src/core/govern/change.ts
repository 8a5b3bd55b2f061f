/**
 * The change that is judged (DESIGN 5.1): B, H, the governed paths that differ between A and H, and R = B with exactly
 * those replaced. No merge algorithm is ever run, and renames are never guessed.
 * The attacker controls everything in H; nothing of H is read but the content of the changed paths.
 */
import { sha256Hex, type Digest } from "../model/digest.ts";
import type { Registry } from "../model/registry.ts";
import { compareBytes } from "../model/json.ts";
import { transitionDigest, type ChangedPath } from "../model/transition.ts";
import { patchedTree, type Tree } from "../model/tree.ts";
import * as codes from "./codes.ts";
import { governedBy, isGovernanceFile } from "./governed.ts";
import { settingsOf } from "./ownership.ts";
import { allowed, denied, type Verdict } from "./verdict.ts";

/** A commit with the registry it holds. Its tree must hold every governed file, those of `alsoGoverned` too. */
export interface Revision {
  readonly commit: string;
  readonly registry: Registry;
}

export interface ChangeInput {
  /** The protected branch's full name: `refs/heads/main`. */
  readonly ref: string;
  readonly base: Revision;
  /** The commit H. */
  readonly head: string;
  /** All best common ancestors of B and H. */
  readonly mergeBases: readonly string[];
  /** What differs between A and H, in any order; paths that the base does not govern are left out here. */
  readonly paths: readonly ChangedPath[];
  /** R, loaded from `resultTree`. */
  readonly result: Registry;
  /** When the change is to restore an earlier landing that stood (DESIGN 5.9): that landing. */
  readonly heals?: Revision | undefined;
}

export interface Change {
  readonly ref: string;
  readonly base: Revision;
  readonly head: string;
  readonly mergeBases: readonly string[];
  /** In byte order. */
  readonly paths: readonly ChangedPath[];
  readonly result: Registry;
  readonly digest: Digest;
  readonly heals: Revision | null;
  /** Where rules are read from: B, for a heal the landing that it restores. */
  readonly rules: Revision;
}

/** Makes the change; what is wrong with it is told by `judgeShape`. */
export function changeOf(input: ChangeInput): Change {
  const { ref, base, head, mergeBases, result, heals = null } = input;
  const isGoverned = governedBy(base.registry);
  const paths = input.paths
    .filter(({ path }) => isGoverned(path))
    .sort((a, b) => compareBytes(a.path, b.path));
  const registryId = registryIdOf(base.registry, result);
  const digest = transitionDigest({ registryId, ref }, paths);
  return { ref, base, head, mergeBases, paths, result, digest, heals, rules: heals ?? base };
}

/** The registry's id at B, at R when B has none (DESIGN 5.4). */
export function registryIdOf(base: Registry, result: Registry): string {
  return settingsOf(base)?.value.id ?? settingsOf(result)?.value.id ?? "";
}

/** R's tree: the base's with these paths as they are in the head. */
export function resultTree(
  base: Tree,
  head: Tree,
  paths: readonly Pick<ChangedPath, "path" | "modeTo">[],
): Tree {
  return patchedTree(
    base,
    new Map(
      paths.map(({ path, modeTo }) => {
        if (modeTo === null) return [path, undefined];
        const file = head.get(path);
        if (file === undefined) throw new Error(`the head lacks ${path}, which it changed`);
        return [path, file];
      }),
    ),
  );
}

/** Judges what DESIGN 5.1 asks of a change as such: one merge base, no conflict, rules and catalogue apart, no links. */
export function judgeShape(change: Change): readonly Verdict[] {
  return [judgeMergeBase(change), judgeConflicts(change), judgeMixed(change), judgeLinks(change)];
}

function judgeMergeBase({ mergeBases, head, paths }: Change): Verdict {
  const requirement = "one merge base with the protected branch";
  const at = { file: paths[0]?.path ?? "registry/registry.yaml" };
  if (mergeBases.length === 1)
    return allowed(requirement, `The branch left the protected branch at ${mergeBases[0] ?? ""}.`);
  if (mergeBases.length === 0) {
    return denied(requirement, `${head} has no history in common with the base.`, {
      code: codes.unrelated,
      at,
    });
  }
  const because = `${head} and the base have ${mergeBases.length} merge bases: ${[...mergeBases].sort(compareBytes).join(", ")}.`;
  return denied(requirement, because, { code: codes.crissCross, at });
}

/** Each changed path must be the same in A and B. */
function judgeConflicts({ base, paths }: Change): Verdict {
  const requirement = "nothing landed on the changed files since the branch was made";
  const differing = paths.filter(({ path, modeFrom, from }) => {
    const file = base.registry.tree.get(path);
    if (file === undefined) return modeFrom !== null;
    // The content of a submodule is in no tree; it is an error of its own and never the same.
    return file.mode !== modeFrom || file.mode === "160000" || sha256Hex(file.read()) !== from;
  });
  const [first] = differing;
  if (first === undefined) return allowed(requirement, "Every changed file is still as the branch found it.");
  const because = `The protected branch has changed ${listed(differing.map(({ path }) => path))} since this branch was made.`;
  const next = [
    { who: [], do: "update the branch with the protected branch", command: "git merge <protected branch>" },
  ];
  return denied(requirement, because, { code: codes.conflict, at: { file: first.path }, next });
}

function judgeMixed({ paths, heals }: Change): Verdict {
  const requirement = "rules and catalogue in changes of their own";
  const rule = paths.find(({ path }) => isGovernanceFile(path));
  const other = paths.find(({ path }) => !isGovernanceFile(path));
  if (heals !== null || rule === undefined || other === undefined) {
    return allowed(requirement, heals === null ? "The change keeps to one side." : "A heal restores both.");
  }
  const because = `The change touches ${rule.path}, which holds rules, and ${other.path}, which is catalogue.`;
  return denied(requirement, because, { code: codes.mixed, at: { file: rule.path } });
}

/** A link says what another file says, and that file need not be governed. */
function judgeLinks({ paths, heals }: Change): Verdict {
  const requirement = "every governed file holds its own content";
  const links = paths.filter(({ modeTo }) => modeTo === "120000" || modeTo === "160000");
  const [first] = links;
  if (first === undefined || heals !== null) return allowed(requirement, "None becomes a link.");
  const what = first.modeTo === "120000" ? "a symbolic link" : "a submodule";
  const because = `${listed(links.map(({ path }) => path))} would be ${links.length === 1 ? what : "links"}.`;
  return denied(requirement, because, { code: codes.link, at: { file: first.path } });
}

/** Up to three names, and how many more there are. */
export function listed(names: readonly string[]): string {
  return names.length <= 4
    ? names.join(", ")
    : `${names.slice(0, 3).join(", ")} and ${names.length - 3} more`;
}
