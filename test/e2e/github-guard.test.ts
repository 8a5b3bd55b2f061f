/**
 * Setting a repository up, examining it, and the gate that listens: setup twice, doctor before and after, signed and
 * unsigned deliveries, recorded payloads.
 */
import { createHmac } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterEach, describe, expect, it, onTestFinished } from "vitest";
import { serveWebhooks } from "../../src/adapters/github/webhooks.ts";
import { decideEvent, listen, type AppNeeds } from "../../src/app/app.ts";
import type { Delivery } from "../../src/app/ports.ts";
import { workOf } from "../../src/core/govern/deliveries.ts";
import { Failure } from "../../src/core/model/failure.ts";
import type { Instant } from "../../src/core/model/instant.ts";
import { run } from "../cli.ts";
import { git, newFolder } from "../repository-on-disk.ts";
import { actions } from "../github/forge.ts";
import { newRegistry, type Registry } from "../github/registry.ts";
import { newScene, postingFor, repo, type Scene } from "../github/scene.ts";

const { payloads } = JSON.parse(
  readFileSync(join(import.meta.dirname, "../github/payloads.json"), "utf8"),
) as { payloads: Record<string, unknown> };

interface Place {
  readonly registry: Registry;
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
}

let violations: readonly string[] = [];
afterEach(() => expect(violations).toEqual([]));

/** A clone of the registry, and an administrator's environment. */
async function place(): Promise<Place> {
  const registry = await newRegistry();
  violations = registry.hub.violations;
  const folder = newFolder();
  git(folder, ["clone", "-q", registry.hub.forge.folder, "."]);
  return {
    registry,
    folder,
    env: {
      ...registry.hub.env,
      GITHUB_TOKEN: registry.hub.tokenOf(registry.alice),
      GITHUB_REPOSITORY: "octo/registry",
    },
  };
}

/** Lands what lies in the clone, as a merged pull request would. */
function land({ folder }: Place): void {
  git(folder, ["add", "-A"]);
  git(folder, ["commit", "-q", "-m", "land"]);
  git(folder, ["push", "-q", "origin", "HEAD:main"]);
}

const setup = (at: Place, ...more: readonly string[]) =>
  run(["setup", "github", "--level", "1", "--format", "json", ...more], { cwd: at.folder, env: at.env });
const doctor = async (at: Place, env = at.env) => {
  const { code, stdout } = await run(["doctor", "--github", "octo/registry", "--format", "json"], {
    cwd: at.folder,
    env,
  });
  const { diagnostics } = fits<{ readonly diagnostics: readonly { readonly code: string }[] }>(
    "doctor",
    stdout,
  );
  return { code, found: diagnostics.map((each) => each.code) };
};

/** What a command printed, held against its published schema. */
function fits<T>(name: string, stdout: string): T {
  const schema = (file: string) =>
    JSON.parse(readFileSync(join(import.meta.dirname, `../../schemas/wire/${file}.schema.json`), "utf8")) as {
      readonly $id: string;
    };
  const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true, strictRequired: false });
  ajv.addSchema(schema("common"));
  const value = JSON.parse(stdout) as T;
  ajv.validate(schema(name), value);
  expect(ajv.errors ?? []).toEqual([]);
  return value;
}

interface SetupAnswer {
  readonly applied: boolean;
  readonly steps: readonly { readonly kind: string; readonly what: string }[];
  readonly later: readonly unknown[];
  readonly files: readonly { readonly path: string; readonly change: string }[];
}

