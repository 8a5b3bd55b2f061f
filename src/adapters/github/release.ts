/**
 * A release of assent as a release of a GitHub repository. What is missing travels in packs to a draft that nobody sees;
 * the index says where every file stands, also in packs of earlier releases; publishing the draft is what makes it
 * current. Which of two published ones is current is told by the pair in the tag, and a tag exists once, so two pushes
 * can neither mix nor bring back what is older.
 * What the attacker controls: GitHub's answers. Uploads go to GitHub's own host for them or to the API's, and nowhere else.
 */
import type {
  CompleteRelease,
  MadeCurrent,
  ReleaseDestination,
  ReleaseFile,
} from "../../app/release-port.ts";
import { INDEX_NAME, renderIndex, tagOf, type Packed } from "../../client/source/github-index.ts";
import { checkedApi, openGithubRelease, parseGithubAddress } from "../../client/source/github-release.ts";
import { ask, refusal } from "../../client/source/http.ts";
import { sha256Hex } from "../../core/model/digest.ts";
import { Failure } from "../../core/model/failure.ts";
import { TIMESTAMP_PATH } from "../../core/model/release.ts";
import { listOf, numberOf, objectOf, textOf, type Fields } from "./answer.ts";
import { connect, type Client } from "./client.ts";
import { readPages } from "./pages.ts";

export interface GithubDestinationOptions {
  /** GITHUB_API_URL and GITHUB_TOKEN; the token needs the right to write contents. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  /** See ClientOptions. */
  readonly pace?: number;
}

/** Of a pack; GitHub takes files of up to 2 GiB. */
const longestPack = 64 * 1024 * 1024;
const draftName = "A push is on its way";

interface Draft {
  readonly id: number;
  readonly uploadUrl: string;
}

/** Opens `github-release:owner/repo`; nothing is asked yet. */
export function openGithubDestination(
  address: string,
  { env, pace, version }: GithubDestinationOptions,
): ReleaseDestination {
  const { owner, repo } = parseGithubAddress(address);
  const api = checkedApi(env["GITHUB_API_URL"] || "https://api.github.com");
  const token = env["GITHUB_TOKEN"]?.trim() ?? "";
  if (token === "") {
    throw new Failure("push/no-key", `There is no token for ${address}.`, {
      hint: "Set GITHUB_TOKEN to one that may write the repository's contents.",
      category: "auth",
    });
  }
  const client = connect({
    baseUrl: api,
    version,
    token: () => Promise.resolve(token),
    ...(pace !== undefined && { pace }),
  });
  const reader = openGithubRelease(address, { api, token });
  const host: Host = { address, api, token, client, place: { owner, repo } };
  const placed = new Map<string, Packed>();
  let draft: Draft | undefined;
  return {
    address,
    async present(files) {
      const current = await reader.current();
      for (const packed of current?.files.values() ?? []) placed.set(packed.sha256, packed);
      return new Set(files.filter(({ sha256 }) => placed.has(sha256)).map(({ path }) => path));
    },
    async store(files, told) {
      const missing = [...new Map(files.map((file) => [file.sha256, file])).values()];
      if (missing.length === 0) return;
      draft ??= await openDraft(host, missing);
      for (const pack of await packsOf(missing))
        for (const [sha256, packed] of await uploadPack(host, draft, pack)) placed.set(sha256, packed);
      for (const file of files) told(file);
    },
    async makeCurrent(release, expected) {
      draft ??= await openDraft(host, [{ sha256: sha256Hex(release.timestamp) }]);
      return publish({ host, draft, placed, current: () => reader.current() }, release, expected);
    },
  };
}

interface Host {
  readonly address: string;
  readonly api: string;
  readonly token: string;
  readonly client: Client;
  readonly place: { readonly owner: string; readonly repo: string };
}

interface Publishing {
  readonly host: Host;
  readonly draft: Draft;
  readonly placed: ReadonlyMap<string, Packed>;
  current(): Promise<{ readonly tag: string } | undefined>;
}

async function publish(
  { host, draft, placed, current }: Publishing,
  release: CompleteRelease,
  expected: string | undefined,
): Promise<MadeCurrent> {
  const { timestamp, files } = release;
  const now = { path: TIMESTAMP_PATH, sha256: sha256Hex(timestamp), length: timestamp.length };
  const own = await uploadPack(host, draft, [{ ...now, bytes: timestamp }]);
  const index = new Map<string, Packed>();
  for (const { path, sha256 } of [...files, now]) {
    const packed = own.get(sha256) ?? placed.get(sha256);
    if (packed === undefined) throw new Error(`${path} was sent nowhere`);
    index.set(path, packed);
  }
  const rendered = renderIndex(index);
  await uploadAsset(host, draft, INDEX_NAME, rendered);
  const tag = tagOf(release);
  const before = await current();
  if (before?.tag !== expected && before?.tag !== tag) throw overtaken(host.address);
  const { status } = await host.client.ask(
    "PATCH /repos/{owner}/{repo}/releases/{release_id}",
    {
      ...host.place,
      release_id: draft.id,
      tag_name: tag,
      name: `Landing ${release.sequence}, as of ${release.asOf}`,
      body: `Read it with \`assent verify ${host.address}\`; the files are not meant to be taken one by one.`,
      draft: false,
      // A repository may publish its software as well.
      make_latest: "false",
    },
    { also: [422] },
  );
  const after = status === 422 ? undefined : await current();
  // 422: the tag is there already, so somebody has published another release of the same pair.
  if (after?.tag !== tag) throw overtaken(host.address);
  return { atomic: true, overhead: rendered.length };
}

