/**
 * The library: a registry as values, for programs that have its files in hand and need no folder, no git and no command
 * line. Everything here is a function of its arguments; time is one of them. Services that only ask what is live import
 * `assent/client` instead.
 *
 *     const { registry, diagnostics } = await parse({ "registry/registry.yaml": "id: payments\n", … });
 *     const { snapshot } = await compile(registry, { asOf: "2026-07-01T00:00:00Z" });
 *     resolverOf(snapshot).resolve({ environment: "prod", usecase: "fraud/score" });
 */
import { findingsIn, locate } from "./app/lint.ts";
import { errorsOf, snapshotOf } from "./app/compile.ts";
import { loadTree } from "./app/read.ts";
import type { CompiledSnapshot } from "./core/compile/snapshot.ts";
import { Failure } from "./core/model/failure.ts";
import { parseInstant, type Instant } from "./core/model/instant.ts";
import { treeOfTexts } from "./core/model/tree.ts";
import { loadManifest, loadSlice } from "./core/resolve/load.ts";
import { createResolver, type Resolver } from "./core/resolve/resolve.ts";
import type { Loaded } from "./core/source/load.ts";
import { countsOf, type Counts, type Diagnostic } from "./core/validate/report.ts";

export { Failure } from "./core/model/failure.ts";
export { renderAnswer } from "./core/resolve/resolve.ts";
export type { CompiledSnapshot } from "./core/compile/snapshot.ts";
export type { Registry, Entry } from "./core/model/registry.ts";
export type { Resolution, Step, WireError } from "./core/model/snapshot.ts";
export type { Query, Resolver } from "./core/resolve/resolve.ts";
export type { Counts, Diagnostic } from "./core/validate/report.ts";

/**
 * Files by their paths from the repository's root, `/`-separated: everything below `registry/` and `.github/`, and
 * CODEOWNERS, where they are; all of that is governed, and stands for something in the snapshot.
 */
export type Files = Readonly<Record<string, string | Uint8Array>>;

/** A registry that was read, and what is wrong with its files; entries that are wrong are not in it. */
export interface Parsed {
  readonly loaded: Loaded;
  readonly diagnostics: readonly Diagnostic[];
}

/** What lint says. `ok`: there is no error. */
export interface Linted {
  readonly ok: boolean;
  readonly counts: Counts;
  /** Sorted by file, line, column and code. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads a registry. Never fails on what stands in the files. */
export async function parse(files: Files): Promise<Parsed> {
  const loaded = await loadTree(treeOfTexts(files));
  return { loaded, diagnostics: await locate(loaded.findings, loaded.registry.tree) };
}

/** Everything that `assent lint` finds without a base. `asOf` (RFC 3339, UTC) is the clock that expiries are judged by. */
export async function lint({ loaded }: Parsed, { asOf }: { readonly asOf: string }): Promise<Linted> {
  const diagnostics = await locate(await findingsIn(loaded, instantOf(asOf)), loaded.registry.tree);
  const counts = countsOf(diagnostics);
  return { ok: counts.error === 0, counts, diagnostics };
}

/**
 * Compiles a registry into the files of a snapshot, the same bytes for the same arguments. One with errors is not
 * compiled: `snapshot` is undefined and `diagnostics` holds what stands in the way. Without a commit it is that of a work
 * tree, which cannot be released.
 */
export async function compile(
  { loaded }: Parsed,
  origin: { readonly asOf: string; readonly commit?: string; readonly sequence?: number },
): Promise<{ readonly snapshot: CompiledSnapshot | undefined; readonly diagnostics: readonly Diagnostic[] }> {
  const asOf = instantOf(origin.asOf);
  const opened = { ...loaded, asOf, commit: origin.commit ?? null, sequence: origin.sequence ?? null };
  const diagnostics = await locate(await errorsOf(opened), loaded.registry.tree);
  return { snapshot: diagnostics.length > 0 ? undefined : await snapshotOf(opened), diagnostics };
}

/** Asks a compiled snapshot; the answers of `assent resolve`. */
export function resolverOf({ files }: Pick<CompiledSnapshot, "files">): Resolver {
  const bytes = new Map(files.map((file) => [file.path, file.bytes]));
  const read = (path: string): Uint8Array => bytes.get(path) ?? missing(path);
  const loaded = loadManifest(read("manifest.json"));
  return createResolver(
    loaded,
    loaded.manifest.slices.map((slice) => loadSlice(loaded, slice, read(slice.path))),
  );
}

function instantOf(text: string): Instant {
  const instant = parseInstant(text);
  if (instant !== undefined) return instant;
  throw new Failure("usage/instant", `"${text}" is no instant.`, {
    hint: "Write it in UTC with a trailing Z, such as 2026-07-01T00:00:00Z.",
  });
}

function missing(path: string): never {
  throw new Failure("snapshot/incomplete", `The snapshot lacks ${path}, which its manifest names.`, {
    hint: "Fetch or compile the snapshot again, whole.",
  });
}
