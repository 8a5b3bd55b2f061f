/**
 * Attacks by hosts and by whoever stands between: each is built for real, and nothing of it is used, nothing is written
 * outside the named folder, no secret reaches another host, and nobody waits for ever.
 */
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, inject, it, onTestFinished } from "vitest";
import { parseIndex } from "../../src/client/source/github-index.ts";
import { openDirectory } from "../../src/client/source/directory.ts";
import { openHttps } from "../../src/client/source/https.ts";
import { openOci } from "../../src/client/source/oci.ts";
import { parseOciManifest } from "../../src/client/source/oci-manifest.ts";
import type { ReleaseReader } from "../../src/client/source/reader.ts";
import { isReleasePath } from "../../src/core/model/release.ts";
import { evil, forward, registryOf, serving, type Answer } from "./evil.ts";
import { assent, assentJson, missingFor, newPlace, ociEnv, s3Env } from "./places.ts";
import { newFolder, newRelease, newRoles, releaseFiles, valuesWith, writeFiles } from "./release.ts";

const timestamp = "metadata/timestamp.json";
const limits = { idle: 300, total: 900 };
const shard = `catalogue/${"a".repeat(64)}.jsonl`;

/** What reading a path comes to: the code of the Failure, or what was answered. */
async function outcome(reader: ReleaseReader, path = timestamp, maxLength = 1000): Promise<string> {
  try {
    const answer = await reader.read(path, { maxLength });
    return answer === undefined ? "absent" : answer === "unchanged" ? answer : `${answer.bytes.length} bytes`;
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : "thrown";
  }
}

const pad = (bytes: number): Buffer => Buffer.alloc(bytes, "x");
const endless: Answer = (_request, response) => {
  const more = (): void => {
    while (!response.destroyed && response.write(pad(65_536)));
  };
  response.on("drain", more);
  more();
};

describe("what a host answers", () => {
  it.each<readonly [what: string, answer: Answer, becomes: string]>([
    ["a file", (_, response) => response.end(pad(1000)), "1000 bytes"],
    ["nothing", (_, response) => response.writeHead(404).end("<html>"), "absent"],
    ["one byte too many", (_, response) => response.end(pad(1001)), "source/too-long"],
    [
      "a length that is too long",
      (_, response) => response.writeHead(200, { "content-length": "999999999" }).write("x"),
      "source/unavailable",
    ],
    ["bytes without end", endless, "source/too-long"],
    [
      "an error page without end",
      (request, response) => (response.writeHead(500), endless(request, response)),
      "source/unavailable",
    ],
    [
      "half of what it promised",
      (_, response) => (
        response.writeHead(200, { "content-length": "900" }),
        response.write(pad(400), () => response.destroy())
      ),
      "source/unavailable",
    ],
    [
      "half a chunk",
      (_, response) => (response.writeHead(200), response.write(pad(400), () => response.destroy())),
      "source/unavailable",
    ],
    ["nothing at all", () => {}, "source/unavailable"],
    ["a hung-up line", (request) => request.socket.destroy(), "source/unavailable"],
    [
      "drop by drop",
      (_, response) => {
        response.writeHead(200);
        const drip = setInterval(() => (response.destroyed ? clearInterval(drip) : response.write("x")), 50);
      },
      "source/unavailable",
    ],
    ["no HTTP", (request) => request.socket.end("SSH-2.0-OpenSSH\r\n"), "source/unavailable"],
    [
      "a bomb in gzip",
      (_, response) => {
        // 3 KB that unpack to 3 MB.
        response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(pad(3_000_000)));
      },
      "source/too-long",
    ],
    ["a server's fault", (_, response) => response.writeHead(503).end(), "source/unavailable"],
    ["a closed door", (_, response) => response.writeHead(403).end(), "source/forbidden"],
    [
      "a file that is unchanged, though nobody has one",
      (_, response) => response.writeHead(304).end(),
      "source/unavailable",
    ],
    ["a redirect without an address", (_, response) => response.writeHead(302).end(), "source/unavailable"],
    [
      "a redirect to itself",
      (_, response) => response.writeHead(302, { location: "/again" }).end(),
      "source/unavailable",
    ],
    [
      "a redirect to a file",
      (_, response) => response.writeHead(302, { location: "file:///etc/passwd" }).end(),
      "source/unavailable",
    ],
    [
      "a redirect with a password",
      (request, response) =>
        response.writeHead(302, { location: `http://u:p@${request.headers.host}/x` }).end(),
      "source/unavailable",
    ],
  ])("%s", async (_what, answer, becomes) => {
    const host = await evil(answer);
    expect(await outcome(openHttps(host.origin, { limits }))).toBe(becomes);
  });

  it("sends nobody to another host, and follows on its own", async () => {
    const other = await evil((_, response) => response.end("{}"));
    const away = await evil((_, response) =>
      response.writeHead(307, { location: `${other.origin}/x` }).end(),
    );
    expect(await outcome(openHttps(away.origin))).toBe("source/unavailable");
    expect(other.asked).toEqual([]);
    const here = await evil((request, response) =>
      request.url === "/moved" ? response.end("{}") : response.writeHead(301, { location: "/moved" }).end(),
    );
    expect(await outcome(openHttps(here.origin))).toBe("2 bytes");
  });

  it.each([
    "http://models.example.com",
    "https://user:secret@models.example.com",
    "https://models.example.com/?token=secret",
    "ftp://models.example.com",
  ])("is not asked at %s", (address) =>
    expect(() => openHttps(address)).toThrow("is no address of a release"),
  );

  it("stops when it is called off", async () => {
    const host = await evil(() => {});
    const off = new AbortController();
    const reading = openHttps(host.origin).read(timestamp, { maxLength: 10, signal: off.signal });
    off.abort();
    await expect(reading).rejects.toMatchObject({ code: "source/unavailable" });
  });
});

