/** nginx, as the README says that it should serve releases. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, inject, onTestFinished } from "vitest";
import { newFolder } from "./release.ts";
import { answers, freePorts, launch } from "./servers.ts";

const { nginx } = inject("servers");
const root = join(import.meta.dirname, "../..");

export interface Served {
  readonly url: string;
  /** `status bytes` of every answer so far. */
  log(): readonly string[];
}

/** nginx with the README's server block over a folder. */
export async function serveByNginx(folder: string): Promise<Served> {
  const [, block = ""] = /```nginx\n([^]*?)```/.exec(readFileSync(join(root, "README.md"), "utf8")) ?? [];
  const [port] = await freePorts(1);
  const home = newFolder();
  mkdirSync(join(home, "logs"));
  const site = block.replace("listen 8080", `listen 127.0.0.1:${port}`).replace("/srv/releases", folder);
  expect(site).toContain(folder);
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (kind) => `${kind}_temp_path ${home};`,
  );
  const config = [
    "daemon off; master_process off; worker_processes 1;",
    `error_log ${home}/error.log; pid ${home}/pid;`,
    "events { worker_connections 512; }",
    `http { log_format short '$status $body_bytes_sent'; access_log ${home}/access.log short; ${temporary.join(" ")}`,
    "keepalive_requests 100000;",
    site,
    "}",
  ];
  writeFileSync(join(home, "nginx.conf"), config.join("\n"));
  onTestFinished(launch(nginx ?? "", ["-p", home, "-c", join(home, "nginx.conf")]));
  const url = `http://127.0.0.1:${port}`;
  await answers(`${url}/metadata/timestamp.json`, [200]);
  const read = (): readonly string[] => readFileSync(`${home}/access.log`, "utf8").trim().split("\n");
  const before = read().length;
  return { url, log: () => read().slice(before) };
}
