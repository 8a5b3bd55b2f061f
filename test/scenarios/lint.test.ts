/** `assent lint` as it is typed: moves against a base in real repositories, paths, limits, refusals, repairs. */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Diagnostic } from "../../src/core/validate/report.ts";
import { unmark, type Files } from "../cases/case.ts";
import { changes } from "../cases/changes.ts";
import { spell } from "../cases/judge.ts";
import { run } from "../cli.ts";
import { git, newFolder } from "../repository-on-disk.ts";
import { commitAll, replaceFiles, repositoryOf, writeFiles } from "./registry-folder.ts";

interface Wire {
  readonly ok: boolean;
  readonly entries: number;
  readonly diagnostics: readonly Diagnostic[];
}

async function lint(
  cwd: string,
  ...argv: readonly string[]
): Promise<{ code: number; found: string[]; entries: number }> {
  const { code, stdout, stderr } = await run(["lint", "--format", "json", ...argv], { cwd });
  expect(stderr).toBe("");
  const { entries, diagnostics } = JSON.parse(stdout) as Wire;
  return { code, found: diagnostics.map(spell).sort(), entries };
}

describe("moves against a base", () => {
  it.each(changes.map((each) => [each.name, each] as const))("in the work tree: %s", async (_name, each) => {
    const { expected } = unmark(each.files, each.elsewhere);
    expect((await lint(repositoryOf(each), "--base", "HEAD")).found).toEqual(expected);
  });

  const some = changes.filter(({ name }) => /frozen spec is|deleted|renamed|old reason|new major/.test(name));
  it.each(some.map((each) => [each.name, each] as const))("on a branch: %s", async (_name, each) => {
    const folder = repositoryOf(each);
    const { expected } = unmark(each.files, each.elsewhere);
    git(folder, ["reset", "-q"]);
    git(folder, ["checkout", "-q", "-b", "topic"]);
    commitAll(folder, "A move");
    expect((await lint(folder, "--base", "main")).found).toEqual(expected);
    expect((await lint(folder, "--base", "main", "--at", "topic")).found).toEqual(expected);
  });

  const model = (id: string): Files => ({
    "registry/models/acme/a/1.0.0.yaml": `spec:\n  provider: provider:acme\n  upstreamId: ${id}\n  type: classification\n`,
  });

  it("what the protected branch did meanwhile is not the branch's doing", async () => {
    const folder = repositoryOf({ landed: {}, files: {} });
    git(folder, ["reset", "-q"]);
    git(folder, ["checkout", "-q", "-b", "topic"]);
    replaceFiles(folder, { "registry/providers/other.yaml": "title: Other\n" });
    commitAll(folder, "Mine");
    git(folder, ["checkout", "-q", "main"]);
    replaceFiles(folder, model("a"));
    commitAll(folder, "Theirs");
    git(folder, ["checkout", "-q", "topic"]);
    expect(await lint(folder, "--base", "main")).toMatchObject({ code: 0, found: [] });
  });

  it("a landed file that could not be read is judged by what can", async () => {
    const folder = repositoryOf({
      landed: { "registry/models/acme/a/1.0.0.yaml": "spec: 7\n" },
      files: model("a"),
    });
    expect(await lint(folder, "--base", "HEAD")).toMatchObject({ code: 0, found: [] });
  });

  it("a landed file that can no longer be read has not been deleted", async () => {
    const folder = repositoryOf({
      landed: model("a"),
      files: { "registry/models/acme/a/1.0.0.yaml": "spec: 7\n" },
    });
    expect((await lint(folder, "--base", "HEAD")).found).toEqual([
      "schema/type registry/models/acme/a/1.0.0.yaml 1:7-1:8",
    ]);
  });

  it("a base without registry.yaml, and the very first commit", async () => {
    const folder = newFolder();
    git(folder, ["init", "-q", "-b", "main", "."]);
    writeFiles(folder, unmark({}));
    const unborn = await run(["lint", "--base", "HEAD"], { cwd: folder });
    expect([unborn.code, unborn.stderr]).toEqual([
      2,
      expect.stringContaining("error git/unknown-revision: "),
    ]);
    rmSync(join(folder, "registry"), { recursive: true });
    commitAll(folder, "No registry yet");
    replaceFiles(folder, model("a"));
    expect(await lint(folder, "--base", "HEAD")).toMatchObject({ code: 0, found: [] });
  });

  it("deleting registry.yaml is told although nothing can be read from it", async () => {
    const folder = repositoryOf({ landed: {}, files: { "registry/registry.yaml": null } });
    expect((await lint(folder, "--base", "HEAD")).found).toEqual([
      "change/deleted registry/registry.yaml 1:1-1:1",
      "registry/missing registry/registry.yaml 1:1-1:1",
    ]);
  });
});

