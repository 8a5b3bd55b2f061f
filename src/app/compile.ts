/** `assent compile`: the registry of a commit (or of the work tree) as a snapshot, unsigned. Writes nothing but `--out`. */
import type { CompiledHistory } from "../core/compile/history.ts";
import { compileSnapshot, type CompiledSnapshot } from "../core/compile/snapshot.ts";
import type { Finding } from "../core/model/diagnostic.ts";
import { Failure } from "../core/model/failure.ts";
import { countsOf, type Counts, type Diagnostic } from "../core/validate/report.ts";
import { findsErrors } from "../core/validate/lint.ts";
import { findingsIn, locate } from "./lint.ts";
import type { Ports } from "./ports.ts";
import { needGit, openRegistry, type OpenRegistry, type Selection } from "./read.ts";
import { rootOf } from "./root.ts";

export interface CompileRequest extends Selection {
  /** The folder to write to, relative to `folder`; without one nothing is written. */
  readonly out?: string | undefined;
  /** The work tree instead of HEAD; it has no commit and no sequence and cannot be released. */
  readonly workTree?: boolean;
  /** The History part as well, which reads every landing. */
  readonly history?: boolean;
}

export interface CompileResult {
  /** Absent when the registry has errors: what does not lint clean is not compiled. */
  readonly snapshot: CompiledSnapshot | undefined;
  /** Where it was asked for. */
  readonly history: CompiledHistory | undefined;
  readonly counts: Counts;
  /** The errors that stand in the way. */
  readonly diagnostics: readonly Diagnostic[];
  readonly registry: OpenRegistry;
}

/** Compiles HEAD, `at` or the work tree. */
export async function compile(request: CompileRequest, ports: Ports): Promise<CompileResult> {
  if (request.workTree === true && request.at !== undefined) {
    throw new Failure("usage/work-tree-at", "--work-tree and --at name two different registries.", {
      hint: "Leave out one of them.",
    });
  }
  if (request.workTree !== true && request.at === undefined) await refuseUnborn(request.folder, ports);
  const registry = await openRegistry(
    { ...request, at: request.workTree === true ? undefined : (request.at ?? "HEAD") },
    ports,
  );
  const errors = await errorsOf(registry);
  const diagnostics = await locate(errors, registry.registry.tree);
  if (diagnostics.length > 0) {
    return { snapshot: undefined, history: undefined, counts: countsOf(diagnostics), diagnostics, registry };
  }
  const snapshot = await snapshotOf(registry);
  const history =
    request.history === true ? await historyOf(registry, request.at === undefined, ports) : undefined;
  const files = [...snapshot.files, ...(history?.files ?? [])];
  if (request.out !== undefined) ports.openSnapshotFolder(request.folder, request.out).replace(files);
  return { snapshot, history, counts: countsOf([]), diagnostics, registry };
}

/** `isTip`: whether the next history may build on this one. */
async function historyOf(
  { commit, repository, root, sandbox }: OpenRegistry,
  isTip: boolean,
  ports: Ports,
): Promise<CompiledHistory> {
  if (commit === null) {
    throw new Failure(
      "usage/history-of-work-tree",
      "--history is of what landed, and the work tree has not.",
      {
        hint: "Leave out --work-tree, or leave out --history.",
      },
    );
  }
  const [{ compiledHistory }, notes] = await Promise.all([
    import("./history.ts"),
    ports.openCloneNotes(root),
  ]);
  return compiledHistory({ repository: needGit(repository, "--history"), sandbox }, commit, notes, isTip);
}

/** Nothing has landed before the first commit; the files on disk can be compiled all the same. */
export async function refuseUnborn(folder: string, ports: Ports): Promise<void> {
  const repository = await ports.openRepository(rootOf(folder, ports));
  if (repository !== undefined && (await repository.head()) !== null) return;
  const what = repository === undefined ? "no git repository" : "no commit yet";
  throw new Failure("repository/no-commit", `compile reads what landed, and there is ${what} here.`, {
    hint: "Compile the files on disk with --work-tree, or commit them first.",
  });
}

/** The errors with which a registry is neither compiled nor asked: what is live would not be known. */
export async function errorsOf(
  registry: Pick<OpenRegistry, "registry" | "findings" | "asOf"> & Partial<Pick<OpenRegistry, "onProgress">>,
): Promise<readonly Finding[]> {
  const { asOf, onProgress } = registry;
  return (await findingsIn(registry, asOf, undefined, undefined, onProgress, findsErrors)).filter(isError);
}

/** The snapshot of an opened registry, in memory. */
export async function snapshotOf({
  registry,
  commit,
  sequence,
  asOf,
}: Pick<OpenRegistry, "registry" | "commit" | "sequence" | "asOf">): Promise<CompiledSnapshot> {
  const origin = { commit, sequence, asOf };
  if (registry.ofKind("PolicyBinding").length === 0) return compileSnapshot(registry, origin);
  // The expression engine is only loaded where something is bound.
  const [{ compliance }, { complianceTable }] = await Promise.all([
    import("../core/policy/compliance.ts"),
    import("../core/compile/compliance-table.ts"),
  ]);
  return compileSnapshot(registry, origin, complianceTable(compliance(registry, asOf), registry, asOf));
}

/** Errors that only the clock makes: scheduled findings on the protected branch (DESIGN 9), and no reason to stop there. */
const madeByTheClock: ReadonlySet<string> = new Set(["waiver/expired", "override/expired"]);

function isError({ severity, definition }: Finding): boolean {
  return (severity ?? definition.severity) === "error" && !madeByTheClock.has(definition.code);
}
