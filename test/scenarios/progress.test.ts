/** Progress on standard error: for work over a second, on one line, gone at the end; never where nobody sees it. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { unmark } from "../cases/case.ts";
import { run } from "../cli.ts";
import { git, newFolder } from "../repository-on-disk.ts";
import { commitAll, writeFiles } from "./registry-folder.ts";

const ERASE = "\r\u001b[2K";

/** A registry of many files, not in canonical layout. */
function large(count: number): string {
  const folder = newFolder();
  writeFiles(folder, unmark({}));
  for (let i = 0; i < count; i++)
    writeFileSync(join(folder, `registry/providers/p${i}.yaml`), `title:   "P ${i}"\n`);
  return folder;
}

/** A clock that goes on by so much each time it is asked. */
function clock(step: number): () => number {
  let now = 50_000;
  return () => (now += step);
}

/** What stood on the line, one after the other; the last thing written takes the line away. */
function shownOn(stderr: string): string[] {
  expect(stderr.endsWith(ERASE)).toBe(true);
  return stderr.split(ERASE).slice(1, -1);
}

describe("long work", () => {
  it("lint: nothing in the first second, then files and rules, counted", async () => {
    const { code, stdout, stderr } = await run(["lint"], { cwd: large(1200), milliseconds: clock(400) });
    const shown = shownOn(stderr);
    // The clock is asked once when the command begins; the first two messages come too early.
    expect(shown[0]).toMatch(/^checking rules: \d+$/);
    expect(shown.length).toBeGreaterThan(20);
    expect([code, stdout]).toEqual([0, "ok  1,205 entries, no errors\n"]);
  });

  it("fmt: laying out and writing, of how many", async () => {
    const { stderr } = await run(["fmt"], { cwd: large(1100), milliseconds: clock(1000) });
    const shown = shownOn(stderr);
    expect(shown).toContain("laying out files: 1,100");
    expect(shown.filter((text) => text.startsWith("writing files: "))).toEqual(
      Array.from(
        { length: 11 },
        (_, i) => `writing files: ${i === 9 ? "1,000" : i === 10 ? "1,100" : (i + 1) * 100} of 1,100`,
      ),
    );
  });

  it("compile and resolve read and check", async () => {
    const folder = large(600);
    for (const argv of [
      ["compile", "--work-tree"],
      ["list", "provider"],
    ]) {
      const { stderr } = await run(argv, { cwd: folder, milliseconds: clock(2000) });
      expect(shownOn(stderr)).toContain("reading files: 500 of 606");
    }
  });

  it("import: writing", async () => {
    const folder = large(0);
    const models = Object.fromEntries(
      Array.from({ length: 250 }, (_, i) => [
        `m${i}`,
        { litellm_provider: "acme", mode: "chat", max_input_tokens: 9 },
      ]),
    );
    writeFileSync(join(folder, "prices.json"), JSON.stringify(models));
    const { code, stderr } = await run(["import", "litellm", "prices.json"], {
      cwd: folder,
      milliseconds: clock(1000),
    });
    expect([code, shownOn(stderr)]).toEqual([0, expect.arrayContaining(["writing files: 200 of 250"])]);
  });

  it("backtest: landing by landing", async () => {
    const folder = newFolder();
    git(folder, ["init", "-q", "-b", "main", "."]);
    await run(["init", ".", "--id", "tried"], { cwd: folder });
    for (const message of ["One", "Two", "Three"]) commitAll(folder, message);
    const policy = "registry/governance/approval-policies/go-live-prod.yaml";
    const { stderr } = await run(["backtest", policy], { cwd: folder, milliseconds: clock(1000) });
    expect(shownOn(stderr)).toEqual(expect.arrayContaining(["judging landings: 1", "judging landings: 2"]));
  });
});

describe("one line", () => {
  it("is never wider than the terminal, is redrawn ten times a second at most, and makes room for words", async () => {
    const folder = large(600);
    mkdirSync(join(folder, "x"));
    writeFileSync(join(folder, "CODEOWNERS"), "* @wrong\n");
    const { stderr } = await run(["lint", "--fix"], { cwd: folder, columns: 12, milliseconds: clock(30) });
    for (const text of stderr.split(ERASE))
      expect(text.split("\n").length === 1 ? text.length : 0).toBeLessThan(12);
    expect(stderr).toContain(`${ERASE}fixed CODEOWNERS\n`);
    const every = (await run(["lint"], { cwd: folder, milliseconds: clock(1000) })).stderr;
    const some = (await run(["lint"], { cwd: folder, milliseconds: clock(40) })).stderr;
    expect(some.split(ERASE).length).toBeLessThan(every.split(ERASE).length / 2);
  });

  it.each([
    ["quick work", {}, 0, []],
    ["--quiet", {}, 1000, ["--quiet"]],
    ["--log-level warn", {}, 1000, ["--log-level", "warn"]],
    ["a machine that builds", { CI: "true" }, 1000, []],
  ] as const)("not for %s", async (_what, env, step, flags) => {
    const { stderr } = await run(["lint", ...flags], { cwd: large(600), env, milliseconds: clock(step) });
    expect(stderr).toBe("");
  });

  it("not where standard error is no terminal", async () => {
    expect((await run(["lint"], { cwd: large(600) })).stderr).toBe("");
  });

  it("is gone when the work fails", async () => {
    const folder = large(600);
    writeFileSync(join(folder, "registry/registry.yaml"), "title: T\n");
    const { code, stderr } = await run(["resolve", "prod/a/b"], { cwd: folder, milliseconds: clock(1000) });
    expect(code).toBe(2);
    expect(stderr).toMatch(/\r\u001b\[2Kerror registry\/errors: /);
  });
});
