/** `assent agent`: a verified slice as a file, for services in any language, as an operator and as such a service see it. */
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, watch, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { keepSlice, type AgentDocument } from "../../src/app/agent.ts";
import type { Failure } from "../../src/core/model/failure.ts";
import { joinPorts } from "../../src/join.ts";
import { run as runProgram } from "../cli.ts";
import { at, live as activation, type Values } from "../compiled.ts";
import {
  machine,
  publisher,
  refreshTimestamp,
  release,
  snapshotOf,
  writeRelease,
  type Publisher,
} from "../client-world.ts";

const root = join(import.meta.dirname, "../..");
const schemas = join(root, "schemas/wire");
const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true, strictRequired: false });
for (const file of readdirSync(schemas))
  ajv.addSchema(JSON.parse(readFileSync(join(schemas, file), "utf8")) as object);

const above = mkdtempSync(join(tmpdir(), "assent-agent-"));
afterAll(() => rmSync(above, { recursive: true, force: true }));
let folder = "";
let by: Publisher;

const values: Values = {
  [at("")]: activation("1.0.0"),
  [at("/acme")]: activation("2.0.0", "1.0.0"),
  [at("/none")]: activation("none"),
};

beforeEach(() => {
  folder = mkdtempSync(join(above, "a-"));
  by = publisher();
  release(by, { sequence: 1, values, expires: "2026-07-03T00:00:00Z" });
  writeRelease(by.files, join(folder, "release"));
  writeFileSync(join(folder, "root.json"), by.root);
});

/** One line of the agent at an hour of 2 July 2026. */
const agent = (more: string, hour = 0) =>
  runProgram(`agent --out live.json --source release ${more}`.split(" "), {
    cwd: folder,
    host: { now: Date.parse("2026-07-02T00:00:00Z") / 1000 + hour * 3600, git: {} },
  });
const signed = "--trust root.json --environment prod --once";
const written = () => JSON.parse(readFileSync(join(folder, "live.json"), "utf8")) as AgentDocument;

describe("once", () => {
  it("writes what the environment resolves from, with how old it may become", async () => {
    const { code, stdout } = await agent(signed);
    expect([code, stdout.replace(/sha256:\w+/, "sha256:…")]).toEqual([
      0,
      "written  live.json\n  test  prod, landing 1 as of 2026-07-01T00:00:00Z\n  sha256:…\n" +
        "  3 scopes, good until 2026-07-03T00:00:00Z\n",
    ]);
    const document = written();
    expect(ajv.validate("https://assent.dev/schemas/wire/v1/agent.schema.json", document)).toBe(true);
    expect(document).toMatchObject({
      format: "assent.agent/v1",
      registry: "test",
      environment: "prod",
      state: "fresh",
      signed: true,
      sequence: 1,
      expires: "2026-07-03T00:00:00Z",
      servesUntil: "2026-07-03T00:00:00Z",
    });
    expect(document.answers?.["NORMAL"]).toMatchObject({
      "prod/fraud/score": { outcome: "resolved", bundle: "bundle:fraud/score@1.0.0", compatible: true },
      "prod/fraud/score/acme": { outcome: "resolved", bundle: "bundle:fraud/score@2.0.0" },
      "prod/fraud/score/none": { outcome: "none", bundle: null, reasons: ["NO_ACTIVE"] },
    });
    expect(Object.keys(document.answers ?? {}).sort()).toEqual([
      "DEGRADED_1",
      "DEGRADED_2",
      "NORMAL",
      "QUIET",
    ]);
    expect(document.slice?.bundles["bundle:fraud/score@1.0.0"]?.spec).toBeDefined();
  });

  it("gives the same bytes for the same release, and prints them", async () => {
    await agent(signed);
    const first = readFileSync(join(folder, "live.json"), "utf8");
    const { stdout } = await agent(`${signed} --format json`, 3);
    expect([readFileSync(join(folder, "live.json"), "utf8"), stdout]).toEqual([first, first]);
  });

  it("leaves the file with the last good release where the sources have none, and says so", async () => {
    await agent(signed);
    rmSync(join(folder, "release"), { recursive: true });
    const { code, stderr } = await agent(signed, 3);
    expect(code).toBe(2);
    expect(stderr).toContain("release/missing");
    expect(written()).toMatchObject({ state: "fresh", sequence: 1 });
  });

  it("empties the file once nothing may be used any more", async () => {
    await agent(signed);
    expect((await agent(signed, 24)).code).toBe(2);
    // The cache has expired as well, so there is no agent to write: the file says so by itself.
    expect(written().servesUntil! < "2026-07-03T00:00:01Z").toBe(true);
    const { code } = await agent(`${signed} --serve-last-good P1D`, 24);
    expect(code).toBe(2);
    expect(written()).toMatchObject({ state: "stale", servesUntil: "2026-07-04T00:00:00Z" });
  });

  it.each([
    ["--environment prod --once", "client/no-trust"],
    ["--trust root.json --environment stage --once", "client/wrong-environment"],
    ["--trust root.json --environment prod --once --registry other", "client/wrong-root"],
    ["--trust root.json --environment prod --once --min-sequence 2", "client/below-minimum"],
    ["--trust root.json --environment prod --once --interval 30s --serve-last-good 1m", "client/options"],
    ["--trust root.json --once", "usage/missing-flag"],
    ["--trust release/metadata/timestamp.json --environment prod --once", "client/trust"],
  ])("%s: %s", async (more, code) => {
    const { code: exit, stderr } = await agent(more);
    expect([exit, stderr]).toEqual([2, expect.stringContaining(`error ${code}`)]);
    expect(readdirSync(folder)).not.toContain("live.json");
  });

  it("reads an unsigned snapshot in development, and says so in the file and on stderr", async () => {
    const { files } = snapshotOf(by, { sequence: 1, values });
    writeRelease(new Map(files.map(({ path, bytes }) => [path, bytes])), join(folder, "plain"));
    const words = "agent --out live.json --source plain --environment prod --once --unsigned".split(" ");
    const { code, stderr } = await runProgram(words, { cwd: folder });
    expect([code, stderr]).toEqual([0, expect.stringContaining("nothing proves who made it")]);
    expect(written()).toMatchObject({ signed: false, expires: null });
  });
});