describe("assent setup github", () => {
  it("shows the plan, makes it so, and finds nothing the second time", async () => {
    const at = await place();
    const { hub } = at.registry;
    const answer = async (...more: readonly string[]): Promise<SetupAnswer> =>
      fits("setup", (await setup(at, ...more)).stdout);
    const plan = await answer();
    expect(plan).toMatchObject({
      applied: false,
      files: Array.from({ length: 5 }, () => ({ change: "added" })),
    });
    expect(hub.requests.filter((each) => !each.startsWith("GET "))).toEqual([]);
    // No ruleset before the workflows that meet it have landed.
    expect([plan.steps.map(({ kind }) => kind), plan.later.length]).toEqual([
      ["repository", "workflow-token", "environment"],
      2,
    ]);
    await answer("--apply");
    expect(hub.forge.rulesets).toEqual([]);
    expect(hub.forge.settings).toMatchObject({ allow_rebase_merge: false });
    land(at);
    expect(await answer("--apply")).toMatchObject({
      applied: true,
      files: [],
      later: [],
      steps: [{ kind: "ruleset" }, { kind: "ruleset" }],
    });
    expect(
      hub.forge.rulesets.map(({ name, enforcement, bypass_actors: bypass }) => [name, enforcement, bypass]),
    ).toEqual([
      ["assent", "active", []],
      ["assent records", "active", []],
    ]);
    expect(
      hub.forge.rulesets[0]?.rules.find(({ type }) => type === "required_status_checks")?.parameters,
    ).toEqual({
      strict_required_status_checks_policy: true,
      required_status_checks: [{ context: "assent", integration_id: actions }],
    });
    expect(await answer("--apply")).toMatchObject({ steps: [], later: [], files: [] });
    // Where it publishes to is its owners' business; what they changed stays.
    const workflow = join(at.folder, ".github/workflows/assent-release.yml");
    const theirs = readFileSync(workflow, "utf8").replace(
      "contents: read",
      "contents: read\n      packages: write",
    );
    writeFileSync(workflow, theirs);
    expect(await answer("--apply")).toMatchObject({ steps: [], later: [], files: [] });
    expect(readFileSync(workflow, "utf8")).toBe(theirs);
    const { stdout } = await run(["setup", "github", "--level", "1"], { cwd: at.folder, env: at.env });
    expect(stdout).toMatch(
      /By hand, .*\n  assent key generate .*\n.*\n  gh secret set ASSENT_TARGETS_KEY --env release < /,
    );
  });

  it("mends what somebody loosened and keeps what somebody added", async () => {
    const at = await place();
    await setup(at, "--apply");
    land(at);
    await setup(at, "--apply");
    const [ruleset] = at.registry.hub.forge.rulesets;
    Object.assign(ruleset ?? {}, {
      bypass_actors: [{ actor_id: 1, actor_type: "OrganizationAdmin" }],
      rules: [...(ruleset?.rules.slice(1) ?? []), { type: "required_signatures" }],
    });
    await setup(at, "--apply");
    expect(ruleset?.bypass_actors).toEqual([]);
    expect(ruleset?.rules.map(({ type }) => type).sort()).toEqual([
      "deletion",
      "non_fast_forward",
      "pull_request",
      "required_signatures",
      "required_status_checks",
    ]);
  });

  it("binds the check to the App from level 2 on, adds a queue, and removes the Action's gate", async () => {
    const at = await place();
    await setup(at, "--apply");
    land(at);
    const level = (n: string, ...more: readonly string[]) =>
      run(["setup", "github", "--level", n, "--apply", ...more], { cwd: at.folder, env: at.env });
    expect(await level("2")).toMatchObject({ code: 2, stderr: expect.stringContaining("usage/app-id") });
    const text = (await level("2", "--app-id", "4242")).stdout;
    expect(text).toContain("removed  .github/workflows/assent-gate.yml");
    land(at);
    await level("2", "--app-id", "4242");
    const rules = at.registry.hub.forge.rulesets[0]?.rules ?? [];
    expect(rules.map(({ type }) => type)).toContain("merge_queue");
    expect(
      rules.find(({ type }) => type === "required_status_checks")?.parameters?.["required_status_checks"],
    ).toEqual([{ context: "assent", integration_id: 4242 }]);
    await level("3", "--app-id", "4242");
    expect([...at.registry.hub.forge.environments.keys()]).toEqual(["release"]);
    expect((await level("3", "--app-id", "4242")).stdout).toContain("Nothing to do");
  });

  it("says that a token may not", async () => {
    const at = await place();
    expect(
      await run(["setup", "github", "--apply"], {
        cwd: at.folder,
        env: { ...at.env, GITHUB_TOKEN: at.registry.hub.env["GITHUB_TOKEN"] ?? "" },
      }),
    ).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/forge\/forbidden.*Resource not accessible by integration/),
    });
    expect(await run(["setup", "github", "--github", "../x"], { cwd: at.folder, env: at.env })).toMatchObject(
      { code: 2, stderr: expect.stringContaining("usage/repository") },
    );
  });
});

