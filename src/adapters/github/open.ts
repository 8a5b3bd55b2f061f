/** GitHub as the forge: joins the parts of this folder to the port. Asks nothing before the first question. */
import type { Forge, GateCheck } from "../../app/ports.ts";
import { Failure } from "../../core/model/failure.ts";
import type { RepositoryName } from "../../core/model/repository-name.ts";
import { numberOf, objectOf, textOf } from "./answer.ts";
import { installationTokens } from "./app-token.ts";
import { bringPullRequest } from "./bring.ts";
import { readDue, writeCheck } from "./check.ts";
import { checkedOrigin, connect, type Client } from "./client.ts";
import { requestReviews, writeComment } from "./comment.ts";
import { openPull, readOpenPulls, readPullsWithHead } from "./listed.ts";
import { readPullRequest } from "./pull-request.ts";
import { readSettings, writeSetting } from "./settings.ts";

export interface ForgeOptions {
  /**
   * GITHUB_API_URL, GITHUB_SERVER_URL; GITHUB_TOKEN, or GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY. PATH and HOME for git.
   */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Seconds since the epoch, for the App's tokens. */
  readonly now: () => number;
  readonly version: string;
  /** See ClientOptions. */
  readonly pace?: number;
}

/** The account that GITHUB_TOKEN acts as in a workflow; it cannot ask who it is. */
const actionsLogin = "github-actions[bot]";

export function openForge({ env, now, version, pace }: ForgeOptions): Forge {
  const baseUrl = env["GITHUB_API_URL"] ?? "https://api.github.com";
  const serverUrl = checkedOrigin(env["GITHUB_SERVER_URL"] ?? "https://github.com", "GITHUB_SERVER_URL");
  const credentials = credentialsIn(env);
  const tokenOf = async (repo: RepositoryName | undefined): Promise<string | undefined> => {
    if (credentials.token !== undefined) return credentials.token;
    return repo === undefined || tokens === undefined ? undefined : tokens(repo);
  };
  const client = connect({ baseUrl, version, token: tokenOf, ...(pace !== undefined && { pace }) });
  const app = credentials.app;
  const tokens = app === undefined ? undefined : installationTokens(app, client, now);
  const appId = app === undefined ? undefined : Number(app.appId);
  let knownSelf: ReturnType<typeof selfOf> | undefined;
  const self = (): ReturnType<typeof selfOf> => (knownSelf ??= selfOf(client));
  return {
    pullRequest: (repo, number) => readPullRequest(client, repo, number),
    openPullRequests: (repo) => readOpenPulls(client, repo),
    openWithHead: (repo, sha) => readPullsWithHead(client, repo, sha),
    pendingUntil: (repo, sha) => readDue(client, repo, sha, appId),
    postCheck: (repo, check: GateCheck) => writeCheck(client, repo, check, appId),
    postComment: async (repo, number, markdown) => writeComment(client, repo, number, markdown, await self()),
    requestReviews: (repo, number, ask) => requestReviews(client, repo, number, ask),
    openPullRequest: (repo, request) => openPull(client, repo, request),
    settings: (repo) => readSettings(client, repo),
    changeSetting: (repo, change) => writeSetting(client, repo, change),
    bring: async (repo, request) =>
      bringPullRequest(repo, request, { serverUrl, token: await tokenOf(repo), env }),
  };

  /** Who we are, to know our own comments. */
  async function selfOf(asking: Client): Promise<{ readonly id: number } | { readonly login: string }> {
    if (tokens !== undefined && app !== undefined) {
      const { appJwt } = await import("./app-token.ts");
      const { data } = await asking.ask("GET /app", {}, { token: appJwt(app, now()) });
      return { login: `${textOf(objectOf(data, "the App"), "slug", "the App")}[bot]` };
    }
    const { status, data } = await asking.ask("GET /user", {}, { also: [403] });
    return status === 403
      ? { login: actionsLogin }
      : { id: numberOf(objectOf(data, "the user"), "id", "the user") };
  }
}

function credentialsIn(env: ForgeOptions["env"]) {
  const text = (name: string): string | undefined => (env[name]?.trim() ? env[name].trim() : undefined);
  const appId = text("GITHUB_APP_ID");
  const privateKey = text("GITHUB_APP_PRIVATE_KEY");
  if (appId === undefined && privateKey === undefined) return { token: text("GITHUB_TOKEN"), app: undefined };
  if (appId === undefined || privateKey === undefined || !/^\d{1,15}$/.test(appId)) {
    throw new Failure(
      "forge/app-credentials",
      "A GitHub App needs both GITHUB_APP_ID (a number) and GITHUB_APP_PRIVATE_KEY.",
      {
        hint: "Set both, or neither and use GITHUB_TOKEN.",
      },
    );
  }
  return { token: undefined, app: { appId, privateKey } };
}
