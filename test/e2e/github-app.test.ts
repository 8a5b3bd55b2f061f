/**
 * `assent app` as it runs: a process that listens, deliveries that GitHub signed, an App's credentials, objects kept in
 * a mirror; and a merge queue's commit, judged on the queue's base with the approvals of its pull request.
 */
import { spawn } from "node:child_process";
import { createHmac, generateKeyPairSync } from "node:crypto";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { describe, expect, it, onTestFinished } from "vitest";
import { run } from "../cli.ts";
import { newRegistry } from "../github/registry.ts";
import { git, newFolder } from "../repository-on-disk.ts";

const root = resolve(import.meta.dirname, "../..");
const secret = "0123456789abcdef0123456789abcdef";

const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
  publicKeyEncoding: { type: "spki", format: "pem" },
});

describe("assent app", () => {
  it("decides by deliveries, and keeps objects but no files", async () => {
    const { hub, alice, bob, change } = await newRegistry();
    const head = hub.forge.push(alice, "change", change);
    hub.forge.open(alice, "change");
    const data = newFolder();
    const { GITHUB_TOKEN: _, ...rest } = hub.env;
    const env = {
      ...rest,
      GITHUB_APP_ID: "4242",
      GITHUB_APP_PRIVATE_KEY: privateKey,
      GITHUB_WEBHOOK_SECRET: secret,
    };
    const child = spawn(process.execPath, [join(root, "src/main.ts"), "app", "--port", "0", "--data", data], {
      cwd: data,
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    onTestFinished(() => void child.kill());
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    const notes = createInterface(child.stderr)[Symbol.asyncIterator]();
    const port = /listening on port (\d+)/.exec(String((await notes.next()).value))?.[1];
    const deliver = async (id: string, event: string, payload: object, key = secret): Promise<number> => {
      const body = JSON.stringify({
        repository: { full_name: "octo/registry" },
        pull_request: { number: 1 },
        ...payload,
      });
      const headers = {
        "x-github-delivery": id,
        "x-github-event": event,
        "x-hub-signature-256": `sha256=${createHmac("sha256", key).update(body).digest("hex")}`,
      };
      return (await fetch(`http://127.0.0.1:${port}/webhook`, { method: "POST", body, headers })).status;
    };
    expect(await deliver("1", "pull_request", { action: "opened" }, "another secret of somebody")).toBe(401);
    expect((await lines.next()).value).toBe("assent: refused: a wrong signature");
    expect(await deliver("2", "pull_request", { action: "opened" })).toBe(202);
    expect((await lines.next()).value).toBe("assent: octo/registry#1: pending");
    hub.forge.review(1, bob, "APPROVED");
    expect(await deliver("2", "pull_request_review", { action: "submitted" })).toBe(202);
    expect(await deliver("3", "pull_request_review", { action: "submitted" })).toBe(202);
    expect((await lines.next()).value).toBe("assent: octo/registry#1: allowed");
    expect(hub.forge.checks).toMatchObject([
      { app: 4242, head_sha: head, status: "in_progress" },
      { app: 4242, head_sha: head, conclusion: "success" },
    ]);
    const mirror = join(data, "octo/registry.git");
    expect([existsSync(join(mirror, "HEAD")), readdirSync(mirror).includes("registry")]).toEqual([
      true,
      false,
    ]);
    expect(hub.violations).toEqual([]);
  });

  it("asks for a secret that is one", async () => {
    expect(await run(["app"], { cwd: newFolder(), env: { GITHUB_WEBHOOK_SECRET: "short" } })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("webhooks/secret"),
    });
  });
});

describe("a merge queue", () => {
  it("is judged on its own base, by the approvals of the pull request", async () => {
    const { hub, alice, bob, change } = await newRegistry();
    const head = hub.forge.push(alice, "change", change);
    hub.forge.open(alice, "change");
    // Another entry of the queue stands before it.
    const base = hub.forge.push(bob, "before", {
      "registry/providers/beta.yaml": "title: Beta\nbaseUrl: https://api.beta.example/v1\n",
    });
    const tree = git(hub.forge.folder, ["merge-tree", "--write-tree", base, head]).split("\n")[0] ?? "";
    // GitHub names whoever queued it as the author: here the approver.
    const merged = git(
      hub.forge.folder,
      ["hash-object", "-t", "commit", "-w", "--stdin"],
      [
        `tree ${tree}`,
        `parent ${base}`,
        `parent ${head}`,
        "author bob <102+bob@users.noreply.github.com> 1782950000 +0000",
        "committer GitHub <noreply@github.com> 1782950000 +0000",
        "",
        "Merge pull request #1",
        "",
      ].join("\n"),
    ).trim();
    const folder = newFolder();
    git(folder, ["clone", "-q", hub.forge.folder, "."]);
    const group = {
      head_sha: merged,
      base_sha: base,
      head_ref: `refs/heads/gh-readonly-queue/main/pr-1-${base}`,
    };
    const queue = async (): Promise<string> => {
      writeFileSync(
        join(folder, "event.json"),
        JSON.stringify({
          action: "checks_requested",
          repository: { full_name: "octo/registry" },
          merge_group: group,
        }),
      );
      const argv = ["app", "--event", "merge_group", "--payload", "event.json", "--github", "octo/registry"];
      return (await run(argv, { cwd: folder, env: hub.env })).stdout;
    };
    expect(await queue()).toBe("assent: octo/registry#1: pending\n");
    hub.forge.review(1, bob, "APPROVED");
    expect(await queue()).toBe("assent: octo/registry#1: allowed\n");
    expect(hub.forge.checks.map(({ head_sha: sha, conclusion }) => [sha, conclusion])).toEqual([
      [merged, null],
      [merged, "success"],
    ]);
    expect(hub.violations).toEqual([]);
  });
});
