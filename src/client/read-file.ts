/**
 * The files of a release that is verified: each is read up to the length that was signed for and compared with the
 * digest that was. What the attacker controls: the bytes of every answer. It must never hand out a byte that differs.
 */
import { sha256Hex } from "../core/model/digest.ts";
import { isObject } from "../core/model/json.ts";
import { MANIFEST_TARGET, releasePaths, targetPath } from "../core/model/release.ts";
import { MANIFEST_FORMAT, type Manifest } from "../core/model/snapshot.ts";
import { refusal } from "../core/trust/tuf/refusal.ts";
import type { Release, ReleaseTargets, TargetContent } from "../core/trust/tuf/release.ts";
import type { ReleaseReader } from "./source/reader.ts";

interface FileOptions {
  readonly signal?: AbortSignal | undefined;
}

/** A file at a path of the release, by what vouches for it: the targets, the manifest, or an index it names. */
export async function readFile(
  reader: ReleaseReader,
  path: string,
  { sha256, length }: TargetContent,
  { signal }: FileOptions = {},
): Promise<Uint8Array> {
  const answer = await reader.read(path, { maxLength: length, signal });
  if (answer === undefined) throw refusal("missing", `${reader.address} has no ${path}.`);
  if (answer === "unchanged") throw new Error(`${reader.address} answered unchanged to no tag`);
  if (answer.bytes.length > length)
    throw refusal("too-long", `${path} has more than the ${length} bytes that were signed for.`);
  requireContent(path, answer.bytes, { sha256, length });
  return answer.bytes;
}

/** TUF 1.0.31, 5.7.2: length and hash of a target. Also for files that were kept on disk. */
export function requireContent(path: string, bytes: Uint8Array, { sha256, length }: TargetContent): void {
  if (bytes.length !== length) {
    throw refusal("wrong-length", `${path} has ${bytes.length} bytes, where ${length} were signed for.`);
  }
  if (sha256Hex(bytes) !== sha256)
    throw refusal("wrong-hash", `${path} is not the file that was signed for.`);
}

/** A TUF target by its name: "manifest.json", "slices/prod.json". */
export async function readTarget(
  reader: ReleaseReader,
  targets: ReleaseTargets,
  name: string,
  options: FileOptions = {},
): Promise<Uint8Array> {
  const content = targets.get(name);
  if (content === undefined) throw refusal("missing", `The release has no target ${name}.`);
  return readFile(reader, targetPath(name, content.sha256), content, options);
}

/** The manifest of a verified release. It must say of itself what the signed targets say of it. */
export async function readManifest(
  reader: ReleaseReader,
  { release, targets }: { readonly release: Release; readonly targets: ReleaseTargets },
  options: FileOptions = {},
): Promise<{ readonly manifest: Manifest; readonly bytes: Uint8Array }> {
  const bytes = await readTarget(reader, targets, MANIFEST_TARGET, options);
  return { manifest: parseManifest(bytes, release), bytes };
}

/** Reads the bytes of a manifest whose digest was checked. */
export function parseManifest(bytes: Uint8Array, release: Release): Manifest {
  // Whoever signed the targets signed these bytes; what is checked is that no two releases were mixed up in signing.
  const manifest = manifestIn(bytes);
  const { format, registry, commit, sequence, asOf } = manifest;
  if (format !== MANIFEST_FORMAT)
    throw refusal("not-a-release", `The manifest is of the format ${String(format)}.`);
  if (registry !== release.registry)
    throw refusal("wrong-registry", `The manifest is of the registry ${registry}, not ${release.registry}.`);
  if (commit !== release.commit || sequence !== release.pair.sequence || asOf !== release.pair.asOf)
    throw refusal("mix-and-match", "The manifest is of another landing than the release says.");
  return manifest;
}

function manifestIn(bytes: Uint8Array): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw refusal("not-a-release", "The manifest that was signed is no JSON.", cause);
  }
  if (isManifest(value)) return value;
  throw refusal("not-a-release", "The manifest that was signed is none of a snapshot.");
}

/** Enough of it to read by; whoever signed it vouches for the rest. */
function isManifest(value: unknown): value is Manifest {
  return isObject(value) && Array.isArray(value["files"]) && Array.isArray(value["slices"]);
}

/** A file that the manifest names, by its path there. */
export async function readNamed(
  reader: ReleaseReader,
  manifest: Manifest,
  path: string,
  options: FileOptions = {},
): Promise<Uint8Array> {
  const file = manifest.files.find((one) => one.path === path);
  const place = releasePaths(manifest).get(path);
  if (file === undefined || place === undefined)
    throw refusal("missing", `The manifest of the release names no ${path}.`);
  return readFile(reader, place, file, options);
}
