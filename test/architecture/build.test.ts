/**
 * What is built behaves as what is written: packages in CommonJS keep their names behind `import()`, what a command
 * does not use is not loaded, and what is published depends on nothing. The project built here is a small one with
 * one import of each sort; the real one is tried by the scenarios.
 */
import { spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../..");

/** Packages behind `import()`, with what must come out of them; together they are the dependencies. */
const lazy: Readonly<Record<string, string>> = {
  "@marcbachmann/cel-js": "(await import('@marcbachmann/cel-js')).evaluate('1 + 1 == 2')",
  ajv: "new (await import('ajv/dist/2020.js')).Ajv2020().validate({ type: 'object' }, {})",
  "ajv-formats": "typeof (await import('ajv-formats')).default === 'function'",
  chalk: "(await import('chalk')).default.level >= 0",
  commander: "new (await import('commander')).Command('x').name() === 'x'",
  "fast-glob": "(await import('fast-glob')).default.globSync('no-such-*').length === 0",
  "isomorphic-git": "typeof (await import('isomorphic-git')).readBlob === 'function'",
  minisearch: "new (await import('minisearch')).default({ fields: ['a'] }).documentCount === 0",
  re2js: "(await import('re2js')).RE2JS.matches('a+', 'aaa')",
  semver: "(await import('semver')).satisfies('1.2.3', '^1')",
  "smol-toml": "(await import('smol-toml')).parse('a = 1').a === 1",
  yaml: "(await import('yaml')).parse('a: 1').a === 1",
};

let project = "";
const built = (path: string) => join(project, "dist", path);

beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), "assent-build-"));
  mkdirSync(join(project, "src"));
  cpSync(join(root, "package.json"), join(project, "package.json"));
  cpSync(join(root, "LICENSE"), join(project, "LICENSE"));
  symlinkSync(join(root, "node_modules"), join(project, "node_modules"));
  const cases = Object.entries(lazy).map(([name, code]) => `if (name === "${name}") return ${code};`);
  writeFileSync(
    join(project, "src/main.ts"),
    `declare const ASSENT_VERSION: string;\nasync function tryPackage(name: string): Promise<unknown> {\n${cases.join("\n")}\nreturn ASSENT_VERSION;\n}\nconst [name = ""] = process.argv.slice(2);\nprocess.stdout.write(String(await tryPackage(name)));\n`,
  );
  const out = spawnSync(process.execPath, [join(root, "scripts/build/index.ts"), "--root", project], {
    encoding: "utf8",
  });
  expect(out.stderr).toBe("");
});

afterAll(() => rmSync(project, { recursive: true, force: true }));

const run = (...args: string[]) =>
  spawnSync(process.execPath, [built("assent.js"), ...args], { encoding: "utf8", cwd: tmpdir() });

describe("the build", () => {
  it.each(Object.keys(lazy))("keeps %s working, with the names that Node sees", (name) => {
    const { stdout, stderr } = run(name);
    expect({ stdout, stderr }).toEqual({ stdout: "true", stderr: "" });
  });

  it("tries every dependency", () => {
    const { dependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
      dependencies: object;
    };
    expect(Object.keys(lazy).sort()).toEqual(Object.keys(dependencies).sort());
  });

  it("knows its version without reading a file", () => {
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
    expect(run().stdout).toBe(version);
    expect(readFileSync(built("assent.js"), "utf8")).not.toContain("package.json");
  });

  it("loads nothing that the command does not use", () => {
    expect(readFileSync(built("assent.js"), "utf8")).not.toMatch(/^import[^(]/m);
  });

  it("starts as a program", () => {
    expect(readFileSync(built("assent.js"), "utf8")).toMatch(/^#!\/usr\/bin\/env node\n/);
    expect(statSync(built("assent.js")).mode & 0o111).toBe(0o111);
  });

  it("publishes a package without dependencies, scripts or Node binaries, with its licences", () => {
    const manifest = JSON.parse(readFileSync(built("package.json"), "utf8")) as Record<string, unknown>;
    expect(manifest).toMatchObject({
      name: "assent",
      license: "MIT",
      type: "module",
      bin: { assent: "assent.js" },
    });
    for (const key of ["private", "dependencies", "devDependencies", "optionalDependencies", "scripts"]) {
      expect(manifest).not.toHaveProperty(key);
    }
    expect(readdirSync(built(""))).toEqual(expect.arrayContaining(["LICENSE", "THIRD-PARTY-LICENSES"]));
    expect(readFileSync(built("THIRD-PARTY-LICENSES"), "utf8")).toContain("isomorphic-git");
  });

  it("gives the same bytes again", () => {
    const bytes = () =>
      readdirSync(built("chunks")).map((name) => [name, readFileSync(built(`chunks/${name}`), "utf8")]);
    const before = bytes();
    spawnSync(process.execPath, [join(root, "scripts/build/index.ts"), "--root", project]);
    expect(bytes()).toEqual(before);
  });
});
