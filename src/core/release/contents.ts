/**
 * A compiled snapshot as the files and TUF targets of a release: manifest and slices are targets, everything else is
 * reached by digest from the manifest (DESIGN 7).
 */
import type { CompiledSnapshot } from "../compile/snapshot.ts";
import { sha256Hex } from "../model/digest.ts";
import { compareBytes } from "../model/json.ts";
import { MANIFEST_TARGET, releasePaths, sliceTarget, targetPath } from "../model/release.ts";
import { MANIFEST_PATH } from "../model/snapshot.ts";
import type { ReleaseCustom } from "../trust/tuf/release.ts";
import type { SignedJson } from "../trust/tuf/metadata.ts";

/** One file of a release, where it stands there. */
export interface ContentFile {
  readonly path: string;
  readonly sha256: string;
  readonly bytes: Uint8Array;
}

/** Something else that stands beside the manifest as a target of its own (a provenance). */
export interface ExtraTarget {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface Contents {
  /** In byte order of their paths. */
  readonly files: readonly ContentFile[];
  /** The `targets` of targets metadata. */
  readonly targets: SignedJson;
}

/** What a release of this snapshot holds. */
export function contentsOf(
  { manifest, files }: CompiledSnapshot,
  custom: ReleaseCustom,
  extra: readonly ExtraTarget[] = [],
): Contents {
  const paths = releasePaths(manifest);
  const targets: [string, SignedJson][] = [];
  const found: ContentFile[] = [];
  const slices = new Map(manifest.slices.map((slice) => [slice.path, sliceTarget(slice)]));
  for (const { path, bytes } of files) {
    const sha256 = sha256Hex(bytes);
    const content: SignedJson = { length: bytes.length, hashes: { sha256 } };
    const target = path === MANIFEST_PATH ? MANIFEST_TARGET : slices.get(path);
    if (target === MANIFEST_TARGET) targets.push([target, { ...content, custom: { ...custom } }]);
    else if (target !== undefined) targets.push([target, content]);
    // Shards stand under the path that they have in a snapshot.
    const place = target === undefined ? (paths.get(path) ?? path) : targetPath(target, sha256);
    found.push({ path: place, sha256, bytes });
  }
  for (const { name, bytes } of extra) {
    const sha256 = sha256Hex(bytes);
    targets.push([name, { length: bytes.length, hashes: { sha256 } }]);
    found.push({ path: targetPath(name, sha256), sha256, bytes });
  }
  return {
    files: found.sort((a, b) => compareBytes(a.path, b.path)),
    targets: Object.fromEntries(targets.sort(([a], [b]) => compareBytes(a, b))),
  };
}
