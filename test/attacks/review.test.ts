/**
 * What an impatient or hostile user does to the program as a whole: odd command lines, folders that are none, readers
 * that go away, disks that are full. Every line is answered in words, with the exit code that CLI.md promises.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, readFileSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { run, type Ran } from "../cli.ts";
import { git, makeHistory, newFolder, newRepository, plainEnvironment } from "../repository-on-disk.ts";

const home = join(import.meta.dirname, "../..");
const main = join(home, "src/main.ts");

/** A repository that holds this project's own registry, not committed yet. */
function newRegistry(): string {
  const folder = newRepository();
  cpSync(join(home, "registry"), join(folder, "registry"), { recursive: true });
  cpSync(join(home, "CODEOWNERS"), join(folder, "CODEOWNERS"));
  return folder;
}

/** The same, committed. */
function newLandedRegistry(): string {
  const folder = newRegistry();
  git(folder, ["add", "-A"]);
  git(folder, ["commit", "-q", "-m", "first"]);
  return folder;
}

function codeOf({ stdout }: Ran): unknown {
  const answer: unknown = JSON.parse(stdout);
  return typeof answer === "object" && answer !== null && "code" in answer ? answer.code : undefined;
}

describe("command lines", { timeout: 60_000 }, () => {
  test("flags without a command ask for the status", async () => {
    const cwd = newRegistry();
    const bare = await run([], { cwd });
    expect(bare.stdout).toContain("payments  148 entries");
    expect(await run(["-C", "."], { cwd })).toEqual(bare);
    expect(JSON.parse((await run(["--format", "json"], { cwd })).stdout)).toMatchObject({
      format: "assent.status/v1",
    });
  });

  test("help for a command is the command's own help", async () => {
    const cwd = newFolder();
    const help = await run(["help", "resolve"], { cwd });
    expect(help.stdout).toContain("--degrade-mode <mode>");
    expect(help).toEqual(await run(["resolve", "--help"], { cwd }));
    expect((await run(["help"], { cwd })).stdout).toBe((await run(["--help"], { cwd })).stdout);
    const wrong = await run(["help", "resolv"], { cwd });
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain("Did you mean resolve?");
  });

  test.each([
    [["codeowners"], "assent codeowners does nothing by itself."],
    [["codeowners", "guess"], '"guess" is no command of assent codeowners.'],
    [["evaluation"], "assent evaluation does nothing by itself."],
    [["alias", "--quiet"], "assent alias does nothing by itself."],
    [["lint", "--log-level", "loud"], "Allowed choices are error, warn, info, debug."],
  ])("%j says what is missing", async (argv, message) => {
    const result = await run(argv, { cwd: newFolder() });
    expect(result.code).toBe(2);
    expect(result.stderr).toContain(message);
    expect(result.stderr).not.toContain("outputHelp");
  });

  test("a folder that is a file, or that no system has, holds no registry", async () => {
    const cwd = newFolder();
    writeFileSync(join(cwd, "file"), "");
    for (const folder of ["file", "file/below", "/dev/null", "x".repeat(5000), "a\u0000b"]) {
      const result = await run(["lint", "--format", "json", "-C", folder], { cwd });
      expect([result.code, codeOf(result)]).toEqual([2, "repository/not-found"]);
    }
  });

  test("a word as long as a book is searched for in no time", async () => {
    const result = await run(["search", "x".repeat(100_000), "--format", "json"], { cwd: newRegistry() });
    expect([result.code, JSON.parse(result.stdout).total]).toEqual([0, 0]);
  });
});

describe("answers that cannot be given", { timeout: 60_000 }, () => {
  const assent = (line: string, cwd: string) =>
    spawnSync("bash", ["-c", `${process.execPath} ${main} ${line}`], {
      cwd,
      env: plainEnvironment,
      encoding: "utf8",
    });

  test("a reader that goes away does not make a bad registry good", () => {
    const cwd = newRegistry();
    writeFileSync(join(cwd, "registry/usecases/fraud/card-score.yaml"), "title: x\n");
    const { stdout } = assent("lint --format json | true; echo ${PIPESTATUS[0]}", cwd);
    expect(stdout).toBe("1\n");
    expect(assent("lint -q 2>&1 | head -1 >/dev/null; echo ${PIPESTATUS[0]}", cwd).stdout).toBe("1\n");
  });

  test.runIf(existsSync("/dev/full"))("a full disk is an operational failure, in one sentence", () => {
    const cwd = newRegistry();
    for (const format of ["text", "json"]) {
      const { status, stderr } = assent(`lint --format ${format} > /dev/full`, cwd);
      expect([status, stderr]).toEqual([
        2,
        "error output/lost: The answer could not be written (ENOSPC).\n  fix: Make room, and run the command again.\n",
      ]);
    }
    // A file-size limit stands for a full disk where the answer goes to a file.
    const limited = assent("lint --format json > out 2> err", cwd);
    expect(limited.status).toBe(0);
    execFileSync(
      "bash",
      [
        "-c",
        `ulimit -f 1; trap '' XFSZ; ${process.execPath} ${main} lint --format json > out 2> err || echo $? > code`,
      ],
      {
        cwd,
        env: plainEnvironment,
      },
    );
    expect(readFileSync(join(cwd, "code"), "utf8")).toBe("2\n");
    expect(readFileSync(join(cwd, "err"), "utf8")).toContain("output/lost");
  });

  test.runIf(existsSync("/proc/self"))("a snapshot is not written where no folder can be made", () => {
    const { status, stdout } = assent(
      "compile --work-tree --format json --out /proc/snapshot",
      newRegistry(),
    );
    expect([status, JSON.parse(stdout).code]).toEqual([2, "snapshot/write"]);
  });
});

