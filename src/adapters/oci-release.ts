/**
 * A release in an OCI registry (distribution and image specifications 1.1): every file a blob, sent only where it is
 * missing; one manifest whose layers carry the paths; publishing moves the tag `current` to it. A manifest is immutable
 * and whole, so what is current is always whole; registries cannot compare and move a tag in one step.
 * What the attacker controls: the registry's answers. An upload goes nowhere but to the registry that was named.
 */
import type { CompleteRelease, MadeCurrent, ReleaseDestination, ReleaseFile } from "../app/release-port.ts";
import { refusal } from "../client/source/http.ts";
import { readOciRelease } from "../client/source/oci.ts";
import {
  CURRENT_TAG,
  EMPTY,
  LONGEST_MANIFEST,
  MANIFEST_TYPE,
  renderOciManifest,
} from "../client/source/oci-manifest.ts";
import { openOciSession, type OciOptions, type OciSession } from "../client/source/oci-session.ts";
import { atOnce } from "../core/model/at-once.ts";
import { sha256Hex } from "../core/model/digest.ts";
import { Failure } from "../core/model/failure.ts";
import { compareBytes } from "../core/model/json.ts";
import { TIMESTAMP_PATH } from "../core/model/release.ts";

/** Requests at once; registries answer more with 429. */
const WIDTH = 8;
/** Bigger files travel in pieces of this size, for registries behind proxies that take no long requests. */
const PIECE = 16 * 1024 * 1024;

/** Opens `oci://host/repository`; nothing is asked yet. */
export function openOciDestination(address: string, options: OciOptions = {}): ReleaseDestination {
  const session = openOciSession(address, "pull,push", options);
  if (session.place.reference !== undefined) {
    throw new Failure("push/address", `${address} names one release, and a push makes a new one.`, {
      hint: `Leave out the tag: oci://${session.place.host}/${session.place.repository}.`,
    });
  }
  return {
    address,
    async present(files) {
      const current = await readOciRelease(session, CURRENT_TAG);
      const known = new Set([...(current?.files.values() ?? [])].map(({ sha256 }) => sha256));
      const digests = [...new Set(files.map(({ sha256 }) => sha256))];
      await atOnce(WIDTH, digests, async (sha256) => {
        if (!known.has(sha256) && (await holds(session, sha256))) known.add(sha256);
      });
      return new Set(files.filter(({ sha256 }) => known.has(sha256)).map(({ path }) => path));
    },
    async store(files, told) {
      const byDigest = new Map<string, ReleaseFile[]>();
      for (const file of files) byDigest.set(file.sha256, [...(byDigest.get(file.sha256) ?? []), file]);
      await atOnce(WIDTH, [...byDigest.values()], async (same) => {
        const [first] = same;
        if (first === undefined) return;
        await upload(session, first.sha256, await first.read());
        for (const file of same) told(file);
      });
    },
    makeCurrent: (release, expected) => makeCurrent(session, release, expected),
  };
}

async function makeCurrent(
  session: OciSession,
  { timestamp, files, sequence, asOf }: CompleteRelease,
  expected: string | undefined,
): Promise<MadeCurrent> {
  const { address } = session;
  const now = { path: TIMESTAMP_PATH, sha256: sha256Hex(timestamp), length: timestamp.length };
  const layers = [...files, now].sort((a, b) => compareBytes(a.path, b.path));
  const manifest = renderOciManifest(layers, { "org.opencontainers.image.created": asOf });
  if (manifest.length > LONGEST_MANIFEST) {
    throw new Failure(
      "push/too-many-files",
      `The manifest for ${address} is longer than registries take (4 MiB).`,
      {
        hint: "Publish this release to a static host or an S3-compatible store.",
      },
    );
  }
  const empty = new TextEncoder().encode("{}");
  for (const [sha256, bytes] of [
    [EMPTY.digest.slice("sha256:".length), empty],
    [now.sha256, timestamp],
  ] as const)
    if (!(await holds(session, sha256))) await upload(session, sha256, bytes);
  await put(session, `${sequence}-${asOf.replace(/[-:]|\.\d+/g, "")}`, manifest);
  const before = await readOciRelease(session, CURRENT_TAG);
  const ours = `sha256:${sha256Hex(manifest)}`;
  if (before?.digest !== expected && before?.digest !== ours) throw overtaken(address);
  await put(session, CURRENT_TAG, manifest);
  // Whoever compared at the same moment has moved the tag as well; the last one has won, the others must know.
  const after = await readOciRelease(session, CURRENT_TAG);
  if (after?.digest !== ours) throw overtaken(address);
  return { atomic: false, overhead: 2 * manifest.length };
}

