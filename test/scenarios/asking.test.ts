/** Questions that cannot be answered as they are asked: what is said instead, and what is done in a bare repository. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { run } from "../cli.ts";
import { git, newFolder } from "../repository-on-disk.ts";
import { commitAll } from "./registry-folder.ts";

/** The registry that `init` makes, in one commit. */
async function begun(): Promise<string> {
  const folder = newFolder();
  git(folder, ["init", "-q", "-b", "main", "."]);
  const { code } = await run(["init", ".", "--id", "tried"], { cwd: folder });
  expect(code).toBe(0);
  commitAll(folder, "Begin");
  return folder;
}

async function told(cwd: string, ...argv: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await run(argv, { cwd });
  expect([code, stdout]).toEqual([2, ""]);
  return stderr;
}

describe("a bare repository", () => {
  async function bare(): Promise<string> {
    const folder = newFolder();
    git(folder, ["clone", "-q", "--bare", await begun(), "bare.git"]);
    return join(folder, "bare.git");
  }

  it("answers what is asked about a commit, as a clone does", async () => {
    const from = await begun();
    const to = join(newFolder(), "bare.git");
    git(from, ["clone", "-q", "--bare", from, to]);
    const questions = [
      ["resolve", "dev/support/reply", "--at", "main", "--format", "json"],
      ["list", "model", "--at", "main"],
      ["show", "bundle:support/reply@1.0.0", "--at", "HEAD"],
      ["lint", "--at", "main"],
      ["compile", "--format", "json"],
      ["history", "dev/support/reply"],
      ["plan", "--base", "main", "--head", "main"],
    ];
    for (const argv of questions) {
      const here = await run(argv, { cwd: from });
      expect(await run(["-C", to, ...argv], { cwd: "/" })).toEqual(here);
      expect(await run(argv, { cwd: to })).toEqual(here);
    }
  });

  it.each([
    [["lint"]],
    [["resolve", "dev/support/reply"]],
    [["status"]],
    [["fmt"]],
    [["new", "role", "x"]],
    [["codeowners", "who", "x"]],
    [["codeowners", "generate"]],
    [["transition", "bundle:support/reply@1.0.0", "retired", "--reason", "x"]],
  ])("%j needs files on disk, and says so", async (argv) => {
    const folder = await bare();
    const before = git(folder, ["rev-parse", "main"]);
    expect(await told(folder, ...argv)).toBe(
      `error repository/bare: ${folder} is a bare repository, which has no files on disk.\n` +
        "  fix: Name what to read, such as --at main. What writes, and what reads the files on disk, needs a clone.\n",
    );
    expect(git(folder, ["rev-parse", "main"])).toBe(before);
  });
});

describe("resolve from the registry in memory", () => {
  it("answers nothing from what compile refuses, and says what is in the way", async () => {
    const folder = await begun();
    const bundle = join(folder, "registry/bundles/support/reply/1.0.0.yaml");
    writeFileSync(bundle, readFileSync(bundle, "utf8").replace("decision: PASS", "decision: FAIL"));
    expect((await run(["compile", "--work-tree"], { cwd: folder })).code).toBe(1);
    expect(await told(folder, "resolve", "dev/support/reply")).toMatch(
      /^error registry\/errors: The registry has errors and would not be compiled, registry\/bundles\/support\/reply\/1\.0\.0\.yaml first: .+\n {2}fix: .*assent lint.*\n$/,
    );
    expect((await run(["resolve", "dev/support/reply", "--at", "HEAD"], { cwd: folder })).code).toBe(0);
  });
});

describe("where nothing is yet", () => {
  it("status suggests to make a registry, compile to take the files on disk", async () => {
    const folder = newFolder();
    git(folder, ["init", "-q", "-b", "main", "."]);
    expect(await told(folder)).toMatch(
      /^error repository\/not-found: There is no registry here yet\.\n {2}fix: Make one: assent init\.\n$/,
    );
    await run(["init", ".", "--id", "tried"], { cwd: folder });
    expect(await told(folder, "compile")).toBe(
      "error repository/no-commit: compile reads what landed, and there is no commit yet here.\n" +
        "  fix: Compile the files on disk with --work-tree, or commit them first.\n",
    );
    expect((await run(["compile", "--work-tree"], { cwd: folder })).code).toBe(0);
  });

  it("compile without git suggests the files on disk", async () => {
    const folder = newFolder();
    mkdirSync(join(folder, "registry"));
    writeFileSync(join(folder, "registry/registry.yaml"), "title: T\n");
    expect(await told(folder, "compile")).toContain("--work-tree");
  });

  it("status of a commit from before the registry", async () => {
    const folder = newFolder();
    git(folder, ["init", "-q", "-b", "main", "."]);
    commitAll(folder, "Empty");
    await run(["init", ".", "--id", "tried"], { cwd: folder });
    expect(await told(folder, "status", "--at", "HEAD")).toContain("--at <rev>");
  });
});

it.each(["compat", "codeowners", "lint", "compile"])(
  "%s --help ends its options with the global ones",
  async (command) => {
    const { stdout } = await run([command, "--help"], { cwd: "/" });
    const groups = [...stdout.matchAll(/^(\w+ ?\w*):$/gm)].map((match) => match[1]);
    expect(groups.indexOf("Options")).toBeLessThan(groups.indexOf("Global options"));
    expect(/^Global options:\n(?: .*\n)*? {2}-h, --help +show help$/m.test(stdout)).toBe(true);
  },
);

describe("what would silently do something else", () => {
  it.each([
    [["model", "--sort", "nope"], 'Nothing can be sorted by "nope" in a list of kind Model.', "Name a field"],
    [
      ["model", "--sort", "-titel"],
      'Nothing can be sorted by "titel" in a list of kind Model.',
      "Did you mean title?",
    ],
    [["model", "--sort", "releaseDate"], "releaseDate", "Did you mean facts.releaseDate?"],
    [["model", "--sort", "spec.provder"], "spec.provder", "Did you mean spec.provider?"],
    [["model", "--sort", "spec"], '"spec"', "Name a field"],
    [["--sort", "nope"], 'Nothing can be sorted by "nope".', "Name a field"],
    [
      ["model", "--sort", "extensions.x.y"],
      'No MetadataSchema declares "extensions.x.y"',
      "assent list MetadataSchema",
    ],
  ])("list %j", async (words, message, hint) => {
    const folder = await begun();
    const said = await told(folder, "list", ...words);
    expect(said).toContain(`error usage/sort: `);
    expect(said).toContain(message);
    expect(said).toContain(hint);
  });

  it.each([
    "ref",
    "-version",
    "title",
    "spec.provider",
    "facts.capabilities.contextLength",
    "labels.team",
    "state",
  ])("list model --sort %s", async (field) => {
    expect((await run(["list", "model", "--sort", field], { cwd: await begun() })).code).toBe(0);
  });

  it("fmt of the past", async () => {
    expect(await told(await begun(), "fmt", "--at", "HEAD")).toBe(
      "error usage/format-the-past: fmt writes the files on disk, and --at names what landed.\n  fix: Leave out --at.\n",
    );
  });

  it("compat of what has no versions: equal to itself, and nothing else", async () => {
    const folder = await begun();
    expect(await run(["compat", "environment:dev", "environment:dev"], { cwd: folder })).toEqual({
      code: 0,
      stdout:
        "environment:dev -> environment:dev\n\nThey do and need the same.\ncompatible: it may replace the other\n",
      stderr: "",
    });
    expect((await run(["compat", "environment:dev", "environment:prod"], { cwd: folder })).code).toBe(1);
  });
});
