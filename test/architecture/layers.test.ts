/**
 * Plants a breach at every boundary and proves that the lint sees each: a lint that has gone blind passes
 * everything. The tree is a copy with the real configuration at its root (handed over by `-c` from elsewhere its
 * overrides would match nothing).
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { layerOf } from "../../scripts/check/layers/judge.ts";
import { layers } from "../../scripts/check/layers/table.ts";

const root = resolve(import.meta.dirname, "../..");

/** Where the code is planted, the code, the rule that must see it. */
type Breach = readonly [file: string, code: string, rule: string];

const direction = "assent(directions)";
const value = (from: string) => `import { x } from "${from}";\nx();\n`;
const type = (from: string) => `import type { X } from "${from}";\nexport type Y = X;\n`;

const breaches: readonly Breach[] = [
  ["core/model/a.ts", value("../source/load.ts"), direction],
  ["core/model/b.ts", type("../source/load.ts"), direction],
  ["core/model/c.ts", value("../../generated/entries.ts"), direction],
  ["core/model/d.ts", value("yaml"), direction],
  ["core/model/e.ts", value("node:crypto"), direction],
  ["core/model/f.ts", `export type Y = import("../kinds/index.ts").Y;\n`, direction],
  ["core/model/digest.ts", value("node:fs"), direction],
  ["core/source/a.ts", value("node:fs"), direction],
  ["core/source/b.ts", value("fs"), direction],
  ["core/source/c.ts", value("../../app/lint.ts"), direction],
  ["core/source/d.ts", type("../../adapters/git/git.ts"), direction],
  ["core/source/e.ts", `export * from "../../cli/program.ts";\n`, direction],
  ["core/source/f.ts", `export const load = () => import("node:fs");\n`, direction],
  ["core/source/g.ts", "export const load = (name: string) => import(name);\n", direction],
  ["core/source/h.ts", value("isomorphic-git"), direction],
  ["core/source/i.ts", value("../../main.ts"), direction],
  ["core/source/j.ts", value("node:crypto"), direction],
  ["core/source/k.ts", value("../../../scripts/build/index.ts"), direction],
  ["core/trust/a.ts", value("node:fs"), direction],
  ["core/export/a.ts", value("pdfkit"), direction],
  ["core/export/report/a.ts", value("node:fs"), direction],
  ["core/export/report/b.ts", value("yaml"), direction],
  ["cli/e.ts", value("pdfkit"), direction],
  ["client/a.ts", value("yaml"), direction],
  ["client/b.ts", value("../core/source/load.ts"), direction],
  ["client/c.ts", value("../core/validate/lint.ts"), direction],
  ["app/a.ts", value("../adapters/git/git.ts"), direction],
  ["app/b.ts", value("node:fs"), direction],
  ["app/c.ts", value("fast-glob"), direction],
  ["app/d.ts", value("../cli/program.ts"), direction],
  ["adapters/git/a.ts", value("../worktree/worktree.ts"), direction],
  ["adapters/git/b.ts", value("../../core/validate/lint.ts"), direction],
  ["adapters/git/c.ts", value("../../app/ports.ts"), direction],
  ["adapters/git/d.ts", type("../../app/lint.ts"), direction],
  ["adapters/git/e.ts", value("../../cli/program.ts"), direction],
  ["adapters/git/f.ts", value("../../client/refresh.ts"), direction],
  ["adapters/worktree.ts", value("./git.ts"), direction],
  ["cli/a.ts", value("../adapters/git/git.ts"), direction],
  ["cli/b.ts", value("node:fs"), direction],
  ["cli/c.ts", `export const load = async () => await import("../adapters/git/git.ts");\n`, direction],
  ["service/a.ts", value("../adapters/git/git.ts"), direction],
  ["web/a.ts", value("../adapters/git/git.ts"), direction],
  ["index.ts", value("./adapters/git/git.ts"), direction],
  ["join.ts", value("./cli/program.ts"), direction],
  ["main.ts", value("../test/x.ts"), direction],
  ["cupboard/a.ts", value("./b.ts"), direction],
  ["core/resolve/a.ts", "export const now = () => Date.now();\n", "eslint(no-restricted-properties)"],
  ["core/resolve/b.ts", "export const now = () => new Date();\n", "assent(clockless)"],
  ["core/resolve/c.ts", "export const now = () => Date();\n", "assent(clockless)"],
  ["core/resolve/d.ts", "export const luck = () => Math.random();\n", "eslint(no-restricted-properties)"],
  ["core/resolve/e.ts", "export const home = () => process.env;\n", "eslint(no-restricted-globals)"],
  [
    "core/resolve/f.ts",
    'export const get = () => fetch("http://localhost");\n',
    "eslint(no-restricted-globals)",
  ],
  ["core/resolve/g.ts", "export const tick = () => performance.now();\n", "eslint(no-restricted-globals)"],
  ["core/resolve/h.ts", "export const id = () => crypto.randomUUID();\n", "eslint(no-restricted-globals)"],
  ["core/resolve/i.ts", "export const all = () => globalThis;\n", "eslint(no-restricted-globals)"],
  ["core/resolve/j.ts", 'export const say = () => console.log("x");\n', "eslint(no-console)"],
  [
    "core/resolve/k.ts",
    "export const f = (a: string, b: string) => a.localeCompare(b);\n",
    "eslint(no-restricted-properties)",
  ],
  ["core/resolve/l.ts", "export const f = () => new Intl.Collator();\n", "eslint(no-restricted-globals)"],
  ["app/e.ts", "export const home = () => process.env;\n", "eslint(no-restricted-globals)"],
  ["cli/d.ts", "export const say = () => process.stdout;\n", "eslint(no-restricted-globals)"],
  ["core/resolve/m.ts", "export const f = (a: any) => a;\n", "typescript(no-explicit-any)"],
  ["core/resolve/n.ts", "export const f = (a: string) => a as unknown as number;\n", "assent(honest-types)"],
  ["core/resolve/o.ts", "// @ts-ignore\nexport const f: number = 1;\n", "typescript(ban-ts-comment)"],
  ["core/resolve/p.ts", `${"export {};\n".repeat(301)}`, "eslint(max-lines)"],
  ["core/resolve/q.ts", "// TODO: later\nexport const f = 1;\n", "eslint(no-warning-comments)"],
];

