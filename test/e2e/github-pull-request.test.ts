/**
 * `--pull-request` against the stand-in: what a command plans becomes a branch of origin and one open pull request with
 * the plan as its text. The work tree and the branches of the clone stay as they are.
 */
import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterEach, beforeEach, describe, expect, it, test } from "vitest";
import { branchFor } from "../../src/app/propose.ts";
import { forgeHostOf, repositoryOfRemote } from "../../src/core/model/repository-name.ts";
import { run, type Ran } from "../cli.ts";
import { files, paths } from "../govern-world.ts";
import type { Person } from "../github/forge.ts";
import { serveForge, type StandIn } from "../github/server.ts";
import { git, newFolder, newRepository, plainEnvironment } from "../repository-on-disk.ts";

const call = promisify(execFile);

/** Git as a client of the stand-in, which lives in this very process: waiting must not stop it. */
async function remotely(folder: string, ...args: readonly string[]): Promise<void> {
  await call("git", args, { cwd: folder, env: plainEnvironment, timeout: 20_000 });
}

interface Desk {
  readonly hub: StandIn;
  readonly alice: Person;
  /** Alice's clone. */
  readonly folder: string;
  assent(...args: readonly string[]): Promise<Ran>;
}

let desk: Desk;

/** Whether an answer fits what is published about it. */
function expectFits(format: string, ran: Ran): void {
  const read = (name: string) =>
    JSON.parse(
      readFileSync(join(import.meta.dirname, `../../schemas/wire/${name}.schema.json`), "utf8"),
    ) as object;
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema(read("common"));
  const validate = ajv.compile(read(format));
  validate(json(ran));
  expect(validate.errors).toBeNull();
}

const promotion = ["promote", "fraud/score@1.1.0", "--to", "stage", "--reason", "Better <recall>"] as const;
const branch = "assent/promote-stage-fraud-score";
const show = (revision: string, path: string): string =>
  git(desk.hub.forge.folder, ["show", `${revision}:${path}`]);
const json = (ran: Ran): Record<string, unknown> => JSON.parse(ran.stdout) as Record<string, unknown>;

