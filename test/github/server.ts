/**
 * The stand-in for GitHub on loopback: its API over a real bare repository, and git itself over HTTP. Every request and
 * every answer must fit GitHub's published description; what does not is kept in `violations`, which tests expect empty.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { onTestFinished } from "vitest";
import { plainEnvironment } from "../repository-on-disk.ts";
import { newForge, type Forge, type Person } from "./forge.ts";
import { answerOf, matchOperation, requestFault, type Fields } from "./openapi.ts";
import { releaseRoutes, serveStorage, type ReleaseState } from "./releases.ts";
import { actionsCaller, routesOf, type Caller, type Reply } from "./routes.ts";

/** Something that goes wrong once: which request, and what is answered instead. */
export interface Fault {
  readonly operation: RegExp;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Changes a right answer instead. */
  readonly change?: (value: unknown, headers: Record<string, string>) => unknown;
  /** Runs before the answer is made: somebody does something meanwhile. */
  readonly before?: () => void;
  readonly skip?: number;
}

export interface StandIn {
  readonly forge: Forge;
  readonly releases: ReleaseState[];
  readonly url: string;
  /** Requests as `GET /repos/{owner}/{repo}`, in order. */
  readonly requests: string[];
  readonly violations: string[];
  readonly faults: Fault[];
  /** Every Authorization header that arrived, with the host that was asked. */
  readonly tokens: Map<string, Caller>;
  /** Environment of the program for this forge, with a workflow's token. */
  readonly env: Readonly<Record<string, string>>;
  tokenOf(person: Person): string;
}

export const workflowToken = "ghs_workflowtoken0123456789";
const installationToken = "ghs_installation";

