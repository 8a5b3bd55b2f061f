/**
 * What an attacker, a crash or a full disk can do to a service that runs on releases. The attacker of each case holds
 * what the case says; never the service's own disk, unless it says so, because that is the service.
 */
import { spawn, spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { openCache } from "../../src/client/cache.ts";
import { parseRecord } from "../../src/client/record.ts";
import { at, live as activation, type Values } from "../compiled.ts";
import { one as oneKey, publishRoot } from "../tuf-repository.ts";
import {
  DAY,
  host,
  instant,
  live,
  machine,
  publisher,
  refreshTimestamp,
  release,
  service,
  START,
  writeRelease,
  type Publisher,
} from "../client-world.ts";

const folder = mkdtempSync(join(tmpdir(), "assent-client-attacks-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let count = 0;
const fresh = (): string => join(folder, String((count += 1)));

const one: Values = { [at("")]: activation("1.0.0") };
const two: Values = { [at("")]: activation("2.0.0") };

/** A service that was once at release 2, and the files of release 1 that somebody kept. */
async function afterTwo() {
  const by = publisher();
  release(by, { sequence: 1, values: one });
  const old = new Map(by.files);
  release(by, { sequence: 2, values: two });
  const cacheDir = fresh();
  const source = host(by.files);
  const resolver = await service(by, source, { world: machine(), cacheDir, refresh: false });
  return { by, old, source, resolver, cacheDir };
}

/** The owners after a theft: root 2 takes every key but its own away, and versions begin anew. */
function rotated(by: Publisher): Publisher {
  const roles = { root: by.roles.root, targets: oneKey(), snapshot: oneKey(), timestamp: oneKey() };
  const files = new Map(by.files);
  publishRoot(files, roles, { version: 2 }, { registry: by.registry });
  return { ...by, roles, files, version: 0 };
}

/** The only key in a cache, and its records, newest first. */
function recordsIn(cacheDir: string): readonly string[] {
  const [key = ""] = readdirSync(cacheDir).filter((name) => name.length === 32);
  return readdirSync(join(cacheDir, key))
    .filter((name) => /^\d+\.json$/.test(name))
    .sort((a, b) => Number.parseInt(b, 10) - Number.parseInt(a, 10))
    .map((name) => join(cacheDir, key, name));
}

const recordAt = (path = "") => parseRecord(readFileSync(path));

/** The newest record while others write: there may be no cache yet, and what was listed may have made room for a newer one. */
function newestKept(cacheDir: string): ReturnType<typeof parseRecord> {
  try {
    const [newest] = recordsIn(cacheDir);
    return newest === undefined ? undefined : recordAt(newest);
  } catch (error) {
    expect(error).toMatchObject({ code: "ENOENT" });
    return undefined;
  }
}

describe("who can write to a source", () => {
  it.each([
    ["replays an older release", (_: Publisher, old: Map<string, Uint8Array>) => old, "release/rollback"],
    [
      "strips the signatures",
      ({ files }: Publisher) => {
        const stripped = JSON.parse(Buffer.from(files.get("metadata/timestamp.json")!).toString()) as object;
        return new Map(files).set(
          "metadata/timestamp.json",
          Buffer.from(JSON.stringify({ ...stripped, signatures: [] })),
        );
      },
      "release/threshold",
    ],
    [
      "takes the metadata away",
      ({ files }: Publisher) => new Map([...files].filter(([path]) => !path.startsWith("metadata/"))),
      "release/missing",
    ],
  ] as const)("%s: nothing changes", async (_, attack, code) => {
    const { by, old, source, resolver } = await afterTwo();
    source.files = attack(by, old);
    await expect(resolver.refresh()).rejects.toMatchObject({ code });
    expect(live(resolver)).toBe("bundle:fraud/score@2.0.0");
    expect(resolver.status()).toMatchObject({ failures: 1, lastFailure: { code } });
    resolver.close();
  });

  it("changes the bytes of a slice: it is not used", async () => {
    const by = publisher();
    release(by, { sequence: 1, values: one });
    const path = [...by.files.keys()].find((each) => each.endsWith(".prod.json"))!;
    const text = Buffer.from(by.files.get(path)!).toString();
    by.files.set(path, Buffer.from(text.replace("score@1.0.0", "score@9.9.9")));
    await expect(service(by, host(by.files), { world: machine() })).rejects.toMatchObject({
      code: "release/wrong-hash",
    });
  });
});

describe("who holds the signing keys", () => {
  it.each([
    ["as often as the old root was", 0],
    ["where the old root had moved on", 1],
  ])("has them after a new ceremony, whose root services were given: worth nothing, %s", async (_, moved) => {
    const { by, source, resolver, cacheDir } = await afterTwo();
    if (moved === 1) {
      publishRoot(by.files, by.roles, { version: 2 }, { registry: by.registry });
      await resolver.refresh();
    }
    resolver.close();
    // The stolen keys go on signing, far ahead of everybody.
    by.version = 90;
    release(by, { sequence: 900, values: one });
    const anew = publisher();
    const trust = anew.root;
    source.files = by.files;
    await expect(
      service(by, source, { trust, world: machine(), cacheDir, refresh: false }),
    ).rejects.toMatchObject({ code: "release/threshold" });
    // What the owners release is taken, from the version on that their own keys begin with.
    release(anew, { sequence: 3, values: two });
    const healed = await service(by, host(anew.files), { trust, world: machine(), cacheDir, refresh: false });
    expect(healed.status().release?.sequence).toBe(3);
    healed.close();
    // And where it was stolen before services were told: what they had taken does not bar the owners.
    const misled = fresh();
    (await service(by, source, { world: machine(), cacheDir: misled, refresh: false })).close();
    const back = await service(by, host(anew.files), {
      trust,
      world: machine(),
      cacheDir: misled,
      refresh: false,
    });
    expect(back.status().release?.sequence).toBe(3);
    back.close();
  });

  it("signs an older landing anew: refused, also by a service that has only its cache to remember by", async () => {
    const { by, resolver, source, cacheDir } = await afterTwo();
    release(by, { sequence: 1, values: one });
    await expect(resolver.refresh()).rejects.toMatchObject({ code: "release/older-pair" });
    resolver.close();
    const next = await service(by, source, { world: machine(), cacheDir, refresh: false });
    await expect(next.refresh()).rejects.toMatchObject({ code: "release/older-pair" });
    expect(live(next)).toBe("bundle:fraud/score@2.0.0");
    next.close();
  });

  it("shows two contents for one landing: the alarm", async () => {
    const { by, resolver } = await afterTwo();
    release(by, { sequence: 2, values: one });
    const heard: string[] = [];
    resolver.on("error", ({ code }) => heard.push(code));
    await expect(resolver.refresh()).rejects.toMatchObject({ code: "release/equivocation" });
    expect([heard, live(resolver)]).toEqual([["release/equivocation"], "bundle:fraud/score@2.0.0"]);
    resolver.close();
  });

  it("loses them: the service follows the new root, and never believes the old key again", async () => {
    const { by, source, resolver, cacheDir } = await afterTwo();
    const next: Publisher = { ...by, roles: { ...by.roles, timestamp: oneKey() } };
    publishRoot(by.files, next.roles, { version: 2 }, { registry: "test" });
    release(next, { sequence: 3, values: one });
    await resolver.refresh();
    expect([live(resolver), resolver.status().release?.sequence]).toEqual(["bundle:fraud/score@1.0.0", 3]);
    resolver.close();
    // With the root that it was given at first, from the cache alone and then again from the source.
    const again = await service(by, source, { world: machine(), cacheDir, refresh: false });
    expect(again.status().release?.sequence).toBe(3);
    const stolen: Publisher = { ...by, version: next.version };
    release(stolen, { sequence: 4, values: two });
    await expect(again.refresh()).rejects.toMatchObject({ code: "release/threshold" });
    expect(live(again)).toBe("bundle:fraud/score@1.0.0");
    again.close();
  });

  it("has all that release, and signs far ahead: the next root takes them away, and what they signed bars nobody", async () => {
    const { by, source, resolver } = await afterTwo();
    by.version = 90;
    release(by, { sequence: 900, values: one });
    await resolver.refresh();
    expect(resolver.status().release?.sequence).toBe(900);
    const healed = rotated(by);
    release(healed, { sequence: 3, values: two });
    source.files = healed.files;
    await resolver.refresh();
    expect([resolver.status().release?.sequence, live(resolver)]).toEqual([3, "bundle:fraud/score@2.0.0"]);
    resolver.close();
  });

  it.each([
    ["that is running beside it", true],
    ["that starts again later", false],
  ])("what a thief signed far ahead is not put back by another process, %s", async (_, isRunning) => {
    const { by, source, resolver, cacheDir } = await afterTwo();
    by.version = 90;
    release(by, { sequence: 900, values: one });
    await resolver.refresh();
    const options = { world: machine(), cacheDir, refresh: false } as const;
    const behind = isRunning ? await service(by, host(by.files), options) : undefined;
    const stolen = new Map(by.files);
    const healed = rotated(by);
    release(healed, { sequence: 3, values: two });
    source.files = healed.files;
    await resolver.refresh();
    const heldIn = () => recordAt(recordsIn(cacheDir)[0])?.release?.sequence;
    expect(heldIn()).toBe(3);
    // Its source is the thief's still: neither there nor from the cache does it go back to what was signed there.
    const other = behind ?? (await service(by, host(stolen), options));
    await other.refresh().catch(() => {});
    expect([heldIn(), other.status().release?.sequence]).toEqual([3, 3]);
    // And what the new keys signed bars what is older by them, as ever.
    release(healed, { sequence: 2, values: one });
    await expect(resolver.refresh()).rejects.toMatchObject({ code: "release/older-pair" });
    resolver.close();
    other.close();
    const last = host(healed.files);
    release(healed, { sequence: 4, values: one });
    const again = await service(by, last, options);
    await again.refresh();
    expect(again.status()).toMatchObject({ kept: true, release: { sequence: 4 } });
    again.close();
  });

  it("had them when a process stopped between the new root and the release: the next one recovers", async () => {
    const { by, source, resolver, cacheDir } = await afterTwo();
    by.version = 90;
    release(by, { sequence: 900, values: one });
    await resolver.refresh();
    const healed = rotated(by);
    source.files = new Map(healed.files);
    source.files.delete("metadata/timestamp.json");
    await expect(resolver.refresh()).rejects.toMatchObject({ code: "release/missing" });
    resolver.close();
    release(healed, { sequence: 3, values: two });
    const next = await service(by, host(healed.files), { world: machine(), cacheDir, refresh: false });
    await next.refresh();
    expect(next.status()).toMatchObject({ kept: true, release: { sequence: 3 } });
    next.close();
  });

  it("had them, and the owners sign with new ones what is in use: it bars what is older, after a restart too", async () => {
    const { by, source, resolver, cacheDir } = await afterTwo();
    const healed = rotated(by);
    release(healed, { sequence: 2, values: two });
    source.files = healed.files;
    await resolver.refresh();
    resolver.close();
    expect(recordAt(recordsIn(cacheDir)[0])).toMatchObject({
      targetsSince: 2,
      release: { sequence: 2, targetsSince: 2 },
    });
    const next = await service(by, source, { world: machine(), cacheDir, refresh: false });
    release(healed, { sequence: 1, values: one });
    await expect(next.refresh()).rejects.toMatchObject({ code: "release/older-pair" });
    next.close();
  });

  it("had only the online ones: what a service has seen bars older releases under the next root too", async () => {
    const { by, resolver } = await afterTwo();
    const next: Publisher = { ...by, roles: { ...by.roles, snapshot: oneKey(), timestamp: oneKey() } };
    publishRoot(by.files, next.roles, { version: 2 }, { registry: by.registry });
    release(next, { sequence: 1, values: one });
    await expect(resolver.refresh()).rejects.toMatchObject({ code: "release/older-pair" });
    expect(resolver.status().release?.sequence).toBe(2);
    resolver.close();
  });

  it("cannot go below what a service demands, even when its memory is gone", async () => {
    const { by, resolver, old, cacheDir } = await afterTwo();
    resolver.close();
    rmSync(cacheDir, { recursive: true });
    const start = service(by, host(old), { world: machine(), cacheDir, minSequence: 2 });
    await expect(start).rejects.toMatchObject({ code: "client/below-minimum" });
  });
});

describe("the cache", () => {
  it("its records are deleted under a running service: nothing older gets in, and the next release heals it", async () => {
    const { by, old, source, resolver, cacheDir } = await afterTwo();
    rmSync(cacheDir, { recursive: true });
    source.files = old;
    await expect(resolver.refresh()).rejects.toMatchObject({ code: "release/rollback" });
    expect(resolver.status().kept).toBe(false);
    source.files = by.files;
    await resolver.refresh();
    expect(resolver.status().kept).toBe(true);
    resolver.close();
    const next = await service(by, host(new Map()), { world: machine(), cacheDir, refresh: false });
    expect(live(next)).toBe("bundle:fraud/score@2.0.0");
    next.close();
  });

  it("its records are deleted before a start: what lies there is not believed", async () => {
    const { by, resolver, cacheDir } = await afterTwo();
    resolver.close();
    for (const path of recordsIn(cacheDir)) rmSync(path);
    const start = service(by, host(new Map()), { world: machine(), cacheDir });
    await expect(start).rejects.toMatchObject({ code: "release/missing" });
  });

  it.each(["cut short", "changed"])("a record that was %s is passed over", async (how) => {
    const { by, resolver, cacheDir } = await afterTwo();
    resolver.close();
    const [newest = ""] = recordsIn(cacheDir);
    if (how === "cut short") truncateSync(newest, 100);
    else writeFileSync(newest, readFileSync(newest, "utf8").replace(/"expires":"2/, '"expires":"3'));
    expect(recordAt(newest)).toBeUndefined();
    const next = await service(by, host(by.files), { world: machine(), cacheDir, refresh: false });
    await next.refresh();
    expect([live(next), next.status().kept]).toEqual(["bundle:fraud/score@2.0.0", true]);
    next.close();
  });

  it.each(
    ["slices/", "manifest.json"].flatMap((which) =>
      ["cut short", "changed", "gone"].map((how) => [which, how] as const),
    ),
  )("a file (%s) that is %s is fetched again, and nothing older is used", async (which, how) => {
    const { by, resolver, cacheDir } = await afterTwo();
    resolver.close();
    const files = recordAt(recordsIn(cacheDir)[0])!.release!.files;
    const [, file] = Object.entries(files).find(([path]) => path.startsWith(which))!;
    const path = join(cacheDir, "blobs", file.sha256);
    if (how === "gone") rmSync(path);
    else if (how === "cut short") truncateSync(path, 10);
    else {
      const text = readFileSync(path, "utf8");
      writeFileSync(path, text.replace("score@2.0.0", "score@1.0.0").replace('"sequence":2', '"sequence":9'));
    }
    const down = service(by, host(new Map()), { world: machine(), cacheDir });
    await expect(down).rejects.toMatchObject({ code: "release/missing" });
    const next = await service(by, host(by.files), { world: machine(), cacheDir, refresh: false });
    expect([live(next), next.status().kept]).toEqual(["bundle:fraud/score@2.0.0", true]);
    next.close();
  });

  it("what was verified under another root is not answered from before it is verified anew", async () => {
    const { by, resolver, cacheDir } = await afterTwo();
    resolver.close();
    const spaced = Buffer.concat([by.root, Buffer.from("\n")]);
    const options = { world: machine(), cacheDir, trust: spaced, refresh: false } as const;
    await expect(service(by, host(new Map()), options)).rejects.toMatchObject({ code: "release/missing" });
    const next = await service(by, host(by.files), options);
    expect(live(next)).toBe("bundle:fraud/score@2.0.0");
    next.close();
  });

  it("holds environments and registries apart", async () => {
    const [a, b] = [publisher("a"), publisher("b")];
    release(a, { sequence: 5, values: one });
    release(b, { sequence: 1, values: two });
    const cacheDir = fresh();
    const options = { world: machine(), cacheDir, refresh: false } as const;
    const services = [
      await service(a, host(a.files), options),
      await service(b, host(b.files), options),
      await service(a, host(a.files), { ...options, environment: "dev" }),
    ];
    expect(services.map((each) => live(each))).toEqual([
      "bundle:fraud/score@1.0.0",
      "bundle:fraud/score@2.0.0",
      "none",
    ]);
    for (const each of services) each.close();
    expect(readdirSync(cacheDir).filter((name) => name.length === 32)).toHaveLength(3);
  });

  it("never keeps what nobody signed", async () => {
    const cacheDir = fresh();
    const plain = fresh();
    const by = publisher();
    const compiled = release(by, { sequence: 1, values: one });
    mkdirSync(plain);
    writeRelease(new Map(compiled.files.map(({ path, bytes }) => [path, bytes])), plain);
    const world = machine();
    const resolver = await service(by, plain, { trust: undefined, unsigned: true, cacheDir, world });
    expect(live(resolver)).toBe("bundle:fraud/score@1.0.0");
    expect(resolver.status()).toMatchObject({ signed: false, kept: false, expires: null });
    expect(world.said).toEqual([expect.stringContaining("client/unsigned")]);
    expect(() => readdirSync(cacheDir)).toThrow("ENOENT");
    resolver.close();
  });

  it("grows by what is in use, not by what was", async () => {
    const { by, source, resolver, cacheDir } = await afterTwo();
    for (let sequence = 3; sequence < 12; sequence++) {
      release(by, { sequence, values: sequence % 2 === 0 ? two : one });
      await resolver.refresh();
    }
    expect(source.asked.length).toBeGreaterThan(0);
    expect(recordsIn(cacheDir)).toHaveLength(2);
    resolver.close();
  });

  it("of two that start at once, the one that is behind starts all the same", async () => {
    const by = publisher();
    release(by, { sequence: 1, values: one });
    publishRoot(by.files, by.roles, { version: 2 }, { registry: by.registry });
    const cacheDir = fresh();
    const [faster, slower] = [host(by.files, "memory:faster"), host(by.files, "memory:slower")];
    faster.fault = (path) => (path.startsWith("targets/") ? Promise.reject(new Error("lost")) : undefined);
    let isOvertaken = false;
    slower.fault = (path) => {
      if (path !== "metadata/3.root.json" || isOvertaken) return undefined;
      isOvertaken = true;
      const start = service(by, faster, { world: machine(), cacheDir, refresh: false });
      return start.then(
        () => undefined,
        () => undefined,
      );
    };
    const resolver = await service(by, slower, { world: machine(), cacheDir, refresh: false });
    expect([isOvertaken, live(resolver)]).toEqual([true, "bundle:fraud/score@1.0.0"]);
    resolver.close();
  });

  it("of two that keep at once, the one that is behind is told so", () => {
    const cache = openCache(fresh(), "0".repeat(32));
    const state = (timestamp: number, sequence: number, root = 1, since = 0) => ({
      pinned: "p",
      order: [root, timestamp] as const,
      targetsSince: since,
      seenAt: 0,
      trusted: Buffer.from(`trusted ${timestamp}`),
      release: {
        facts: {
          registry: "test",
          sequence,
          asOf: instant(START),
          digest: `sha256:${"a".repeat(64)}` as never,
          targetsSince: since,
          expires: instant(START + DAY),
          source: "memory:",
          checkedAt: 0,
        },
        files: new Map([["slice", Buffer.from(`slice ${sequence}`)]]),
      },
    });
    expect(cache.keep(state(2, 2))).toMatchObject({ overtaken: false, number: 1 });
    expect(cache.keep(state(1, 1))).toEqual({ overtaken: true });
    expect(cache.keep(state(2, 1))).toEqual({ overtaken: true });
    // Newer metadata with an older release in use: the newer release stays.
    expect(cache.keep(state(3, 1))).toMatchObject({ overtaken: false, isMerged: true });
    expect(cache.record()).toMatchObject({ order: [1, 3], release: { sequence: 2 } });
    // A root that took keys of the targets away: the release before it does not stay, and never comes back.
    expect(cache.keep(state(1, 1, 2, 2))).toMatchObject({ overtaken: false, isMerged: false });
    expect(cache.keep(state(9, 9))).toEqual({ overtaken: true });
    expect(cache.keep({ ...state(2, 9, 2, 2), release: state(2, 9).release })).toMatchObject({
      isMerged: true,
    });
    expect(cache.record()).toMatchObject({ order: [2, 2], release: { sequence: 1, targetsSince: 2 } });
  });
});

describe("processes", () => {
  const by = publisher();
  const [before, after, root, program] = [fresh(), fresh(), fresh(), `${fresh()}.mjs`];

  beforeAll(async () => {
    release(by, { sequence: 1, values: one });
    writeRelease(by.files, before);
    release(by, { sequence: 2, values: two });
    writeRelease(by.files, after);
    writeFileSync(root, by.root);
    await build({
      entryPoints: [join(import.meta.dirname, "client-program.ts")],
      outfile: program,
      bundle: true,
      format: "esm",
      platform: "node",
      banner: {
        js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
      },
    });
  });

  const run = (source: string, cacheDir: string, killAt = 0) =>
    spawnSync(process.execPath, [program, source, root, cacheDir, String(killAt)], { encoding: "utf8" });

  it("killed at any step of an update, the cache starts the old or the new release, whole", async () => {
    const settled = fresh();
    expect(run(before, settled).stdout).toContain("score@1.0.0");
    const whole = fresh();
    cpSync(settled, whole, { recursive: true });
    const steps = Number(/ (\d+)\n$/.exec(run(after, whole).stdout)?.[1]);
    const seen = new Set<string>();
    let next = 1;
    const tryNext = async (): Promise<void> => {
      for (let step = next++; step <= steps; step = next++) {
        const cacheDir = fresh();
        cpSync(settled, cacheDir, { recursive: true });
        const child = spawn(process.execPath, [program, after, root, cacheDir, String(step)]);
        expect(await new Promise((done) => child.on("close", (_, signal) => done(signal)))).toBe("SIGKILL");
        const offline = await service(by, host(new Map()), { world: machine(), cacheDir, refresh: false });
        seen.add(live(offline));
        offline.close();
        const online = await service(by, host(by.files), { world: machine(), cacheDir, refresh: false });
        await online.refresh();
        expect([live(online), online.status().kept]).toEqual(["bundle:fraud/score@2.0.0", true]);
        online.close();
        rmSync(cacheDir, { recursive: true });
      }
    };
    await Promise.all([tryNext(), tryNext()]);
    expect(steps).toBeGreaterThan(30);
    expect(seen).toEqual(new Set(["bundle:fraud/score@1.0.0", "bundle:fraud/score@2.0.0"]));
  }, 60_000);

  it("two that refresh one cache at once, one of them killed: it never goes back", async () => {
    const shared = publisher();
    const [place, cacheDir, trust] = [fresh(), fresh(), fresh()];
    writeFileSync(trust, shared.root);
    release(shared, { sequence: 1, values: one });
    writeRelease(shared.files, place);
    const start = () => {
      const child = spawn(process.execPath, [program, place, trust, cacheDir, "0", "19"]);
      // Whatever else fails here, nobody goes on asking for ever.
      onTestFinished(() => void child.kill("SIGKILL"));
      let text = "";
      child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
      const ended = new Promise<string>((done) => child.on("close", () => done(text)));
      return { child, ended, said: () => text };
    };
    const [first, second] = [start(), start()];
    const onDisk: number[] = [];
    for (let sequence = 2; sequence < 20; sequence++) {
      release(shared, { sequence, values: sequence % 2 === 0 ? two : one });
      const { ["metadata/timestamp.json"]: timestamp, ...others } = Object.fromEntries(shared.files);
      writeRelease(new Map(Object.entries(others)), place);
      writeRelease(new Map([["metadata/timestamp.json", timestamp!]]), place);
      await new Promise((done) => setImmediate(done));
      if (sequence === 10) {
        await Promise.race([first.ended, new Promise((done) => first.child.stdout.once("data", done))]);
        first.child.kill("SIGKILL");
      }
      const there = newestKept(cacheDir)?.release?.sequence;
      if (there !== undefined) onDisk.push(there);
    }
    await first.ended;
    const said = await second.ended;
    const sequences = [...said.matchAll(/^at (\d+)$/gm)].map((match) => Number(match[1]));
    expect(sequences).toEqual(sequences.toSorted((a, b) => a - b));
    expect(onDisk).toEqual(onDisk.toSorted((a, b) => a - b));
    expect(said).toContain("score@1.0.0");
    const next = await service(shared, host(new Map()), { world: machine(), cacheDir, refresh: false });
    expect(next.status().release?.sequence).toBe(19);
    next.close();
  }, 60_000);

  it("a full disk: what cannot be kept is not used, and what is in use goes on", async () => {
    const cacheDir = fresh();
    expect(run(before, cacheDir).stdout).toContain("score@1.0.0");
    // Files can grow to one block and no further, which is what a full disk looks like to a writer.
    const command = `ulimit -f 1; exec "$0" "$@"`;
    const { stdout } = spawnSync(
      "bash",
      ["-c", command, process.execPath, program, after, root, cacheDir, "0"],
      {
        encoding: "utf8",
      },
    );
    expect(stdout).toContain("could not be kept");
    expect(stdout).toContain("score@1.0.0");
    const next = await service(by, host(new Map()), { world: machine(), cacheDir, refresh: false });
    expect(live(next)).toBe("bundle:fraud/score@1.0.0");
    next.close();
  });
});

it("a timestamp that is signed anew is kept as well: a restart knows the later expiry", async () => {
  const { by, source, resolver, cacheDir } = await afterTwo();
  refreshTimestamp(by, instant(START + 5 * DAY));
  await resolver.refresh();
  resolver.close();
  const next = await service(by, source, { world: machine(START + 4 * DAY), cacheDir, refresh: false });
  expect([live(next), next.status().expires]).toEqual(["bundle:fraud/score@2.0.0", instant(START + 5 * DAY)]);
  next.close();
});
