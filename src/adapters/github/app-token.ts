/**
 * Tokens of a GitHub App: a short-lived JWT made with the App's key buys a token for one repository, with no more
 * permissions than the gate needs. Neither the key nor a token ever appears in an output.
 */
import { createPrivateKey, sign, type KeyObject } from "node:crypto";
import { Failure } from "../../core/model/failure.ts";
import type { RepositoryName } from "../../core/model/repository-name.ts";
import { fullName } from "../../core/model/repository-name.ts";
import { numberOf, objectOf, textOf, instantOf } from "./answer.ts";
import type { Client } from "./client.ts";

export interface AppCredentials {
  readonly appId: string;
  /** PEM, PKCS#1 or PKCS#8, RSA. */
  readonly privateKey: string;
}

/** What the gate does: read the change and its reviews; post a check, a comment, review requests. */
const permissions = { checks: "write", contents: "read", metadata: "read", pull_requests: "write" };

/** A JWT for the App itself, good for nine minutes and made a minute early for clocks that differ (RFC 7519). */
export function appJwt({ appId, privateKey }: AppCredentials, seconds: number): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const text = `${part({ alg: "RS256", typ: "JWT" })}.${part({ iat: seconds - 60, exp: seconds + 540, iss: appId })}`;
  return `${text}.${sign("sha256", Buffer.from(text), rsaKey(privateKey)).toString("base64url")}`;
}

function rsaKey(privateKey: string): KeyObject {
  let key: KeyObject | undefined;
  try {
    // Where line ends cannot be written, they arrive as \n.
    key = createPrivateKey(privateKey.replaceAll("\\n", "\n"));
  } catch {
    // The reason would quote the key.
  }
  if (key?.asymmetricKeyType === "rsa") return key;
  throw new Failure("forge/app-key", "The GitHub App's private key is no RSA key in PEM.", {
    hint: "Download a new one on the App's page and put it into GITHUB_APP_PRIVATE_KEY.",
    category: "auth",
  });
}

/** Hands out installation tokens, bought when needed and used until a minute before they expire. */
export function installationTokens(
  credentials: AppCredentials,
  client: Pick<Client, "ask">,
  now: () => number,
) {
  const bought = new Map<string, Promise<{ readonly token: string; readonly until: number }>>();
  const buy = async ({
    owner,
    name,
  }: RepositoryName): Promise<{ readonly token: string; readonly until: number }> => {
    const token = appJwt(credentials, now());
    const found = await client.ask(
      "GET /repos/{owner}/{repo}/installation",
      { owner, repo: name },
      { token },
    );
    const id = numberOf(objectOf(found.data, "the installation"), "id", "the installation");
    const parameters = { installation_id: id, repositories: [name], permissions };
    const answer = await client.ask("POST /app/installations/{installation_id}/access_tokens", parameters, {
      token,
    });
    const fields = objectOf(answer.data, "the installation token");
    const until = Date.parse(instantOf(fields, "expires_at", "the installation token")) / 1000;
    return { token: textOf(fields, "token", "the installation token"), until };
  };
  return async (repo: RepositoryName): Promise<string> => {
    const name = fullName(repo);
    const held = await bought.get(name)?.catch(() => undefined);
    if (held !== undefined && held.until - 60 > now()) return held.token;
    const buying = buy(repo);
    bought.set(name, buying);
    return (await buying).token;
  };
}
