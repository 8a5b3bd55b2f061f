/**
 * The manifest under which an OCI registry holds a release: one layer for each file, its path in the title annotation
 * (as `oras` writes it). Bytes to value and back; nothing is asked here.
 * What the attacker controls: the whole manifest. A title is only ever compared with the paths of a release, never joined
 * to a folder, and what a layer holds is checked against the digest that names it and against the release's signatures.
 */
import { isObject } from "../../core/model/json.ts";
import { isReleasePath } from "../../core/model/release.ts";

export const ARTIFACT_TYPE = "application/vnd.assent.release.v1+json";
export const MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";
/** The tag that is moved to publish. */
export const CURRENT_TAG = "current";
/** Registries take manifests of at most 4 MiB (distribution specification 1.1). */
export const LONGEST_MANIFEST = 4 * 1024 * 1024;
/** The empty configuration that the image specification provides for artifacts. */
export const EMPTY = {
  mediaType: "application/vnd.oci.empty.v1+json",
  digest: "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
  size: 2,
} as const;

const TITLE = "org.opencontainers.image.title";

export interface OciLayer {
  /** 64 lower-case hex digits. */
  readonly sha256: string;
  readonly length: number;
}

/** The files by path; undefined when it is no manifest of a release. Titles that are no path of one are passed over. */
export function parseOciManifest(bytes: Uint8Array): ReadonlyMap<string, OciLayer> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
  if (!isObject(value) || value["artifactType"] !== ARTIFACT_TYPE || !Array.isArray(value["layers"]))
    return undefined;
  const files = new Map<string, OciLayer>();
  for (const layer of value["layers"] as readonly unknown[]) {
    if (!isObject(layer) || !isObject(layer["annotations"])) continue;
    const path = layer["annotations"][TITLE];
    const sha256 = /^sha256:([0-9a-f]{64})$/.exec(String(layer["digest"]))?.[1];
    const length = layer["size"];
    if (typeof path !== "string" || !isReleasePath(path) || sha256 === undefined) continue;
    if (typeof length !== "number" || !Number.isSafeInteger(length) || length < 0) continue;
    // Two layers of one title: whichever is meant, the first one counts for everybody.
    if (!files.has(path)) files.set(path, { sha256, length });
  }
  return files;
}

/** The manifest's bytes; `files` in the order they are to stand in. The same files give the same bytes. */
export function renderOciManifest(
  files: readonly (OciLayer & { readonly path: string })[],
  annotations: Readonly<Record<string, string>>,
): Uint8Array {
  const manifest = {
    schemaVersion: 2,
    mediaType: MANIFEST_TYPE,
    artifactType: ARTIFACT_TYPE,
    config: EMPTY,
    layers: files.map(({ path, sha256, length }) => ({
      mediaType: path.endsWith(".jsonl") ? "application/jsonl" : "application/json",
      digest: `sha256:${sha256}`,
      size: length,
      annotations: { [TITLE]: path },
    })),
    annotations,
  };
  return new TextEncoder().encode(JSON.stringify(manifest));
}
