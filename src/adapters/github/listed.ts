/** Open pull requests in lists, and opening one. A list that does not end is a failure: what is missing may be the one. */
import type { Forge, ListedPullRequest } from "../../app/ports.ts";
import { Failure } from "../../core/model/failure.ts";
import type { RepositoryName } from "../../core/model/repository-name.ts";
import { numberOf, objectOf, shaOf, textOf } from "./answer.ts";
import type { Client } from "./client.ts";
import { readPages, type Pages } from "./pages.ts";

/** All open pull requests, in the order of their numbers. */
export async function readOpenPulls(
  client: Client,
  repo: RepositoryName,
): Promise<readonly ListedPullRequest[]> {
  const place = { owner: repo.owner, repo: repo.name, state: "open", sort: "created", direction: "asc" };
  return listedPulls(await readPages(client, "GET /repos/{owner}/{repo}/pulls", place));
}

/**
 * The open pull requests whose head is this commit, whoever opened them and whatever they are to merge into. From the
 * list of all: what GitHub says of a commit by itself leaves out forks at times.
 */
export async function readPullsWithHead(
  client: Client,
  repo: RepositoryName,
  sha: string,
): Promise<readonly ListedPullRequest[]> {
  return (await readOpenPulls(client, repo)).filter(({ head }) => head === sha);
}

function listedPulls({ items, whole }: Pages): readonly ListedPullRequest[] {
  if (!whole) {
    throw new Failure("forge/truncated", "GitHub does not list all pull requests.", {
      hint: "Close what is abandoned and try again.",
      category: "unavailable",
    });
  }
  return items
    .map((item) => {
      const fields = objectOf(item, "a pull request");
      const base = objectOf(fields["base"], "a pull request's base");
      const head = objectOf(fields["head"], "a pull request's head");
      return {
        number: numberOf(fields, "number", "a pull request"),
        base: `refs/heads/${textOf(base, "ref", "a pull request's base")}`,
        head: shaOf(head, "sha", "a pull request's head"),
      };
    })
    .sort((a, b) => a.number - b.number);
}

/** Opens a pull request from a branch that is pushed; one that is open already is handed back. */
export async function openPull(
  client: Client,
  repo: RepositoryName,
  { head, base, title, body }: Parameters<Forge["openPullRequest"]>[1],
): ReturnType<Forge["openPullRequest"]> {
  const place = { owner: repo.owner, repo: repo.name };
  const shown = (data: unknown, created: boolean) => {
    const fields = objectOf(data, "the pull request");
    return {
      number: numberOf(fields, "number", "the pull request"),
      url: textOf(fields, "html_url", "the pull request"),
      created,
    };
  };
  const open = await readPages(client, "GET /repos/{owner}/{repo}/pulls", {
    ...place,
    state: "open",
    head: `${repo.owner}:${head}`,
    base,
  });
  const [standing] = open.items;
  if (standing !== undefined) return shown(standing, false);
  const { data } = await client.ask("POST /repos/{owner}/{repo}/pulls", {
    ...place,
    head,
    base,
    title,
    body,
  });
  return shown(data, true);
}
