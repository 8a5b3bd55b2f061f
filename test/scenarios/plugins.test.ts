/** `assent plugin` as people use it, from a file to a pin to a finding; and the plugins of this very repository. */
import { cpSync, mkdirSync, readFileSync, realpathSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { run } from "../cli.ts";
import { git } from "../repository-on-disk.ts";
import { commitAll } from "./registry-folder.ts";

const root = join(import.meta.dirname, "../..");
const shipped = join(root, ".github/assent/plugins");

describe("the plugins of this repository", () => {
  it("pass their tests", async () => {
    const copy = mkdtempSync(join(tmpdir(), "assent-examples-"));
    onTestFinished(() => rmSync(copy, { recursive: true, force: true }));
    mkdirSync(join(copy, "registry"));
    writeFileSync(join(copy, "registry/registry.yaml"), "id: tried\n");
    cpSync(join(shipped, "examples"), join(copy, ".github/assent/plugins"), { recursive: true });
    const { code, stdout } = await run(["plugin", "test"], { cwd: copy });
    expect([code, stdout]).toEqual([0, "ok  model-sheet  4 of 4 tests\nok  reviewer-label  4 of 4 tests\n"]);
  });

  it("are described with bounds that hold", () => {
    const page = readFileSync(join(shipped, "README.md"), "utf8");
    const engine = readFileSync(join(root, "src/adapters/sandbox/engine.ts"), "utf8");
    expect(/MAX_POLLS = 2_000/.test(engine) && /maximum: 512/.test(engine)).toBe(true);
    expect(/20 million jumps/.test(page) && /32 MiB of memory/.test(page)).toBe(true);
  });
});

describe("a registry with a plugin of its own", { timeout: 60_000 }, () => {
  let folder = "";
  const file = (path: string): string => join(folder, path);
  const plugins = ".github/assent/plugins";
  const assent = async (...argv: readonly string[]): Promise<readonly [number, string]> => {
    const { code, stdout, stderr } = await run(argv, { cwd: folder });
    return [code, stdout + stderr];
  };

  beforeAll(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "assent-plugins-")));
    git(folder, ["init", "-q", "-b", "main", "."]);
    expect((await run(["init", ".", "--id", "tried"], { cwd: folder })).code).toBe(0);
    commitAll(folder, "Begin");
    return () => rmSync(folder, { recursive: true, force: true });
  });

  it("has none at first, and says how to have one", async () => {
    expect(await assent("plugin", "list")).toEqual([
      0,
      "There are no plugins. They stand in .github/assent/plugins/<name>.js: assent plugin add <name> <file>\n",
    ]);
    expect(await assent("plugin", "add", "Bad Name")).toEqual([
      2,
      expect.stringContaining('error plugin/name: "Bad Name" is no name of a plugin.'),
    ]);
    expect((await assent("plugin", "add", "reviewer-label"))[1]).toContain("error plugin/no-plugin");
  });

  it("is told of a plugin that would find errors, and pins it once they are mended", async () => {
    const example = join(shipped, "examples/reviewer-label.js");
    const prompt = "registry/configs/support/reply-prompt/1.0.0.yaml";
    mkdirSync(file("registry/configs/support/reply-prompt"), { recursive: true });
    const text = "title: Prompt\nspec:\n  type: prompt\n  text: Be kind.\n";
    writeFileSync(file(prompt), text);
    const [refused, said] = await assent("plugin", "add", "reviewer-label", example);
    expect([refused, said.split("\n").slice(0, 2)]).toEqual([
      1,
      [`error plugin/reviewer-label/reviewer-missing  ${prompt}:1:1`, "  The prompt names no reviewer."],
    ]);
    writeFileSync(file(prompt), text.replace("spec:", "labels: { reviewer: ada }\nspec:"));
    const [code] = await assent("plugin", "add", "reviewer-label", example);
    expect(code).toBe(0);
    cpSync(join(shipped, "examples/reviewer-label.tests.yaml"), file(`${plugins}/reviewer-label.tests.yaml`));
    expect(await assent("plugin", "test", "reviewer-label")).toEqual([
      0,
      "ok  reviewer-label  4 of 4 tests\n",
    ]);
    commitAll(folder, "Prompts name their reviewers");
    expect((await assent("lint"))[0]).toBe(0);
    writeFileSync(file(prompt), text.replace("spec:", "labels: { reviewer: 'A. B.' }\nspec:"));
    const [failed, found] = await assent("lint", "--format", "json");
    const { diagnostics } = JSON.parse(found) as {
      diagnostics: readonly Readonly<Record<string, unknown>>[];
    };
    expect([failed, diagnostics.map(({ code: each, line, column }) => [each, line, column])]).toEqual([
      1,
      [["plugin/reviewer-label/reviewer-missing", 2, 21]],
    ]);
    expect((await assent("compile", "--work-tree"))[0]).toBe(1);
    git(folder, ["checkout", "-q", "--", "."]);
  });

  it("lists what it has", async () => {
    expect(await assent("plugin", "list")).toEqual([
      0,
      `reviewer-label  pinned
  Prompts name the person who reviewed them.
  plugin/reviewer-label/reviewer-missing  error: A prompt does not say who reviewed it.
`,
    ]);
  });

  it("notices a file that changed under its pin, and pins it again by its digest", async () => {
    const path = file(`${plugins}/reviewer-label.js`);
    const before = readFileSync(path, "utf8");
    writeFileSync(path, `${before}// changed\n`);
    expect(await assent("plugin", "verify")).toEqual([
      1,
      "  reviewer-label  is not the file that is pinned\nfailed  1 of 1 pinned plugin\n",
    ]);
    const [code, said] = await assent("lint");
    expect([code, said.includes("plugin/digest"), said.includes("plugin/failed")]).toEqual([1, true, true]);
    expect((await assent("plugin", "add", "reviewer-label"))[0]).toBe(0);
    expect((await assent("plugin", "verify"))[0]).toBe(0);
    git(folder, ["checkout", "-q", "--", "."]);
  });

  it("says which test fails, with what came and what was meant, and pins no such plugin", async () => {
    const source = `plugin({ api: "assent.plugin/v1", summary: "Adds.", functions: { twice: { apply(n) { return n + n; } } } });\n`;
    writeFileSync(file(`${plugins}/adds.js`), source);
    writeFileSync(
      file(`${plugins}/adds.tests.yaml`),
      "cases:\n  - { name: three, call: functions.twice, given: [3], expect: 7 }\n",
    );
    expect(await assent("plugin", "test", "adds")).toEqual([
      1,
      "failed  adds  0 of 1 test\n  three  functions.twice\n    expected  7\n    got       6\n",
    ]);
    expect((await assent("plugin", "add", "adds"))[1]).toContain("error plugin/tests-fail");
    rmSync(file(`${plugins}/adds.tests.yaml`));
    writeFileSync(file(`${plugins}/adds.js`), "plugin({});\n");
    expect((await assent("plugin", "add", "adds"))[1]).toContain(
      "error plugin/unfit: The plugin adds cannot",
    );
    rmSync(file(`${plugins}/adds.js`));
  });

  it("imports, renders and tells of landings by a plugin", async () => {
    const source = `plugin({ api: "assent.plugin/v1", summary: "Many things.",
      importers: { roles: { summary: "Roles, a line each.", read: (text) => text.trim().split("\\n").map((name) => {
        return { ref: "role:" + name, members: ["identity:your-name"] }; }) } },
      reports: { wiki: { summary: "A heading.", render: ({ title }) => "= " + title + " =\\n" } },
      onAfterLanding: ({ sequence, events }) => [{ type: "counted", data: { sequence, events: events.length } }],
    });\n`;
    writeFileSync(file("many.js"), source);
    const [added, said] = await assent("plugin", "add", "many", "many.js", "--commit");
    expect([added, said.split("\n")[0]]).toEqual([0, "written  many may reports, importers, onAfterLanding"]);
    writeFileSync(file("report.json"), '{"title":"Waivers"}');
    expect(await assent("plugin", "render", "many/wiki", "report.json")).toEqual([0, "= Waivers =\n"]);
    const [, wire] = await assent("plugin", "render", "many", "report.json", "--format", "json");
    const fits = (name: string, value: unknown): unknown => {
      const schema = JSON.parse(
        readFileSync(join(root, `schemas/wire/${name}.schema.json`), "utf8"),
      ) as object;
      const ajv = new Ajv2020({ strict: false });
      return ajv.validate(schema, value) || ajv.errors;
    };
    expect(fits("plugin-render", JSON.parse(wire))).toBe(true);
    const [told, lines] = await assent("events", "--plugins", "--format", "jsonl");
    const events = lines
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const own = events.filter(({ format }) => format === "assent.plugin-event/v1");
    expect([told, own.length, own.map((event) => fits("plugin-event", event))]).toEqual([
      0,
      own.length,
      own.map(() => true),
    ]);
    const counted = own.map(({ data }) => (data as { events: number }).events);
    expect(counted.reduce((sum, each) => sum + each, 0)).toBe(events.length - own.length);
    expect((await assent("events", "--plugins"))[1]).toContain("error usage/plugins-format");
    writeFileSync(file("names.txt"), "tries\n");
    const [, imported] = await assent("import", "plugin:many", "names.txt", "--dry-run", "--format", "json");
    expect(imported).toContain("role:tries");
    expect((await assent("import", "plugin:mny", "names.txt"))[1]).toContain("error plugin/no-part");
  });

  it("asks along history, of each landing, the plugin that was pinned then", async () => {
    const source = (family: string): string =>
      `plugin({ api: "assent.plugin/v1", summary: "Families.", functions: { family: { apply: (name) => name.startsWith("${family}") } } });\n`;
    const put = (path: string, text: string): void => {
      mkdirSync(join(file(path), ".."), { recursive: true });
      writeFileSync(file(path), text);
    };
    put("families.js", source("reply"));
    expect((await assent("plugin", "add", "families", "families.js", "--commit"))[0]).toBe(0);
    put(
      "registry/policies/core/family/1.0.0.yaml",
      `state: active\nspec:\n  appliesTo: [Config]\n  rules:\n    - { id: named, severity: high, message: Another family., assert: 'plugin("families/family", name)' }\n`,
    );
    put(
      "registry/governance/policy-bindings/families.yaml",
      "selector: { kinds: [Config] }\npolicies: [policy:core/family@1.0.0]\nmode: warn\n",
    );
    commitAll(folder, "Bind");
    put(
      "registry/configs/support/other-prompt/1.0.0.yaml",
      "title: Other\nspec:\n  type: prompt\n  text: Hm.\n",
    );
    commitAll(folder, "Add another");
    put("families.js", source("other"));
    expect((await assent("plugin", "add", "families", "families.js", "--commit"))[0]).toBe(0);
    const told = async (): Promise<readonly (readonly unknown[])[]> => {
      const [code, lines] = await assent("events", "--format", "jsonl");
      expect(code).toBe(0);
      return lines
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as Record<string, unknown>)
        .filter(({ type }) => type === "compliance_changed")
        .map(({ subject, toState }) => [subject, toState]);
    };
    const [reply, other] = ["config:support/reply-prompt@1.0.0", "config:support/other-prompt@1.0.0"];
    expect(await told()).toEqual([
      [reply, "compliant"],
      [other, "non-compliant"],
      [other, "compliant"],
      [reply, "non-compliant"],
    ]);
    // Since when is read from what the clone keeps, the first time and the second.
    const seconds = Number(git(folder, ["log", "-1", "--format=%ct"]));
    const landed = new Date(seconds * 1000).toISOString().replace(".000", "");
    for (const _ of ["anew", "kept"])
      expect((await assent("show", reply ?? ""))[1]).toContain(`non-compliant since ${landed}: `);
  });

  it("explains the codes of its plugins in their own words", async () => {
    const [code, page] = await assent("explain", "plugin/reviewer-label/reviewer-missing");
    expect([code, page.split("\n")[0]]).toEqual([0, "plugin/reviewer-label/reviewer-missing  error"]);
    expect(page).toContain("A prompt does not say who reviewed it.");
    expect((await assent("explain", "plugin/reviewer-label/reviewer"))[1]).toContain(
      "Did you mean plugin/reviewer-label/reviewer-missing?",
    );
    writeFileSync(file(`${plugins}/reviewer-label.js`), "// nothing\n");
    expect(await assent("explain", "plugin/reviewer-label/reviewer-missing")).toEqual([
      2,
      expect.stringContaining("reviewer-label.js is not the file that is pinned"),
    ]);
    git(folder, ["checkout", "-q", "--", "."]);
  });
});
