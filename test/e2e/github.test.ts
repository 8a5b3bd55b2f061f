/**
 * The program and GitHub, spoken to through the stand-in: facts are read whole, decisions are posted once and stand
 * where GitHub's own rules look for them. Requests and answers fit GitHub's published description.
 */
import { generateKeyPairSync } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { postDecision } from "../../src/app/post.ts";
import type { Annotation } from "../../src/core/model/posting.ts";
import { actions } from "../github/forge.ts";
import { forgeFor, newScene, postingFor, repo, type Scene } from "../github/scene.ts";
import { git, newFolder } from "../repository-on-disk.ts";

let scene: Scene;

async function begin(): Promise<Scene> {
  scene = await newScene();
  return scene;
}

afterEach(() => expect(scene.hub.violations).toEqual([]));

describe("facts", () => {
  it("are what CLI.md calls reviews.json", async () => {
    const { hub, forge, bob, pull } = await begin();
    hub.forge.review(1, bob, "APPROVED");
    hub.forge.push(bob, "change", { "registry/live/prod/fraud/score.yaml": 'bundle: "1.1.0"\n' });
    const facts = await forge.pullRequest(repo, 1);
    const bobShort = { id: 102, login: "bob" };
    const aliceShort = { id: 101, login: "alice" };
    expect(facts).toEqual({
      number: 1,
      state: "open",
      author: { id: 101, login: "alice", type: "User" },
      base: { ref: "refs/heads/main", sha: hub.forge.tip("main") },
      defaultBranch: "refs/heads/main",
      head: { sha: pull.head },
      mergedAt: null,
      mergeCommit: null,
      reviews: [
        {
          id: pull.reviews[0]?.id,
          user: { id: 102, login: "bob", type: "User" },
          state: "APPROVED",
          commit_id: expect.stringMatching(/^[0-9a-f]{40}$/),
          submitted_at: "2026-07-01T10:00:00Z",
        },
      ],
      commits: [
        {
          sha: git(hub.forge.folder, ["rev-parse", "change~1"]).trim(),
          author: aliceShort,
          committer: aliceShort,
        },
        { sha: pull.head, author: bobShort, committer: bobShort },
      ],
      pushers: [aliceShort, bobShort],
      changedFiles: 1,
      gaps: [],
    });
    expect(facts.reviews[0]?.commit_id).not.toBe(pull.head);
  });

  it("name the person for whom a bot opened it", async () => {
    const { hub, forge, bob } = await begin();
    const bot = hub.forge.person(555, "helper[bot]", "Bot");
    hub.forge.push(bot, "by-bot", { "registry/a": "a" });
    const pull = hub.forge.open(bot, "by-bot");
    pull.assignees.push(bob);
    expect(await forge.pullRequest(repo, pull.number)).toMatchObject({
      author: { type: "Bot" },
      requestedBy: { id: 102, login: "bob" },
    });
  });

  it("hold more than 250 commits", async () => {
    const { hub, forge, alice, pull } = await begin();
    const lines = Array.from({ length: 260 }, (_, index) => {
      const from = index === 0 ? `from ${pull.head}\n` : "";
      return `commit refs/heads/change\nmark :${index + 1}\ncommitter alice <101+alice@users.noreply.github.com> ${1_700_000_000 + index} +0000\ndata 1\nx\n${from}`;
    });
    git(hub.forge.folder, ["fast-import", "--quiet", "--force"], `${lines.join("\n")}\n`);
    const facts = await forge.pullRequest(repo, 1);
    expect(facts.gaps).toEqual([]);
    expect(facts.commits.length).toBe(261);
    expect(facts.commits.every(({ author }) => author?.id === alice.id)).toBe(true);
  });

  it("wait for a rate limit and an outage, once each", async () => {
    const { hub, forge } = await begin();
    hub.faults.push(
      {
        operation: /pulls\/\{pull_number\}$/,
        status: 429,
        headers: { "retry-after": "1" },
        body: { message: "You have exceeded a secondary rate limit." },
      },
      { operation: /reviews/, status: 502, body: { message: "Bad gateway" } },
      {
        operation: /activity/,
        status: 403,
        headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(Math.floor(Date.now() / 1000)) },
        body: { message: "API rate limit exceeded" },
      },
    );
    expect((await forge.pullRequest(repo, 1)).gaps).toEqual([]);
    expect(hub.faults).toEqual([]);
  });

  it("leave pushers out where the token may not see them", async () => {
    const { hub, forge } = await begin();
    hub.faults.push({
      operation: /activity/,
      status: 403,
      body: { message: "Resource not accessible by integration" },
    });
    expect(await forge.pullRequest(repo, 1)).not.toHaveProperty("pushers");
  });
});

