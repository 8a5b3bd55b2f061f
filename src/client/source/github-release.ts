/**
 * A release of assent in a repository's releases on GitHub. The newest published one by the pair in its tag is current;
 * its index says where each file stands. Polling costs a 304, which GitHub does not count against its limits.
 * What the attacker controls: whatever is published there. Assets are handed out by another host of GitHub's: it is asked
 * without the token, over https, and what it answers is checked against the index and then against the signatures.
 */
import { sha256Hex } from "../../core/model/digest.ts";
import { isObject } from "../../core/model/json.ts";
import { TIMESTAMP_PATH } from "../../core/model/release.ts";
import { badAddress, tooLong, unavailable } from "./failures.ts";
import { compareTags, INDEX_NAME, LONGEST_INDEX, orderOf, parseIndex, type Packed } from "./github-index.ts";
import { ask, isLoopback, refusal, type HttpAnswer, type Limits } from "./http.ts";
import type { ReadAnswer, ReadOptions, ReleaseReader } from "./reader.ts";

export interface GithubReleaseOptions {
  /** The API's address (GITHUB_API_URL); default https://api.github.com. */
  readonly api?: string | undefined;
  /** For private repositories, and for more requests an hour. */
  readonly token?: string | undefined;
  readonly limits?: Limits | undefined;
}

interface Found {
  readonly tag: string;
  readonly index: number;
}

const longestList = 32 * 1024 * 1024;
const pageSize = 100;
const mostPages = 10;
/** GitHub counts requests: a service reads a few files of a pack, a copy reads nearly all. */
const FEW = 8;
/** Twice what a push sends in one. */
const LONGEST_PACK = 128 * 1024 * 1024;

/** `github-release:owner/repo` -> its two words; a Failure for anything else. */
export function parseGithubAddress(address: string): { readonly owner: string; readonly repo: string } {
  const [, owner, repo] =
    /^github-release:([A-Za-z0-9](?:[A-Za-z0-9-]{0,38}))\/([A-Za-z0-9._-]{1,100})$/.exec(address) ?? [];
  if (owner === undefined || repo === undefined || /^\.+$/.test(repo))
    throw badAddress(address, "it names no repository", "Write github-release:<owner>/<repository>.");
  return { owner, repo };
}

/** What is current in a repository. */
export interface GithubCurrent {
  readonly tag: string;
  readonly files: ReadonlyMap<string, Packed>;
}

/** A reader that also tells where the files of what is current stand, for whoever publishes beside them. */
export interface GithubReader extends ReleaseReader {
  /** Asks anew. */
  current(): Promise<GithubCurrent | undefined>;
}

