/**
 * Pushes and pulls that break off, meet each other or run out of room: the release that was current stays whole, the next
 * push goes on, and two that meet never mix.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, inject, it, onTestFinished } from "vitest";
import { evil, forward, type Evil } from "./evil.ts";
import { assent, assentJson, kinds, missingFor, newPlace, s3Env, type Kind, type Place } from "./places.ts";
import { newFolder, newRelease, newRoles, valuesWith } from "./release.ts";

const main = join(import.meta.dirname, "../../src/main.ts");
const roles = newRoles();

/** A proxy that hands writes on until `left` of them have passed, then cuts the next one in half and all others off. */
async function cutting(to: string): Promise<Evil & { left: number }> {
  const state = { left: 0 };
  const host = await evil((request, response) => {
    const isWrite = request.method !== "GET" && request.method !== "HEAD";
    if (state.left > 0) {
      if (isWrite) state.left -= 1;
      return forward(to, request, response);
    }
    if (!isWrite) return forward(to, request, response);
    const half = Number(request.headers["content-length"] ?? 0) / 2;
    let seen = 0;
    forward(to, request, response, (piece) => {
      seen += piece.length;
      if (seen >= half) request.socket.destroy();
    });
  });
  return Object.assign(state, host);
}

describe.each([
  ["oci", () => `http://${inject("servers").registry}`],
  ["s3", () => inject("servers").s3 ?? ""],
] as const)("%s", (kind, origin) => {
  const reason = missingFor(kind);

  it.skipIf(reason !== undefined)("keeps what is current whole, wherever a push is cut off", async () => {
    const { address, env } = await newPlace(kind);
    const first = newRelease({ roles, version: 1, values: valuesWith(100) });
    const second = newRelease({ roles, version: 2, values: valuesWith(100, "2.0.0") });
    expect((await assent(["push", address, "--release", first.folder], env)).code).toBe(0);
    const proxy = await cutting(origin());
    const through = address.replace(new URL(origin()).host, proxy.host);
    let cuts = 0;
    for (;;) {
      // One write more gets through each time than the time before; the next is cut in half, whatever follows as well.
      proxy.left = cuts;
      const { code } = await assent(["push", through, "--release", second.folder], env);
      const seen = await assentJson(["verify", address, "--trust", first.root], env);
      expect(seen).toMatchObject({ ok: true });
      if (code === 0) break;
      cuts += 1;
      expect(cuts).toBeLessThan(60);
    }
    expect(cuts).toBeGreaterThan(2);
    expect(await assentJson(["verify", address, "--trust", first.root], env)).toMatchObject({ sequence: 2 });
  });
});

describe("GitHub", () => {
  it("keeps what is current whole, whichever request fails, and sends broken uploads again", async () => {
    const { address, env, hub } = await newPlace("github-release");
    if (hub === undefined) throw new Error("no stand-in");
    const first = newRelease({ roles, version: 1, values: valuesWith(100) });
    const second = newRelease({ roles, version: 2, values: valuesWith(100, "2.0.0") });
    expect((await assent(["push", address, "--release", first.folder], env)).code).toBe(0);
    let failures = 0;
    for (let skip = 0; ; skip++) {
      hub.faults.push({ operation: /^(?:POST|PATCH) .*\/releases/, status: 500, skip });
      const { code } = await assent(["push", address, "--release", second.folder], env);
      expect(await assentJson(["verify", address, "--trust", first.root], env)).toMatchObject({ ok: true });
      hub.faults.length = 0;
      if (code === 0) break;
      failures += 1;
      // What GitHub keeps of an upload that broke off.
      const broken = hub.releases.find(({ draft }) => draft)?.assets.at(-1);
      if (broken !== undefined) Object.assign(broken, { state: "open", bytes: broken.bytes.slice(0, 10) });
    }
    expect(failures).toBeGreaterThan(2);
    expect(hub.releases.filter(({ draft }) => draft)).toEqual([]);
    expect(await assentJson(["verify", address, "--trust", first.root], env)).toMatchObject({ sequence: 2 });
  });
});