describe("assent doctor", () => {
  it("finds an unguarded repository unsafe, and a set up one safe but for the tool", async () => {
    const at = await place();
    expect(await doctor(at)).toEqual({
      code: 1,
      found: [
        "doctor/tool-missing",
        "doctor/no-required-check",
        "doctor/direct-push",
        "doctor/rewritable",
        "doctor/rewritable",
        "doctor/rebase-merge",
        "doctor/workflow-token",
        "doctor/any-action",
      ],
    });
    await setup(at, "--apply");
    land(at);
    await setup(at, "--apply");
    at.registry.hub.forge.actionsPermissions["sha_pinning_required"] = true;
    expect(await doctor(at)).toEqual({ code: 1, found: ["doctor/tool-missing"] });
    // Keys of releases that every branch reaches are everybody's.
    const { environments } = at.registry.hub.forge;
    const guarded = environments.get("release");
    environments.set("release", { id: 1, name: "release", deployment_branch_policy: null });
    expect((await doctor(at)).found).toEqual(["doctor/tool-missing", "doctor/release-keys-open"]);
    environments.set("release", guarded);
    const [ruleset] = at.registry.hub.forge.rulesets;
    const check = ruleset?.rules.find(({ type }) => type === "required_status_checks");
    Object.assign(check?.parameters ?? {}, {
      strict_required_status_checks_policy: false,
      required_status_checks: [{ context: "assent" }],
    });
    Object.assign(ruleset ?? {}, { bypass_actors: [{ actor_id: null, actor_type: "OrganizationAdmin" }] });
    expect((await doctor(at)).found).toEqual([
      "doctor/tool-missing",
      "doctor/check-source-open",
      "doctor/not-up-to-date",
      "doctor/bypass",
    ]);
    Object.assign(ruleset ?? {}, { enforcement: "evaluate" });
    expect((await doctor(at)).found).toContain("doctor/no-required-check");
  });

  it("does not take for safe what it may not see", async () => {
    const at = await place();
    await setup(at, "--apply");
    land(at);
    await setup(at, "--apply");
    const { found } = await doctor(at, {
      ...at.env,
      GITHUB_TOKEN: at.registry.hub.env["GITHUB_TOKEN"] ?? "",
    });
    expect(found.filter((code) => code === "doctor/unreadable")).toHaveLength(2);
  });
});

describe("assent gate --github", () => {
  it("decides as the exit code says, and posts when asked to", async () => {
    const at = await place();
    const { hub, alice, bob, change } = at.registry;
    hub.forge.push(alice, "change", change);
    hub.forge.open(alice, "change");
    const gate = (...more: readonly string[]) =>
      run(["gate", "--github", "octo/registry#1", ...more], { cwd: at.folder, env: at.registry.hub.env });
    const pending = await gate("--format", "json");
    expect([
      pending.code,
      (JSON.parse(pending.stdout) as { outcome: string }).outcome,
      hub.forge.checks,
    ]).toEqual([4, "pending", []]);
    hub.forge.review(1, bob, "APPROVED");
    expect(await gate("--post")).toMatchObject({ code: 0 });
    expect(hub.forge.checks).toMatchObject([{ conclusion: "success", output: { title: "Allowed" } }]);
    expect(hub.forge.comments[0]?.body).toContain("**Allowed**");
    hub.forge.review(1, bob, "CHANGES_REQUESTED");
    expect(await gate("--post")).toMatchObject({ code: 1 });
    expect(hub.forge.checks.at(-1)).toMatchObject({ conclusion: "failure" });
    hub.forge.push(alice, "side", {}, hub.forge.tip("main"));
    Object.assign(hub.forge.pull(1), { base: "side" });
    expect(await gate("--post")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("forge/other-base"),
    });
    expect(await run(["gate", "--github", "octo/registry"], { cwd: at.folder, env: at.env })).toMatchObject({
      code: 2,
    });
  });

  it("annotates what is wrong at its file and line", async () => {
    const at = await place();
    const { hub, alice } = at.registry;
    hub.forge.push(alice, "change", { "registry/providers/acme.yaml": "title: Acme\nbaseUrl: 7\n" });
    hub.forge.open(alice, "change");
    expect(
      await run(["gate", "--github", "octo/registry#1", "--post"], { cwd: at.folder, env: hub.env }),
    ).toMatchObject({ code: 1 });
    expect(hub.forge.checks[0]?.annotations).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ path: "registry/providers/acme.yaml", start_line: 2 }),
      ]),
    );
  });
});

