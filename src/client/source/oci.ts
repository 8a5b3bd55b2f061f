/**
 * A release in an OCI registry: the tag `current` names a manifest, its layers are the files. The tag is asked for what
 * may have changed (timestamp and roots); everything else is read by the digests of the manifest that was seen last.
 * What the attacker controls: the tag and what it names. An older manifest is an older release, which the caller refuses
 * by its own memory; a swapped blob does not have the digest it is asked by.
 */
import { sha256Hex } from "../../core/model/digest.ts";
import { TIMESTAMP_PATH } from "../../core/model/release.ts";
import { tooLong, unavailable } from "./failures.ts";
import { refusal } from "./http.ts";
import {
  CURRENT_TAG,
  LONGEST_MANIFEST,
  MANIFEST_TYPE,
  parseOciManifest,
  type OciLayer,
} from "./oci-manifest.ts";
import { openOciSession, type OciOptions, type OciSession } from "./oci-session.ts";
import type { ReadAnswer, ReadOptions, ReleaseReader } from "./reader.ts";

/** A manifest that was read, with the digest that names it. */
export interface OciRelease {
  readonly digest: string;
  readonly files: ReadonlyMap<string, OciLayer>;
}

/** Reads `oci://host/repository`, `:tag` or `@sha256:digest` behind it for one certain release. */
export function openOci(address: string, options: OciOptions = {}): ReleaseReader {
  const session = openOciSession(address, "pull", options);
  const reference = session.place.reference ?? CURRENT_TAG;
  let seen: OciRelease | undefined;
  const renew = async (signal: AbortSignal | undefined): Promise<OciRelease | undefined> =>
    (seen = await readOciRelease(session, reference, seen, signal));
  return {
    address,
    async read(path: string, { maxLength, tag, signal }: ReadOptions): Promise<ReadAnswer> {
      const moves = path === TIMESTAMP_PATH || path.endsWith(".root.json");
      const release = moves ? await renew(signal) : (seen ?? (await renew(signal)));
      if (release === undefined) return undefined;
      const file = release.files.get(path);
      if (file === undefined) return undefined;
      // The manifest's digest, because moving the tag is what publishes.
      const current = path === TIMESTAMP_PATH ? release.digest : `sha256:${file.sha256}`;
      if (tag === current) return "unchanged";
      if (file.length > maxLength) throw tooLong(address, path, maxLength);
      const bytes = await readOciBlob(session, path, file, signal);
      return { bytes, tag: current };
    },
  };
}

/** The release that a tag or digest names; `seen` is handed back when nothing moved. Undefined: there is none. */
export async function readOciRelease(
  session: OciSession,
  reference: string,
  seen?: OciRelease,
  signal?: AbortSignal,
): Promise<OciRelease | undefined> {
  const { address } = session;
  const what = `the manifest ${reference}`;
  const answer = await session.ask({
    at: `manifests/${reference}`,
    headers: {
      accept: MANIFEST_TYPE,
      ...(seen === undefined ? {} : { "if-none-match": `"${seen.digest}"` }),
    },
    maxLength: LONGEST_MANIFEST,
    path: what,
    signal,
  });
  if (answer.status === 304 && seen !== undefined) return seen;
  if (answer.status === 404) return undefined;
  if (answer.status !== 200) throw refusal(address, what, answer.status, "Ask for the right to pull.");
  const digest = `sha256:${sha256Hex(answer.bytes)}`;
  if (reference.startsWith("sha256:") && digest !== reference)
    throw unavailable(address, `${what} has the digest ${digest}`);
  if (digest === seen?.digest) return seen;
  const files = parseOciManifest(answer.bytes);
  if (files === undefined) throw unavailable(address, `${what} is no release of assent`);
  return { digest, files };
}

/** A layer, checked against the digest and length by which the manifest names it. */
export async function readOciBlob(
  session: OciSession,
  path: string,
  { sha256, length }: OciLayer,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const answer = await session.ask({
    at: `blobs/sha256:${sha256}`,
    maxLength: length,
    path,
    signal,
    elsewhere: true,
  });
  if (answer.status !== 200)
    throw refusal(session.address, path, answer.status, "Ask for the right to pull.");
  if (answer.bytes.length !== length || sha256Hex(answer.bytes) !== sha256)
    throw unavailable(session.address, `${path} does not have the digest that its manifest names`);
  return answer.bytes;
}