/** Runs the program in a process of its own; `limit` is the longest file in KiB that it may write. */
function child(words: readonly string[], limit = "unlimited") {
  const process_ = spawn(
    "bash",
    ["-c", `ulimit -f ${limit}; exec "$0" "$@"`, process.execPath, main, ...words],
    {
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let stdout = "";
  process_.stdout.on("data", (chunk: Buffer) => void (stdout += chunk.toString()));
  const ended = new Promise<{ readonly code: number | null; readonly stdout: string }>((resolve) => {
    process_.on("close", (code) => resolve({ code, stdout }));
  });
  return { kill: () => process_.kill("SIGKILL"), ended };
}

describe("a folder", () => {
  it("holds a whole release whenever the push or pull into it is killed", { timeout: 120_000 }, async () => {
    const first = newRelease({ roles, version: 1, values: valuesWith(600) });
    const second = newRelease({ roles, version: 2, values: valuesWith(600, "2.0.0") });
    const began = performance.now();
    await child(["push", `dir:${newFolder()}/public`, "--release", second.folder]).ended;
    const whole = performance.now() - began;
    const seen = new Set<unknown>();
    for (const command of ["push", "pull"]) {
      for (let turn = 0; turn < 6; turn++) {
        const folder = join(newFolder(), "public");
        expect((await assent(["push", `dir:${folder}`, "--release", first.folder])).code).toBe(0);
        const words =
          command === "push"
            ? ["push", `dir:${folder}`, "--release", second.folder]
            : ["pull", second.folder, "--out", folder, "--trust", first.root];
        const run = child(words);
        // Later and later, up to when it would be done; most of its time it starts.
        const delay = whole * (0.5 + (turn / 6) * 0.5);
        const timer = setTimeout(run.kill, delay);
        await run.ended;
        clearTimeout(timer);
        const between = await assentJson(["verify", folder, "--trust", first.root]);
        expect(between).toMatchObject({ ok: true });
        seen.add(between["sequence"]);
        expect((await assent(words)).code).toBe(0);
        expect(await assentJson(["verify", folder, "--trust", first.root])).toMatchObject({ sequence: 2 });
      }
    }
    expect(seen).toContain(1);
  });

  it("stays as it was when the disk is full, and takes the rest when there is room", async () => {
    const first = newRelease({ roles, version: 1, values: valuesWith(300) });
    const second = newRelease({ roles, version: 2, values: valuesWith(400, "2.0.0") });
    for (const command of ["push", "pull"]) {
      const folder = join(newFolder(), "public");
      expect((await assent(["push", `dir:${folder}`, "--release", first.folder])).code).toBe(0);
      const words =
        command === "push"
          ? ["push", `dir:${folder}`, "--release", second.folder]
          : ["pull", second.folder, "--out", folder, "--trust", first.root];
      const { code, stdout } = await child([...words, "--format", "json"], "4").ended;
      expect([code, JSON.parse(stdout)]).toMatchObject([
        2,
        { code: "push/not-written", category: "unavailable", retryable: true },
      ]);
      expect(await assentJson(["verify", folder, "--trust", first.root])).toMatchObject({ sequence: 1 });
      const left = readdirSync(folder, { recursive: true, encoding: "utf8" });
      expect(left.filter((name) => name.endsWith(".tmp"))).toEqual([]);
      expect((await assent(words)).code).toBe(0);
      expect(await assentJson(["verify", folder, "--trust", first.root])).toMatchObject({ sequence: 2 });
    }
  });

  it("is switched by one at a time, and by anybody once a lock is old", async () => {
    const folder = join(newFolder(), "public");
    const first = newRelease({ roles, version: 1, values: valuesWith(5) });
    const second = newRelease({ roles, version: 2, values: valuesWith(5, "2.0.0") });
    await assent(["push", `dir:${folder}`, "--release", first.folder]);
    const lock = join(folder, "metadata/.timestamp.lock");
    writeFileSync(lock, "");
    const before = Date.now() / 1000 - 60;
    utimesSync(lock, before, before);
    expect((await assent(["push", `dir:${folder}`, "--release", second.folder])).code).toBe(0);
    expect(existsSync(lock)).toBe(false);
  });

  it("gives metadata that nobody published to the next push after ten minutes, not before", async () => {
    const folder = join(newFolder(), "public");
    const first = newRelease({ roles, version: 1, values: valuesWith(5) });
    await assent(["push", `dir:${folder}`, "--release", first.folder]);
    const abandoned = newRelease({
      roles,
      version: 2,
      values: valuesWith(5),
      expires: "2998-01-01T00:00:00Z",
    });
    const path = "metadata/2.snapshot.json";
    writeFileSync(join(folder, path), abandoned.files.get(path) ?? "");
    writeFileSync(
      join(folder, `metadata/.${"0".repeat(8)}-0000-0000-0000-${"0".repeat(12)}.tmp`),
      "left over",
    );
    const second = newRelease({ roles, version: 2, values: valuesWith(5, "2.0.0") });
    const words = ["push", `dir:${folder}`, "--release", second.folder];
    expect(await assentJson(words)).toMatchObject({ code: "push/in-the-way", category: "conflict" });
    const before = Date.now() / 1000 - 601;
    for (const name of readdirSync(join(folder, "metadata")))
      utimesSync(join(folder, "metadata", name), before, before);
    expect(await assentJson(words)).toMatchObject({ destinations: [{ moved: true }] });
    expect(readFileSync(join(folder, path))).toEqual(Buffer.from(second.files.get(path) ?? []));
    expect(readdirSync(join(folder, "metadata")).filter((name) => name.startsWith("."))).toEqual([]);
    expect(statSync(join(folder, "metadata/timestamp.json")).mode & 0o777).toBe(0o644);
  });
});

it("goes on with a pull where the host broke off, and fetches nothing twice", async () => {
  const release = newRelease({ roles, version: 1, values: valuesWith(600) });
  let left = 0;
  const sent = new Map<string, number>();
  const host = await evil((request, response) => {
    const path = (request.url ?? "/").slice(1);
    const bytes = release.files.get(path);
    if (bytes === undefined) return void response.writeHead(404).end();
    response.writeHead(200, { "content-length": bytes.length });
    if (!path.startsWith("metadata/") && left-- <= 0)
      return void response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
    if (!path.startsWith("metadata/")) sent.set(path, (sent.get(path) ?? 0) + 1);
    response.end(bytes);
  });
  const folder = join(newFolder(), "mirror");
  const words = ["pull", host.origin, "--out", folder, "--trust", release.root];
  for (let turn = 0; ; turn++) {
    expect(turn).toBeLessThan(20);
    left = 4;
    const answer = await assentJson(words);
    if (answer["format"] === "assent.pull/v1") break;
    expect(answer).toMatchObject({ code: "source/unavailable" });
    expect(existsSync(join(folder, "metadata/timestamp.json"))).toBe(false);
  }
  expect(new Set(sent.values())).toEqual(new Set([1]));
  expect(await assentJson(["verify", folder, "--trust", release.root])).toMatchObject({ ok: true });
});

describe("two pushes at once", () => {
  /** Which release is current there and whole, by the bytes of its timestamp. */
  async function current({ address, env }: Place, root: string): Promise<Buffer> {
    expect(await assentJson(["verify", address, "--trust", root], env)).toMatchObject({ ok: true });
    const mirror = join(newFolder(), "mirror");
    expect((await assent(["pull", address, "--out", mirror, "--trust", root], env)).code).toBe(0);
    return readFileSync(join(mirror, "metadata/timestamp.json"));
  }

  // The registry with a password is the same program; what is not installed is skipped, with its reason, in hosts.test.ts.
  const isWorthTwo = (kind: Kind): boolean =>
    kind !== "oci with a password" && missingFor(kind) === undefined;
  const places: readonly (readonly [string, Kind | "s3 with conditions"])[] = [
    ...kinds.filter(isWorthTwo).map((kind) => [kind, kind] as const),
    ["s3 with conditions", "s3 with conditions"],
  ];

  it.each(places)("never mix: %s", async (_name, kind) => {
    const place = kind === "s3 with conditions" ? await conditionalStore() : await newPlace(kind);
    const { address, env } = place;
    const first = newRelease({ roles, version: 1, values: valuesWith(20) });
    expect((await assent(["push", address, "--release", first.folder], env)).code).toBe(0);
    // Signed apart from each other: the same versions and the same pair's successor, other content.
    const twins = [
      newRelease({ roles, version: 2, values: valuesWith(20, "2.0.0") }),
      newRelease({ roles, version: 2, values: valuesWith(30, "3.0.0") }),
    ];
    const ended = await Promise.all(
      twins.map(({ folder }) => assentJson(["push", address, "--release", folder], env)),
    );
    const lost = ended.filter((each) => each["format"] === "assent.error/v1");
    for (const each of lost) expect(each).toMatchObject({ category: "conflict", retryable: true });
    const timestamps = [first, ...twins].map(({ files }) =>
      Buffer.from(files.get("metadata/timestamp.json") ?? []),
    );
    const now = await current(place, first.root);
    expect(timestamps.some((each) => each.equals(now))).toBe(true);
    // Where the host can compare and switch in one step, exactly one has won.
    if (kind === "directory" || kind === "github-release" || kind === "s3 with conditions")
      expect([lost.length, timestamps.slice(1).some((each) => each.equals(now))]).toEqual([1, true]);
    // A later one follows whichever is there.
    const third = newRelease({ roles, version: 3, values: valuesWith(20, "2.0.0") });
    const after = await assentJson(["push", address, "--release", third.folder], env);
    if (after["code"] !== "push/in-the-way") expect(after).toMatchObject({ destinations: [{ moved: true }] });
    else expect([kind, lost.length]).toEqual(["s3", 2]);
  });
});

/** An S3 store that knows conditional writes, as Amazon's does since 2024. It checks no signatures: Swift does. */
async function conditionalStore(): Promise<Place> {
  const objects = new Map<string, Buffer>();
  const etag = (bytes: Buffer): string => `"${createHash("md5").update(bytes).digest("hex")}"`;
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://store");
    const key = decodeURIComponent(pathname).replace(/^\/buc\/?/, "");
    const there = objects.get(key);
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      const { "if-match": match, "if-none-match": none } = request.headers;
      if (request.method === "PUT") {
        const holds = match === undefined || (there !== undefined && etag(there) === match);
        if (!holds || (none === "*" && there !== undefined)) return void response.writeHead(412).end();
        const bytes = Buffer.concat(pieces);
        objects.set(key, bytes);
        return void response.writeHead(200, { etag: etag(bytes) }).end();
      }
      if (key === "") {
        const prefix = searchParams.get("prefix") ?? "";
        const rows = [...objects].filter(([name]) => name.startsWith(prefix));
        const contents = rows.map(
          ([name, bytes]) => `<Contents><Key>${name}</Key><Size>${bytes.length}</Size></Contents>`,
        );
        const list = `<ListBucketResult><IsTruncated>false</IsTruncated>${contents.join("")}</ListBucketResult>`;
        return void response.writeHead(200, { "content-type": "application/xml" }).end(list);
      }
      if (there === undefined)
        return void response.writeHead(404).end("<Error><Code>NoSuchKey</Code></Error>");
      response.writeHead(200, { etag: etag(there), "last-modified": new Date().toUTCString() }).end(there);
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  onTestFinished(() => void (server.closeAllConnections(), server.close()));
  const { port } = server.address() as AddressInfo;
  return { address: `s3://buc/r?endpoint=http://127.0.0.1:${port}`, env: s3Env };
}
