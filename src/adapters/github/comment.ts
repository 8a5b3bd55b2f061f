/**
 * The one comment of the gate, updated in place, and who is asked to review. What the attacker controls: all other
 * comments. A comment is ours when our own account wrote it and it begins with the mark; somebody else's comment with
 * our mark is left alone, because its author could change what it says afterwards.
 */
import type { RepositoryName } from "../../core/model/repository-name.ts";
import { accountOf, numberOf, objectOf, textOf } from "./answer.ts";
import { cut } from "./check.ts";
import type { Client } from "./client.ts";
import { readPages } from "./pages.ts";

const mark = "<!-- assent:gate -->";
const longestComment = 65_000;

/** Posts or updates the comment; false when it says exactly this already. `self`: our own account. */
export async function writeComment(
  client: Client,
  repo: RepositoryName,
  number: number,
  text: string,
  self: { readonly id: number } | { readonly login: string },
): Promise<boolean> {
  const place = { owner: repo.owner, repo: repo.name };
  const body = `${mark}\n${cut(text, longestComment)}`;
  const { items } = await readPages(client, "GET /repos/{owner}/{repo}/issues/{issue_number}/comments", {
    ...place,
    issue_number: number,
  });
  for (const item of items) {
    const fields = objectOf(item, "a comment");
    const author = accountOf(fields["user"], "a comment's author");
    const ours =
      author !== null &&
      ("id" in self ? author.id === self.id : author.type === "Bot" && author.login === self.login);
    const standing = typeof fields["body"] === "string" ? fields["body"].replaceAll("\r\n", "\n") : "";
    if (!ours || !standing.startsWith(mark)) continue;
    if (standing === body) return false;
    await client.ask("PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}", {
      ...place,
      comment_id: numberOf(fields, "id", "a comment"),
      body,
    });
    return true;
  }
  await client.ask("POST /repos/{owner}/{repo}/issues/{issue_number}/comments", {
    ...place,
    issue_number: number,
    body,
  });
  return true;
}

/**
 * Asks those for a review who were not asked yet. GitHub refuses a whole request for one name that may not review
 * (the author, nobody's collaborator), so each is asked alone and a refusal passes: the comment names them anyway.
 */
export async function requestReviews(
  client: Client,
  repo: RepositoryName,
  number: number,
  ask: { readonly users: readonly string[]; readonly teams: readonly string[] },
): Promise<readonly string[]> {
  const place = { owner: repo.owner, repo: repo.name, pull_number: number };
  const { data } = await client.ask("GET /repos/{owner}/{repo}/pulls/{pull_number}", place);
  const fields = objectOf(data, "the pull request");
  const names = (key: string, name: string): ReadonlySet<string> => {
    const list = fields[key];
    return new Set(
      Array.isArray(list) ? list.map((each) => textOf(objectOf(each, key), name, key).toLowerCase()) : [],
    );
  };
  const author = accountOf(fields["user"], "the author")?.login.toLowerCase();
  const users = names("requested_reviewers", "login");
  const teams = names("requested_teams", "slug");
  const asked: string[] = [];
  const send = async (name: string, body: object): Promise<void> => {
    const route = "POST /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers";
    const { status } = await client.ask(route, { ...place, ...body }, { also: [403, 422] });
    if (status < 300) asked.push(name);
  };
  for (const user of ask.users) {
    if (user.toLowerCase() !== author && !users.has(user.toLowerCase()))
      await send(user, { reviewers: [user] });
  }
  for (const team of ask.teams) {
    if (!teams.has(team.toLowerCase())) await send(team, { team_reviewers: [team] });
  }
  return asked;
}