describe("webhooks", () => {
  const secret = "a secret of the App";

  async function server() {
    const taken: Delivery[] = [];
    const refused: string[] = [];
    const { port, close } = await serveWebhooks({
      port: 0,
      secret,
      handle: (each) => void taken.push(each),
      refused: (reason) => void refused.push(reason),
    });
    onTestFinished(close);
    const send = async (
      body: string,
      headers: Readonly<Record<string, string>> = {},
      path = "/webhook",
    ): Promise<number> => {
      const signature = `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
      const base = {
        "x-hub-signature-256": signature,
        "x-github-delivery": "d-1",
        "x-github-event": "push",
        "content-type": "application/json",
      };
      return (
        await fetch(`http://127.0.0.1:${port}${path}`, {
          method: "POST",
          body,
          headers: { ...base, ...headers },
        })
      ).status;
    };
    return { taken, refused, send, port };
  }

  it("are taken when GitHub signed them, and only then", async () => {
    violations = [];
    const { taken, refused, send, port } = await server();
    const body = '{"a":1}';
    expect(await send(body)).toBe(202);
    expect(taken).toEqual([{ id: "d-1", event: "push", payload: { a: 1 } }]);
    const right = createHmac("sha256", secret).update(body).digest("hex");
    for (const wrong of [
      "",
      "sha256=",
      right,
      `sha1=${right.slice(0, 40)}`,
      `sha256=${right.toUpperCase()}`,
      `sha256=${"0".repeat(64)}`,
      `sha256=${right}0`,
      `sha256=${right},sha256=${right}`,
    ]) {
      expect([wrong, await send(body, { "x-hub-signature-256": wrong })]).toEqual([wrong, 401]);
    }
    expect(await send('{"a":2}', { "x-hub-signature-256": `sha256=${right}` })).toBe(401);
    expect(await send("{")).toBe(400);
    expect(await send(body, { "x-github-delivery": "a b" })).toBe(400);
    expect(await send(body, {}, "/other")).toBe(404);
    expect(await send(`"${"x".repeat(26 * 1024 * 1024)}"`).catch(() => 413)).toBe(413);
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
    expect(taken).toHaveLength(1);
    expect(refused).toContain("a wrong signature");
  });
});