describe("a decision", () => {
  const post = async (more: Parameters<typeof postingFor>[1] = {}) => {
    const facts = await scene.forge.pullRequest(repo, 1);
    return postDecision({ repo, facts, posting: postingFor(facts, more) }, scene.forge);
  };

  it("is posted once: check, comment, review requests; the second time nothing happens", async () => {
    const { hub, pull } = await begin();
    const more = {
      outcome: "pending",
      title: "Waits",
      ask: { users: ["bob", "carol", "alice", "nobody"], teams: ["release"] },
    } as const;
    // CODEOWNERS asked bob and the team when the pull request was opened.
    expect([...pull.requested, ...pull.teams]).toEqual(["bob", "release"]);
    expect(await post(more)).toEqual({ conclusion: null, changed: true, asked: ["carol"], sharedWith: [] });
    const writes = () => hub.requests.filter((each) => !each.startsWith("GET ")).length;
    const before = writes();
    await post(more);
    // The one who cannot be asked is asked again, in case they became a collaborator.
    expect(writes() - before).toBe(1);
    expect(hub.forge.checks).toMatchObject([
      {
        app: actions,
        name: "assent",
        head_sha: pull.head,
        status: "in_progress",
        conclusion: null,
        output: { title: "Waits" },
      },
    ]);
    expect(hub.forge.checks[0]?.external_id).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(hub.forge.comments).toMatchObject([{ user: { login: "github-actions[bot]" }, edits: 0 }]);
  });

  it("replaces what stood there: one comment, and the newest check counts", async () => {
    const { hub } = await begin();
    await post({ outcome: "denied", comment: "no" });
    await post({ outcome: "pending", comment: "later", eligibleAt: "2026-07-03T00:00:00Z" as never });
    expect(await scene.forge.pendingUntil(repo, scene.pull.head)).toBe("2026-07-03T00:00:00Z");
    await post({ comment: "yes" });
    expect(await scene.forge.pendingUntil(repo, scene.pull.head)).toBeUndefined();
    expect(hub.forge.comments).toMatchObject([{ body: "<!-- assent:gate -->\nyes", edits: 2 }]);
    expect(hub.forge.checks.map(({ status, conclusion }) => conclusion ?? status)).toEqual([
      "failure",
      "in_progress",
      "success",
    ]);
  });

  it.each([0, 1, 50, 51, 120])("carries %i annotations in batches", async (count) => {
    const { hub } = await begin();
    const annotations = Array.from({ length: count }, (_, index): Annotation => ({
      path: "registry/registry.yaml",
      startLine: index + 1,
      endLine: index + 1,
      level: "failure",
      title: "x/y",
      message: "m",
    }));
    await post({ outcome: "denied", annotations });
    expect(hub.forge.checks[0]).toMatchObject({ status: "completed", conclusion: "failure" });
    expect(hub.forge.checks[0]?.annotations.map(({ start_line: line }) => line)).toEqual(
      annotations.map(({ startLine }) => startLine),
    );
  });

  it("does not block in observe mode", async () => {
    const { hub } = await begin();
    await post({ outcome: "denied", blocks: false });
    expect(hub.forge.checks).toMatchObject([{ conclusion: "success" }]);
  });

  it("lets GitHub merge only what was allowed, on the tip", async () => {
    const { hub, alice, bob } = await begin();
    hub.forge.rulesets.push({
      id: 1,
      name: "assent",
      target: "branch",
      enforcement: "active",
      bypass_actors: [],
      conditions: { ref_name: { include: ["refs/heads/main"], exclude: [] } },
      rules: [
        {
          type: "required_status_checks",
          parameters: {
            strict_required_status_checks_policy: true,
            required_status_checks: [{ context: "assent", integration_id: actions }],
          },
        },
      ],
    });
    expect(hub.forge.merge(1)).toMatch(/expected/);
    await post({ outcome: "pending" });
    expect(hub.forge.merge(1)).toMatch(/expected/);
    await post({ outcome: "denied" });
    expect(hub.forge.merge(1)).toMatch(/failing/);
    hub.forge.review(1, bob, "APPROVED");
    await post();
    hub.forge.push(alice, "main", { "README.md": "x" });
    expect(hub.forge.merge(1)).toMatch(/out of date/);
    hub.forge.push(alice, "change", { "registry/b": "b" }, hub.forge.tip("main"));
    expect(hub.forge.merge(1)).toMatch(/expected/);
    await post();
    expect(hub.forge.merge(1)).toBeUndefined();
  });
});