describe("paths", () => {
  const attempts = [
    "../../etc/passwd",
    "/etc/passwd",
    "metadata/../../../etc/passwd",
    "metadata/timestamp.json/../../x",
    "..\\..\\windows\\system32",
    "C:/windows",
    "metadata/TIMESTAMP.json",
    "metadata/1.root.json\u0000.txt",
    "metadata/1.root.json\n",
    "metadata/01.root.json",
    `catalogue/${"a".repeat(63)}.jsonl`,
    `catalogue/${"A".repeat(64)}.jsonl`,
    `catalogue/${"a".repeat(64)}.jsonl/x`,
    `targets/a/b/${"a".repeat(64)}.x`,
    `targets/../${"a".repeat(64)}.x`,
    `targets/${"a".repeat(64)}.${"x".repeat(300)}`,
    ".git/config",
    "",
  ];

  it.each(attempts)("%j is no path of a release, for anybody", async (path) => {
    expect(isReleasePath(path)).toBe(false);
    const bytes = Buffer.from("{}");
    const host = await evil(registryOf([{ title: path, bytes }]));
    expect(await outcome(openOci(`oci://${host.host}/a`), path)).toBe("absent");
    expect(host.asked.filter((each) => each.includes("/blobs/"))).toEqual([]);
    const folder = newFolder();
    expect(await outcome(openDirectory(folder, "."), path)).toBe("absent");
    const index = {
      format: "assent.github-release/v1",
      files: { [path]: { asset: 1, offset: 0, length: 2, sha256: "a".repeat(64) } },
    };
    expect(parseIndex(Buffer.from(JSON.stringify(index)))).toEqual(new Map());
  });

  it("in layers of a whole release write nothing outside the folder", async () => {
    const release = newRelease({ roles: newRoles(), version: 1 });
    const files = [...release.files].map(([title, bytes]) => ({ title, bytes }));
    const slips = attempts.map((title) => ({ title, bytes: Buffer.from("owned") }));
    const host = await evil(registryOf([...slips, ...files]));
    const folder = newFolder();
    const words = [
      "pull",
      `oci://${host.host}/a`,
      "--out",
      join(folder, "in/mirror"),
      "--trust",
      release.root,
    ];
    expect((await assent(words)).code).toBe(0);
    const written = readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) =>
      entry.isFile() ? [join(entry.parentPath, entry.name).slice(join(folder, "in/mirror/").length)] : [],
    );
    expect(written.sort()).toEqual([...release.files.keys()].sort());
  });

  it("that a signer puts into the release itself are refused as well", async () => {
    const roles = newRoles();
    const files = releaseFiles({ roles, version: 1, also: { "../../../slip.json": Buffer.from("{}") } });
    const folder = newFolder();
    writeFiles(join(folder, "release"), files);
    const root = join(folder, "release/metadata/1.root.json");
    const out = join(folder, "a/b/c/mirror");
    const answer = await assentJson(["pull", join(folder, "release"), "--out", out, "--trust", root]);
    expect(answer).toMatchObject({ code: "release/malformed" });
    expect(existsSync(join(out, timestamp))).toBe(false);
    expect(existsSync(join(folder, "slip.json"))).toBe(false);
  });
});

