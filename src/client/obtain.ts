/**
 * One refresh from one source: what lies there, verified, or why nothing of it may be used. With signatures by the TUF
 * workflow (refresh.ts) and then by digest; in development from the folder of a compiled snapshot, by digest alone.
 * It holds no state and must never use what `accept` refuses.
 */
import type { Digest } from "../core/model/digest.ts";
import { Failure } from "../core/model/failure.ts";
import { instantOfSeconds, type Instant } from "../core/model/instant.ts";
import { MANIFEST_PATH, type Manifest } from "../core/model/snapshot.ts";
import type { TargetContent } from "../core/trust/tuf/release.ts";
import type { TrustedState } from "../core/trust/tuf/state.ts";
import { loadManifest, type LoadedManifest } from "../core/resolve/load.ts";
import type { ReleaseReader } from "./source/reader.ts";

/** A release that may be used, with the files that its consumer needs, by the paths that the manifest gives them. */
export interface Obtained {
  readonly loaded: LoadedManifest;
  /** The manifest itself too. Undefined: it is the release that is in use already. */
  readonly files: ReadonlyMap<string, Uint8Array> | undefined;
  /** Null where nothing is signed. */
  readonly expires: Instant | null;
  /** Undefined where nothing is signed. */
  readonly state: TrustedState | undefined;
  readonly tag: string | undefined;
}

/** What a refresh is about; the same for every source. */
export interface Wanted {
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly signal: AbortSignal;
  /** The release in use. */
  readonly inUse: LoadedManifest | undefined;
  /** Throws when a release must not be used. */
  accept(manifest: Manifest, digest: Digest): void;
  /** Which files of it are needed, by the paths that the manifest gives them. */
  needs(manifest: Manifest): readonly string[];
}

/** From a source of signed releases. `keep` persists each step of trust before the next byte is read. */
export async function obtainSigned(
  reader: ReleaseReader,
  trusted: TrustedState,
  tag: string | undefined,
  wanted: Wanted,
  keep: (state: TrustedState) => void,
): Promise<Obtained> {
  const { now, signal, inUse } = wanted;
  // Verification is loaded by the first refresh: a start from the cache does without it.
  const [{ refreshRelease }, { readManifest, readNamed }] = await Promise.all([
    import("./refresh.ts"),
    import("./read-file.ts"),
  ]);
  const instant = instantOfSeconds(Math.floor(now / 1000));
  const refreshed = await refreshRelease(reader, trusted, { now: instant, signal, tag, keep });
  const { state, release, expires } = refreshed;
  const common = { expires, state, tag: refreshed.tag };
  if (inUse?.digest === `sha256:${release.manifest.sha256}`)
    return { ...common, loaded: inUse, files: undefined };
  const { bytes } = await readManifest(reader, refreshed, { signal });
  const loaded = loadManifest(bytes);
  wanted.accept(loaded.manifest, loaded.digest);
  const files = new Map([[MANIFEST_PATH, bytes]]);
  for (const path of wanted.needs(loaded.manifest))
    files.set(path, await readNamed(reader, loaded.manifest, path, { signal }));
  return { ...common, loaded, files };
}

/** From the folder of a compiled snapshot, for development. Nothing of it was signed. */
export async function obtainUnsigned(folder: string, wanted: Wanted): Promise<Obtained> {
  const { openPlainFolder } = await import("./source/plain-folder.ts");
  const read = openPlainFolder(folder);
  const bytes = read(MANIFEST_PATH);
  if (bytes === undefined) {
    throw new Failure("client/no-snapshot", `There is no compiled snapshot in ${folder}.`, {
      hint: "Make one: assent compile --out <folder>. A signed release is read with trust instead of unsigned.",
      category: "unavailable",
    });
  }
  const loaded = loadManifest(bytes);
  const common = { loaded, expires: null, state: undefined, tag: undefined };
  if (wanted.inUse?.digest === loaded.digest) return { ...common, files: undefined };
  wanted.accept(loaded.manifest, loaded.digest);
  const files = new Map([[MANIFEST_PATH, bytes]]);
  for (const path of wanted.needs(loaded.manifest)) {
    const found = read(path);
    if (found === undefined) throw incomplete(folder, path);
    files.set(path, found);
  }
  return { ...common, files };
}

/** One file of a release by its path there and its digest. */
export async function fetchFrom(
  reader: ReleaseReader,
  path: string,
  content: TargetContent,
  signal: AbortSignal,
  unsigned: boolean,
): Promise<Uint8Array> {
  const { readFile, requireContent } = await import("./read-file.ts");
  if (!unsigned) return readFile(reader, path, content, { signal });
  const { openPlainFolder } = await import("./source/plain-folder.ts");
  const bytes = openPlainFolder(reader.address)(path);
  if (bytes === undefined) throw incomplete(reader.address, path);
  requireContent(path, bytes, content);
  return bytes;
}

function incomplete(folder: string, path: string): Failure {
  return new Failure("client/incomplete", `The snapshot in ${folder} lacks ${path}.`, {
    hint: "Compile it again, whole.",
    category: "unavailable",
  });
}
