/**
 * Registry -> snapshot (DESIGN 7): manifest, resolution slices, catalogue, reverse dependencies, compliance.
 * A function of the tree, the registry id, the commit, its sequence and asOf. It must never let a clock, a host, a
 * locale or the order of its input into a byte.
 * Shards are stored as plain JSON, because that is what digests are of. Transports pack them: the catalogue of the
 * 5,276 imported models is 4.6 MB, and one zstd stream of its shards 222 KB (level 12); each shard packed alone
 * would come to 340 KB.
 */
import { createCanonicalWriter } from "../model/canonical-bytes.ts";
import { digestOfBytes, sha256Hex, type Digest } from "../model/digest.ts";
import type { Instant } from "../model/instant.ts";
import { compareBytes } from "../model/json.ts";
import type { Registry } from "../model/registry.ts";
import {
  CATALOGUE_FORMAT,
  COMPLIANCE_FORMAT,
  DEPENDENTS_FORMAT,
  MANIFEST_FORMAT,
  MANIFEST_PATH,
  type Manifest,
  type SliceFile,
} from "../model/snapshot.ts";
import { policyRevisionOf } from "./policy-revision.ts";
import { referencesOf, resolvedDependencies } from "./references.ts";
import { cutShards, type CatalogueLine } from "./shards.ts";
import { compileSlices } from "./slices.ts";

/** Which tree this is, and the clock that expiries are judged by. */
export interface SnapshotOrigin {
  /** Null for a work tree. */
  readonly commit: string | null;
  readonly sequence: number | null;
  readonly asOf: Instant;
}

/** What the policies say about entries at `asOf`, computed by core/policy where a registry binds any. */
export interface ComplianceTable {
  /** One canonical JSON line per entry that a binding reaches, with its reference in `ref`. */
  readonly lines: readonly CatalogueLine[];
  /** The earliest instant after asOf at which a line changes; null = never. */
  readonly nextChange: Instant | null;
}

/** One file of a compiled snapshot, relative to its directory. */
export interface CompiledFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

export interface CompiledSnapshot {
  /** sha256 of the manifest's bytes. */
  readonly digest: Digest;
  readonly manifest: Manifest;
  /** The manifest last; the others in byte order of their paths. */
  readonly files: readonly CompiledFile[];
  readonly entries: number;
  readonly scopes: number;
}

const encoder = new TextEncoder();

/** Compiles a registry that lints clean. */
export function compileSnapshot(
  registry: Registry,
  origin: SnapshotOrigin,
  compliance: ComplianceTable = { lines: [], nextChange: null },
): CompiledSnapshot {
  const files = new Map<string, Uint8Array>();
  const { slicing, environments, slices } = compileSlices(registry);
  const inManifest = new Map<string, Uint8Array>();
  for (const { path, bytes } of slices) inManifest.set(path, bytes);
  const root = (folder: string, lines: readonly CatalogueLine[], format: string): string => {
    const { path, bytes } = addTable(folder, lines, format, files);
    inManifest.set(path, bytes);
    return path;
  };
  const catalogue = root("catalogue", catalogueLines(registry), CATALOGUE_FORMAT);
  const dependents = root("dependents", dependentsLines(registry), DEPENDENTS_FORMAT);
  const complianceRoot = root("compliance", compliance.lines, COMPLIANCE_FORMAT);
  const manifest: Manifest = {
    format: MANIFEST_FORMAT,
    registry: registry.ofKind("Registry")[0]?.value.id ?? "",
    commit: origin.commit,
    sequence: origin.sequence,
    asOf: origin.asOf,
    nextChange: compliance.nextChange,
    policyRevision: policyRevisionOf(registry.tree),
    environments,
    slicing,
    slices: slices
      .map(({ environment, tenant, path }): SliceFile => ({ environment, tenant, path }))
      .sort(compareSlices),
    catalogue,
    dependents,
    compliance: complianceRoot,
    files: inOrder(inManifest).map(({ path, bytes }) => ({
      path,
      sha256: sha256Hex(bytes),
      length: bytes.length,
    })),
  };
  for (const [path, bytes] of inManifest) files.set(path, bytes);
  const bytes = encoder.encode(`${JSON.stringify(manifest)}\n`);
  return {
    digest: digestOfBytes(bytes),
    manifest,
    files: [...inOrder(files), { path: MANIFEST_PATH, bytes }],
    entries: registry.entries.length,
    scopes: registry.ofKind("Activation").length,
  };
}

/** Entries as canonical JSON, one a line: `{ref, resolved?, value}`, the reference first. */
export function catalogueLines(registry: Registry): readonly CatalogueLine[] {
  const writer = createCanonicalWriter();
  const ends: number[] = [];
  for (const entry of registry.entries) {
    const resolved = resolvedDependencies(entry, registry);
    writer.raw('{"ref":');
    writer.value(entry.ref);
    if (resolved.length > 0) {
      writer.raw(',"resolved":');
      writer.value(resolved);
    }
    writer.raw(',"value":');
    writer.value(entry.value);
    writer.raw("}");
    ends.push(writer.length());
  }
  return linesOf(
    registry.entries.map(({ ref }) => ref),
    writer.bytes(),
    ends,
  );
}

/** Who refers to what directly, from the referred side; entries that nobody refers to have no line. */
export function dependentsLines(registry: Registry): readonly CatalogueLine[] {
  const usedBy = new Map<string, string[]>();
  for (const entry of registry.entries) {
    for (const ref of referencesOf(entry, registry)) {
      const list = usedBy.get(ref);
      if (list === undefined) usedBy.set(ref, [entry.ref]);
      else list.push(entry.ref);
    }
  }
  const writer = createCanonicalWriter();
  const ends: number[] = [];
  const refs = [...usedBy.keys()].sort(compareBytes);
  for (const ref of refs) {
    writer.raw('{"ref":');
    writer.value(ref);
    writer.raw(',"usedBy":');
    // Entries come in byte order, so each list is in byte order already.
    writer.value(usedBy.get(ref) ?? []);
    writer.raw("}");
    ends.push(writer.length());
  }
  return linesOf(refs, writer.bytes(), ends);
}

function linesOf(
  refs: readonly string[],
  bytes: Uint8Array,
  ends: readonly number[],
): readonly CatalogueLine[] {
  return refs.map((ref, index) => ({ ref, line: bytes.subarray(ends[index - 1] ?? 0, ends[index]) }));
}

/** Cuts lines into shards below a folder and returns the root, which names them all. */
function addTable(
  folder: string,
  lines: readonly CatalogueLine[],
  format: string,
  files: Map<string, Uint8Array>,
): CompiledFile {
  const { shards, lists, root } = cutShards(lines, format);
  const name = (digest: Digest, ending: string): string =>
    `${folder}/${digest.slice("sha256:".length)}.${ending}`;
  for (const { digest, bytes } of shards) files.set(name(digest, "jsonl"), bytes);
  for (const { digest, bytes } of lists) files.set(name(digest, "jsonl"), bytes);
  return { path: name(root.digest, "json"), bytes: root.bytes };
}

function inOrder(files: ReadonlyMap<string, Uint8Array>): CompiledFile[] {
  return [...files].map(([path, bytes]) => ({ path, bytes })).sort((a, b) => compareBytes(a.path, b.path));
}

function compareSlices(a: SliceFile, b: SliceFile): number {
  return compareBytes(a.environment, b.environment) || compareBytes(a.tenant ?? "", b.tenant ?? "");
}