describe("a folder", () => {
  it("gives out no symlink, no pipe and no folder in place of a file", async () => {
    const folder = newFolder();
    mkdirSync(join(folder, "metadata/2.root.json"), { recursive: true });
    writeFileSync(join(folder, "secret"), "secret");
    symlinkSync(join(folder, "secret"), join(folder, timestamp));
    symlinkSync("/dev/zero", join(folder, "metadata/1.root.json"));
    execFileSync("mkfifo", [join(folder, "metadata/3.root.json")]);
    for (const path of [timestamp, "metadata/1.root.json", "metadata/2.root.json", "metadata/3.root.json"])
      expect(await outcome(openDirectory(folder, "."), path)).toBe("source/unavailable");
    writeFileSync(join(folder, "metadata/4.root.json"), pad(1001));
    expect(await outcome(openDirectory(folder, "."), "metadata/4.root.json")).toBe("source/too-long");
  });
});

describe("an OCI registry", () => {
  const bytes = Buffer.from('{"a":1}');
  const other = Buffer.from('{"a":2}');
  it.each<readonly [what: string, answer: Answer, becomes: string]>([
    [
      "a blob that was swapped",
      registryOf([{ title: timestamp, bytes: other, claims: { digest: `sha256:${"1".repeat(64)}` } }]),
      "source/unavailable",
    ],
    [
      "a blob that is longer than its manifest says",
      registryOf([{ title: timestamp, bytes, claims: { size: 3 } }]),
      "source/too-long",
    ],
    [
      "a blob that is shorter than its manifest says",
      registryOf([{ title: timestamp, bytes, claims: { size: 100 } }]),
      "source/unavailable",
    ],
    [
      "a layer that claims a terabyte",
      registryOf([{ title: timestamp, bytes, claims: { size: 2 ** 40 } }]),
      "source/too-long",
    ],
    [
      "a layer with a negative length",
      registryOf([{ title: timestamp, bytes, claims: { size: -1 } }]),
      "absent",
    ],
    [
      "a layer with a digest of another kind",
      registryOf([{ title: timestamp, bytes, claims: { digest: "md5:0cc175b9c0f1b6a831c399e269772661" } }]),
      "absent",
    ],
    [
      "a manifest of something else",
      registryOf([{ title: timestamp, bytes }], { artifactType: "application/vnd.example" }),
      "source/unavailable",
    ],
    ["a manifest that is no JSON", (_, response) => response.end("<html>"), "source/unavailable"],
    ["a manifest without layers", registryOf([], { layers: "none" }), "source/unavailable"],
    ["a manifest without end", endless, "source/too-long"],
    ["no such tag", (_, response) => response.writeHead(404).end(), "absent"],
    [
      "a challenge that makes no sense",
      (_, response) => response.writeHead(401, { "www-authenticate": "Negotiate" }).end(),
      "source/unavailable",
    ],
    [
      "a wish for the password without TLS",
      (_, response) =>
        response
          .writeHead(401, { "www-authenticate": 'Bearer realm="http://collector.example/token"' })
          .end(),
      "source/unavailable",
    ],
  ])("%s", async (_what, answer, becomes) => {
    const host = await evil(answer);
    const reader = openOci(`oci://${host.host}/a`, {
      limits,
      credentials: () => ({ username: "ci", password: "pw" }),
    });
    expect(await outcome(reader)).toBe(becomes);
    expect(host.secrets).toEqual([]);
  });

  it("takes the first of two layers with one title, for everybody", () => {
    const layer = (of: Buffer) => ({
      digest: `sha256:${"12"[Number(of === other)]?.repeat(64)}`,
      size: 7,
      annotations: { "org.opencontainers.image.title": timestamp },
    });
    const manifest = {
      artifactType: "application/vnd.assent.release.v1+json",
      layers: [layer(bytes), layer(other)],
    };
    expect(parseOciManifest(Buffer.from(JSON.stringify(manifest)))?.get(timestamp)?.sha256).toBe(
      "1".repeat(64),
    );
  });

  it("is never told the password by a redirect", async () => {
    const thief = await evil((_, response) => response.end("{}"));
    const host = await evil((request, response) => {
      if (request.headers.authorization === undefined)
        return void response.writeHead(401, { "www-authenticate": 'Basic realm="x"' }).end();
      response.writeHead(307, { location: `${thief.origin}/blob` }).end();
    });
    const reader = openOci(`oci://${host.host}/a`, {
      credentials: () => ({ username: "ci", password: "pw" }),
    });
    expect(await outcome(reader)).toBe("source/unavailable");
    expect(thief.asked).toEqual([]);
    expect(host.secrets).toEqual([`Basic ${Buffer.from("ci:pw").toString("base64")}`]);
  });
});