describe("a proposal", { timeout: 60_000 }, () => {
  beforeEach(async () => {
    const hub = await serveForge(newRepository("--bare"));
    const alice = hub.forge.person(101, "alice");
    hub.forge.push(alice, "main", {
      ...files,
      [paths.live("stage/fraud/score")]: 'bundle: "1.0.0"\nreason: Try it.\n',
    });
    const folder = newFolder();
    const token = hub.tokenOf(alice);
    const header = `http.${hub.url}/.extraheader=AUTHORIZATION: basic ${Buffer.from(`x-access-token:${token}`).toString("base64")}`;
    await remotely(folder, "clone", "-q", "-c", header, `${hub.url}/octo/registry.git`, ".");
    const env = { GITHUB_API_URL: hub.url, GITHUB_SERVER_URL: hub.url, GITHUB_TOKEN: token };
    desk = { hub, alice, folder, assent: (...args) => run(args, { cwd: folder, env }) };
  });

  afterEach(() => expect(desk.hub.violations).toEqual([]));

  test("a change becomes a branch of origin and a pull request with the plan as its text", async () => {
    const { hub, folder, assent } = desk;
    const before = git(folder, ["rev-parse", "HEAD"]);
    const ran = await assent(...promotion, "--pull-request");
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    expect(ran.stdout).toContain(`opened octo/registry#1  ${branch} -> main`);
    expect(ran.stdout).toContain("assent gate --github octo/registry#1");
    const [pull] = hub.forge.pulls;
    expect(pull).toMatchObject({
      author: { login: "alice" },
      branch,
      base: "main",
      title: "Promote bundle:fraud/score@1.1.0 to stage/fraud/score",
    });
    expect(pull?.body).toMatch(
      /^> Better &lt;recall&gt;\n\n\*\*assent plan\*\*: 1 governed file, `sha256:[0-9a-f]{64}`/,
    );
    expect(pull?.body).toContain("| `stage/fraud/score` |");
    expect(show(branch, paths.live("stage/fraud/score"))).toBe('bundle: "1.1.0"\nreason: Better <recall>\n');
    expect(git(hub.forge.folder, ["log", "--format=%an %s", `main..${branch}`])).toBe(`Ada ${pull?.title}\n`);
    // Neither disk, index nor branches of the clone have moved.
    expect(git(folder, ["status", "--porcelain"])).toBe("");
    expect(git(folder, ["rev-parse", "HEAD"])).toBe(before);
    expect(git(folder, ["for-each-ref", "--format=%(refname)", "refs/heads", "refs/assent"])).toBe(
      "refs/heads/main\n",
    );
  });

  test("asked again, the same pull request is brought up to date, and not doubled", async () => {
    const { hub, assent } = desk;
    await assent(...promotion, "--pull-request");
    const head = hub.forge.tip(branch);
    const again = await assent(...promotion, "--pull-request", "--format", "json");
    expectFits("write", again);
    expect(json(again)).toMatchObject({ outcome: "written", pullRequest: { state: "unchanged", number: 1 } });
    expect(hub.forge.tip(branch)).toBe(head);
    const other = await assent(
      ...promotion.slice(0, -1),
      "Other words",
      "--pull-request",
      "--format",
      "json",
    );
    expect(json(other)).toMatchObject({ pullRequest: { state: "updated", number: 1 } });
    expect(hub.forge.pulls).toHaveLength(1);
    expect(hub.forge.pulls[0]?.body).toMatch(/^> Other words\n/);
    // Nothing that somebody may have looked at is gone.
    expect(git(hub.forge.folder, ["log", "--format=%H", `main..${branch}`]).split("\n")).toContain(head);
  });

  test("once it has landed, by merge or by squashing, the branch begins anew", async () => {
    const { hub, alice, folder, assent } = desk;
    await assent(...promotion, "--pull-request");
    hub.forge.merge(1);
    await remotely(folder, "pull", "-q", "origin", "main");
    const back = [
      "rollback",
      "stage/fraud/score",
      "--to",
      "1.0.0",
      "--reason",
      "r",
      "--pull-request",
    ] as const;
    await assent(...back);
    expect(hub.forge.pulls).toHaveLength(2);
    // Squashed: what landed is another commit than the branch's, and the branch was left lying about.
    hub.forge.push(alice, "main", { [paths.live("stage/fraud/score")]: 'bundle: "1.0.0"\nreason: r\n' });
    const [, second] = hub.forge.pulls;
    if (second !== undefined) second.state = "closed";
    await remotely(folder, "pull", "-q", "origin", "main");
    await assent(...promotion.slice(0, -1), "Once more", "--pull-request");
    expect(hub.forge.pulls).toHaveLength(3);
    expect(git(hub.forge.folder, ["rev-parse", `${branch}~1`])).toBe(
      git(hub.forge.folder, ["rev-parse", "main"]),
    );
  });

  test("several commands may share a branch that is named", async () => {
    const { hub, assent } = desk;
    await assent(...promotion, "--pull-request", "--branch", "both");
    const second = [
      "promote",
      "fraud/score@1.0.0",
      "--to",
      "dev",
      "--reason",
      "d",
      "--pull-request",
    ] as const;
    await assent(...second, "--branch", "both");
    expect(hub.forge.pulls).toMatchObject([
      { branch: "both", title: "Promote bundle:fraud/score@1.1.0 to stage/fraud/score" },
    ]);
    expect(hub.forge.pulls[0]?.body).toContain("| `dev/fraud/score` |");
    expect(hub.forge.pulls[0]?.body).toContain("| `stage/fraud/score` |");
    const other = await assent(
      ...promotion.slice(0, -1),
      "Not the same",
      "--pull-request",
      "--branch",
      "both",
      "--format",
      "json",
    );
    expect([other.code, json(other)]).toMatchObject([2, { code: "git/other-version" }]);
  });

  test("--dry-run shows what would be opened, and opens nothing", async () => {
    const { hub, folder, assent } = desk;
    const refs = git(folder, ["for-each-ref"]);
    const ran = await assent(...promotion, "--pull-request", "--dry-run");
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    expect(ran.stdout).toContain(`would open a pull request in octo/registry: ${branch} -> main`);
    expect(ran.stdout).toContain("    > Better &lt;recall&gt;");
    expect([hub.requests, hub.forge.pulls, git(folder, ["for-each-ref"])]).toEqual([[], [], refs]);
    const wire = await assent(...promotion, "--pull-request", "--dry-run", "--format", "json");
    expectFits("write", wire);
    expect(json(wire)).toMatchObject({
      outcome: "planned",
      pullRequest: {
        state: "planned",
        repository: "octo/registry",
        number: null,
        url: null,
        branch,
        base: "main",
      },
    });
  });

  test("a branch is named after what is done", async () => {
    const { hub, assent } = desk;
    const ran = await assent("new", "environment", "qa", "--pull-request", "--format", "json");
    expect(json(ran)).toMatchObject({
      pullRequest: { state: "opened", branch: "assent/add-environment-qa" },
    });
    expect(hub.forge.pulls[0]).toMatchObject({ title: "Add environment:qa" });
  });

  describe("refused before anything is pushed", () => {
    const code = async (
      args: readonly string[],
      env?: Readonly<Record<string, string>>,
    ): Promise<unknown> => {
      const line = [...args, "--format", "json"];
      const ran = await (env === undefined ? desk.assent(...line) : run(line, { cwd: desk.folder, env }));
      expect(desk.hub.forge.pulls).toEqual([]);
      expect([...desk.hub.forge.heads().keys()]).toEqual(["main"]);
      return [ran.code, json(ran)["code"] ?? json(ran)["outcome"]];
    };
    const asked = [...promotion, "--pull-request"];

    it("without a remote, on another host, without a token", async () => {
      const { hub, folder } = desk;
      expect(await code(asked, { GITHUB_SERVER_URL: hub.url })).toEqual([2, "forge/no-token"]);
      expect(await code(asked, { GITHUB_TOKEN: "x" })).toEqual([2, "forge/not-github"]);
      git(folder, ["remote", "set-url", "origin", "https://user:secret@gitlab.example/octo/registry.git"]);
      const ran = await desk.assent(...asked);
      expect(ran.stderr).toContain(
        "origin is https://gitlab.example/octo/registry.git, which is no repository on 127.0.0.1",
      );
      git(folder, ["remote", "remove", "origin"]);
      expect(await code(asked)).toEqual([2, "git/no-remote"]);
    });

    it("in a repository that is not named right, or named for nothing", async () => {
      expect(await code([...asked, "--github", "octo"])).toEqual([2, "usage/repository"]);
      expect(await code([...promotion, "--github", "octo/registry"])).toEqual([2, "usage/github"]);
    });

    it("onto the protected branch, or onto those that hold evidence", async () => {
      expect(await code([...asked, "--branch", "main"])).toEqual([2, "usage/branch"]);
      expect(await code([...asked, "--branch", "registry-approvals"])).toEqual([2, "usage/branch"]);
    });

    it("when the clone is behind in what is changed", async () => {
      const { hub, alice } = desk;
      hub.forge.push(alice, "main", { [paths.live("stage/fraud/score")]: 'bundle: "none"\nreason: Off.\n' });
      expect(await code(asked)).toEqual([2, "git/not-on-base"]);
    });

    it("when it leans on what is only on this disk", async () => {
      const { folder } = desk;
      const text = readFileSync(join(folder, paths.bundle("1.1.0")), "utf8");
      writeFileSync(join(folder, paths.bundle("1.9.0")), text.replaceAll("1.1.0", "1.9.0"));
      expect(
        await code(["promote", "fraud/score@1.9.0", "--to", "dev", "--reason", "r", "--pull-request"]),
      ).toEqual([1, "refused"]);
    });
  });
});

