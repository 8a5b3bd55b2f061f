/**
 * Reads as much of a registry as an everyday change can reach, so that judging ten files costs the same in a registry of
 * a hundred thousand: the rules, what stands beside the changed files, and whatever any of that refers to.
 * It must never leave out what a verdict depends on: where a change could be felt by entries that only a search through
 * everything would find (models, rules, removals, ends), it declines and everything is read.
 */
import { governedBy } from "../core/govern/governed.ts";
import { settingsOf } from "../core/govern/ownership.ts";
import type { KindName } from "../core/model/kind.ts";
import type { PathChange } from "../core/model/landing.ts";
import type { Entry, Registry } from "../core/model/registry.ts";
import { treeOf, type Tree, type TreeFile } from "../core/model/tree.ts";
import { identityOfPath, parseRef } from "../core/source/reference.ts";
import { isAtItsEnd } from "../core/validate/states.ts";
import { visitReferences } from "../core/validate/references.ts";
import type { Repository } from "./ports.ts";
import { loadTree } from "./read.ts";

/** B, cut down to what a change can reach. */
export interface Narrow {
  readonly tree: Tree;
  /** Whether everything that a finding about this file depends on was read. */
  asks(file: string): boolean;
}

/** Where rules stand; outside `registry/` everything governed is one. */
const RULES = [
  "registry/registry.yaml",
  "registry/governance",
  "registry/usecases",
  "registry/policies",
  "registry/README.md",
];

/** Kinds whose changes are felt only by what stands beside them. */
const BESIDE: ReadonlySet<KindName> = new Set(["Bundle", "Evaluation", "Activation"]);

/**
 * Kinds to which nothing that landed can refer as long as they are new. Templates are not among them: the plan of a new
 * version tells of everything that was rendered from earlier ones.
 */
const NEW: ReadonlySet<KindName> = new Set([
  "Bundle",
  "Evaluation",
  "Activation",
  "Dataset",
  "Config",
  "TestSuite",
]);

/** A folder may hold 4,000 entries; near that, everything is counted. */
const CROWDED = 3_900;

/** The rules of B alone, with everything that is governed outside `registry/`. */
export async function readRules(base: string, repository: Repository): Promise<Registry> {
  const { registry } = await loadTree(
    await repository.treeAt(base, { paths: [...RULES, "CODEOWNERS", ".github", ".gitattributes"] }),
  );
  if ((settingsOf(registry)?.value.alsoGoverned ?? []).length === 0) return registry;
  const names = ((await repository.namesIn(base, [""])).get("") ?? []).filter((name) => name !== "registry");
  const isGoverned = governedBy(registry);
  const outside = names.length === 0 ? [] : await repository.changedPaths(null, base, { paths: names });
  const more = outside.filter(({ path }) => isGoverned(path)).map(({ path }) => path);
  if (more.length === 0) return registry;
  const also = await repository.treeAt(base, { paths: more });
  return (await loadTree(merged(registry.tree.files, also.files))).registry;
}

