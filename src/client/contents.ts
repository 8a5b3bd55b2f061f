/**
 * All files of a verified release: what its targets, its manifest and the indexes below it name, each with its digest.
 * For whoever copies or checks a release whole; a service reads only what it needs. What the attacker controls: the
 * bytes behind every path. Nothing is listed but what a digest that was signed for leads to.
 */
import type { Failure } from "../core/model/failure.ts";
import { isObject, type Json } from "../core/model/json.ts";
import {
  isReleasePath,
  MANIFEST_TARGET,
  metadataPath,
  releasePaths,
  targetPath,
} from "../core/model/release.ts";
import type { Manifest } from "../core/model/snapshot.ts";
import type { Release, ReleaseTargets } from "../core/trust/tuf/release.ts";
import { refusal } from "../core/trust/tuf/refusal.ts";
import { openRoot, verifyNextRoot } from "../core/trust/tuf/workflow.ts";
import { parseManifest } from "./read-file.ts";
import type { ReleaseReader } from "./source/reader.ts";

/** A file by its path in the release, and what it must be. */
export interface ContentFile {
  readonly path: string;
  readonly sha256: string;
  readonly length: number;
}

/** The files of a release that are named by their digest. */
export interface Contents {
  readonly manifest: Manifest;
  readonly files: readonly ContentFile[];
  /** Those of `files` that were not read to find the others. */
  readonly leaves: readonly ContentFile[];
}

/** Lists a release; `read` answers with bytes that were compared with the digest of the file it is given. */
export async function listContents(
  { release, targets }: { readonly release: Release; readonly targets: ReleaseTargets },
  read: (file: ContentFile) => Promise<Uint8Array>,
): Promise<Contents> {
  const files = new Map<string, ContentFile>();
  const leaves = new Map<string, ContentFile>();
  const add = (path: string, { sha256, length }: Omit<ContentFile, "path">, leaf: boolean): ContentFile => {
    // Signed or not, a path that leaves the release's folder is nothing that anybody should write to.
    if (!isReleasePath(path)) throw refusal("malformed", `The release names ${JSON.stringify(path)}.`);
    const file = { path, sha256, length };
    files.set(path, file);
    if (leaf) leaves.set(path, file);
    return file;
  };
  for (const [name, content] of targets)
    add(targetPath(name, content.sha256), content, name !== MANIFEST_TARGET);
  const manifestPath = targetPath(MANIFEST_TARGET, release.manifest.sha256);
  const manifest = parseManifest(await read(add(manifestPath, release.manifest, false)), release);
  const places = releasePaths(manifest);
  const roots = new Set([manifest.catalogue, manifest.dependents, manifest.compliance]);
  for (const file of manifest.files) {
    const path = places.get(file.path);
    if (path === undefined) throw refusal("malformed", `The manifest names ${JSON.stringify(file.path)}.`);
    const placed = add(path, file, !roots.has(file.path));
    if (!roots.has(file.path)) continue;
    const folder = path.slice(0, path.indexOf("/"));
    for (const list of rowsOf(path, listsIn(path, await read(placed)))) {
      const bytes = await read(add(`${folder}/${list.sha256}.jsonl`, list, false));
      for (const shard of rowsOf(path, linesIn(path, bytes)))
        add(`${folder}/${shard.sha256}.jsonl`, shard, true);
    }
  }
  return { manifest, files: [...files.values()], leaves: [...leaves.values()] };
}

/**
 * Every root from the first one that a source still has up to the one that is trusted now, verified link by link, so
 * that clients which pin an old root find their way from a copy as well.
 */
export async function chainOfRoots(
  reader: ReleaseReader,
  trusted: Uint8Array,
  maxLength: number,
): Promise<readonly { readonly path: string; readonly bytes: Uint8Array }[]> {
  let bytes = trusted;
  let root = openRoot(bytes);
  const chain = [{ path: metadataPath("root", root.version), bytes }];
  while (root.version > 1) {
    const path = metadataPath("root", root.version - 1);
    const answer = await reader.read(path, { maxLength });
    if (answer === undefined || answer === "unchanged") break;
    const before = openRoot(answer.bytes);
    verifyNextRoot(before, bytes);
    ({ bytes } = answer);
    root = before;
    chain.unshift({ path, bytes });
  }
  return chain;
}

function listsIn(path: string, bytes: Uint8Array): readonly Json[] {
  const root = parse(path, bytes);
  if (!isObject(root) || !Array.isArray(root["lists"])) throw malformed(path);
  return root["lists"] as readonly Json[];
}

function linesIn(path: string, bytes: Uint8Array): readonly Json[] {
  const lines = new TextDecoder().decode(bytes).split("\n");
  return lines.filter((line) => line !== "").map((line) => parseText(path, line));
}

function rowsOf(path: string, rows: readonly Json[]): readonly Omit<ContentFile, "path">[] {
  return rows.map((row) => {
    const digest = isObject(row) ? /^sha256:([0-9a-f]{64})$/.exec(String(row["digest"]))?.[1] : undefined;
    const length = isObject(row) ? row["length"] : undefined;
    if (digest === undefined || typeof length !== "number" || !Number.isSafeInteger(length) || length < 0)
      throw malformed(path);
    return { sha256: digest, length };
  });
}

function parse(path: string, bytes: Uint8Array): Json {
  return parseText(path, new TextDecoder().decode(bytes));
}

function parseText(path: string, text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (cause) {
    throw malformed(path, cause);
  }
}

function malformed(path: string, cause?: unknown): Failure {
  return refusal("malformed", `${path} does not have the shape its format promises.`, cause);
}
