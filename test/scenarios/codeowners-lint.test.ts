/** `assent codeowners lint` on files of this registry and of any other repository: exact codes and places. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { CODEOWNERS_LIMIT } from "../../src/core/govern/codeowners.ts";
import type { Diagnostic } from "../../src/core/validate/report.ts";
import { run } from "../cli.ts";
import { git } from "../repository-on-disk.ts";
import { newFolder } from "../repository-on-disk.ts";
import { commitAll } from "./registry-folder.ts";

type Texts = Readonly<Record<string, string>>;

function repository(files: Texts, commit = true): string {
  const folder = newFolder();
  git(folder, ["init", "-q", "-b", "main", "."]);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  if (commit) commitAll(folder, "x");
  return folder;
}

async function lint(cwd: string, ...argv: readonly string[]): Promise<{ code: number; found: string[] }> {
  const { code, stdout } = await run(["codeowners", "lint", "--format", "json", ...argv], { cwd });
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: Diagnostic[] };
  return {
    code,
    found: diagnostics.map(
      (each) => `${each.severity} ${each.code} ${each.file}:${each.line}:${each.column}-${each.endColumn}`,
    ),
  };
}

/** `*` with two owners owns everything, so that a case tells of its own fault only. */
const all = "* @org/team\n";
const source = { "src/a.ts": "", "docs/a.md": "" };

describe("a file of any repository", () => {
  it.each<[string, Texts, number, string[]]>([
    ["all is well", { CODEOWNERS: all }, 0, []],
    [
      "comments, blank lines and inline comments",
      { CODEOWNERS: `# top\n\n${all}/src/ @org/dev # why\n` },
      0,
      [],
    ],
    [
      "a negation",
      { CODEOWNERS: `${all}!/src/ @org/dev\n` },
      1,
      ["error codeowners/unsupported-pattern CODEOWNERS:2:1-7"],
    ],
    [
      "a range",
      { CODEOWNERS: `${all}  /sr[ab]c/ @org/dev\n` },
      1,
      ["error codeowners/unsupported-pattern CODEOWNERS:2:3-12"],
    ],
    [
      "an escaped comment sign",
      { CODEOWNERS: `${all}\\#x @org/dev\n` },
      1,
      ["error codeowners/unsupported-pattern CODEOWNERS:2:1-4"],
    ],
    [
      "a word that is no owner",
      { CODEOWNERS: `${all}/src/ @org/dev someone\n` },
      1,
      ["error codeowners/invalid-owner CODEOWNERS:2:16-23"],
    ],
    [
      "a blank in a path",
      { CODEOWNERS: `${all}/my docs/ @org/dev\n` },
      1,
      ["error codeowners/invalid-owner CODEOWNERS:2:5-10"],
    ],
    [
      "a pattern for nothing",
      { CODEOWNERS: `${all}/scr/ @org/dev\n` },
      0,
      ["warning codeowners/vacuous CODEOWNERS:2:1-6"],
    ],
    [
      "another case",
      { CODEOWNERS: `${all}/Docs/ @org/dev\n` },
      0,
      ["warning codeowners/vacuous CODEOWNERS:2:1-7"],
    ],
    [
      "a later, wider line",
      { CODEOWNERS: `/src/ @org/dev\n${all}` },
      0,
      ["warning codeowners/shadowed CODEOWNERS:1:1-6"],
    ],
    [
      "a line that GitHub skips shadows nothing",
      { CODEOWNERS: `${all}/src/ @org/dev\n/src/ someone\n` },
      1,
      ["error codeowners/invalid-owner CODEOWNERS:3:7-14"],
    ],
    [
      "one person",
      { CODEOWNERS: `${all}/src/ @ada\n` },
      0,
      ["warning codeowners/sole-owner CODEOWNERS:2:7-11"],
    ],
    [
      "one person, twice",
      { CODEOWNERS: `${all}/src/ @ada @ADA\n` },
      0,
      ["warning codeowners/sole-owner CODEOWNERS:2:7-11"],
    ],
    ["one person who decides about nothing", { CODEOWNERS: `${all}*.ts @ada\n/src/ @org/dev\n` }, 0, []],
    ["two persons", { CODEOWNERS: `${all}/src/ @ada b@example.com\n` }, 0, []],
    ["a path that is un-owned on purpose", { CODEOWNERS: `${all}/docs/\n` }, 0, []],
    [
      "nobody owns the rules",
      { CODEOWNERS: "/src/ @org/dev\n" },
      0,
      ["warning codeowners/unowned CODEOWNERS:1:1-1", "warning codeowners/unowned CODEOWNERS:1:1-1"],
    ],
    [
      "workflows are un-owned",
      { CODEOWNERS: `${all}/.github/\n`, ".github/x.yml": "" },
      0,
      ["warning codeowners/unowned CODEOWNERS:2:1-10"],
    ],
    [
      "several locations",
      { CODEOWNERS: all, ".github/CODEOWNERS": all, "docs/CODEOWNERS": "!x\n" },
      1,
      ["error codeowners/location CODEOWNERS:1:1-1", "error codeowners/location docs/CODEOWNERS:1:1-1"],
    ],
    [
      "the size",
      { CODEOWNERS: `${all}#${"x".repeat(CODEOWNERS_LIMIT)}\n` },
      1,
      ["error codeowners/too-large CODEOWNERS:1:1-1"],
    ],
  ])("%s", async (_name, files, exit, expected) => {
    const answer = await lint(repository({ ...source, ...files }));
    // Where a whole file is meant, its first line is shown; how long that is says nothing.
    const found = answer.found.map((line) =>
      / codeowners\/(?:location|too-large|unowned) /.test(line) ? line.replace(/:1:1-\d+$/, ":1:1-1") : line,
    );
    expect({ code: answer.code, found }).toEqual({ code: exit, found: expected });
  });

  it("names the file that stands elsewhere, and asks the repository around it", async () => {
    const folder = repository({ ...source, CODEOWNERS: `${all}/src/ @org/dev\n/gone/ @org/dev\n` });
    expect(await lint("/", "--file", join(folder, "CODEOWNERS"))).toEqual({
      code: 0,
      found: ["warning codeowners/vacuous CODEOWNERS:3:1-7"],
    });
    const draft = join(newFolder(), "draft");
    writeFileSync(draft, `${all}/gone/ @org/dev\n!x @a\n`);
    expect(await lint("/", "--file", draft)).toEqual({
      code: 1,
      found: [`error codeowners/unsupported-pattern ${draft}:3:1-3`],
    });
    expect((await lint(folder, "-C", folder, "--file", draft)).found).toEqual([
      `warning codeowners/vacuous ${draft}:2:1-7`,
      `error codeowners/unsupported-pattern ${draft}:3:1-3`,
    ]);
  });

  it("ends in time, whatever a stranger wrote", async () => {
    const wide = Array.from({ length: 60_000 }, (_, index) => `*${index} @org/dev\n`).join("");
    const narrow = Array.from({ length: 60_000 }, (_, index) => `/d${index}/ @org/dev\n`).join("");
    const started = performance.now();
    const answer = await lint(repository({ ...source, CODEOWNERS: `${all}${wide}` }));
    expect(answer.found.map((line) => line.split(" ").slice(0, 2).join(" "))).toEqual([
      "info codeowners/vacuous",
    ]);
    expect((await lint(repository({ ...source, CODEOWNERS: `${all}${narrow}` }))).found).toHaveLength(60_000);
    expect(performance.now() - started).toBeLessThan(30_000);
  }, 60_000);

  it("reads the past, and fails on warnings when told to", async () => {
    const folder = repository({ ...source, CODEOWNERS: `${all}/gone/ @org/dev\n` });
    writeFileSync(join(folder, "CODEOWNERS"), all);
    commitAll(folder, "mend");
    expect((await lint(folder)).found).toEqual([]);
    const before = ["--at", "HEAD~1"];
    expect((await lint(folder, ...before)).code).toBe(0);
    expect((await lint(folder, ...before, "--max-warnings", "0")).code).toBe(1);
  });

  it("says what to do where there is no file", async () => {
    const { code, stderr } = await run(["codeowners", "lint"], { cwd: repository(source) });
    expect([code, stderr.includes("assent codeowners generate")]).toEqual([2, true]);
  });

  it.each(["github", "sarif", "junit", "markdown"])("shows %s", async (format) => {
    const folder = repository({ ...source, CODEOWNERS: `${all}/gone/ @org/dev\n` });
    const { code, stdout } = await run(["codeowners", "lint", "--format", format], { cwd: folder });
    expect([code, stdout.includes("codeowners/vacuous")]).toEqual([0, true]);
  });
});

