/**
 * `assent setup github`: what the forge's side lacks for a level, as a plan; then the plan, made so. Files are written
 * into the work tree, because they are governed and land by a pull request like everything else. Until the gate's
 * workflows have landed no ruleset demands their check: nothing could ever meet it.
 */
import { releaseByHand, releaseWorkflow } from "../core/export/release-workflow.ts";
import { actionGate, workflowFiles } from "../core/export/workflows.ts";
import { settingsOf } from "../core/govern/ownership.ts";
import { actionsApp, planSetup, type Level, type SetupStep } from "../core/govern/setup.ts";
import { Failure } from "../core/model/failure.ts";
import type { RepositoryName } from "../core/model/repository-name.ts";
import type { Tree } from "../core/model/tree.ts";
import { decodeText } from "../core/source/parse.ts";
import type { Forge, Ports } from "./ports.ts";
import { openRegistry, type OpenRegistry, type Selection } from "./read.ts";

export interface SetupRequest extends Selection {
  readonly repo: RepositoryName;
  readonly level: Level;
  /** The gate's App; at level 1 GitHub Actions as an App, where its id is not that of github.com. */
  readonly appId: number | undefined;
  readonly apply: boolean;
}

export interface SetupFile {
  readonly path: string;
  readonly change: "added" | "modified" | "removed";
}

export interface SetupResult {
  readonly branch: string;
  /** What is changed on the forge, in order; with `apply`, what was. */
  readonly steps: readonly SetupStep[];
  /** Steps that wait until the files have landed. */
  readonly later: readonly SetupStep[];
  readonly files: readonly SetupFile[];
  readonly applied: boolean;
  /** What a person does so that releases are published; whether it is done cannot be seen from here. */
  readonly byHand: typeof releaseByHand;
}

/** Plans, and with `apply` makes it so. A second run finds nothing to do. */
export async function setupGithub(request: SetupRequest, forge: Forge, ports: Ports): Promise<SetupResult> {
  const open = await openRegistry(request, ports);
  const branch = settingsOf(open.registry)?.value.protectedBranch ?? "main";
  const checkSource = request.appId ?? (request.level === 1 ? actionsApp : undefined);
  if (checkSource === undefined) {
    throw new Failure(
      "usage/app-id",
      `At level ${request.level} the gate is a GitHub App, and its id is not given.`,
      {
        hint: "Register an App (assent app --help says with which permissions) and name it with --app-id <number>.",
      },
    );
  }
  const wanted = wantedFiles(request.level, branch);
  const files = differences(wanted, open.registry.tree);
  const goal = { level: request.level, branch, checkSource };
  const all = planSetup(goal, await forge.settings(request.repo));
  const waits = !(await haveLanded(wanted, open, branch));
  const later = waits ? all.filter(({ change }) => change.kind === "ruleset") : [];
  const steps = all.filter((step) => !later.includes(step));
  if (request.apply) {
    open.workTree.write(files.map(({ path }) => ({ path, content: wanted.get(path) ?? null })));
    for (const { change } of steps) await forge.changeSetting(request.repo, change);
  }
  return { branch, steps, later, files, applied: request.apply, byHand: releaseByHand };
}

/** Path -> text; null = must not be there. */
function wantedFiles(level: Level, branch: string): ReadonlyMap<string, string | null> {
  const there = workflowFiles({ level, branch }).map(({ path, text }) => [path, text] as const);
  return new Map<string, string | null>([
    ...(level === 1 ? [] : actionGate.map((path) => [path, null] as const)),
    ...there,
  ]);
}

function differences(wanted: ReadonlyMap<string, string | null>, tree: Tree): readonly SetupFile[] {
  return [...wanted].flatMap(([path, text]): SetupFile[] => {
    const file = tree.get(path);
    if (text === null) return file === undefined ? [] : [{ path, change: "removed" }];
    if (file === undefined) return [{ path, change: "added" }];
    // Where it publishes to is its owners' business, with permissions of its own; doctor looks whether it is safe.
    if (path === releaseWorkflow) return [];
    return decodeText(file.read()) === text ? [] : [{ path, change: "modified" }];
  });
}

/** Whether the protected branch, as this clone knows it, holds the files; without git, whether they are there. */
async function haveLanded(
  wanted: ReadonlyMap<string, string | null>,
  { repository, registry }: OpenRegistry,
  branch: string,
): Promise<boolean> {
  const tip = (await repository?.tipOf(branch)) ?? null;
  const tree =
    repository === undefined || tip === null
      ? registry.tree
      : await repository.treeAt(tip, { paths: [".github"] });
  return differences(wanted, tree).length === 0;
}