describe("the gate that listens", () => {
  interface Listening {
    readonly scene: Scene;
    readonly needs: AppNeeds;
    readonly log: string[];
    readonly asked: string[];
  }

  /** A gate that allows what bob approved. */
  async function listening(now = "2026-07-02T00:00:00Z"): Promise<Listening> {
    const scene = await newScene();
    violations = scene.hub.violations;
    const log: string[] = [];
    const asked: string[] = [];
    const needs: AppNeeds = {
      forge: scene.forge,
      now: () => now as Instant,
      log: (line) => void log.push(line),
      async gate({ number, queue }) {
        asked.push(queue === undefined ? `#${number}` : `#${number} in the queue`);
        const facts = await scene.forge.pullRequest(repo, number);
        const allowed = facts.reviews.some(
          ({ user, state }) => user?.login === "bob" && state === "APPROVED",
        );
        return {
          facts,
          posting: postingFor(facts, {
            outcome: allowed ? "allowed" : "pending",
            comment: allowed ? "yes" : "later",
            eligibleAt: "2026-07-01T00:00:00Z" as Instant,
          }),
        };
      },
    };
    return { scene, needs, log, asked };
  }

  const opened = {
    action: "opened",
    repository: { full_name: "octo/registry" },
    pull_request: { number: 1 },
  };

  it("takes a delivery once, and joins what waits", async () => {
    const { needs, asked, scene } = await listening();
    const listener = listen(needs);
    listener.take({ id: "1", event: "pull_request", payload: opened });
    listener.take({ id: "1", event: "pull_request", payload: opened });
    for (const id of ["2", "3", "4"])
      listener.take({ id, event: "pull_request_review", payload: { ...opened, action: "submitted" } });
    await listener.idle();
    expect(asked.length).toBeLessThanOrEqual(2);
    listener.take({ id: "5", event: "pull_request", payload: opened });
    await listener.idle();
    expect(scene.hub.forge.checks).toMatchObject([{ status: "in_progress" }]);
    expect(scene.hub.forge.comments).toHaveLength(1);
  });

  it("decides anew what waits for time, once it has come, and nothing else", async () => {
    const early = await listening("2026-06-30T23:59:59Z");
    await decideEvent("pull_request_target", opened, repo, early.needs);
    await decideEvent("schedule", { schedule: "23 * * * *" }, repo, early.needs);
    expect(early.asked).toEqual(["#1"]);
    const late = { ...early.needs, now: () => "2026-07-01T00:00:00Z" as Instant };
    early.scene.hub.forge.review(1, early.scene.bob, "APPROVED");
    await decideEvent("schedule", {}, repo, late);
    expect(early.scene.hub.forge.checks.at(-1)).toMatchObject({ conclusion: "success" });
    await decideEvent("schedule", {}, repo, late);
    expect(early.asked).toEqual(["#1", "#1"]);
  });

  it("decides all open pull requests anew when their base has moved, and only those into it", async () => {
    const { needs, asked, scene } = await listening();
    scene.hub.forge.push(scene.carol, "other", { "registry/z": "z" });
    scene.hub.forge.push(scene.carol, "side", {}, scene.hub.forge.tip("main"));
    scene.hub.forge.open(scene.carol, "other", "side");
    await decideEvent(
      "push",
      { ref: "refs/heads/main", repository: { full_name: "octo/registry" } },
      repo,
      needs,
    );
    expect(asked).toEqual(["#1"]);
  });

  it("posts a merge queue's decision on the queue's commit", async () => {
    const { needs, asked, scene } = await listening();
    scene.hub.forge.review(1, scene.bob, "APPROVED");
    const head = scene.hub.forge.push(scene.carol, "queue", {}, scene.pull.head);
    const group = {
      head_sha: head,
      base_sha: scene.hub.forge.tip("main"),
      head_ref: `refs/heads/gh-readonly-queue/main/pr-1-${"a".repeat(40)}`,
    };
    await decideEvent("merge_group", { action: "checks_requested", merge_group: group }, repo, needs);
    expect(asked).toEqual(["#1 in the queue"]);
    expect(scene.hub.forge.checks).toMatchObject([{ head_sha: head, conclusion: "success" }]);
  });

  it("tries again when something changed meanwhile", async () => {
    const { needs, log, scene } = await listening();
    let first = true;
    const gate: AppNeeds["gate"] = async (request) => {
      const judged = await needs.gate(request);
      if (first) scene.hub.forge.review(1, scene.bob, "APPROVED");
      first = false;
      return judged;
    };
    expect(await decideEvent("pull_request", opened, repo, { ...needs, gate })).toBe(0);
    expect(log).toEqual(["octo/registry#1: allowed"]);
  });

  it("looks again at what waits for time when it is told to", async () => {
    const { needs, asked, scene } = await listening();
    const listener = listen(needs);
    listener.tick();
    await listener.idle();
    listener.take({ id: "1", event: "pull_request", payload: opened });
    await listener.idle();
    scene.hub.forge.review(1, scene.bob, "APPROVED");
    listener.tick();
    await listener.idle();
    expect(asked).toEqual(["#1", "#1"]);
    expect(scene.hub.forge.checks.at(-1)).toMatchObject({ conclusion: "success" });
  });

  it("takes a yes back that was overtaken while it was posted", async () => {
    const { needs, scene } = await listening();
    scene.hub.forge.review(1, scene.bob, "APPROVED");
    const dismiss = (): unknown => Object.assign(scene.pull.reviews[0] ?? {}, { state: "DISMISSED" });
    scene.hub.faults.push({ operation: /^POST .*check-runs/, before: dismiss });
    expect(await decideEvent("pull_request", opened, repo, needs)).toBe(0);
    expect(scene.hub.forge.checks.map(({ conclusion }) => conclusion)).toEqual(["success", null]);
  });

  it("takes an older yes back when it cannot decide", async () => {
    const { needs, log, scene } = await listening();
    scene.hub.forge.review(1, scene.bob, "APPROVED");
    await decideEvent("pull_request", opened, repo, needs);
    const gate = (): never => {
      throw new Failure("git/failed", "git broke", { hint: "" });
    };
    expect(await decideEvent("pull_request", opened, repo, { ...needs, gate })).toBe(1);
    expect(scene.hub.forge.checks.map(({ conclusion }) => conclusion)).toEqual(["success", null]);
    expect(log.at(-1)).toBe("octo/registry#1: git/failed: git broke");
  });
});

