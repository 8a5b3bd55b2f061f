/**
 * `assent codeowners lint`: what is wrong with a CODEOWNERS file, of this registry or of any other repository. Reads the
 * file, the names of the repository's files, and whom the registry knows; writes nothing.
 */
import { CODEOWNERS_PATHS } from "../core/govern/codeowners.ts";
import { lintCodeowners } from "../core/govern/codeowners-lint.ts";
import { Failure } from "../core/model/failure.ts";
import { treeOfTexts, type Tree } from "../core/model/tree.ts";
import { decodeText } from "../core/source/parse.ts";
import { firstLine, rangesIn } from "../core/source/positions.ts";
import {
  countsOf,
  createPlacer,
  diagnosticsOf,
  type Counts,
  type Diagnostic,
} from "../core/validate/report.ts";
import type { Ports } from "./ports.ts";
import { openRegistry, type OpenRegistry, type Selection } from "./read.ts";

export interface CodeownersLintRequest extends Selection {
  /** An absolute path; absent = the file that GitHub reads. The repository asked is the one around `folder`. */
  readonly file?: string | undefined;
}

export interface CodeownersLint {
  /** How many files were read. */
  readonly entries: number;
  readonly counts: Counts;
  readonly diagnostics: readonly Diagnostic[];
  readonly tree: Tree;
}

/** Lints one CODEOWNERS file. Outside of any repository only what the file itself tells is judged. */
export async function lintOwners(request: CodeownersLintRequest, ports: Ports): Promise<CodeownersLint> {
  const { file } = request;
  const open =
    ports.findRoot(request.folder) === undefined && file !== undefined
      ? undefined
      : await openRegistry(request, ports);
  const standing = open === undefined ? new Map<string, Uint8Array>() : await readStanding(open);
  const own =
    open === undefined || file?.startsWith(`${open.root}/`) !== true
      ? undefined
      : file.slice(open.root.length + 1);
  const [shown, bytes] =
    file === undefined ? firstOf(standing) : [own ?? file, ports.readInput(request.folder, file)];
  const registry = open === undefined || open.registry.ofKind("Registry").length === 0 ? null : open.registry;
  const findings = lintCodeowners({
    file: shown,
    text: decodeText(bytes),
    size: bytes.length,
    paths: open === undefined ? null : await pathsOf(open),
    others: othersThan(shown, standing),
    registry,
  });
  const tree = treeOfTexts({ ...Object.fromEntries(standing), [shown]: bytes });
  // Every place is the file or a range of its text, which takes no YAML library to find.
  const placer = createPlacer(tree, (text) => {
    const rangeOf = rangesIn(text);
    return ({ span }) => rangeOf(span ?? firstLine(text));
  });
  const diagnostics = diagnosticsOf(findings, placer);
  return { entries: 1, counts: countsOf(diagnostics), diagnostics, tree };
}

/** The CODEOWNERS files of a repository, in GitHub's order. */
async function readStanding({
  repository,
  commit,
  workTree,
}: OpenRegistry): Promise<ReadonlyMap<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>();
  const tree =
    repository === undefined || commit === null
      ? undefined
      : await repository.treeAt(commit, { paths: CODEOWNERS_PATHS });
  for (const path of CODEOWNERS_PATHS) {
    const bytes = tree === undefined ? workTree.readFile(path) : tree.get(path)?.read();
    if (bytes !== undefined) found.set(path, bytes);
  }
  return found;
}

function firstOf(standing: ReadonlyMap<string, Uint8Array>): readonly [string, Uint8Array] {
  const [first] = standing;
  if (first !== undefined) return first;
  throw new Failure("codeowners/missing", "There is no CODEOWNERS file.", {
    hint: "Make it: assent codeowners generate; or name a file with --file.",
  });
}

/** The files that GitHub ignores beside the one it reads; none where another file was asked about. */
function othersThan(shown: string, standing: ReadonlyMap<string, Uint8Array>): readonly string[] {
  const [first, ...others] = standing.keys();
  return shown === first ? others : [];
}

/** Every file of the repository, committed or governed and on disk; null where git cannot say it. */
async function pathsOf({ repository, commit, registry }: OpenRegistry): Promise<readonly string[] | null> {
  const head = commit ?? (await repository?.head()) ?? null;
  if (repository === undefined || head === null) return null;
  const committed = await repository.changedPaths(null, head, { paths: "everywhere" });
  return [...new Set([...committed.map(({ path }) => path), ...registry.tree.files.map(({ path }) => path)])];
}