describe("running", () => {
  it("replaces the file when a release or its expiry is new, as a process of its own", async () => {
    release(by, { sequence: 2, values, expires: "2998-01-01T00:00:00Z" });
    writeRelease(by.files, join(folder, "release"));
    const words = "agent --out live.json --source release --trust root.json --environment prod --interval 1";
    const child = spawn(process.execPath, [join(root, "src/main.ts"), ...words.split(" ")], { cwd: folder });
    let said = "";
    const next = (pattern: RegExp): Promise<void> =>
      new Promise((done, fail) => {
        const look = (): void => {
          if (pattern.test(said)) done();
        };
        child.stdout.on("data", look);
        child.on("close", () => fail(new Error(`it ended: ${said}`)));
        look();
      });
    child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
    const whole: number[] = [];
    const watcher = watch(folder, (_, name) => {
      if (name === "live.json") whole.push(written().sequence ?? 0);
    });
    try {
      await next(/landing 2/);
      expect(written().sequence).toBe(2);
      release(by, { sequence: 3, values, expires: "2998-01-01T00:00:00Z" });
      writeRelease(by.files, join(folder, "release"));
      await next(/landing 3/);
      refreshTimestamp(by, "2998-02-02T00:00:00Z");
      writeRelease(by.files, join(folder, "release"));
      await next(/2998-02-02/);
      expect(written()).toMatchObject({ sequence: 3, expires: "2998-02-02T00:00:00Z" });
    } finally {
      watcher.close();
      child.kill();
    }
    await new Promise((done) => child.on("close", done));
    expect(whole).toEqual(whole.toSorted((a, b) => a - b));
  }, 30_000);

  it("empties the file when nothing may be used any more, and fills it again", async () => {
    const world = machine(Date.parse("2026-07-02T12:00:00Z"));
    const ports = joinPorts({ env: {}, seconds: () => Math.floor(world.now() / 1000), pace: 1 });
    const warned: string[] = [];
    const told = {
      written: () => {},
      warned: (message: string) => void warned.push(message),
      failed: ({ code }: Failure) => void warned.push(code),
    };
    const request = {
      folder,
      out: "live.json",
      sources: [join(folder, "release")],
      trust: by.root,
      environment: "prod",
      tenant: undefined,
      cacheDir: join(folder, "cache"),
      interval: 600,
      serveLastGood: undefined,
      env: {},
    };
    const stop = await keepSlice(request, ports, told, world.wait);
    expect(written()).toMatchObject({ state: "fresh", slice: { environment: "prod" } });
    await world.advance(12 * 3_600_000 + 660_000);
    expect(written()).toMatchObject({ state: "expired", answers: null, slice: null, sequence: 1 });
    expect(new Set(warned)).toEqual(new Set(["release/expired"]));
    refreshTimestamp(by, "2026-07-09T00:00:00Z");
    writeRelease(by.files, join(folder, "release"));
    await world.advance(1_800_000);
    expect(written()).toMatchObject({ state: "fresh", slice: { environment: "prod" } });
    stop();
    expect(world.waiting()).toBe(0);
  });

  it("a service in another language needs no more than a parser of JSON", async () => {
    await agent(signed);
    const script = `import json
live = json.load(open("live.json"))
answer = live["answers"]["NORMAL"]["prod/fraud/score/acme"]
print(answer["outcome"], live["slice"]["bundles"][answer["bundle"]]["digest"][:7])`;
    const { stdout } = spawnSync("python3", ["-c", script], { cwd: folder, encoding: "utf8" });
    expect(stdout).toBe("resolved sha256:\n");
  });
});