describe("recorded payloads", () => {
  it.each<readonly [string, string | undefined, unknown]>([
    ["pull_request.opened", "Codertocat/Hello-World", { kind: "pull-request", number: 2 }],
    ["pull_request.synchronize", "Codertocat/Hello-World", { kind: "pull-request", number: 2 }],
    ["pull_request.ready_for_review", "Codertocat/Hello-World", { kind: "pull-request", number: 2 }],
    ["pull_request_review.submitted", "Codertocat/Hello-World", { kind: "pull-request", number: 2 }],
    ["pull_request_review.dismissed", "Codertocat/Hello-World", { kind: "pull-request", number: 2 }],
    [
      "check_run.rerequested",
      "github/hello-world",
      { kind: "head", sha: "d6fde92930d4715a2b49857d24b940956b26d2d3" },
    ],
    [
      "merge_group.checks_requested",
      "octo-org/octo-repo",
      {
        kind: "queue",
        number: 104,
        base: "380387fbc80638b734a49e1be1c4dfec1c01b33c",
        head: "2ffea6db159f6b6c47a24e778fb9ef40cf6b1c7d",
      },
    ],
    [
      "workflow_run.completed",
      "Codertocat/Hello-World",
      { kind: "head", sha: "5779607b49aab1200488439f02372c57b4f75444" },
    ],
    ["push", undefined, undefined],
    ["issue_comment.created", undefined, undefined],
  ])("%s", (name, full, work) => {
    violations = [];
    const [owner, repository] = full?.split("/") ?? [];
    const expected =
      work === undefined ? undefined : { ...(work as object), repo: { owner, name: repository } };
    expect(workOf(name.replace(/\..*/, ""), payloads[name])).toEqual(expected);
    // An event of one repository never starts work on another.
    expect(
      workOf(name.replace(/\..*/, ""), payloads[name], { owner: "octo", name: "registry" }),
    ).toBeUndefined();
  });

  it.each<readonly [string, unknown]>([
    ["pull_request", null],
    ["pull_request", []],
    ["pull_request", { action: "opened", repository: { full_name: "a/../b" }, pull_request: { number: 1 } }],
    ["pull_request", { action: "opened", repository: { full_name: "a/b" }, pull_request: { number: -1 } }],
    ["pull_request", { action: "opened", repository: { full_name: "a/b" }, pull_request: { number: "1" } }],
    ["workflow_run", { repository: { full_name: "a/b" }, workflow_run: { head_sha: "$(id)" } }],
    ["push", { repository: { full_name: "a/b" }, ref: "refs/tags/v1" }],
    [
      "merge_group",
      {
        action: "checks_requested",
        repository: { full_name: "a/b" },
        merge_group: { head_ref: "refs/heads/main" },
      },
    ],
    ["__proto__", { repository: { full_name: "a/b" } }],
  ])("hostile %s %j is nothing to decide", (event, payload) => {
    violations = [];
    expect(workOf(event, payload)).toBeUndefined();
  });
});