describe("stolen keys that signed far ahead", () => {
  it("are taken away by the next root: verify, push and pull go on with what the owners release", async () => {
    const [stolen, healed] = [newRoles(), newRoles()];
    const next = { ...healed, root: stolen.root };
    const ahead = newRelease({ roles: stolen, version: 90, sequence: 900 });
    const owners = newRelease({ roles: next, before: [stolen], version: 1, sequence: 3 });
    const later = newRelease({ roles: next, before: [stolen], version: 2, sequence: 4 });
    const older = newRelease({ roles: next, before: [stolen], version: 3, sequence: 2 });
    const [host, mirror] = [`dir:${join(newFolder(), "host")}`, join(newFolder(), "mirror")];
    const push = ({ folder }: { readonly folder: string }) => assentJson(["push", host, "--release", folder]);
    // As an operator does who was handed root 1 once, and never anything else.
    const trusting = ["--trust", ahead.root];
    const pull = () => assentJson(["pull", host, "--out", mirror, ...trusting]);
    const verify = (place: string) => assentJson(["verify", place, ...trusting]);
    await push(ahead);
    expect(await pull()).toMatchObject({ sequence: 900 });
    for (const [each, sequence] of [[owners, 3] as const, [later, 4] as const]) {
      expect(await push(each)).toMatchObject({ destinations: [{ moved: true }] });
      expect(await verify(host)).toMatchObject({ ok: true, sequence });
      expect(await pull()).toMatchObject({ sequence });
      expect(await pull()).toMatchObject({ sequence, fetched: 0 });
      expect(await verify(mirror)).toMatchObject({ ok: true, sequence });
    }
    // The new keys bar what is older by them, and nothing that the old ones sign goes anywhere again.
    expect(await push(older)).toMatchObject({ code: "push/older" });
    expect(await push(ahead)).toMatchObject({ code: "push/not-ours" });
    const back = await assentJson(["pull", `dir:${older.folder}`, "--out", mirror, ...trusting]);
    expect(back).toMatchObject({ code: "release/older-pair" });
    const thief = await assentJson(["pull", `dir:${ahead.folder}`, "--out", mirror, ...trusting]);
    expect(thief).toMatchObject({ code: expect.stringMatching(/^release\//) as string });
    expect(await verify(mirror)).toMatchObject({ ok: true, sequence: 4 });
  });
});

const { registry, s3 } = inject("servers");

describe.skipIf(missingFor("oci") !== undefined)("a real registry", () => {
  it("whose tag was moved back to an older release is refused by whoever has seen the newer one", async () => {
    const { address } = await newPlace("oci");
    const roles = newRoles();
    const first = newRelease({ roles, version: 1 });
    const second = newRelease({ roles, version: 2, values: valuesWith(200, "2.0.0") });
    for (const each of [first, second])
      expect((await assent(["push", address, "--release", each.folder])).code).toBe(0);
    const mirror = join(newFolder(), "mirror");
    const words = ["pull", address, "--out", mirror, "--trust", first.root];
    expect((await assent(words)).code).toBe(0);
    const held = readFileSync(join(mirror, timestamp));
    const manifests = `http://${address.slice("oci://".length).replace("/", "/v2/")}/manifests`;
    const type = { "content-type": "application/vnd.oci.image.manifest.v1+json" };
    const older = await (
      await fetch(`${manifests}/1-20260701T000000Z`, { headers: { accept: type["content-type"] } })
    ).text();
    expect((await fetch(`${manifests}/current`, { method: "PUT", body: older, headers: type })).status).toBe(
      201,
    );
    expect(await assentJson(words)).toMatchObject({ code: "release/rollback", category: "auth" });
    expect(readFileSync(join(mirror, timestamp))).toEqual(held);
    // Whoever has never seen the newer one cannot know; its expiry bounds how long that works.
    expect(await assentJson(["verify", address, "--trust", first.root])).toMatchObject({ sequence: 1 });
  });

  it.each([
    ["no password", {}],
    ["a wrong password", { ...ociEnv, ASSENT_OCI_PASSWORD: "s3cret-but-wrong" }],
    ["a password for another host", { ...ociEnv, ASSENT_OCI_HOST: "ghcr.io" }],
  ])("that wants a password gives nothing for %s", async (_what, env) => {
    const { address } = await newPlace("oci with a password");
    const release = newRelease({ roles: newRoles(), version: 1 });
    const { code, stdout, stderr } = await assent(
      ["push", address, "--release", release.folder, "--format", "json"],
      env,
    );
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      code: "source/forbidden",
      category: "auth",
      retryable: false,
    });
    expect(stdout + stderr).not.toContain("s3cret");
  });

  it("is asked with the password that docker login keeps", async () => {
    const { address } = await newPlace("oci with a password");
    const release = newRelease({ roles: newRoles(), version: 1 });
    const home = newFolder();
    const auth = Buffer.from("ci:let-me-in").toString("base64");
    const host = address.slice("oci://".length).split("/")[0] ?? "";
    writeFileSync(join(home, "config.json"), JSON.stringify({ auths: { [host]: { auth } } }));
    const { code } = await assent(["push", address, "--release", release.folder], { DOCKER_CONFIG: home });
    expect(code).toBe(0);
  });

  it("behind a token service is asked with a token for this repository alone", async () => {
    const tokens: string[] = [];
    const uses = new Map<string, number>();
    const guard = await evil((request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? "", "http://guard");
      if (pathname === "/token") {
        tokens.push(
          `${searchParams.get("service")} ${searchParams.get("scope")} ${request.headers.authorization}`,
        );
        uses.set(`Bearer t${tokens.length}`, 0);
        return void response.end(JSON.stringify({ token: `t${tokens.length}` }));
      }
      // A token runs out after twenty requests, as tokens do in time.
      const token = request.headers.authorization ?? "";
      const used = uses.get(token) ?? 20;
      uses.set(token, used + 1);
      if (used < 20) return forward(`http://${registry}`, request, response);
      const challenge = `Bearer realm="${guard.origin}/token",service="tests",scope="whatever"`;
      request.resume();
      response.writeHead(401, { "www-authenticate": challenge }).end();
    });
    const release = newRelease({ roles: newRoles(), version: 1 });
    const address = `oci://${guard.host}/tests/tokens`;
    const { code, stdout } = await assent(["push", address, "--release", release.folder], ociEnv);
    expect([code, stdout.includes("current now")]).toEqual([0, true]);
    const basic = `Basic ${Buffer.from("ci:let-me-in").toString("base64")}`;
    const scopes = new Set(tokens);
    expect(tokens.length).toBeGreaterThan(3);
    expect(scopes).toEqual(
      new Set([
        `tests repository:tests/tokens:pull ${basic}`,
        `tests repository:tests/tokens:pull,push ${basic}`,
      ]),
    );
  });
});