/** Serves a bare repository in a folder until the test ends. */
export async function serveForge(folder: string): Promise<StandIn> {
  const forge = newForge(folder);
  const releases: ReleaseState[] = [];
  const routes = { ...routesOf(forge), ...releaseRoutes(releases, () => url) };
  const requests: string[] = [];
  const violations: string[] = [];
  const faults: Fault[] = [];
  const tokens = new Map<string, Caller>([
    [workflowToken, actionsCaller],
    [
      installationToken,
      { kind: "app", app: 4242, person: { id: 999_001, login: "assent-gate[bot]", type: "Bot" } },
    ],
  ]);
  const server = createServer((request, response) => {
    void handle(request, response).catch((error: unknown) => {
      violations.push(String(error));
      response.writeHead(500).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
  onTestFinished(() => void (server.closeAllConnections(), server.close()));

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? "", url);
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    if (pathname.startsWith(`/${forge.owner}/${forge.name}.git/`))
      return serveGit(request, response, bytes, folder, forge, tokens);
    if (serveStorage(releases, request, response)) return;
    const matched = matchOperation(request.method ?? "", pathname);
    if (matched === undefined) {
      violations.push(`${request.method} ${pathname} is not in the description`);
      return void response.writeHead(404).end();
    }
    const { operation } = matched.operation;
    requests.push(operation);
    const isJson = bytes.length > 0 && request.headers["content-type"] !== "application/octet-stream";
    const body = isJson ? (JSON.parse(bytes.toString()) as Fields) : undefined;
    const wrong = requestFault(matched, searchParams, body);
    if (wrong !== undefined) violations.push(wrong);
    const fault = faultFor(operation);
    fault?.before?.();
    const headers: Record<string, string> = {
      "content-type": "application/json; charset=utf-8",
      ...fault?.headers,
    };
    if (fault?.status !== undefined)
      return void response
        .writeHead(fault.status, headers)
        .end(JSON.stringify(fault.body ?? { message: "fault" }));
    const { owner, repo } = matched.path;
    const here = owner === undefined || (owner.toLowerCase() === forge.owner && repo === forge.name);
    const route = routes[operation];
    if (route === undefined) throw new Error(`${operation} has no route`);
    const asked = {
      path: matched.path,
      query: searchParams,
      body: body ?? {},
      caller: callerOf(request),
      raw: bytes,
      accept: request.headers.accept ?? "",
    };
    const reply: Reply = here ? route(asked) : { status: 404, value: { message: "Not Found" } };
    const paged = pageOf(reply, searchParams, `${url}${pathname}`, headers);
    const answer = answerOf(matched, reply.status, paged);
    const said = fault?.change === undefined ? answer : fault.change(answer, headers);
    const text = said === undefined ? "" : typeof said === "string" ? said : JSON.stringify(said);
    Object.assign(headers, reply.headers);
    if (request.method === "GET" && reply.status === 200)
      headers["etag"] = `"${createHash("sha256").update(text).digest("hex")}"`;
    const isHeld = headers["etag"] !== undefined && request.headers["if-none-match"] === headers["etag"];
    response.writeHead(isHeld ? 304 : reply.status, headers).end(isHeld ? "" : text);
  }

  function faultFor(operation: string): Fault | undefined {
    const at = faults.findIndex((each) => each.operation.test(operation));
    const fault = faults[at];
    if (fault === undefined) return undefined;
    faults.splice(at, 1);
    if ((fault.skip ?? 0) === 0) return fault;
    faults.splice(at, 0, { ...fault, skip: (fault.skip ?? 0) - 1 });
    return undefined;
  }

  function callerOf(request: IncomingMessage): Caller {
    const token = /^(?:Bearer|token) (.+)$/i.exec(request.headers.authorization ?? "")?.[1];
    if (token === undefined) return { kind: "nobody" };
    const issuer =
      token.split(".").length === 3
        ? (JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as { iss: string }).iss
        : undefined;
    return issuer === undefined
      ? (tokens.get(token) ?? { kind: "nobody" })
      : { kind: "jwt", app: Number(issuer) };
  }

  return {
    forge,
    releases,
    url,
    requests,
    violations,
    faults,
    tokens,
    env: {
      PATH: plainEnvironment.PATH,
      HOME: "/nonexistent",
      GITHUB_API_URL: url,
      GITHUB_SERVER_URL: url,
      GITHUB_TOKEN: workflowToken,
    },
    tokenOf(person) {
      const token = `ghp_tokenOf${person.id}`;
      tokens.set(token, { kind: "user", person });
      return token;
    },
  };
}

/** Cuts a list into pages as GitHub does: a Link header only where there is more than one. */
function pageOf(reply: Reply, query: URLSearchParams, url: string, headers: Record<string, string>): unknown {
  const { list, key, value } = reply;
  if (list === undefined) return value;
  const size = Math.min(Number(query.get("per_page") ?? 30), 100);
  const cursor = query.get("after");
  const page = cursor === null ? Number(query.get("page") ?? 1) : Number(cursor);
  const items = list.slice((page - 1) * size, page * size);
  if (page * size < list.length) {
    const next = new URLSearchParams(query);
    next.set(url.endsWith("/activity") ? "after" : "page", String(page + 1));
    headers["link"] = `<${url}?${next.toString()}>; rel="next"`;
  }
  return key === undefined ? items : { ...(value as Fields), [key]: items };
}

/** Git's own server; a token must be given, as for a private repository, and who pushes is the one whose token it is. */
function serveGit(
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
  folder: string,
  forge: Forge,
  tokens: ReadonlyMap<string, Caller>,
): Promise<void> {
  const given = Buffer.from(
    (request.headers.authorization ?? "").replace(/^basic /i, ""),
    "base64",
  ).toString();
  const caller = tokens.get(given.replace(/^x-access-token:/, ""));
  if (caller === undefined) {
    response.writeHead(401, { "www-authenticate": "Basic" }).end();
    return Promise.resolve();
  }
  const { pathname, search } = new URL(request.url ?? "", "http://127.0.0.1");
  const child = spawn("git", ["http-backend"], {
    env: {
      ...plainEnvironment,
      GIT_PROJECT_ROOT: folder,
      GIT_HTTP_EXPORT_ALL: "1",
      REMOTE_USER: "person" in caller ? caller.person.login : "",
      PATH_INFO: pathname.slice(`/${forge.owner}/${forge.name}.git`.length),
      QUERY_STRING: search.slice(1),
      REQUEST_METHOD: request.method ?? "",
      CONTENT_TYPE: request.headers["content-type"] ?? "",
      ...(request.headers["content-encoding"] !== undefined && {
        HTTP_CONTENT_ENCODING: String(request.headers["content-encoding"]),
      }),
      GIT_PROTOCOL: String(request.headers["git-protocol"] ?? ""),
    },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const before = forge.heads();
  // A request without a body may be answered before its end is written.
  child.stdin.on("error", () => {});
  child.stdin.end(body);
  return new Promise((resolve) => {
    const out: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.on("close", () => {
      if ("person" in caller) forge.pushed(caller.person, before);
      const all = Buffer.concat(out);
      const end = all.indexOf("\r\n\r\n");
      const head = all
        .subarray(0, end)
        .toString()
        .split("\r\n")
        .map((line) => line.split(/:\s*/, 2) as [string, string]);
      const status = Number(head.find(([name]) => name.toLowerCase() === "status")?.[1].slice(0, 3) ?? 200);
      response.writeHead(
        status,
        Object.fromEntries(head.filter(([name]) => name.toLowerCase() !== "status")),
      );
      response.end(all.subarray(end + 4));
      resolve();
    });
  });
}
