/**
 * The one door to GitHub: every request goes through here, to one host, with one token that is never shown.
 * What the attacker controls: the texts inside answers, and with a proxy on the way, whole answers. So no redirect is
 * followed (the token would travel along, and a renamed repository is another repository), no address out of an answer
 * is asked, and what an answer says is quoted without control characters and without the token.
 */
import { Failure } from "../../core/model/failure.ts";
import type { RepositoryName } from "../../core/model/repository-name.ts";

export interface ClientOptions {
  /** The API's address: https://api.github.com, or `https://<host>/api/v3`. */
  readonly baseUrl: string;
  /** The token to use for a repository; undefined asks without one. */
  token(repo: RepositoryName | undefined): Promise<string | undefined>;
  /** Milliseconds that one second of waiting (retries, spaces between writes) takes; 1,000 unless a test hurries. */
  readonly pace?: number;
  readonly version: string;
}

export interface Answer {
  readonly status: number;
  readonly data: unknown;
  /** The Link header, or an empty text. */
  readonly link: string;
}

export interface AskOptions {
  /** Statuses that are answers although they are no success. */
  readonly also?: readonly number[];
  /** Another token than the repository's (an App's own). */
  readonly token?: string;
}

export type Parameters = Readonly<Record<string, unknown>>;

export interface Client {
  /** One request: `GET /repos/{owner}/{repo}/pulls/{pull_number}` with its parameters. */
  ask(route: string, parameters: Parameters, options?: AskOptions): Promise<Answer>;
}

const longestAnswer = 64 * 1024 * 1024;
const longestWait = 90;

/** Connects lazily: octokit is loaded by the first request. */
export function connect(options: ClientOptions): Client {
  const origin = checkedOrigin(options.baseUrl, "GITHUB_API_URL");
  let loading: ReturnType<typeof loadOctokit> | undefined;
  return {
    async ask(route, parameters, { also = [], token } = {}) {
      const octokit = await (loading ??= loadOctokit(options, origin));
      const secret = token ?? (await options.token(repositoryIn(parameters)));
      const headers = {
        "x-github-api-version": "2022-11-28",
        ...(secret !== undefined && { authorization: `Bearer ${secret}` }),
      };
      // A repeated POST might do twice what was meant once; what the retries of the others are is the plugin's to say.
      const request = route.startsWith("POST ") ? { retries: 0 } : {};
      try {
        const answer = await octokit.request(route, { ...parameters, headers, request });
        if (answer.status >= 300 && !also.includes(answer.status)) throw redirected(route);
        return { status: answer.status, data: answer.data as unknown, link: answer.headers.link ?? "" };
      } catch (error) {
        if (error instanceof Failure) throw error;
        const status = statusOf(error);
        if (status !== undefined && also.includes(status)) return { status, data: undefined, link: "" };
        throw failureOf(route, parameters, status, error, secret);
      }
    },
  };
}

async function loadOctokit({ baseUrl, version, pace = 1000 }: ClientOptions, origin: string) {
  const { Octokit } = await import("octokit");
  const quiet = (): void => {};
  const patient = (retryAfter: number, _options: unknown, _octokit: unknown, retryCount: number): boolean =>
    retryAfter <= longestWait && retryCount < 2;
  return new Octokit({
    baseUrl: baseUrl.replace(/\/+$/, ""),
    userAgent: `assent/${version}`,
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    retry: { retries: 2, retryAfterBaseValue: pace },
    // One write a second, as GitHub asks of integrations.
    throttle: Object.assign(
      { onRateLimit: patient, onSecondaryRateLimit: patient, retryAfterBaseValue: pace },
      { write: spacing(pace), notifications: spacing(0) },
    ),
    request: { fetch: (url: string, init: RequestInit) => guardedFetch(url, init, origin) },
  });
}

/** What the throttling asks of its groups: a queue whose jobs start at least so many milliseconds apart. */
function spacing(milliseconds: number): object {
  let next = 0;
  const queue = {
    async schedule<T>(
      _options: unknown,
      job: (...args: readonly unknown[]) => Promise<T>,
      ...args: readonly unknown[]
    ): Promise<T> {
      const now = performance.now();
      const start = Math.max(now, next);
      next = start + milliseconds;
      if (start > now) await new Promise((resolve) => setTimeout(resolve, start - now));
      return job(...args);
    },
  };
  return { key: () => queue };
}