test.each([
  ["https://github.com/octo/registry.git", "github.com", "octo/registry"],
  ["https://github.com/octo/registry", "github.com", "octo/registry"],
  ["https://github.com/octo/registry/", "github.com", "octo/registry"],
  ["https://x:token@GitHub.com/octo/registry.git", "github.com", "octo/registry"],
  ["git@github.com:octo/registry.git", "github.com", "octo/registry"],
  ["github.com:octo/registry", "github.com", "octo/registry"],
  ["ssh://git@github.com/octo/registry.git", "github.com", "octo/registry"],
  ["ssh://git@ssh.github.com:443/octo/registry.git", "github.com", "octo/registry"],
  ["ssh://git@ghe.corp:2222/octo/a.b", "ghe.corp:8443", "octo/a.b"],
  ["https://ghe.corp:8443/octo/a.b.git", "ghe.corp:8443", "octo/a.b"],
  ["https://ghe.corp/octo/a.b.git", "ghe.corp:8443", undefined],
  ["https://gitlab.com/octo/registry.git", "github.com", undefined],
  ["https://github.com.evil.example/octo/registry.git", "github.com", undefined],
  ["https://evil.example/github.com/octo/registry.git", "github.com", undefined],
  ["https://evil.example/@github.com/octo/registry", "github.com", undefined],
  ["git@evil.example:github.com/octo/registry.git", "github.com", undefined],
  ["https://github.com/octo/group/registry.git", "github.com", undefined],
  ["https://github.com/octo/..", "github.com", undefined],
  ["https://github.com/octo/registry?x=1", "github.com", undefined],
  ["/srv/github.com/octo/registry.git", "github.com", undefined],
  ["file:///octo/registry.git", "github.com", undefined],
  ["../octo/registry.git", "github.com", undefined],
  ["git://github.com/octo/registry.git", "github.com", undefined],
] as const)("the address %s on %s is %s", (address, host, name) => {
  const found = repositoryOfRemote(address, host);
  expect(found && `${found.owner}/${found.name}`).toBe(name);
});

test.each([
  [undefined, undefined, "github.com"],
  [undefined, "https://api.github.com", "github.com"],
  ["https://github.com", "https://api.github.com", "github.com"],
  [undefined, "https://ghe.corp/api/v3", "ghe.corp"],
  [undefined, "https://api.acme.ghe.com", "acme.ghe.com"],
  [undefined, "https://api.corp.example/v3", "api.corp.example"],
  ["http://127.0.0.1:4711", "http://127.0.0.1:4711", "127.0.0.1:4711"],
] as const)("server %s and API %s are %s", (server, api, host) => {
  expect(forgeHostOf(server, api)).toBe(host);
});

test.each([
  ["promote prod/fraud/card-score", "assent/promote-prod-fraud-card-score"],
  [
    "Add model:acme/m@1.0.0, from model:acme/m@0.9.0",
    "assent/add-model-acme-m-1.0.0-from-model-acme-m-0.9.0",
  ],
  ["a..b/.c/d.lock", "assent/a.b-c-d-lock"],
  ["...", "assent/change"],
  ["\u00e9\u{1f600}", "assent/change"],
])("the branch for %s is %s", (topic, name) => {
  expect(branchFor(topic)).toBe(name);
});
