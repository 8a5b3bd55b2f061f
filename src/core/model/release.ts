/**
 * The words of a release (DESIGN 7): its pair, and where its files stand on every kind of host. A release is a TUF
 * repository with consistent snapshots around a compiled snapshot, so any TUF client can read it.
 * Vocabulary only; this module must never read, sign or verify anything.
 *
 *     metadata/timestamp.json            the only file that is ever replaced; replacing it is what publishes
 *     metadata/<n>.snapshot.json         TUF, immutable
 *     metadata/<n>.targets.json
 *     metadata/<n>.root.json
 *     targets/<sha256>.manifest.json     the TUF target "manifest.json"
 *     targets/slices/<sha256>.<name>     the TUF targets "slices/<name>": <environment>.json or <environment>@<tenant>.json
 *     catalogue/, dependents/, compliance/<sha256>.json(l)   reached by digest from the manifest, immutable
 */
import type { Instant } from "./instant.ts";
import type { Manifest, SliceFile } from "./snapshot.ts";

/** What orders releases: the landing, and the instant up to which expiries are reckoned in. */
export interface ReleasePair {
  readonly sequence: number;
  readonly asOf: Instant;
}

/** The one file whose replacement makes a release current; everything else is immutable and is there before. */
export const TIMESTAMP_PATH = "metadata/timestamp.json";

/** Where a version of a TUF role's metadata stands. */
export function metadataPath(role: "root" | "targets" | "snapshot", version: number): string {
  return `metadata/${String(version)}.${role}.json`;
}

/** Where the bytes of a TUF target stand, as consistent snapshots place them (TUF 1.0.31, section 6.2). */
export function targetPath(target: string, sha256: string): string {
  const cut = target.lastIndexOf("/") + 1;
  return `targets/${target.slice(0, cut)}${sha256}.${target.slice(cut)}`;
}

// Lengths are counted by hand: a pattern that counts them takes longer to compile than a whole resolve.
const metadataName = /^(?:timestamp|[1-9][0-9]*\.(?:root|snapshot|targets))\.json$/;
const hexDigits = /^[0-9a-f]+$/;
const targetName = /^[a-z0-9][a-z0-9@._-]*$/;
const tables = new Set(["catalogue", "compliance", "dependents", "history"]);
const LONGEST_NAME = 211;

/**
 * Whether a path can be one of a release. Hosts name files with it (a layer's title, a folder's listing), and a stranger
 * may write there what he likes: nothing else is ever looked up, and no path leaves the release's folder (zip-slip).
 */
export function isReleasePath(path: string): boolean {
  const cut = path.lastIndexOf("/");
  const folder = path.slice(0, cut);
  const name = path.slice(cut + 1);
  if (folder === "metadata") return name.length <= 40 && metadataName.test(name);
  // <sha256>.<rest>
  if (name.charAt(64) !== "." || !hexDigits.test(name.slice(0, 64))) return false;
  const rest = name.slice(65);
  if (tables.has(folder)) return rest === "json" || rest === "jsonl";
  return (
    (folder === "targets" || folder === "targets/slices") &&
    rest.length <= LONGEST_NAME &&
    targetName.test(rest)
  );
}

/** The sha256 that a file is named by; undefined for metadata, which is named by its version. */
export function digestInPath(path: string): string | undefined {
  if (path.startsWith("metadata/")) return undefined;
  const at = path.lastIndexOf("/") + 1;
  const digest = path.slice(at, at + 64);
  return path.charAt(at + 64) === "." && hexDigits.test(digest) ? digest : undefined;
}

/** Order of releases: by sequence, then by asOf. Negative when `a` is older. */
export function comparePairs(a: ReleasePair, b: ReleasePair): number {
  if (a.sequence !== b.sequence) return a.sequence - b.sequence;
  return a.asOf < b.asOf ? -1 : a.asOf > b.asOf ? 1 : 0;
}

/** The TUF target that every release has: the snapshot's manifest. */
export const MANIFEST_TARGET = "manifest.json";

/** The TUF target of a resolution slice. Names hold no "@", so no two slices meet. */
export function sliceTarget({ environment, tenant }: Pick<SliceFile, "environment" | "tenant">): string {
  return `slices/${environment}${tenant === null ? "" : `@${tenant}`}.json`;
}

/**
 * Where in a release the files of a manifest stand: slices as TUF targets, the roots of the other parts under their own
 * paths. The manifest itself stands at `targetPath(MANIFEST_TARGET, <its sha256>)`.
 */
export function releasePaths({
  slices,
  files,
}: Pick<Manifest, "slices" | "files">): ReadonlyMap<string, string> {
  const targets = new Map(slices.map((slice) => [slice.path, sliceTarget(slice)]));
  return new Map(
    files.map(({ path, sha256 }) => {
      const target = targets.get(path);
      return [path, target === undefined ? path : targetPath(target, sha256)];
    }),
  );
}
