/**
 * A real git server for tests: git's own http-backend behind node:http on loopback (smart HTTP), with names and
 * passwords, and any pre-receive hook. Whoever is not known may read and not write.
 */
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { join } from "node:path";
import type { AddressInfo } from "node:net";
import { git, plainEnvironment } from "../repository-on-disk.ts";

export interface GitServer {
  /** The address of the repository for somebody: with their name and password in it. */
  url(user?: string): string;
  /** The bare repository's folder. */
  readonly folder: string;
  close(): Promise<void>;
}

/** Serves a new bare repository below `root`; `hook` is the text of its pre-receive hook. */
export async function serveRepository(root: string, hook?: string): Promise<GitServer> {
  const folder = join(root, "registry.git");
  git(root, ["init", "-q", "--bare", "-b", "main", "registry.git"]);
  git(folder, ["config", "http.receivepack", "true"]);
  if (hook !== undefined) writeFileSync(join(folder, "hooks/pre-receive"), hook, { mode: 0o755 });
  const server = createServer((request, response) => void answer(root, request, response));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  return {
    folder,
    url: (user) => `http://${user === undefined ? "" : `${user}:secret@`}127.0.0.1:${port}/registry.git`,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

async function answer(root: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", "http://localhost");
  const user = userOf(request);
  const writes =
    url.searchParams.get("service") === "git-receive-pack" || url.pathname.endsWith("/git-receive-pack");
  if (writes && user === undefined) {
    response.writeHead(401, { "www-authenticate": 'Basic realm="registry"' }).end();
    return;
  }
  const { headers, method = "GET" } = request;
  const child = spawn("git", ["http-backend"], {
    env: {
      ...plainEnvironment,
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: "1",
      PATH_INFO: url.pathname,
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: method,
      CONTENT_TYPE: headers["content-type"] ?? "",
      ...(headers["content-length"] !== undefined && { CONTENT_LENGTH: headers["content-length"] }),
      HTTP_CONTENT_ENCODING: headers["content-encoding"] ?? "",
      GIT_PROTOCOL: String(headers["git-protocol"] ?? ""),
      ...(user !== undefined && { REMOTE_USER: user }),
    },
    stdio: ["pipe", "pipe", "inherit"],
  });
  request.pipe(child.stdin);
  child.stdin.on("error", () => {});
  const chunks: Buffer[] = [];
  for await (const chunk of child.stdout) chunks.push(chunk as Buffer);
  const whole = Buffer.concat(chunks);
  const end = whole.indexOf("\r\n\r\n");
  const lines = whole
    .toString("latin1", 0, Math.max(end, 0))
    .split("\r\n")
    .map((line) => line.split(": ") as [string, string]);
  const status = Number(lines.find(([name]) => name === "Status")?.[1]?.split(" ")[0] ?? 200);
  response.writeHead(end < 0 ? 500 : status, Object.fromEntries(lines.filter(([name]) => name !== "Status")));
  response.end(whole.subarray(end + 4));
}

function userOf({ headers }: IncomingMessage): string | undefined {
  const [name, password] = Buffer.from(headers.authorization?.replace(/^Basic /, "") ?? "", "base64")
    .toString("utf8")
    .split(":");
  return password === "secret" && name !== "" ? name : undefined;
}