describe("a registry's file", () => {
  const identity = (id: number, login: string, more = ""): string =>
    `title: ${login}\ngithub: { login: ${login}, id: ${id} }\n${more}`;
  const registry = (mode: string, owners: string): Texts => ({
    "registry/registry.yaml": `title: T\nid: t\nmode: ${mode}\n`,
    "registry/governance/identities/ada.yaml": identity(1, "ada"),
    "registry/governance/identities/bob.yaml": identity(2, "bob"),
    "registry/governance/identities/eve.yaml": identity(3, "eve", "active: false\n"),
    "registry/governance/roles/two.yaml":
      'title: R\nmembers: [identity:ada, identity:bob]\ngithubTeam: "@Org/Two"\n',
    "registry/governance/roles/one.yaml":
      'title: R\nmembers: [identity:ada, identity:eve]\ngithubTeam: "@org/one"\n',
    CODEOWNERS: owners,
  });
  it.each<[string, string, string, number, string[]]>([
    ["known owners", "enforce", "* @org/two\n/registry/ @ada @BOB\n", 0, []],
    [
      "an unknown login",
      "enforce",
      "* @org/two @zed\n",
      0,
      ["warning codeowners/unknown-owner CODEOWNERS:1:12-16"],
    ],
    [
      "an unknown team",
      "enforce",
      "* @org/two @org/three\n",
      0,
      ["warning codeowners/unknown-owner CODEOWNERS:1:12-22"],
    ],
    [
      "somebody who left",
      "enforce",
      "* @org/two @eve\n",
      0,
      ["warning codeowners/unknown-owner CODEOWNERS:1:12-16"],
    ],
    [
      "a team of one, and its member",
      "enforce",
      "* @org/two\n/registry/ @org/one @ada\n",
      0,
      ["warning codeowners/sole-owner CODEOWNERS:2:12-20"],
    ],
    [
      "rules without owners",
      "enforce",
      "* @org/two\n/registry/governance/\n",
      1,
      ["error codeowners/unowned CODEOWNERS:2:1-22"],
    ],
    [
      "the same while it observes",
      "observe",
      "* @org/two\n/registry/governance/\n",
      0,
      ["warning codeowners/unowned CODEOWNERS:2:1-22"],
    ],
  ])("%s", async (_name, mode, owners, exit, expected) => {
    expect(await lint(repository(registry(mode, owners)))).toEqual({ code: exit, found: expected });
  });
});