describe.skipIf(s3 === null)("an S3 store", () => {
  it("gives nothing for a wrong key, and no secret is shown", async () => {
    const { address } = await newPlace("s3");
    const release = newRelease({ roles: newRoles(), version: 1 });
    const env = { ...s3Env, AWS_SECRET_ACCESS_KEY: "s3cret-but-wrong" };
    const { code, stdout, stderr } = await assent(
      ["push", address, "--release", release.folder, "--format", "json"],
      env,
    );
    expect([code, JSON.parse(stdout)]).toMatchObject([2, { code: "source/forbidden", category: "auth" }]);
    expect(stdout + stderr).not.toContain("s3cret");
    const without = await assentJson(["push", address, "--release", release.folder]);
    expect(without).toMatchObject({ category: "auth" });
  });
});

describe("files that were swapped", () => {
  it.each([
    ["a shard", /^catalogue\/.*\.jsonl$/, "release/wrong-hash"],
    ["a slice", /^targets\/slices\//, "release/wrong-hash"],
    ["the manifest", /\.manifest\.json$/, "release/wrong-hash"],
    ["the index of the catalogue", /^catalogue\/.*\.json$/, "release/wrong-hash"],
    ["the targets", /targets\.json$/, "release/wrong-hash"],
    ["the timestamp", /timestamp\.json$/, "release/threshold"],
  ])("%s: nothing of the release is used", async (_what, which, code) => {
    const release = newRelease({ roles: newRoles(), version: 1 });
    const files = new Map(release.files);
    const path = [...files.keys()].find((each) => which.test(each)) ?? "";
    const bytes = Buffer.from(files.get(path) ?? []);
    // One character of the content, so that it stays well formed.
    bytes[bytes.lastIndexOf("0")] = 0x31;
    files.set(path, bytes);
    const host = await evil(serving(files));
    expect(await assentJson(["verify", host.origin, "--trust", release.root])).toMatchObject({ code });
    const out = join(newFolder(), "mirror");
    expect(await assentJson(["pull", host.origin, "--out", out, "--trust", release.root])).toMatchObject({
      code,
    });
    expect(existsSync(join(out, timestamp))).toBe(false);
    // What is broken here is not sent on.
    writeFiles(release.folder, files);
    const target = `dir:${newFolder()}/public`;
    expect(await assentJson(["push", target, "--release", release.folder])).toMatchObject({ code });
  });

  it("are healed where they lie by the next push", async () => {
    const folder = join(newFolder(), "public");
    const release = newRelease({ roles: newRoles(), version: 1 });
    const words = ["push", `dir:${folder}`, "--release", release.folder];
    await assent(words);
    const path = [...release.files.keys()].find((each) => each.startsWith("catalogue/")) ?? "";
    writeFileSync(join(folder, path), "broken");
    expect(await assentJson(words)).toMatchObject({ destinations: [{ sent: 1, moved: false }] });
    expect((await assent(["verify", folder, "--trust", release.root])).code).toBe(0);
  });
});

it("reads a shard by its path and nothing else", async () => {
  const host = await evil(serving(new Map([[shard, Buffer.from("{}")]])));
  expect(await outcome(openHttps(host.origin), shard)).toBe("2 bytes");
  expect(host.asked).toEqual([`GET /${shard}`]);
});

describe("TLS", () => {
  /** A host with a certificate of its own, and a process that trusts it; what reading a path there came to. */
  async function read(location: string | undefined, elsewhere: boolean): Promise<string> {
    const folder = newFolder();
    const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
    const made = [
      "req",
      "-x509",
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:prime256v1",
      "-nodes",
      "-days",
      "2",
    ];
    const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
    execFileSync("openssl", [...made, "-keyout", key, "-out", cert, ...subject], { stdio: "ignore" });
    const server = createTlsServer(
      { key: readFileSync(key), cert: readFileSync(cert) },
      (request, response) => {
        if (location === undefined || request.url === "/final") return void response.end("{}");
        response.writeHead(302, { location: location.replace("PORT", String(port)) }).end();
      },
    );
    await new Promise<void>((done) => server.listen(0, "localhost", done));
    onTestFinished(() => void (server.closeAllConnections(), server.close()));
    const { port } = server.address() as AddressInfo;
    const http = join(import.meta.dirname, "../../src/client/source/http.ts");
    const program = `import { ask } from ${JSON.stringify(http)};
      try {
        const url = new URL("https://localhost:${port}/x");
        const { bytes } = await ask({ url, maxLength: 99, address: "a", path: "x", elsewhere: ${elsewhere} });
        console.log(bytes.length + " bytes");
      } catch (error) { console.log(error.message); }`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
      env: { PATH: process.env["PATH"], NODE_EXTRA_CA_CERTS: cert },
    });
    let said = "";
    child.stdout.on("data", (piece: Buffer) => void (said += piece.toString()));
    await new Promise((done) => child.on("close", done));
    return said.trim();
  }

  it.each([
    ["no redirect", undefined, false, "2 bytes"],
    ["its own host", "https://localhost:PORT/final", false, "2 bytes"],
    ["its own host without TLS", "http://localhost:PORT/final", false, "not followed"],
    [
      "its own host without TLS, for what a digest names",
      "http://localhost:PORT/final",
      true,
      "not followed",
    ],
    ["another host", "https://other.example/final", false, "not followed"],
    // Here the host hands over credentials, which we would send to whom it names; the rest of the address is good.
    ["its own host with a name", "https://u@localhost:PORT/final", false, "such redirects are not followed"],
    ["its own host with a password", "https://:p@localhost:PORT/final", false, "such redirects are not"],
    ["this machine, for what a digest names", "https://127.0.0.1:PORT/final", true, "not followed"],
    [
      "a name of the inside, for what a digest names",
      "https://metadata.internal/final",
      true,
      "not followed",
    ],
  ])("redirects to %s", async (_what, location, elsewhere, becomes) => {
    expect(await read(location, elsewhere)).toContain(becomes);
  });
});
