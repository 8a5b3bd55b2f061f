/** Releases of a repository on the stand-in: drafts, files, tags that exist once, and the host that hands out files. */
import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Fields } from "./openapi.ts";
import type { Asked, Reply } from "./routes.ts";

export interface AssetState {
  readonly id: number;
  readonly name: string;
  bytes: Uint8Array;
  /** `open`: an upload that broke off. */
  state: "uploaded" | "open";
}

export interface ReleaseState {
  readonly id: number;
  tag_name: string;
  name: string;
  body: string;
  draft: boolean;
  readonly assets: AssetState[];
}

const storage = "/_storage/";

/** The routes of releases; `url` is the stand-in's own address. */
export function releaseRoutes(
  releases: ReleaseState[],
  url: () => string,
): Readonly<Record<string, (asked: Asked) => Reply>> {
  let nextId = 5_000;
  const shownAsset = ({ id, name, state, bytes }: AssetState): Fields => ({
    id,
    name,
    state,
    size: bytes.length,
    digest: state === "uploaded" ? `sha256:${createHash("sha256").update(bytes).digest("hex")}` : null,
    content_type: "application/octet-stream",
  });
  const shown = (
    { id, tag_name, name, body, draft, assets }: ReleaseState,
    place: Asked["path"],
  ): Fields => ({
    id,
    tag_name,
    name,
    body,
    draft,
    prerelease: false,
    upload_url: `${url()}/repos/${place["owner"]}/${place["repo"]}/releases/${id}/assets{?name,label}`,
    assets: assets.map(shownAsset),
  });
  const refuse = (status: number, message: string): Reply => ({ status, value: { message } });
  const mayWrite = ({ caller }: Asked): boolean => caller.kind !== "nobody";
  const releaseOf = ({ path }: Asked): ReleaseState | undefined =>
    releases.find(({ id }) => String(id) === path["release_id"]);
  const isTaken = (tag: unknown, except?: ReleaseState): boolean =>
    releases.some((each) => each !== except && !each.draft && each.tag_name === tag);
  const all = (): readonly AssetState[] => releases.flatMap(({ assets }) => assets);
  return {
    "GET /repos/{owner}/{repo}/releases": (asked) => ({
      status: 200,
      // Drafts are shown to whoever may write only.
      list: releases
        .filter(({ draft }) => !draft || mayWrite(asked))
        .toReversed()
        .map((each) => shown(each, asked.path)),
    }),
    "POST /repos/{owner}/{repo}/releases": (asked) => {
      if (!mayWrite(asked)) return refuse(403, "Resource not accessible");
      const { tag_name: tag, name = "", body = "", draft = false } = asked.body;
      if (draft !== true && isTaken(tag)) return refuse(422, "Validation Failed");
      const made: ReleaseState = {
        id: nextId++,
        tag_name: String(tag),
        name: String(name),
        body: String(body),
        draft: draft === true,
        assets: [],
      };
      releases.push(made);
      return { status: 201, value: shown(made, asked.path) };
    },
    "PATCH /repos/{owner}/{repo}/releases/{release_id}": (asked) => {
      const release = releaseOf(asked);
      if (release === undefined || !mayWrite(asked)) return refuse(404, "Not Found");
      const { tag_name: tag = release.tag_name, draft = release.draft } = asked.body;
      if (draft === false && isTaken(tag, release)) return refuse(422, "Validation Failed");
      Object.assign(release, asked.body);
      return { status: 200, value: shown(release, asked.path) };
    },
    "GET /repos/{owner}/{repo}/releases/{release_id}/assets": (asked) => ({
      status: 200,
      list: (releaseOf(asked)?.assets ?? []).map(shownAsset),
    }),
    "POST /repos/{owner}/{repo}/releases/{release_id}/assets": (asked) => {
      const release = releaseOf(asked);
      if (release === undefined || !mayWrite(asked)) return refuse(404, "Not Found");
      const name = asked.query.get("name") ?? "";
      if (release.assets.some((each) => each.name === name)) return refuse(422, "Validation Failed");
      const made: AssetState = { id: nextId++, name, bytes: asked.raw, state: "uploaded" };
      release.assets.push(made);
      return { status: 201, value: shownAsset(made) };
    },
    "GET /repos/{owner}/{repo}/releases/assets/{asset_id}": (asked) => {
      const asset = all().find(({ id }) => String(id) === asked.path["asset_id"]);
      if (asset === undefined) return refuse(404, "Not Found");
      if (asked.accept !== "application/octet-stream") return { status: 200, value: shownAsset(asset) };
      return { status: 302, headers: { location: `${url()}${storage}${asset.id}` } };
    },
    "DELETE /repos/{owner}/{repo}/releases/assets/{asset_id}": (asked) => {
      for (const { assets } of releases) {
        const at = assets.findIndex(({ id }) => String(id) === asked.path["asset_id"]);
        if (at >= 0) assets.splice(at, 1);
      }
      return { status: 204 };
    },
  };
}

/** The host of GitHub's that hands out files, in ranges; it knows no tokens. False where the path is not its own. */
export function serveStorage(
  releases: readonly ReleaseState[],
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  const path = request.url ?? "";
  if (!path.startsWith(storage)) return false;
  const id = path.slice(storage.length);
  const asset = releases.flatMap(({ assets }) => assets).find((each) => String(each.id) === id);
  const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "");
  if (asset === undefined) response.writeHead(404).end();
  else if (range === null) response.writeHead(200).end(asset.bytes);
  else response.writeHead(206).end(asset.bytes.subarray(Number(range[1]), Number(range[2]) + 1));
  return true;
}