function overtaken(address: string): Failure {
  return new Failure("push/overtaken", `Somebody else has published to ${address} meanwhile.`, {
    hint: "What is current there is whole. Run the push again: it compares with what is there now.",
    category: "conflict",
  });
}

/** The draft of a push with this content: the one that an interrupted push has left, else a new one. */
async function openDraft(
  { client, place }: Host,
  files: readonly { readonly sha256: string }[],
): Promise<Draft> {
  const tag = `assent-next-${sha256Hex(files.map(({ sha256 }) => sha256).join("\n")).slice(0, 16)}`;
  const { items } = await readPages(client, "GET /repos/{owner}/{repo}/releases", place, { most: 10 });
  const left = items
    .map((each) => objectOf(each, "a release"))
    .find((each) => each["draft"] === true && each["tag_name"] === tag);
  if (left !== undefined) return draftOf(left);
  const { data } = await client.ask("POST /repos/{owner}/{repo}/releases", {
    ...place,
    tag_name: tag,
    name: draftName,
    draft: true,
  });
  return draftOf(objectOf(data, "the draft"));
}

function draftOf(fields: Fields): Draft {
  const uploadUrl = textOf(fields, "upload_url", "the draft").replace(/\{.*$/, "");
  return { id: numberOf(fields, "id", "the draft"), uploadUrl };
}

interface Part {
  readonly sha256: string;
  readonly length: number;
  readonly bytes: Uint8Array;
}

async function packsOf(files: readonly ReleaseFile[]): Promise<readonly (readonly Part[])[]> {
  const packs: Part[][] = [[]];
  let size = 0;
  for (const file of files) {
    if (size > 0 && size + file.length > longestPack) {
      packs.push([]);
      size = 0;
    }
    packs.at(-1)?.push({ sha256: file.sha256, length: file.length, bytes: await file.read() });
    size += file.length;
  }
  return packs;
}

/** Where each part of a pack stands, once it is there. */
async function uploadPack(
  host: Host,
  draft: Draft,
  parts: readonly Part[],
): Promise<ReadonlyMap<string, Packed>> {
  const bytes = Buffer.concat(parts.map((part) => part.bytes));
  const asset = await uploadAsset(host, draft, `${sha256Hex(bytes)}.pack`, bytes);
  let offset = 0;
  const placed = new Map<string, Packed>();
  for (const { sha256, length } of parts) {
    placed.set(sha256, { asset, offset, length, sha256 });
    offset += length;
  }
  return placed;
}

/** Uploads a file unless it is there whole; what broke off, or has other content, is taken away first. */
async function uploadAsset(host: Host, draft: Draft, name: string, bytes: Uint8Array): Promise<number> {
  const { client, place, address, api, token } = host;
  const listed = await readPages(client, "GET /repos/{owner}/{repo}/releases/{release_id}/assets", {
    ...place,
    release_id: draft.id,
  });
  const there = listOf(listed.items, "the draft's files")
    .map((each) => objectOf(each, "a file of the draft"))
    .find((each) => each["name"] === name);
  if (there !== undefined) {
    const id = numberOf(there, "id", "a file of the draft");
    const digest = there["digest"];
    const isWhole = there["state"] === "uploaded" && digest === `sha256:${sha256Hex(bytes)}`;
    if (isWhole) return id;
    await client.ask("DELETE /repos/{owner}/{repo}/releases/assets/{asset_id}", { ...place, asset_id: id });
  }
  const url = new URL(checkedUpload(draft.uploadUrl, api, address));
  url.searchParams.set("name", name);
  const answer = await ask({
    url,
    method: "POST",
    headers: {
      authorization: `Bearer ${token}`,
      accept: "application/vnd.github+json",
      "content-type": "application/octet-stream",
      "user-agent": "assent",
      "x-github-api-version": "2022-11-28",
    },
    body: bytes,
    maxLength: 1 << 20,
    address,
    path: name,
  });
  if (answer.status !== 201)
    throw refusal(
      address,
      name,
      answer.status,
      "The token needs the right to write the repository's contents.",
    );
  const made: unknown = JSON.parse(new TextDecoder().decode(answer.bytes));
  return numberOf(objectOf(made, "the uploaded file"), "id", "the uploaded file");
}

/** GitHub takes uploads on another host than its API; the token goes to this one only. */
function checkedUpload(uploadUrl: string, api: string, address: string): string {
  const origin = URL.canParse(uploadUrl) ? new URL(uploadUrl).origin : "";
  const isGithub = api === "https://api.github.com" && origin === "https://uploads.github.com";
  if (isGithub || origin === new URL(api).origin) return uploadUrl;
  throw new Failure("push/redirected", `${address} wants files sent to another host.`, {
    hint: "Check GITHUB_API_URL, and what stands between here and GitHub.",
    category: "unavailable",
  });
}
