/**
 * Artifacts in OCI registries: `oci://host/repository`, with `:tag` or `@sha256:…` where a manifest names the blob. What
 * is compared is the manifest or the blob that the entry's digest names; a tag that names neither is what it holds.
 */
import { createHash } from "node:crypto";
import { authorize, parseOciAddress, type OciCredentials } from "../../client/source/oci-session.ts";
import type { Digest } from "../../core/model/digest.ts";
import { isObject } from "../../core/model/json.ts";
import type { MeasuredArtifact } from "../../app/artifact-port.ts";
import { get, statusFailure, type Answer, type Asking } from "./http.ts";
import { collect, digestOfHex, measureStream, unreadable } from "./stream.ts";

/** The longest manifest that registries accept, in bytes. */
const LONGEST_MANIFEST = 4 << 20;
const manifestTypes = [
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
].join(", ");

export interface OciRequest {
  readonly uri: string;
  readonly expected: Digest;
  readonly most: number | null;
  readonly told: (bytes: number) => void;
  readonly asking: Asking;
  readonly credentials: (host: string) => OciCredentials | undefined;
  /** Whether a host was named by whoever runs this. */
  readonly isNamed: (host: string) => boolean;
}

/** Measures what an address and the expected digest name together. */
export async function measureOci(request: OciRequest): Promise<MeasuredArtifact> {
  const { uri, expected, most, told } = request;
  const { reference } = parseOciAddress(uri, false);
  const ask = openRegistry(request);
  if (reference === undefined) {
    // Registries answer all sorts of things to a manifest by a blob's digest; a blob that is not there is a plain 404.
    const blob = await ask(`blobs/${expected}`, "*/*");
    if (blob.status === 200) return measureStream(blob.pieces, most, told);
    blob.drop();
    if (blob.status !== 404) throw statusFailure(uri, blob.status);
  }
  const manifest = await readManifest(uri, reference ?? expected, ask);
  if (manifest === undefined) throw unreadable(uri, "nothing of that name or digest is there");
  if (manifest.measured.digest === expected) return manifest.measured;
  if (manifest.blobs.includes(expected)) return blobOf(expected);
  // One blob is what a tag stands for; its bytes show what is there instead.
  const [only, second] = manifest.layers;
  return only !== undefined && second === undefined ? blobOf(only) : manifest.measured;

  async function blobOf(digest: string): Promise<MeasuredArtifact> {
    const answer = await ask(`blobs/${digest}`, "*/*");
    if (answer.status === 200) return measureStream(answer.pieces, most, told);
    answer.drop();
    throw statusFailure(uri, answer.status);
  }
}

type AskRegistry = (at: string, accept: string) => Promise<Answer>;

/** Asks a repository; where the registry wants to know who asks, once more with a token. */
function openRegistry({ uri, asking, credentials, isNamed }: OciRequest): AskRegistry {
  const { origin, host, repository } = parseOciAddress(uri, false);
  // The reader of releases speaks plainly to this machine; here, only where that was allowed.
  const base = new URL(`/v2/${repository}/`, isNamed(host) ? origin : `https://${host}`);
  let authorization: string | undefined;
  const send = (at: string, accept: string): Promise<Answer> =>
    get(new URL(at, base), { accept, ...(authorization === undefined ? {} : { authorization }) }, asking);
  return async (at, accept) => {
    const first = await send(at, accept);
    if (first.status !== 401 || authorization !== undefined) return first;
    first.drop();
    const challenge = first.headers["www-authenticate"] ?? "";
    const realm = /[\s,]realm="([^"]{1,2000})"/i.exec(challenge)?.[1];
    // A stranger's registry must not make us ask what it cannot reach itself.
    if (/^bearer\b/i.test(challenge) && realm !== undefined && URL.canParse(realm))
      asking.guard.check(new URL(realm));
    authorization = await authorize(
      { status: 401, headers: new Headers({ "www-authenticate": challenge }), bytes: new Uint8Array() },
      { address: uri, host, scope: `repository:${repository}:pull`, options: { credentials } },
    );
    return send(at, accept);
  };
}

interface ReadManifest {
  readonly measured: MeasuredArtifact;
  readonly layers: readonly string[];
  /** Layers, configuration and manifests that it names. */
  readonly blobs: readonly string[];
}

async function readManifest(
  uri: string,
  reference: string,
  ask: AskRegistry,
): Promise<ReadManifest | undefined> {
  const answer = await ask(`manifests/${reference}`, manifestTypes);
  if (answer.status !== 200) {
    answer.drop();
    if (answer.status === 404) return undefined;
    throw statusFailure(uri, answer.status);
  }
  const bytes = await collect(answer.pieces, LONGEST_MANIFEST, uri);
  const digest = digestOfHex(createHash("sha256").update(bytes).digest("hex"));
  if (reference.startsWith("sha256:") && digest !== reference)
    throw unreadable(uri, `its registry answers with another manifest (${digest})`);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw unreadable(uri, "its manifest is no JSON", cause);
  }
  const layers = digestsIn(isObject(value) ? value["layers"] : undefined);
  const others = isObject(value) ? [value["config"], ...digestLists(value["blobs"])] : [];
  return { measured: { digest, size: bytes.length }, layers, blobs: [...layers, ...digestsIn(others)] };
}

function digestLists(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

function digestsIn(list: unknown): readonly string[] {
  return digestLists(list).flatMap((each) => {
    const digest = isObject(each) ? each["digest"] : undefined;
    return typeof digest === "string" && /^sha256:[0-9a-f]{64}$/.test(digest) ? [digest] : [];
  });
}