function overtaken(address: string): Failure {
  return new Failure("push/overtaken", `Somebody else has published to ${address} meanwhile.`, {
    hint: "What is current there is whole. Run the push again: it compares with what is there now.",
    category: "conflict",
  });
}

async function put(session: OciSession, tag: string, manifest: Uint8Array): Promise<void> {
  const answer = await session.ask({
    at: `manifests/${tag}`,
    method: "PUT",
    headers: { "content-type": MANIFEST_TYPE },
    body: manifest,
    maxLength: LONGEST_MANIFEST,
    path: `the tag ${tag}`,
  });
  if (answer.status !== 201) throw refused(session, `the tag ${tag}`, answer.status);
}

async function holds(session: OciSession, sha256: string): Promise<boolean> {
  const path = `blob ${sha256}`;
  const answer = await session.ask({
    at: `blobs/sha256:${sha256}`,
    method: "HEAD",
    maxLength: 0,
    path,
    elsewhere: true,
  });
  if (answer.status === 200) return true;
  if (answer.status === 404) return false;
  throw refused(session, path, answer.status);
}

/** One request for most files, several for big ones. What broke off is nowhere: it is sent anew. */
async function upload(session: OciSession, sha256: string, bytes: Uint8Array): Promise<void> {
  const path = `blob ${sha256}`;
  const ask = { maxLength: 64 * 1024, path };
  const begun = await session.ask({ ...ask, at: "blobs/uploads/", method: "POST" });
  if (begun.status !== 202) throw refused(session, path, begun.status);
  let next = placeIn(session, begun.headers.get("location"), path);
  let at = 0;
  while (bytes.length - at > PIECE) {
    const piece = bytes.subarray(at, at + PIECE);
    const headers = {
      "content-type": "application/octet-stream",
      "content-range": `${at}-${at + piece.length - 1}`,
    };
    const sent = await session.ask({ ...ask, at: next, method: "PATCH", headers, body: piece });
    if (sent.status !== 202) throw refused(session, path, sent.status);
    next = placeIn(session, sent.headers.get("location"), path);
    at += piece.length;
  }
  next.searchParams.set("digest", `sha256:${sha256}`);
  const last = await session.ask({
    ...ask,
    at: next,
    method: "PUT",
    headers: { "content-type": "application/octet-stream" },
    body: bytes.subarray(at),
  });
  if (last.status !== 201) throw refused(session, path, last.status);
}

/** Where an upload goes on. Another host would be handed the token. */
function placeIn({ address, place }: OciSession, location: string | null, path: string): URL {
  const url =
    location !== null && URL.canParse(location, place.origin) ? new URL(location, place.origin) : null;
  if (url?.origin === place.origin) return url;
  throw new Failure("push/redirected", `${address} wants ${path} sent to another host.`, {
    hint: "Name the registry by the host that takes uploads.",
    category: "unavailable",
  });
}

function refused({ address }: OciSession, path: string, status: number): Error {
  const hint = "Ask for the right to push to this repository.";
  if (status === 429) {
    return new Failure("push/rate-limited", `${address} wants no more requests for now.`, {
      hint: "Run the push again later: it goes on where it stopped.",
      category: "unavailable",
    });
  }
  return refusal(address, path, status, hint);
}