/** B as far as these governed differences reach; null where everything must be read. `head` holds their new content. */
export async function narrowBase(
  rules: Registry,
  base: string,
  governed: readonly PathChange[],
  head: Tree,
  repository: Repository,
): Promise<Narrow | null> {
  const settings = settingsOf(rules);
  if (
    settings === undefined ||
    settings.value.limits !== undefined ||
    rules.ofKind("MetadataSchema").length > 0
  )
    return null;
  if (!governed.every(isEveryday)) return null;
  if (await isCrowded(base, governed, repository)) return null;
  const environments = rules.ofKind("Environment").map(({ name }) => name);
  const known = new Set<string>();
  let files: readonly TreeFile[] = rules.tree.files;
  let wanted = governed.flatMap(({ path }) => besides(path, environments));
  const result = (await loadTree(treeOf(head.files))).registry;
  for (let round = 0; wanted.length > 0; round++) {
    // References that lead this deep are nobody's everyday.
    if (round > 50) return null;
    for (const folder of wanted) known.add(folder);
    const found = await repository.treeAt(base, { paths: wanted });
    files = merged(files, found.files).files;
    const next = new Set<string>();
    // What the change itself refers to is the same in each round.
    for (const registry of round === 0
      ? [(await loadTree(found)).registry, result]
      : [(await loadTree(found)).registry]) {
      for (const entry of registry.entries)
        visitReferences(entry, ({ ref, range }) =>
          foldersOf(ref, range, environments).forEach((folder) => next.add(folder)),
        );
      for (const { path } of registry.ofKind("Activation"))
        besides(path, environments).forEach((folder) => next.add(folder));
    }
    wanted = [...next]
      .filter(
        (folder) =>
          !known.has(folder) && !RULES.some((rule) => folder === rule || folder.startsWith(`${rule}/`)),
      )
      .sort();
  }
  if (result.entries.length !== head.files.length || result.entries.some(isAtItsEnd)) return null;
  const tree = merged(files, head.files);
  // Whoever is to say what was meant by a reference to nothing must know everything there is.
  if (result.entries.some((entry) => !refersToWhatIsThere(entry, tree))) return null;
  const usecases = new Set(governed.flatMap(({ path }) => usecaseFile(path)));
  return {
    tree: treeOf(files),
    asks: (file) => usecases.has(file) || !RULES.some((rule) => file === rule || file.startsWith(`${rule}/`)),
  };
}

function refersToWhatIsThere(entry: Entry, tree: Tree): boolean {
  let all = true;
  visitReferences(entry, ({ ref, range }) => {
    const path = range === null ? parseRef(ref)?.path : undefined;
    if (range === null && (path === undefined || tree.get(path) === undefined)) all = false;
  });
  return all;
}

function isEveryday({ path, modeFrom, modeTo }: PathChange): boolean {
  const kind = identityOfPath(path)?.kind;
  if (kind === undefined || modeTo !== "100644" || (modeFrom !== null && modeFrom !== "100644")) return false;
  return modeFrom === null ? NEW.has(kind) : BESIDE.has(kind);
}

async function isCrowded(
  base: string,
  governed: readonly PathChange[],
  repository: Repository,
): Promise<boolean> {
  const folders = new Set<string>();
  for (const { path, modeFrom } of governed) {
    if (modeFrom !== null) continue;
    for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1))
      folders.add(path.slice(0, end));
  }
  const names = await repository.namesIn(base, [...folders]);
  return [...names.values()].some(({ length }) => length + governed.length > CROWDED);
}

/** The folders and files that stand beside an entry: its other versions, its runs, and of a use case all that is live. */
function besides(path: string, environments: readonly string[]): readonly string[] {
  const identity = identityOfPath(path);
  if (identity === undefined) return [];
  const { kind, ns, name } = identity;
  const usecase = `${ns}/${name}`;
  const versions = path.slice(0, path.lastIndexOf("/"));
  if (!BESIDE.has(kind)) return [versions, `registry/evaluations/${usecase}`];
  const own = kind === "Activation" ? [identity.id.split("/")[0] ?? ""] : [];
  const live = [...new Set([...environments, ...own])].flatMap((environment) => [
    `registry/live/${environment}/${usecase}.yaml`,
    `registry/live/${environment}/${usecase}`,
  ]);
  return [`registry/bundles/${usecase}`, `registry/evaluations/${usecase}`, ...live];
}

/** What has to be read for a reference: of versioned kinds all versions, of others the file. */
function foldersOf(ref: string, range: string | null, environments: readonly string[]): readonly string[] {
  // A range names no version; any one shows the folder.
  const identity = parseRef(range === null ? ref : `${ref}@0.0.0`);
  if (identity === undefined) return [];
  return identity.version === null && !BESIDE.has(identity.kind)
    ? [identity.path]
    : besides(identity.path, environments);
}

function usecaseFile(path: string): readonly string[] {
  const identity = identityOfPath(path);
  return identity === undefined ? [] : [`registry/usecases/${identity.ns}/${identity.name}.yaml`];
}

function merged(files: readonly TreeFile[], more: readonly TreeFile[]): Tree {
  const byPath = new Map(files.map((file) => [file.path, file]));
  for (const file of more) byPath.set(file.path, file);
  return treeOf([...byPath.values()]);
}