describe("what is reported", () => {
  const wrong: Files = {
    "registry/models/acme/a/1.0.0.yaml": "spec: 7\n",
    "registry/models/acme/ab/1.0.0.yaml": "spec: 8\n",
    "registry/providers/x.yaml": "title: 9\n",
  };
  const typed = [
    [["registry/models"], 2],
    [["registry/models/acme/a"], 1],
    [["./registry/models/acme/a/", "registry/providers/x.yaml"], 2],
    [["registry/models/acme/a/1.0.0.yaml"], 1],
    [["CODEOWNERS"], 0],
    [["."], 3],
  ] as const;
  it.each(typed)("%j: %i findings, everything read", async (paths, count) => {
    const folder = newFolder();
    writeFiles(folder, unmark(wrong));
    const { code, found, entries } = await lint(folder, ...paths);
    expect([code, found.length, entries]).toEqual([count === 0 ? 0 : 1, count, 8]);
  });

  it("paths are relative to where one stands, or to -C", async () => {
    const folder = newFolder();
    writeFiles(folder, unmark(wrong));
    expect((await lint(join(folder, "registry/models"), "acme/a")).found).toHaveLength(1);
    expect((await lint("/", "-C", join(folder, "registry"), "models")).found).toHaveLength(2);
  });

  it("--max-warnings counts warnings only", async () => {
    const folder = newFolder();
    writeFiles(folder, unmark({ "registry/README.md": "a@example.com b@example.com\n" }));
    expect((await lint(folder)).code).toBe(0);
    expect((await lint(folder, "--max-warnings", "2")).code).toBe(0);
    expect((await lint(folder, "--max-warnings", "1")).code).toBe(1);
  });
});

describe("what cannot be done is said with its remedy, exit 2", () => {
  const registry = (): string => {
    const folder = newFolder();
    writeFiles(folder, unmark({}));
    return folder;
  };
  const repository = (): string => repositoryOf({ landed: {}, files: {} });
  function shallow(): string {
    const origin = repository();
    writeFileSync(join(origin, "CODEOWNERS"), "x\n");
    commitAll(origin, "Second");
    const clone = join(newFolder(), "clone");
    git(origin, ["clone", "-q", "--depth", "1", `file://${origin}`, clone]);
    return clone;
  }
  const rows: readonly (readonly [
    name: string,
    make: () => string,
    argv: readonly string[],
    code: string,
    hint: RegExp,
  ])[] = [
    ["a path that means nothing", registry, ["registry/modles"], "usage/no-such-path", /governed files/],
    ["a path outside", registry, ["../elsewhere"], "usage/no-such-path", /governed files/],
    ["no registry", newFolder, [], "repository/not-found", /assent init/],
    ["a base without git", registry, ["--base", "main"], "repository/no-git", /git init/],
    [
      "a base this clone lacks",
      repository,
      ["--base", "origin/release"],
      "git/unknown-revision",
      /git fetch/,
    ],
    [
      "a base that is an option",
      repository,
      ["--base", "--upload-pack=touch x"],
      "git/unknown-revision",
      /.+/,
    ],
    [
      "a base beyond a shallow clone",
      shallow,
      ["--base", "HEAD~1"],
      "git/unknown-revision",
      /git fetch --unshallow/,
    ],
    ["the past, repaired", repository, ["--fix", "--at", "HEAD"], "usage/fix-the-past", /--at/],
    ["no number", registry, ["--max-warnings", "few"], "usage/number", /--max-warnings 0/],
    ["a format that is none", registry, ["--format", "xml"], "usage/format", /sarif/],
    ["a moment that is none", registry, ["--as-of", "2026-02-30T00:00:00Z"], "usage/instant", /RFC 3339/],
    ["a flag that is none", registry, ["--fxi"], "usage/invalid", /--help/],
  ];
  it.each(rows)("%s", async (_name, make, argv, code, hint) => {
    const cwd = make();
    const text = await run(["lint", ...argv], { cwd });
    expect([text.code, text.stdout]).toEqual([2, ""]);
    expect(text.stderr).toMatch(new RegExp(`^error ${code}: .+\\n  fix: .+\\n$`));
    expect(text.stderr).toMatch(hint);
    if (argv.includes("--format")) return;
    const json = await run(["lint", ...argv, "--format", "json"], { cwd });
    expect([json.code, json.stderr]).toEqual([2, ""]);
    expect(JSON.parse(json.stdout)).toMatchObject({ format: "assent.error/v1", code, retryable: false });
  });

  it("a shallow clone is enough where the base is at hand", async () => {
    expect(await lint(shallow(), "--base", "HEAD")).toMatchObject({
      code: 1,
      found: ["codeowners/drift CODEOWNERS 1:1-1:2"],
    });
  });
});

