/**
 * How a forge guards a repository, as a value that can be compared with what it should be. What could not be read
 * (the token may not) is null, and null is never taken for good.
 */
import type { JsonObject } from "../model/json.ts";

export interface Ruleset {
  readonly id: number;
  readonly name: string;
  readonly target: string;
  readonly enforcement: string;
  /** How many accounts, roles and Apps may ignore it; null where the token may not see that. */
  readonly bypassActors: number | null;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly rules: readonly { readonly type: string; readonly parameters: JsonObject }[];
}

export interface ForgeSettings {
  readonly defaultBranch: string;
  readonly allowRebaseMerge: boolean | null;
  readonly allowUpdateBranch: boolean | null;
  /** Those of the repository itself; null where they cannot be read. */
  readonly rulesets: readonly Ruleset[] | null;
  readonly environments: readonly { readonly name: string; readonly protectedBranchesOnly: boolean }[] | null;
  readonly actions: {
    readonly enabled: boolean;
    /** `all`, `local_only` or `selected`; null where Actions are off. */
    readonly allowed: string | null;
    readonly shaPinningRequired: boolean;
  } | null;
  readonly workflowToken: { readonly permissions: string; readonly mayApprove: boolean } | null;
  /** What GitHub itself finds wrong in CODEOWNERS; null where there is no file. */
  readonly codeownersErrors:
    | readonly { readonly line: number; readonly kind: string; readonly path: string }[]
    | null;
}

/** One change of the forge's side; printable, and applied as it stands. */
export type SettingChange =
  | { readonly kind: "repository"; readonly body: JsonObject }
  | { readonly kind: "ruleset"; readonly id: number | null; readonly body: JsonObject }
  | { readonly kind: "environment"; readonly name: string; readonly body: JsonObject }
  | { readonly kind: "workflow-token"; readonly body: JsonObject };

/** Whether a ruleset speaks about a branch (`main`), as GitHub reads its conditions. */
export function coversBranch(ruleset: Ruleset, branch: string, defaultBranch: string): boolean {
  if (ruleset.target !== "branch") return false;
  const names = (pattern: string): boolean =>
    pattern === `refs/heads/${branch}` ||
    pattern === "~ALL" ||
    (pattern === "~DEFAULT_BRANCH" && branch === defaultBranch);
  // Patterns with wildcards are not read: a branch counts as covered only where it is named.
  return ruleset.include.some(names) && ruleset.exclude.length === 0;
}
