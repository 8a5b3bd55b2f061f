/**
 * The real hosts of releases on loopback: Debian's docker-registry (open, and one that asks for a password), OpenStack
 * Swift with its S3 API, nginx. Started once for all files of test/hosts, which find them by `inject("servers")`; stopped
 * by process id, also when the tests are killed. A host whose package is missing is `null`, with the package's name in `missing`.
 */
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

export interface Servers {
  /** `127.0.0.1:<port>`, open to everybody. */
  readonly registry: string | null;
  /** The same, for `ci` with the password `let-me-in` only. */
  readonly guarded: string | null;
  /** An address of the S3 API; key `ci:user`, secret `secret`. Conditional writes answer 501. */
  readonly s3: string | null;
  /** nginx's program. */
  readonly nginx: string | null;
  readonly skopeo: string | null;
  readonly missing: readonly string[];
}

declare module "vitest" {
  export interface ProvidedContext {
    servers: Servers;
  }
}

const running: (() => Promise<void>)[] = [];

export default async function start({ provide }: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), "assent-hosts-"));
  const missing: string[] = [];
  const program = (name: string, debian = name): string | null => {
    const found = ["/usr/bin", "/usr/sbin", "/usr/local/bin"]
      .map((at) => `${at}/${name}`)
      .find((at) => existsSync(at));
    if (found === undefined) missing.push(debian);
    return found ?? null;
  };
  const dockerRegistry = program("docker-registry");
  const swift = ["proxy", "account", "container", "object"].map((kind) =>
    program(`swift-${kind}-server`, `swift-${kind}`),
  );
  const memcached = program("memcached");
  const [registry, guarded, s3] = await Promise.all([
    dockerRegistry && startRegistry(dockerRegistry, join(folder, "open"), ""),
    dockerRegistry && startRegistry(dockerRegistry, join(folder, "guarded"), await passwords(folder)),
    memcached !== null && !swift.includes(null) ? startSwift(join(folder, "swift"), memcached) : null,
  ]);
  provide("servers", { registry, guarded, s3, nginx: program("nginx"), skopeo: program("skopeo"), missing });
  return async () => {
    await Promise.all(running.map((stop) => stop()));
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
}

/** bcrypt of `let-me-in`. */
function passwords(folder: string): Promise<string> {
  const file = join(folder, "htpasswd");
  writeFileSync(file, "ci:$2b$05$dyw3OCwqyC..hfoD3he/aeJ.NUwbW9trumlNcpxaSudNSBaaLJgHe\n");
  return Promise.resolve(`auth: { htpasswd: { realm: "assent tests", path: ${file} } }`);
}

async function startRegistry(program: string, folder: string, auth: string): Promise<string> {
  const [port] = await freePorts(1);
  mkdirSync(folder, { recursive: true });
  const config = [
    "version: 0.1",
    "log: { level: error, accesslog: { disabled: true } }",
    `storage: { filesystem: { rootdirectory: ${folder}/data }, delete: { enabled: true } }`,
    `http: { addr: "127.0.0.1:${port}" }`,
    auth,
  ];
  writeFileSync(join(folder, "config.yml"), `${config.join("\n")}\n`);
  running.push(launch(program, ["serve", join(folder, "config.yml")]));
  await answers(`http://127.0.0.1:${port}/v2/`, [200, 401]);
  return `127.0.0.1:${port}`;
}