/** Reads what is current in a repository. */
export function openGithubRelease(address: string, options: GithubReleaseOptions = {}): GithubReader {
  const { owner, repo } = parseGithubAddress(address);
  const api = checkedApi(options.api ?? "https://api.github.com");
  let listed: { readonly etag: string; readonly found: Found | undefined } | undefined;
  let opened: GithubCurrent | undefined;
  let pack: { asset: number; asked: number; whole: Promise<Uint8Array> | undefined } | undefined;

  const get = (
    path: string,
    what: string,
    maxLength: number,
    more: Readonly<Record<string, string>>,
    signal: AbortSignal | undefined,
  ): Promise<HttpAnswer> =>
    ask({
      url: new URL(`${api}/repos/${owner}/${repo}/${path}`),
      headers: {
        accept: "application/vnd.github+json",
        "user-agent": "assent",
        "x-github-api-version": "2022-11-28",
        ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
        ...more,
      },
      maxLength,
      address,
      path: what,
      limits: options.limits,
      signal,
      elsewhere: true,
    });

  const current = async (signal: AbortSignal | undefined): Promise<Found | undefined> => {
    let best: Found | undefined;
    let etag: string | undefined;
    for (let page = 1; page <= mostPages; page++) {
      const known: Record<string, string> =
        page === 1 && listed !== undefined ? { "if-none-match": listed.etag } : {};
      const path = `releases?per_page=${pageSize}&page=${page}`;
      const answer = await get(path, "its releases", longestList, known, signal);
      if (answer.status === 304 && listed !== undefined) return listed.found;
      if (answer.status === 404 && page === 1) return undefined;
      if (answer.status !== 200)
        throw refusal(
          address,
          "its releases",
          answer.status,
          "Set GITHUB_TOKEN to one that may read the repository.",
        );
      if (page === 1) etag = answer.headers.get("etag") ?? undefined;
      const rows = parseList(answer.bytes);
      if (rows === undefined) throw unavailable(address, "its list of releases makes no sense");
      for (const row of rows) {
        const found = foundIn(row);
        if (found !== undefined && (best === undefined || compareTags(best.tag, found.tag) < 0)) best = found;
      }
      if (rows.length < pageSize) break;
    }
    listed = etag === undefined ? undefined : { etag, found: best };
    return best;
  };

  const renew = async (signal: AbortSignal | undefined): Promise<GithubCurrent | undefined> => {
    const found = await current(signal);
    if (found === undefined) return (opened = undefined);
    if (found.tag === opened?.tag) return opened;
    const answer = await get(
      `releases/assets/${found.index}`,
      INDEX_NAME,
      LONGEST_INDEX,
      { accept: "application/octet-stream" },
      signal,
    );
    const files = answer.status === 200 ? parseIndex(answer.bytes) : undefined;
    if (files === undefined) throw unavailable(address, `the index of ${found.tag} makes no sense`);
    return (opened = { tag: found.tag, files });
  };

  /** What stands at an offset of a pack: asked for by itself, and where somebody wants ever more of a pack, all of it. */
  const part = async (
    asset: number,
    offset: number,
    length: number,
    path: string,
    signal: AbortSignal | undefined,
  ): Promise<Uint8Array> => {
    if (pack?.asset !== asset) pack = { asset, asked: 0, whole: undefined };
    pack.asked += 1;
    const download = async (range: Readonly<Record<string, string>>): Promise<HttpAnswer> => {
      const accept = "application/octet-stream";
      const answer = await get(`releases/assets/${asset}`, path, LONGEST_PACK, { accept, ...range }, signal);
      if (answer.status === 200 || answer.status === 206) return answer;
      throw refusal(address, path, answer.status, "Set GITHUB_TOKEN to one that may read the repository.");
    };
    if (pack.asked > FEW) {
      pack.whole ??= download({}).then(({ bytes }) => bytes);
      return (await pack.whole).subarray(offset, offset + length);
    }
    const { status, bytes } = await download({ range: `bytes=${offset}-${offset + length - 1}` });
    // A host that knows no ranges sends all of it.
    return status === 206 ? bytes : bytes.subarray(offset, offset + length);
  };

  return {
    address,
    current: () => renew(undefined),
    async read(path: string, { maxLength, tag, signal }: ReadOptions): Promise<ReadAnswer> {
      const moves = path === TIMESTAMP_PATH || path.endsWith(".root.json");
      const release = moves ? await renew(signal) : (opened ?? (await renew(signal)));
      const file = release?.files.get(path);
      if (release === undefined || file === undefined) return undefined;
      const now = path === TIMESTAMP_PATH ? release.tag : file.sha256;
      if (tag === now) return "unchanged";
      if (file.length > maxLength) throw tooLong(address, path, maxLength);
      const { asset, offset, length } = file;
      if (length === 0) return { bytes: new Uint8Array(), tag: now };
      const bytes = await part(asset, offset, length, path, signal);
      if (bytes.length !== length || sha256Hex(bytes) !== file.sha256)
        throw unavailable(address, `${path} does not have the digest that its index names`);
      return { bytes, tag: now };
    },
  };
}

function parseList(bytes: Uint8Array): readonly unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A published release of ours that has its index. */
function foundIn(row: unknown): Found | undefined {
  if (!isObject(row) || row["draft"] !== false || typeof row["tag_name"] !== "string") return undefined;
  if (orderOf(row["tag_name"]) === undefined || !Array.isArray(row["assets"])) return undefined;
  for (const asset of row["assets"] as readonly unknown[]) {
    if (!isObject(asset) || asset["name"] !== INDEX_NAME || typeof asset["id"] !== "number") continue;
    return { tag: row["tag_name"], index: asset["id"] };
  }
  return undefined;
}

/** The API's address without a slash at its end; a Failure where no token may be sent to it. */
export function checkedApi(api: string): string {
  const url = URL.canParse(api) ? new URL(api) : undefined;
  const safe =
    url !== undefined &&
    (url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname))) &&
    url.username === "" &&
    url.password === "";
  if (!safe) throw badAddress(api, "GITHUB_API_URL is no https address", "For github.com leave it out.");
  return url.href.replace(/\/+$/, "");
}