describe("pull requests", () => {
  it("are opened once for a branch", async () => {
    const { hub, alice } = await begin();
    const forge = forgeFor(hub, { GITHUB_TOKEN: hub.tokenOf(alice) });
    hub.forge.push(alice, "other", { "registry/c": "c" });
    const request = { head: "other", base: "main", title: "Promote", body: "plan" };
    expect(await forge.openPullRequest(repo, request)).toMatchObject({ number: 2, created: true });
    expect(await forge.openPullRequest(repo, request)).toMatchObject({ number: 2, created: false });
  });

  it("are brought as objects, without their files", async () => {
    const { hub, forge, pull } = await begin();
    const folder = join(newFolder(), "mirror.git");
    expect(await forge.bring(repo, { number: 1, base: "refs/heads/main", folder })).toEqual({
      base: hub.forge.tip("main"),
      head: pull.head,
    });
    expect(git(folder, ["cat-file", "-t", pull.head]).trim()).toBe("commit");
    expect(existsSync(join(folder, "registry"))).toBe(false);
    const fails = forgeFor(hub, { GITHUB_TOKEN: "ghs_wrong" }).bring(repo, {
      number: 1,
      base: "refs/heads/main",
      folder,
    });
    await expect(fails).rejects.toMatchObject({ code: "forge/fetch" });
    await expect(fails).rejects.not.toThrow(/ghs_wrong|eC1hY2Nlc3M/);
  });
});

describe("an App", () => {
  it("buys one token for a repository, and knows its own comments and checks", async () => {
    const { hub } = await begin();
    const { privateKey } = generateKeyPairSync("rsa", {
      modulusLength: 2048,
      privateKeyEncoding: { type: "pkcs1", format: "pem" },
      publicKeyEncoding: { type: "spki", format: "pem" },
    });
    const { GITHUB_TOKEN: _, ...rest } = hub.env;
    const { openForge } = await import("../../src/adapters/github/open.ts");
    const forge = openForge({
      env: { ...rest, GITHUB_APP_ID: "4242", GITHUB_APP_PRIVATE_KEY: privateKey.replaceAll("\n", "\\n") },
      now: () => 1_782_950_400,
      version: "0",
      pace: 1,
    });
    for (const comment of ["a", "b"]) {
      const facts = await forge.pullRequest(repo, 1);
      await postDecision({ repo, facts, posting: postingFor(facts, { comment }) }, forge);
    }
    expect(hub.requests.filter((each) => each.includes("access_tokens"))).toHaveLength(1);
    expect(hub.forge.comments).toMatchObject([{ user: { login: "assent-gate[bot]" }, edits: 1 }]);
    expect(hub.forge.checks).toMatchObject([{ app: 4242 }]);
  });

  it("says what is missing of its credentials, and never shows the key", async () => {
    const { hub } = await begin();
    expect(() => forgeFor(hub, { GITHUB_APP_ID: "4242" })).toThrow(
      expect.objectContaining({ code: "forge/app-credentials" }),
    );
    const forge = forgeFor(hub, { GITHUB_APP_ID: "4242", GITHUB_APP_PRIVATE_KEY: "-----BEGIN secret" });
    await expect(forge.pullRequest(repo, 1)).rejects.toMatchObject({
      code: "forge/app-key",
      message: expect.not.stringContaining("secret"),
    });
  });
});