/** Proxy, account, container and object server of one device, without replication; Swift insists on /etc/swift. */
async function startSwift(folder: string, memcached: string): Promise<string> {
  const etc = join(folder, "etc");
  mkdirSync(etc, { recursive: true });
  mkdirSync(join(folder, "dev/d1"), { recursive: true });
  const user = execFileSync("id", ["-un"], { encoding: "utf8" }).trim();
  const [proxy, cache, ...storage] = await freePorts(5);
  const swiftConf = [
    "[swift-hash]",
    "swift_hash_path_prefix = a",
    "swift_hash_path_suffix = b",
    "[storage-policy:0]",
    "name = gold",
    "default = yes",
  ].join("\n");
  for (const place of [etc, "/etc/swift"]) {
    mkdirSync(place, { recursive: true });
    if (!existsSync(`${place}/swift.conf`)) writeFileSync(`${place}/swift.conf`, `${swiftConf}\n`);
  }
  const common = `bind_ip = 127.0.0.1\nswift_dir = ${etc}\nuser = ${user}\nworkers = 0\nlog_address = /dev/null\n`;
  for (const [index, kind] of ["object", "container", "account"].entries()) {
    const port = storage[index];
    writeFileSync(
      `${etc}/${kind}-server.conf`,
      `[DEFAULT]\n${common}bind_port = ${port}\ndevices = ${folder}/dev\nmount_check = false\n` +
        `[pipeline:main]\npipeline = ${kind}-server\n[app:${kind}-server]\nuse = egg:swift#${kind}\n`,
    );
    const ring = (...words: readonly string[]): void => {
      execFileSync("swift-ring-builder", [`${etc}/${kind}.builder`, ...words], { stdio: "ignore" });
    };
    ring("create", "4", "1", "1");
    ring("add", `r1z1-127.0.0.1:${port}/d1`, "1");
    ring("rebalance");
  }
  const filters: Readonly<Record<string, string>> = {
    catch_errors: "catch_errors",
    "proxy-logging": "proxy_logging",
    cache: `memcache\nmemcache_servers = 127.0.0.1:${cache}`,
    listing_formats: "listing_formats",
    s3api: "s3api\ns3_acl = false\nlocation = us-east-1",
    tempauth: "tempauth\nuser_ci_user = secret .admin",
    copy: "copy",
    slo: "slo",
    versioned_writes: "versioned_writes\nallow_object_versioning = true",
    symlink: "symlink",
  };
  const sections = Object.entries(filters).map(([name, use]) => `[filter:${name}]\nuse = egg:swift#${use}\n`);
  writeFileSync(
    `${etc}/proxy-server.conf`,
    `[DEFAULT]\n${common}bind_port = ${proxy}\n[pipeline:main]\npipeline = catch_errors proxy-logging cache listing_formats s3api tempauth copy slo versioned_writes symlink proxy-logging proxy-server\n` +
      `[app:proxy-server]\nuse = egg:swift#proxy\naccount_autocreate = true\n${sections.join("")}`,
  );
  running.push(launch(memcached, ["-l", "127.0.0.1", "-p", String(cache), "-u", user]));
  for (const kind of ["object", "container", "account", "proxy"])
    running.push(launch(`/usr/bin/swift-${kind}-server`, [`${etc}/${kind}-server.conf`]));
  await answers(`http://127.0.0.1:${proxy}/healthcheck`, [200, 404, 412]);
  return `http://127.0.0.1:${proxy}`;
}

/**
 * Starts a server that ends with whoever started it, also when that is killed: a shell waits for the end of its standard
 * input and then ends the server by its process id. Hands back what ends it sooner.
 */
export function launch(program: string, words: readonly string[]): () => Promise<void> {
  const script = '"$@" </dev/null & server=$!; read -r _; kill -9 "$server"; wait "$server"';
  const shell = spawn("bash", ["-c", script, "launch", program, ...words], {
    stdio: ["pipe", "ignore", "ignore"],
    // In a group of its own, so that whoever kills the group of the tests does not kill the one who cleans up.
    detached: true,
  });
  const ended = new Promise<void>((resolve) => shell.once("exit", () => resolve()));
  return () => {
    shell.stdin.end();
    return ended;
  };
}

/** Ports that nobody used a moment ago. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve) => {
          server.listen(0, "127.0.0.1", () => {
            const address = server.address();
            resolve(typeof address === "object" && address !== null ? address.port : 0);
          });
        }),
    ),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** Waits until an address answers with one of these statuses. */
export async function answers(url: string, statuses: readonly number[]): Promise<void> {
  const until = performance.now() + 30_000;
  for (;;) {
    try {
      const { status } = await fetch(url);
      if (statuses.includes(status)) return;
    } catch {
      // Not there yet.
    }
    if (performance.now() > until) throw new Error(`${url} does not answer`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
