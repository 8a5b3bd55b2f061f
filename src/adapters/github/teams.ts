/**
 * Who is in teams and in an organisation on GitHub. Read whole or a Failure: somebody missing from an answer would lose
 * their role. Whether somebody left is asked about that person alone, by the id that never changes; a token that may not
 * see everybody is told so by GitHub with a redirect, which is no answer here.
 */
import type { ForgeDirectory } from "../../app/ports.ts";
import { Failure } from "../../core/model/failure.ts";
import { accountOf, malformed, numberOf, objectOf, textOf } from "./answer.ts";
import { connect, type Client } from "./client.ts";
import { readPages } from "./pages.ts";

export interface DirectoryOptions {
  /** GITHUB_API_URL and GITHUB_TOKEN; the token must be able to read the organisation's members. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  /** See ClientOptions. */
  readonly pace?: number;
}

export function openDirectory({ env, version, pace }: DirectoryOptions): ForgeDirectory {
  const token = env["GITHUB_TOKEN"]?.trim();
  const baseUrl = env["GITHUB_API_URL"] ?? "https://api.github.com";
  const client = connect({
    baseUrl,
    version,
    token: () => Promise.resolve(token === "" ? undefined : token),
    ...(pace !== undefined && { pace }),
  });
  return {
    team: (org, slug) => readTeam(client, org, slug),
    account: (org, id) => readAccount(client, org, id),
  };
}

async function readTeam(client: Client, org: string, slug: string): ReturnType<ForgeDirectory["team"]> {
  const what = `the team ${slug}`;
  const { data } = await client.ask("GET /orgs/{org}/teams/{team_slug}", { org, team_slug: slug });
  const fields = objectOf(data, what);
  const { items, whole } = await readPages(client, "GET /orgs/{org}/teams/{team_slug}/members", {
    org,
    team_slug: slug,
  });
  const members = items.map((item) => {
    const account = accountOf(item, `a member of ${what}`);
    if (account === null) throw malformed(`${what} has a member without an account`);
    return account;
  });
  // GitHub counts the members of child teams with those it lists.
  if (!whole || members.length < numberOf(fields, "members_count", what)) {
    throw new Failure("forge/incomplete", `GitHub did not hand out everybody who is in ${what}.`, {
      hint: "Try again in a minute.",
      category: "unavailable",
    });
  }
  return { slug: textOf(fields, "slug", what), name: textOf(fields, "name", what), members };
}

async function readAccount(client: Client, org: string, id: number): ReturnType<ForgeDirectory["account"]> {
  const { status, data } = await client.ask("GET /user/{account_id}", { account_id: id }, { also: [404] });
  if (status === 404) return { login: null, isMember: false };
  const account = accountOf(data, `the account ${id}`);
  if (account === null) return { login: null, isMember: false };
  if (account.id !== id) throw malformed(`the account ${id} has the id ${account.id}`);
  const answer = await client.ask(
    "GET /orgs/{org}/members/{username}",
    { org, username: account.login },
    { also: [302, 404] },
  );
  if (answer.status === 302) {
    throw new Failure("forge/not-a-member", `Whoever GITHUB_TOKEN belongs to may not see who is in ${org}.`, {
      hint: "Use a token of a member of the organisation, with the permission to read members (read:org).",
      category: "auth",
    });
  }
  return { login: account.login, isMember: answer.status === 204 };
}