async function guardedFetch(url: string, init: RequestInit, origin: string): Promise<Response> {
  if (new URL(url).origin !== origin) throw new TypeError("an address on another host");
  const response = await fetch(url, { ...init, redirect: "manual", signal: AbortSignal.timeout(60_000) });
  if (Number(response.headers.get("content-length") ?? 0) > longestAnswer)
    throw new TypeError("an answer of over 64 MiB");
  return response;
}

/** The origin of an address that a token may be sent to; a Failure for any other. */
export function checkedOrigin(baseUrl: string, variable: string): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  const loopback = url !== undefined && /^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname);
  const safe = url !== undefined && (url.protocol === "https:" || (url.protocol === "http:" && loopback));
  if (safe && url.username === "" && url.password === "") return url.origin;
  throw new Failure("forge/address", `${variable} is no https address.`, {
    hint: "For github.com leave it out; for a GitHub Enterprise Server it is https://<host>/api/v3 (API) and https://<host> (server).",
  });
}

function repositoryIn({ owner, repo }: Parameters): RepositoryName | undefined {
  return typeof owner === "string" && typeof repo === "string" ? { owner, name: repo } : undefined;
}

function statusOf(error: unknown): number | undefined {
  const status = error instanceof Error && "status" in error ? error.status : undefined;
  // octokit reports a broken connection as 500 without an answer.
  const answered = error instanceof Error && "response" in error && error.response !== undefined;
  return typeof status === "number" && answered ? status : undefined;
}

function redirected(route: string): Failure {
  return new Failure(
    "forge/redirected",
    `GitHub sends ${route.split(" ")[0] ?? ""} requests for this repository elsewhere, and redirects are not followed.`,
    {
      hint: "The repository was probably renamed or moved: use the name it has now.",
    },
  );
}

function failureOf(
  route: string,
  parameters: Parameters,
  status: number | undefined,
  cause: unknown,
  secret: string | undefined,
): Failure {
  const { owner, repo } = parameters;
  const where = typeof owner === "string" && typeof repo === "string" ? ` for ${owner}/${repo}` : "";
  const said = quoted(cause instanceof Error ? cause.message : "", secret);
  const what = `${route}${where}`;
  if (status === undefined || status >= 500) {
    const message = `GitHub does not answer ${what}: ${status === undefined ? said : `status ${status}`}.`;
    return new Failure("forge/unavailable", message, {
      hint: "Try again in a minute; www.githubstatus.com tells of outages.",
      category: "unavailable",
    });
  }
  if (status === 429 || (status === 403 && /rate limit/i.test(said))) {
    return new Failure("forge/rate-limited", `GitHub wants no more requests for now (${what}).`, {
      hint: "Try again when the limit has been lifted, within the hour.",
      category: "unavailable",
    });
  }
  if (status === 401 || status === 403) {
    return new Failure("forge/forbidden", `GitHub refuses ${what}: ${said}.`, {
      hint:
        secret === undefined
          ? "Set GITHUB_TOKEN."
          : "Give the token (or the App) the permission that the message names.",
      category: "auth",
    });
  }
  if (status === 404) {
    return new Failure("forge/not-found", `GitHub knows nothing at ${what}.`, {
      hint: "Check the name; a private repository is only there for tokens that may read it.",
    });
  }
  return new Failure("forge/refused", `GitHub refuses ${what}: ${said}.`, {
    hint: "Read what it says about the request; the pull request may have changed meanwhile.",
    category: status === 409 ? "conflict" : "invalid",
  });
}

/** What GitHub said, in one line that a log can hold. Nothing that may be a secret is quoted. */
function quoted(text: string, secret: string | undefined): string {
  const hidden = secret === undefined || secret === "" ? text : text.replaceAll(secret, "***");
  const line = hidden
    .replace(/\b(?:gh[a-z]_|github_pat_)\w+/g, "***")
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ")
    .replace(/\s+-\s+https?:\/\/\S+$/, "")
    .trim();
  return line.slice(0, 300).replace(/\.$/, "") || "no reason given";
}