/** Code that keeps to the directions: a lint that refuses everything proves as little as a blind one. */
const clean: readonly (readonly [file: string, code: string])[] = [
  [
    "core/model/ok.ts",
    value("./json.ts") + value("semver").replaceAll("x", "valid") + type("../../generated/entries.ts"),
  ],
  ["core/source/ok.ts", value("../model/json.ts") + `export const load = () => import("yaml");\n`],
  ["core/compile/ok.ts", "export const at = (text: string) => new Date(text);\n"],
  ["core/trust/ok.ts", value("node:crypto")],
  ["client/ok.ts", value("../core/resolve/resolve.ts") + value("node:fs").replaceAll("x", "open")],
  ["app/ok.ts", value("../core/model/json.ts") + type("./ports.ts")],
  ["adapters/git/ok.ts", value("node:fs") + type("../../app/ports.ts")],
  ["adapters/git/host.ts", value("../../client/source/http.ts")],
  ["adapters/git/good.ts", type("../../core/source/load.ts")],
  ["adapters/git/fine.ts", value("./ok.ts") + value("../../core/model/json.ts").replaceAll("x", "y")],
  ["cli/ok.ts", value("../app/lint.ts") + value("chalk").replaceAll("x", "y")],
];

let tree = "";
const seen = new Map<string, { readonly code: string; readonly message: string }[]>();

beforeAll(() => {
  tree = mkdtempSync(join(tmpdir(), "assent-layers-"));
  cpSync(join(root, ".oxlintrc.json"), join(tree, ".oxlintrc.json"));
  cpSync(join(root, "scripts/check/layers"), join(tree, "scripts/check/layers"), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(tree, "node_modules"));
  for (const [file, code] of [...breaches, ...clean]) {
    mkdirSync(join(tree, "src", dirname(file)), { recursive: true });
    writeFileSync(join(tree, "src", file), code);
  }
  const oxlint = join(root, "node_modules/oxlint/bin/oxlint");
  const { stdout } = spawnSync(process.execPath, [oxlint, "-f", "json", "src"], {
    cwd: tree,
    encoding: "utf8",
  });
  const { diagnostics } = JSON.parse(stdout) as {
    readonly diagnostics: readonly {
      readonly code: string;
      readonly message: string;
      readonly filename: string;
    }[];
  };
  for (const { code, message, filename } of diagnostics) {
    const file = filename.replaceAll("\\", "/").replace(/^(?:.*\/)?src\//, "");
    seen.set(file, [...(seen.get(file) ?? []), { code, message }]);
  }
});

afterAll(() => rmSync(tree, { recursive: true, force: true }));

describe("the lint sees a planted breach", () => {
  it.each(breaches)("in src/%s", (file, _code, rule) => {
    expect(seen.get(file)?.map((finding) => finding.code)).toContain(rule);
  });

  it("says what to do instead", () => {
    const [finding] = seen.get("core/source/a.ts") ?? [];
    expect(finding?.message).toMatch(/core\/ must not import .*node:fs.*port/);
  });

  it.each(clean)("and leaves src/%s alone", (file) => {
    expect(seen.get(file) ?? []).toEqual([]);
  });
});

describe("the table of layers", () => {
  it("is tried by at least one planted breach for each of its lines", () => {
    const tried = new Set(breaches.map(([file]) => layerOf(file)?.path));
    expect(layers.map(({ path }) => path).filter((path) => !tried.has(path))).toEqual([]);
  });

  it("names the narrower layer first, so that no line is hidden by another", () => {
    expect(layers.filter(({ path }) => layerOf(path)?.path !== path)).toEqual([]);
  });
});
