/** Open pull requests in lists, and opening one. A list that does not end is a failure: what is missing may be the one. */
import type { ListedPullRequest, OpenedPullRequest, PullRequestText } from "../../app/ports.ts";
import { Failure } from "../../core/model/failure.ts";
import type { RepositoryName } from "../../core/model/repository-name.ts";
import { numberOf, objectOf, shaOf, textOf, type Fields } from "./answer.ts";
import { cut } from "./check.ts";
import type { Client } from "./client.ts";
import { readPages, type Pages } from "./pages.ts";

/** GitHub takes 65,536 characters. */
const longestBody = 65_000;

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

/** Opens a pull request from a branch that is pushed, or brings the text of the one that is open up to date. */
export async function openPull(
  client: Client,
  repo: RepositoryName,
  { head, base, title, keepTitle = false, body: text }: PullRequestText,
): Promise<OpenedPullRequest> {
  const place = { owner: repo.owner, repo: repo.name };
  const body = cut(text, longestBody);
  const shown = (data: unknown, { created, updated }: { created: boolean; updated: boolean }) => {
    const fields = objectOf(data, "the pull request");
    const number = numberOf(fields, "number", "the pull request");
    return { number, url: textOf(fields, "html_url", "the pull request"), created, updated };
  };
  const standing = await openFrom(client, repo, head, base);
  if (standing === undefined) {
    const { data } = await client.ask("POST /repos/{owner}/{repo}/pulls", {
      ...place,
      head,
      base,
      title,
      body,
    });
    return shown(data, { created: true, updated: false });
  }
  const said = (key: string): string =>
    typeof standing[key] === "string" ? standing[key].replaceAll("\r\n", "\n") : "";
  const stands = said("body").trimEnd() === body.trimEnd() && (keepTitle || said("title") === title);
  if (stands) return shown(standing, { created: false, updated: false });
  const { data } = await client.ask("PATCH /repos/{owner}/{repo}/pulls/{pull_number}", {
    ...place,
    pull_number: numberOf(standing, "number", "the pull request"),
    ...(!keepTitle && { title }),
    body,
  });
  return shown(data, { created: false, updated: true });
}

/** The open pull request from a branch of this repository into another; GitHub ignores filters that it cannot read. */
async function openFrom(
  client: Client,
  repo: RepositoryName,
  head: string,
  base: string,
): Promise<Fields | undefined> {
  const { items } = await readPages(client, "GET /repos/{owner}/{repo}/pulls", {
    owner: repo.owner,
    repo: repo.name,
    state: "open",
    head: `${repo.owner}:${head}`,
    base,
  });
  const what = "a pull request";
  return items
    .map((item) => objectOf(item, what))
    .find((fields) => {
      const from = objectOf(fields["head"], what);
      const into = objectOf(fields["base"], what);
      if (from["repo"] === null || from["repo"] === undefined) return false;
      const [theirs, ours] = [from["repo"], into["repo"]].map((each) => objectOf(each, what)["full_name"]);
      return from["ref"] === head && into["ref"] === base && theirs === ours;
    });
}