describe("commits that are refused", { timeout: 60_000 }, () => {
  const path = "registry/live/prod/fraud/card-score.yaml";
  const promote = [
    "promote",
    "fraud/card-score@1.4.0",
    "--to",
    "prod",
    "--reason",
    "Soaked",
    "--format",
    "json",
  ];

  test.each([
    ["git/unfinished", ["--commit"], (cwd: string) => writeFileSync(join(cwd, ".git/MERGE_HEAD"), "")],
    ["git/detached", ["--commit"], (cwd: string) => git(cwd, ["checkout", "-q", "--detach"])],
    ["git/signed-commits", ["--commit"], (cwd: string) => git(cwd, ["config", "commit.gpgSign", "true"])],
    ["git/branch-name", ["--branch", "a..b"], () => ""],
  ])("%s leaves the files as they were, and the next try is no success", async (code, flags, spoil) => {
    const cwd = newLandedRegistry();
    const before = readFileSync(join(cwd, path), "utf8");
    spoil(cwd);
    for (let attempt = 0; attempt < 2; attempt++) {
      const result = await run([...promote, ...flags], { cwd });
      expect([result.code, codeOf(result)]).toEqual([2, code]);
      expect(readFileSync(join(cwd, path), "utf8")).toBe(before);
    }
  });

  test("what stands on disk and in no commit is not called done when a commit is asked for", async () => {
    const cwd = newLandedRegistry();
    expect((await run(promote, { cwd })).code).toBe(0);
    expect(JSON.parse((await run(promote, { cwd })).stdout).outcome).toBe("unchanged");
    for (const flags of [["--commit"], ["--branch", "other"]]) {
      const result = await run([...promote, ...flags], { cwd });
      expect([result.code, codeOf(result)]).toEqual([2, "worktree/uncommitted"]);
    }
    git(cwd, ["commit", "-q", "-a", "-m", "promote"]);
    expect(JSON.parse((await run([...promote, "--commit"], { cwd })).stdout).outcome).toBe("unchanged");
  });
});

describe("two writers at once", { timeout: 60_000 }, () => {
  const path = "registry/live/prod/fraud/card-score.yaml";

  test("whoever comes second is told, and overwrites nothing", async () => {
    const cwd = newLandedRegistry();
    const promote = (reason: string) =>
      run(
        [
          "promote",
          "fraud/card-score@1.4.0",
          "--to",
          "prod",
          "--reason",
          reason,
          "--commit",
          "--format",
          "json",
        ],
        { cwd },
      );
    const results = await Promise.all(["one", "two", "three"].map(promote));
    const won = results.filter(({ code }) => code === 0);
    expect(won).toHaveLength(1);
    for (const result of results)
      if (result !== won[0]) expect(JSON.parse(result.stdout)).toMatchObject({ retryable: true });
    const [reason] = /(?<=reason: ).+/.exec(readFileSync(join(cwd, path), "utf8")) ?? [];
    expect(git(cwd, ["log", "-1", "--format=%b"]).trim()).toBe(reason);
    expect(git(cwd, ["rev-list", "--count", "HEAD"]).trim()).toBe("2");
    expect(git(cwd, ["status", "--short"])).toBe("");
  });

  test("a lock that another git left behind is named", async () => {
    const cwd = newLandedRegistry();
    writeFileSync(join(cwd, ".git/index.lock"), "");
    const result = await run(
      ["promote", "fraud/card-score@1.4.0", "--to", "prod", "--reason", "x", "--commit", "--format", "json"],
      { cwd },
    );
    expect(JSON.parse(result.stdout)).toMatchObject({ code: "git/locked", retryable: true });
  });
});

test("a registry folder that is a symlink is called one", async () => {
  const cwd = newRegistry();
  renameSync(join(cwd, "registry"), join(cwd, "elsewhere"));
  symlinkSync("elsewhere", join(cwd, "registry"));
  const { diagnostics } = JSON.parse((await run(["lint", "--format", "json"], { cwd })).stdout);
  expect(diagnostics).toContainEqual(expect.objectContaining({ code: "path/symlink", file: "registry" }));
});

test("--at an instant asks the protected branch, whatever is checked out", async () => {
  const cwd = newRepository();
  const path = "registry/registry.yaml";
  const title = (text: string) => ({ [path]: `title: ${text}\nid: test\n` });
  makeHistory(cwd, [
    { parents: [], files: title("one"), time: 1_700_000_000 },
    { parents: [0], files: title("side"), time: 1_700_000_100 },
    { parents: [0], files: title("two"), time: 1_700_000_200 },
  ]);
  git(cwd, ["checkout", "-q", "-f", "made-1"]);
  const titleAt = async (at: string): Promise<unknown> => {
    const { stdout } = await run(["show", "registry:registry", "--format", "json", "--at", at], { cwd });
    return JSON.parse(stdout).entry.title;
  };
  expect(await titleAt("2023-11-14T22:15:00Z")).toBe("one");
  expect(await titleAt("2023-11-14T22:17:00Z")).toBe("two");
  expect(await titleAt("HEAD")).toBe("side");
  for (const at of ["2023-11-14", "2023-11-14T22:17:00+00:00", "2023-13-14T22:17:00Z"]) {
    const result = await run(["lint", "--format", "json", "--at", at], { cwd });
    expect([result.code, codeOf(result)]).toEqual([2, "usage/instant"]);
  }
});

test.each(["", "{", "null", "[1]", '{"sample_spec": 1}'])("an import of %j is no success", async (text) => {
  const cwd = newRegistry();
  writeFileSync(join(cwd, "source.json"), text);
  const result = await run(["import", "json", "source.json", "--format", "json"], { cwd });
  expect([result.code, codeOf(result)]).toEqual([2, "import/unreadable-source"]);
});
