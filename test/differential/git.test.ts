/**
 * Three ways to read a repository, with the git binary, without, and for proofs, against git itself: random histories (merges, octopus,
 * criss-cross, reverts), and the same table of questions for all.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { discoverRepository } from "../../src/adapters/git/discover.ts";
import { openEmbedded } from "../../src/adapters/git/embedded.ts";
import { openRepository } from "../../src/adapters/git/open.ts";
import { keeping } from "../../src/adapters/git/proof/kept.ts";
import { openProof } from "../../src/adapters/git/proof/open.ts";
import { openWorkTree } from "../../src/adapters/worktree/open.ts";
import type { Repository } from "../../src/app/ports.ts";
import { Failure } from "../../src/core/model/failure.ts";
import { bytesOfPath } from "../../src/core/model/path.ts";
import {
  git,
  makeHistory,
  newFolder,
  newRepository,
  plainEnvironment,
  type MadeCommit,
} from "../repository-on-disk.ts";

const now = (): number => 1_800_000_000;

const adapters: Record<string, (folder: string, env?: Record<string, string>) => Promise<Repository>> = {
  async binary(folder, env = plainEnvironment) {
    const opened = await openRepository(folder, { env, now });
    if (opened === undefined) throw new Error("no repository");
    return opened;
  },
  async embedded(folder, env = plainEnvironment) {
    const place = discoverRepository(folder);
    if (place === undefined) throw new Error("no repository");
    return openEmbedded(place, { env, now });
  },
  async proof(folder, env = plainEnvironment) {
    const opened = openProof(folder, env);
    onTestFinished(() => opened.close());
    return opened;
  },
};

async function failureOf(promise: Promise<unknown>): Promise<Failure> {
  const error: unknown = await promise.then(
    (value) => new Error(`no failure but ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  );
  if (error instanceof Failure) return error;
  throw error;
}

const path = fc.constantFrom(
  "registry/a.yaml",
  "registry/b/c.yaml",
  "registry/b/d.yaml",
  "CODEOWNERS",
  "src/x.ts",
  ".github/w/x.yml",
  "registry-old/z",
);
const fileChanges = fc.dictionary(
  path,
  fc.option(fc.constantFrom("one", "two", "three\n"), { nil: null, freq: 4 }),
  { maxKeys: 3 },
);
const history: fc.Arbitrary<readonly MadeCommit[]> = fc
  .array(
    fc.record({
      picks: fc.array(fc.nat(1000), { minLength: 1, maxLength: 4 }),
      files: fileChanges,
      time: fc.integer({ min: 1_600_000_000, max: 1_700_000_000 }),
    }),
    { minLength: 1, maxLength: 14 },
  )
  .map((steps) =>
    steps.map(({ picks, files, time }, index) => ({
      parents:
        index === 0
          ? []
          : [...new Set(picks.map((pick, at) => (at === 0 && pick % 3 !== 0 ? index - 1 : pick % index)))],
      files,
      time,
    })),
  );

describe("random histories", { timeout: 120_000 }, () => {
  test("landings, their changes, differences, trees and merge bases are those of git", async () => {
    await fc.assert(
      fc.asyncProperty(history, fc.nat(1000), async (commits, pick) => {
        const folder = newRepository();
        const oids = makeHistory(folder, commits);
        const tip = oids.at(-1) ?? "";
        const other = oids[pick % oids.length] ?? "";
        const chain = git(folder, [
          "log",
          "--first-parent",
          "--reverse",
          "--format=%H %P|%an|%ae|%at|%cn|%ce|%ct|%s",
          tip,
        ])
          .trim()
          .split("\n");
        const bases =
          git(folder, ["log", "-1", "--format=%H", tip]) &&
          listOf(() => git(folder, ["merge-base", "--all", tip, other]));
        for (const open of Object.values(adapters)) {
          const repository = await open(folder);
          const landings = await repository.landings(tip);
          expect(
            landings.map(({ oid, parents, author: a, committer: c, subject }) =>
              [
                [oid, ...parents].join(" ") + (parents.length === 0 ? " " : ""),
                a.name,
                a.email,
                a.time,
                c.name,
                c.email,
                c.time,
                subject,
              ].join("|"),
            ),
          ).toEqual(chain);
          expect(landings.map((landing) => landing.sequence)).toEqual(chain.map((_, index) => index + 1));
          let latest = 0;
          for (const landing of landings) {
            latest = Math.max(latest, landing.committer.time);
            expect(Date.parse(landing.time)).toBe(latest * 1000);
          }
          const changes = await repository.changesOf(landings);
          for (const [index, landing] of landings.entries()) {
            expect(spelled(changes[index] ?? [])).toEqual(
              differenceByGit(folder, landing.parents[0] ?? null, landing.oid),
            );
          }
          expect(spelled(await repository.changedPaths(other, tip))).toEqual(
            differenceByGit(folder, other, tip),
          );
          expect(await repository.mergeBases(tip, other)).toEqual(bases);
          const tree = await repository.treeAt(tip);
          expect(tree.files.map((file) => `${file.path}=${Buffer.from(file.read()).toString()}`)).toEqual(
            filesByGit(folder, tip),
          );
        }
      }),
      { numRuns: 25 },
    );
  });

  test("where a branch left the line and what it brings are git's answers, whatever was read before", async () => {
    await fc.assert(
      fc.asyncProperty(history, fc.nat(1000), fc.nat(1000), async (commits, one, another) => {
        const folder = newRepository();
        const oids = makeHistory(folder, commits);
        const [base, head] = [oids[one % oids.length] ?? "", oids[another % oids.length] ?? ""];
        const bases = listOf(() => git(folder, ["merge-base", "--all", base, head]));
        const own = listOf(() => git(folder, ["rev-list", head, `^${base}`])).filter((oid) => oid !== "");
        const repository = openProof(folder, plainEnvironment);
        try {
          expect(await repository.commitsBetween(base, head)).toEqual(own);
          expect(await repository.mergeBases(base, head)).toEqual(bases);
        } finally {
          repository.close();
        }
      }),
      { numRuns: 60 },
    );
  });
});

test("a proof keeps a bounded part of what it read, and nothing under another id", () => {
  const kept = keeping<number>(1_000);
  for (let each = 0; each < 10_000; each++) {
    kept.set(`${each}`, each, 10);
    // What is asked for again and again stays.
    expect(kept.get("0")).toBe(0);
    expect([undefined, each - 40]).toContain(kept.get(`${each - 40}`));
  }
  const found = Array.from({ length: 10_000 }, (_, each) => kept.get(`${each}`)).filter(
    (value) => value !== undefined,
  );
  expect(found.length).toBeLessThanOrEqual(101);
  expect(found.length).toBeGreaterThan(40);
});

const governed = ["registry", "CODEOWNERS", ".github", ".gitattributes"];

function listOf(run: () => string): string[] {
  try {
    return run().trim().split("\n").sort();
  } catch {
    return [];
  }
}

function differenceByGit(folder: string, from: string | null, to: string): string[] {
  const base = from ?? git(folder, ["hash-object", "-t", "tree", "--stdin", "-w"]).trim();
  const fields = git(folder, [
    "diff-tree",
    "-r",
    "-z",
    "--raw",
    "--no-renames",
    "--no-abbrev",
    base,
    to,
    "--",
    ...governed,
  ]).split("\0");
  const found: string[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2)
    found.push(`${fields[at + 1]} ${(fields[at] ?? "").slice(1, -2)}`);
  return found.sort();
}

function spelled(changes: Awaited<ReturnType<Repository["changedPaths"]>>): string[] {
  const zero = "0".repeat(40);
  const all = changes.map(
    (c) =>
      `${c.path} ${c.modeFrom ?? "000000"} ${c.modeTo ?? "000000"} ${c.oidFrom ?? zero} ${c.oidTo ?? zero}`,
  );
  expect(all).toEqual([...all].sort());
  return all;
}

function filesByGit(folder: string, oid: string): string[] {
  const paths = git(folder, ["ls-tree", "-r", "-z", "--name-only", oid, "--", ...governed])
    .split("\0")
    .filter((name) => name !== "");
  return paths.map((name) => `${name}=${git(folder, ["show", `${oid}:${name}`])}`);
}

describe.each(Object.entries(adapters))("%s", { timeout: 60_000 }, (_name, open) => {
  const three: readonly MadeCommit[] = [
    { parents: [], files: { "registry/a": "1\n", "other/x": "x" } },
    { parents: [0], files: { "registry/a": "2\n", "registry/dir/b": "b" }, message: "second\n\nwith a body" },
    { parents: [0], files: { "registry/c": "c" } },
    { parents: [1, 2], files: { "registry/c": "c" } },
  ];

  test("revisions", async () => {
    const folder = newRepository();
    const oids = makeHistory(folder, three);
    git(folder, ["tag", "-a", "v1", "-m", "tagged", oids[1] ?? ""]);
    git(folder, ["update-ref", "refs/remotes/origin/main", oids[0] ?? ""]);
    const repository = await open(folder);
    const table: Record<string, string | undefined> = {
      HEAD: oids[3],
      "@": oids[3],
      main: oids[3],
      "HEAD~1": oids[1],
      "HEAD^2": oids[2],
      "HEAD^2~1": oids[0],
      "HEAD^0": oids[3],
      v1: oids[1],
      "v1^{commit}": oids[1],
      "origin/main": oids[0],
      "refs/heads/main": oids[3],
      [(oids[2] ?? "").slice(0, 12)]: oids[2],
      [oids[2] ?? ""]: oids[2],
    };
    for (const [revision, oid] of Object.entries(table))
      expect([revision, await repository.resolveRevision(revision)]).toEqual([revision, oid]);
    for (const bad of [
      "nowhere",
      "",
      "HEAD~9",
      "HEAD^3",
      "--all",
      "-h",
      "a\nHEAD",
      "f".repeat(40),
      "HEAD:registry/a",
      "../../etc/passwd",
    ]) {
      expect([bad, (await failureOf(repository.resolveRevision(bad))).code]).toEqual([
        bad,
        "git/unknown-revision",
      ]);
    }
    expect((await failureOf(repository.resolveRevision("origin/next"))).hint).toContain(
      "git fetch origin next",
    );
    expect(await repository.head()).toBe(oids[3]);
    expect(await repository.currentBranch()).toBe("main");
    expect(await repository.tipOf("main")).toBe(oids[0]);
    expect(await repository.tipOf("made-1")).toBe(oids[1]);
    expect(await repository.tipOf("none")).toBeNull();
    expect(await repository.headTime()).toBe("2023-11-14T22:16:20Z");
    expect((await repository.commitOf(oids[1] ?? "")).subject).toBe("second");
    git(folder, ["checkout", "-q", "--detach", oids[1] ?? ""]);
    expect(await repository.currentBranch()).toBeNull();
    expect(await repository.head()).toBe(oids[1]);
  });

  test("an empty repository, and paths instead of the governed ones", async () => {
    const folder = newRepository();
    const repository = await open(folder);
    expect([await repository.head(), await repository.headTime(), await repository.currentBranch()]).toEqual([
      null,
      null,
      "main",
    ]);
    const oids = makeHistory(folder, three);
    const tip = oids[3] ?? "";
    expect(
      (await repository.treeAt(tip, { paths: ["other", "registry/a"] })).files.map((file) => file.path),
    ).toEqual(["other/x", "registry/a"]);
    expect(
      (await repository.changedPaths(null, tip, { paths: ["registry/dir"] })).map((c) => c.path),
    ).toEqual(["registry/dir/b"]);
    expect((await repository.readBlobs([git(folder, ["rev-parse", "HEAD:registry/a"]).trim()])).size).toBe(1);
    expect((await failureOf(repository.readBlobs(["1".repeat(40)]))).code).toBe("git/missing-object");
    await expect(repository.treeAt("main")).rejects.toThrow("not a full object id");
  });

  test("names that are no UTF-8, quotes and newlines keep their bytes", async () => {
    const folder = newRepository();
    const odd = Buffer.from('registry/caf\xe9-\xff"q\\\t', "latin1");
    const blob = git(folder, ["hash-object", "-w", "--stdin"], "x").trim();
    git(
      folder,
      ["update-index", "-z", "--index-info"],
      Buffer.concat([
        Buffer.from(`100644 ${blob}\t`),
        odd,
        Buffer.from(`\x00120000 ${blob}\tregistry/link\n\x00`),
      ]),
    );
    const tree = git(folder, ["write-tree"]).trim();
    const commit = git(folder, ["commit-tree", "-m", "odd", tree]).trim();
    const repository = await open(folder);
    const files = (await repository.treeAt(commit)).files;
    expect(files.map((file) => Buffer.from(bytesOfPath(file.path)).toString("latin1"))).toEqual([
      odd.toString("latin1"),
      "registry/link\n",
    ]);
    expect(files.map((file) => file.mode)).toEqual(["100644", "120000"]);
    expect((await repository.changedPaths(null, commit)).map((c) => c.path)).toEqual(
      files.map((file) => file.path),
    );
  });

  test("a shallow clone says how to get the rest", async () => {
    const source = newRepository();
    makeHistory(source, three);
    const folder = newFolder();
    git(folder, ["clone", "-q", "--depth", "1", `file://${source}`, "clone"]);
    const repository = await open(join(folder, "clone"));
    const head = (await repository.head()) ?? "";
    expect(await repository.isShallow()).toBe(true);
    expect(await repository.headTime()).toBe("2023-11-14T22:16:20Z");
    expect((await repository.treeAt(head)).files).toHaveLength(3);
    const failure = await failureOf((async () => repository.landings(head))());
    expect([failure.code, failure.hint.includes("git fetch --unshallow origin")]).toEqual([
      "git/shallow",
      true,
    ]);
  });

  test("work trees, submodules and bare repositories are found; GIT_DIR changes nothing", async () => {
    const folder = newRepository();
    const oids = makeHistory(folder, three);
    git(folder, ["reset", "-q", "--hard"]);
    git(folder, [
      "worktree",
      "add",
      "-q",
      "-b",
      "side",
      "../side-of-" + folder.split("/").at(-1),
      oids[1] ?? "",
    ]);
    const side = `${folder}/../side-of-${folder.split("/").at(-1)}`;
    const other = newRepository();
    const env = {
      ...plainEnvironment,
      GIT_DIR: join(other, ".git"),
      GIT_WORK_TREE: other,
      GIT_OBJECT_DIRECTORY: "/nonexistent",
      GIT_CONFIG_COUNT: "1",
      GIT_CONFIG_KEY_0: "core.bare",
      GIT_CONFIG_VALUE_0: "true",
    };
    const repository = await open(join(folder, "registry/dir"), env);
    expect([repository.root, await repository.head()]).toEqual([folder, oids[3]]);
    const linked = await open(side, env);
    expect([
      await linked.head(),
      await linked.currentBranch(),
      (await linked.landings(oids[1] ?? "")).length,
    ]).toEqual([oids[1], "side", 2]);
    git(folder, ["worktree", "remove", side]);
    const outer = newRepository();
    git(outer, ["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", folder, "sub"]);
    expect(await (await open(join(outer, "sub"))).head()).toBe(oids[3]);
    const bare = newFolder();
    git(bare, ["clone", "-q", "--bare", folder, "bare.git"]);
    const opened = await open(join(bare, "bare.git"));
    expect([
      opened.root,
      await opened.head(),
      await opened.dirtyPaths(openWorkTree(folder).readTree()),
    ]).toEqual([null, oids[3], []]);
    expect(discoverRepository(bare)).toBeUndefined();
  });

  test("what is dirty is found without running filters", async () => {
    const folder = newRepository();
    makeHistory(folder, [
      { parents: [], files: { "registry/a": "1\n2\n", "registry/b": "b", "registry/c": "c", "src/x": "x" } },
    ]);
    git(folder, ["reset", "-q", "--hard"]);
    const repository = await open(folder);
    const dirty = (): Promise<readonly string[]> => repository.dirtyPaths(openWorkTree(folder).readTree());
    expect(await dirty()).toEqual([]);
    writeFileSync(join(folder, "registry/a"), "1\r\n2\r\n");
    writeFileSync(join(folder, "src/x"), "changed");
    expect(await dirty()).toEqual([]);
    writeFileSync(join(folder, "registry/b"), "changed");
    writeFileSync(join(folder, "registry/0new"), "new");
    git(folder, ["rm", "-q", "registry/c"]);
    expect(await dirty()).toEqual(["registry/0new", "registry/b", "registry/c"]);
    // The installed tool is none of the registry's; such a folder anywhere else is.
    for (const path of [".github/assent/node_modules/.bin/assent", "registry/node_modules/x"]) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), "new");
    }
    const now = ["registry/0new", "registry/b", "registry/c", "registry/node_modules/x"];
    expect(await dirty()).toEqual(now);
    git(folder, ["add", "-f", ".github"]);
    git(folder, ["commit", "-q", "-m", "installed"]);
    writeFileSync(join(folder, ".github/assent/node_modules/.bin/assent"), "swapped");
    expect(await dirty()).toEqual([
      ".github/assent/node_modules/.bin/assent",
      "registry/0new",
      "registry/b",
      "registry/node_modules/x",
    ]);
  });

  test("a commit holds exactly its files and leaves everything else alone", async () => {
    const folder = newRepository();
    const oids = makeHistory(folder, three);
    git(folder, ["reset", "-q", "--hard"]);
    writeFileSync(join(folder, "other/x"), "dirty");
    writeFileSync(join(folder, "registry/c"), "staged");
    git(folder, ["add", "registry/c"]);
    for (const name of [
      "pre-commit",
      "commit-msg",
      "post-commit",
      "reference-transaction",
      "post-index-change",
    ]) {
      writeFileSync(join(folder, ".git/hooks", name), `#!/bin/sh\ntouch ${folder}/ran\nexit 1\n`, {
        mode: 0o755,
      });
    }
    const repository = await open(folder);
    const changes = [
      { path: "registry/new/deep/er.yaml", content: "new\n" },
      { path: "registry/a", content: "3\n" },
      { path: "registry/dir/b", content: null },
    ];
    openWorkTree(folder).write(changes);
    const made = await repository.commit(changes, "Change a\n\nand more");
    expect(existsSync(join(folder, "ran"))).toBe(false);
    for (const name of readdirSync(join(folder, ".git/hooks"))) rmSync(join(folder, ".git/hooks", name));
    expect([made.branch, made.created, await repository.head()]).toEqual(["main", false, made.oid]);
    expect(git(folder, ["log", "-1", "--format=%P|%an|%ae|%cn|%B"]).trim()).toBe(
      `${oids[3]}|Ada|ada@example.com|Grace|Change a\n\nand more`,
    );
    expect(git(folder, ["show", "--name-status", "--format=", "HEAD"]).trim().split("\n")).toEqual([
      "M\tregistry/a",
      "D\tregistry/dir/b",
      "A\tregistry/new/deep/er.yaml",
    ]);
    expect(git(folder, ["status", "--porcelain"]).split("\n")).toEqual([" M other/x", "M  registry/c", ""]);
    git(folder, ["fsck", "--strict", "--no-dangling"]);
    expect((await failureOf(repository.commit([{ path: "registry/a", content: "3\n" }], "again"))).code).toBe(
      "git/nothing-to-commit",
    );
  });

  test("a commit on another branch leaves disk and index alone, and never overwrites what stands there", async () => {
    const folder = newRepository();
    const oids = makeHistory(folder, three);
    git(folder, ["reset", "-q", "--hard"]);
    const repository = await open(folder);
    const first = await repository.commit([{ path: "registry/a", content: "3\n" }], "One", {
      branch: "promote/x",
    });
    expect(first).toMatchObject({ branch: "promote/x", created: true });
    expect(git(folder, ["rev-parse", "promote/x~1"]).trim()).toBe(oids[3]);
    expect(git(folder, ["status", "--porcelain"])).toBe("");
    const second = await repository.commit([{ path: "registry/c", content: "4\n" }], "Two", {
      branch: "promote/x",
    });
    expect([second.created, git(folder, ["rev-parse", "promote/x~1"]).trim()]).toEqual([false, first.oid]);
    const clash = await failureOf(
      repository.commit([{ path: "registry/a", content: "5\n" }], "Three", { branch: "promote/x" }),
    );
    expect([clash.code, clash.retryable]).toEqual(["git/branch-differs", true]);
    expect(readFileSync(join(folder, "registry/a"), "utf8")).toBe("2\n");
    for (const bad of [
      "-x",
      "--output=x",
      "a..b",
      "a b",
      "x.lock",
      "",
      "HEAD",
      "a/",
      "a\nb",
      "@{u}",
      "refs/../x",
    ]) {
      expect([
        bad,
        (await failureOf(repository.commit([{ path: "registry/a", content: "5" }], "m", { branch: bad })))
          .code,
      ]).toEqual([bad, "git/branch-name"]);
    }
    for (const bad of [
      "../x",
      "/etc/x",
      ".git/hooks/x",
      "registry/.GIT/x",
      "registry//x",
      "",
      "a\0b",
      "registry/git~1/config",
    ]) {
      expect([
        bad,
        (await failureOf(repository.commit([{ path: bad, content: "5" }], "m", { branch: "new" }))).code,
      ]).toEqual([bad, "git/unsafe-path"]);
    }
  });

  test("what a commit needs and does not have is said with the command that mends it", async () => {
    const folder = newRepository();
    const nobody = { PATH: plainEnvironment.PATH, HOME: folder };
    const change = [{ path: "registry/a", content: "1" }];
    const anonymous = await failureOf((await open(folder, nobody)).commit(change, "m"));
    expect([anonymous.code, anonymous.hint.includes("git config --global user.name")]).toEqual([
      "git/no-author",
      true,
    ]);
    writeFileSync(join(folder, ".gitconfig"), "[user]\n\tname = Linus\n\temail = l@example.com\n");
    mkdirSync(join(folder, "registry"));
    writeFileSync(join(folder, "registry/a"), "1");
    const first = await (await open(folder, nobody)).commit(change, "first");
    expect(git(folder, ["log", "--format=%an <%ae>|%P"]).trim()).toBe("Linus <l@example.com>|");
    expect(git(folder, ["status", "--porcelain", "registry"])).toBe("");
    git(folder, ["config", "commit.gpgSign", "true"]);
    expect(
      (await failureOf((await open(folder)).commit([{ path: "registry/a", content: "2" }], "m"))).code,
    ).toBe("git/signed-commits");
    git(folder, ["config", "commit.gpgSign", "false"]);
    writeFileSync(join(folder, ".git/MERGE_HEAD"), first.oid);
    expect(
      (await failureOf((await open(folder)).commit([{ path: "registry/a", content: "2" }], "m"))).code,
    ).toBe("git/unfinished");
    git(folder, ["checkout", "-q", "--detach", "-f"]);
    expect(
      (await failureOf((await open(folder)).commit([{ path: "registry/a", content: "2" }], "m"))).code,
    ).toBe("git/detached");
  });
});
