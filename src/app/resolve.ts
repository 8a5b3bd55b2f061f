/**
 * `assent resolve`: one question to a compiled snapshot, or to the registry in memory. Either way the same bytes of
 * a manifest and a slice are read by the same loader, so both give the same answer.
 * The path over a compiled snapshot must stay light: it may never import the loader, the rules or a parser.
 */
import { Failure } from "../core/model/failure.ts";
import { MANIFEST_PATH, type Resolution, type WireError } from "../core/model/snapshot.ts";
import { loadManifest, loadSlice, sliceFor, type LoadedManifest } from "../core/resolve/load.ts";
import { createResolver, type Query } from "../core/resolve/resolve.ts";
import { DEFAULT_TENANT } from "../core/model/scope.ts";
import type { Ports } from "./ports.ts";
import type { Selection } from "./read.ts";
import type { Diagnostic } from "../core/validate/report.ts";

export interface ResolveRequest extends Selection {
  readonly query: Query;
  /** A compiled snapshot's folder, relative to `folder`, or with `trust` the address of a release; else the registry. */
  readonly snapshot?: string | undefined;
  /** The file of the root that vouches for a release; relative to `folder`. */
  readonly trust?: string | undefined;
  /** Where secrets for a release's host come from. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Whether an unsigned snapshot may be read. */
  readonly unsigned?: boolean;
}

export interface ResolveResult {
  /** Absent when the registry in memory has errors: it would not be compiled, so nothing of it is live anywhere. */
  readonly answer: Resolution | WireError | undefined;
  readonly diagnostics: readonly Diagnostic[];
  /** Whether the answer comes from a snapshot that nobody signed. */
  readonly unsigned: boolean;
}

/** Answers one question. */
export async function resolve(request: ResolveRequest, ports: Ports): Promise<ResolveResult> {
  const { snapshot, trust } = request;
  if (snapshot !== undefined && trust !== undefined) {
    const { resolveRelease } = await import("./resolve-release.ts");
    const { query, folder, env = {} } = request;
    const answer = await resolveRelease({ query, source: snapshot, trust, folder, env }, ports);
    return { answer, diagnostics: [], unsigned: false };
  }
  if (snapshot !== undefined) {
    return { answer: fromFolder(request, snapshot, ports), diagnostics: [], unsigned: true };
  }
  const [{ openRegistry }, { errorsOf, snapshotOf }] = await Promise.all([
    import("./read.ts"),
    import("./compile.ts"),
  ]);
  const registry = await openRegistry(request, ports);
  // Fail closed: what compile refuses could never reach a service, so no answer is given from it here either.
  const errors = await errorsOf(registry);
  if (errors.length > 0) {
    const { locate } = await import("./lint.ts");
    return { answer: undefined, diagnostics: await locate(errors, registry.registry.tree), unsigned: false };
  }
  const files = new Map((await snapshotOf(registry)).files.map(({ path, bytes }) => [path, bytes]));
  return { answer: ask((path) => files.get(path), request.query), diagnostics: [], unsigned: false };
}

function fromFolder(request: ResolveRequest, path: string, ports: Ports): Resolution | WireError {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(path)) {
    throw new Failure(
      "usage/snapshot-url",
      `Only a signed release is read from an address such as "${path}".`,
      {
        hint: "Say --trust <root.json>: the root that vouches for the release.",
      },
    );
  }
  if (request.unsigned !== true) {
    throw new Failure("snapshot/unsigned", "Nobody signed this snapshot.", {
      hint: "For a release say --trust <root.json>. Say --unsigned to read a compiled snapshot all the same: nothing then proves who made it.",
      category: "auth",
    });
  }
  const folder = ports.openSnapshotFolder(request.folder, path);
  try {
    return ask((file) => folder.read(file), request.query);
  } catch (cause) {
    // A compile may have replaced the snapshot between the manifest and the slice; once more with the new one.
    if (!(cause instanceof Failure) || cause.code !== "snapshot/incomplete") throw cause;
    return ask((file) => folder.read(file), request.query);
  }
}

function ask(read: (path: string) => Uint8Array | undefined, query: Query): Resolution | WireError {
  const manifest = read(MANIFEST_PATH);
  if (manifest === undefined) {
    throw new Failure("snapshot/not-found", "There is no compiled snapshot here.", {
      hint: "Make one: assent compile --out <folder>.",
    });
  }
  const loaded = loadManifest(manifest);
  return createResolver(loaded, slicesFor(loaded, query, read)).resolve(query);
}

function slicesFor(
  loaded: LoadedManifest,
  { environment, tenant }: Query,
  read: (path: string) => Uint8Array | undefined,
) {
  const file = sliceFor(
    loaded.manifest,
    environment,
    tenant === undefined || tenant === DEFAULT_TENANT ? null : tenant,
  );
  if (file === undefined) return [];
  const bytes = read(file.path);
  if (bytes === undefined) {
    throw new Failure("snapshot/incomplete", `The snapshot lacks ${file.path}, which its manifest names.`, {
      hint: "Fetch or compile the snapshot again, whole.",
    });
  }
  return [loadSlice(loaded, file, bytes)];
}