describe("--fix", () => {
  it("writes what has one right answer, says so, and has nothing left to do", async () => {
    const folder = newFolder();
    writeFiles(folder, unmark({ CODEOWNERS: "* @somebody\n" }));
    const right = readFileSync(join(repositoryOf({ landed: {}, files: {} }), "CODEOWNERS"), "utf8");
    const first = await run(["lint", "--fix"], { cwd: folder });
    expect(first).toEqual({ code: 0, stdout: "ok  5 entries, no errors\n", stderr: "fixed CODEOWNERS\n" });
    expect(readFileSync(join(folder, "CODEOWNERS"), "utf8")).toBe(right);
    expect(await run(["lint", "--fix"], { cwd: folder })).toEqual({
      code: 0,
      stdout: "ok  5 entries, no errors\n",
      stderr: "",
    });
  });

  it("makes a CODEOWNERS that is missing, and leaves alone what has no one answer", async () => {
    const folder = newFolder();
    writeFiles(folder, unmark({ CODEOWNERS: null, "registry/providers/x.yaml": "titel: X\n" }));
    const { code, stderr } = await run(["lint", "--fix"], { cwd: folder });
    expect([code, stderr, existsSync(join(folder, "CODEOWNERS"))]).toEqual([1, "fixed CODEOWNERS\n", true]);
    expect(readFileSync(join(folder, "registry/providers/x.yaml"), "utf8")).toBe("titel: X\n");
  });

  const model = (more: string): string =>
    `title: A\nspec:\n  provider: provider:acme\n  upstreamId: a\n  type: completion\n${more}`;
  const settings = "facts: { capabilities: { contextLength: unknown } }\nserving: {}\n";
  /** Files, what `--fix` says on standard error, and the files as they are then; `null` = gone. */
  const repairs: readonly (readonly [string, Files, string, Readonly<Record<string, string | null>>])[] = [
    [
      "numbers and booleans where texts belong, as they are written",
      {
        "registry/models/acme/a/1.0.0.yaml":
          "title: 1.10 # ours\r\ndescription:   0x1F\r\ntags: [true, 1e3, yes]\r\n" +
          `labels: { tier: 007, on: true }\r\n${model("").slice(9)}${settings}`.replace(/\r?\n/g, "\r\n"),
      },
      "fixed registry/models/acme/a/1.0.0.yaml\n",
      {
        "registry/models/acme/a/1.0.0.yaml":
          'title: "1.10" # ours\r\ndescription:   "0x1F"\r\ntags: ["true", "1e3", yes]\r\n' +
          `labels: { tier: "007", on: "true" }\r\n${model("").slice(9)}${settings}`.replace(/\r?\n/g, "\r\n"),
      },
    ],
    [
      "not what would be wrong in quotes as well, nor what is known from the path",
      { "registry/providers/x.yaml": "title: X\nname: x\nwebsite: 7\nlogo: null\n" },
      "",
      { "registry/providers/x.yaml": "title: X\nname: x\nwebsite: 7\nlogo: null\n" },
    ],
    [
      ".yml where .yaml is free and a kind's",
      {
        "registry/providers/x.yml": "title: 7\n",
        "registry/providers/acme.yml": "title: Acme\n",
        "registry/things/y.yml": "title: Y\n",
        "registry/providers/Z.yml": "title: Z\n",
      },
      "fixed registry/providers/x.yaml\nfixed registry/providers/x.yml\n",
      {
        "registry/providers/x.yaml": 'title: "7"\n',
        "registry/providers/x.yml": null,
        "registry/providers/acme.yml": "title: Acme\n",
        "registry/things/y.yml": "title: Y\n",
        "registry/providers/Z.yml": "title: Z\n",
      },
    ],
    [
      "what killed writes left behind, and nothing else that is hidden",
      {
        "registry/models/acme/a/.assent-4f.tmp": "title: A",
        "registry/providers/.assent-x1y2.tmp": "",
        "registry/providers/.mine.tmp": "x",
      },
      "fixed registry/models/acme/a/.assent-4f.tmp\nfixed registry/providers/.assent-x1y2.tmp\n",
      {
        "registry/models/acme/a/.assent-4f.tmp": null,
        "registry/providers/.assent-x1y2.tmp": null,
        "registry/providers/.mine.tmp": "x",
      },
    ],
  ];
  it.each(repairs)("%s", async (_what, files, said, after) => {
    const folder = newFolder();
    writeFiles(folder, unmark(files));
    const { stderr } = await run(["lint", "--fix"], { cwd: folder });
    expect(stderr).toBe(said);
    const standing = Object.keys(after).map((path) => {
      const full = join(folder, path);
      return [path, existsSync(full) ? readFileSync(full, "utf8") : null];
    });
    expect(Object.fromEntries(standing)).toEqual(after);
    expect((await run(["lint", "--fix"], { cwd: folder })).stderr).toBe("");
  });

  it("takes the executable bit from a file and leaves its bytes", async () => {
    const folder = newFolder();
    const path = "registry/providers/x.yaml";
    writeFiles(folder, unmark({ [path]: { mode: "100755", text: "title:   X\n" } }));
    expect(await run(["lint", "--fix"], { cwd: folder })).toEqual({
      code: 0,
      stdout: "ok  6 entries, no errors\n",
      stderr: `fixed ${path}\n`,
    });
    expect(readFileSync(join(folder, path), "utf8")).toBe("title:   X\n");
    expect(statSync(join(folder, path)).mode & 0o111).toBe(0);
  });

  it("mends only what it was asked about", async () => {
    const folder = newFolder();
    writeFiles(
      folder,
      unmark({ "registry/providers/x.yaml": "title: 1\n", "registry/providers/y.yaml": "title: 2\n" }),
    );
    const { stderr } = await run(["lint", "--fix", "registry/providers/y.yaml"], { cwd: folder });
    expect(stderr).toBe("fixed registry/providers/y.yaml\n");
    expect(readFileSync(join(folder, "registry/providers/x.yaml"), "utf8")).toBe("title: 1\n");
  });
});

describe("the examples (needs ../shared)", () => {
  const examples = join(import.meta.dirname, "../../../shared/examples");
  it.skipIf(!existsSync(examples))("lint clean, in a repository and without", async () => {
    const folder = newFolder();
    cpSync(examples, folder, { recursive: true });
    expect(await lint(folder)).toMatchObject({ code: 0, found: [], entries: 45 });
    mkdirSync(join(folder, "empty"));
    git(folder, ["init", "-q", "-b", "main", "."]);
    commitAll(folder, "Begin");
    expect(await lint(folder, "--base", "HEAD")).toMatchObject({ code: 0, found: [], entries: 45 });
  });
});
