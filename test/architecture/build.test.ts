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
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../..");

/** Packages behind `import()`, with what must come out of them; together they are the dependencies. */
const lazy: Readonly<Record<string, string>> = {
  "@aws-sdk/client-s3": "typeof (await import('@aws-sdk/client-s3')).S3Client === 'function'",
  "@marcbachmann/cel-js": "(await import('@marcbachmann/cel-js')).evaluate('1 + 1 == 2')",
  "@sigstore/bundle": "typeof (await import('@sigstore/bundle')).bundleFromJSON === 'function'",
  "@sigstore/sign": "typeof (await import('@sigstore/sign')).FulcioSigner === 'function'",
  "@sigstore/verify": "typeof (await import('@sigstore/verify')).Verifier === 'function'",
  "@tufjs/canonical-json":
    "(await import('@tufjs/canonical-json')).canonicalize({ b: 1, a: 2 }) === '{\"a\":2,\"b\":1}'",
  "@tufjs/models": "new (await import('@tufjs/models')).Timestamp({ version: 1, expires: '' }).version === 1",
  ajv: "new (await import('ajv/dist/2020.js')).Ajv2020().validate({ type: 'object' }, {})",
  "ajv-formats": "typeof (await import('ajv-formats')).default === 'function'",
  chalk: "(await import('chalk')).default.level >= 0",
  commander: "new (await import('commander')).Command('x').name() === 'x'",
  "fast-glob": "(await import('fast-glob')).default.globSync('no-such-*').length === 0",
  "isomorphic-git": "typeof (await import('isomorphic-git')).readBlob === 'function'",
  minisearch: "new (await import('minisearch')).default({ fields: ['a'] }).documentCount === 0",
  octokit: "typeof (await import('octokit')).Octokit === 'function'",
  pdfkit: "typeof (await import('pdfkit')).PDFDocument === 'function'",
  re2js: "(await import('re2js')).RE2JS.matches('a+', 'aaa')",
  semver: "(await import('semver')).satisfies('1.2.3', '^1')",
  "smol-toml": "(await import('smol-toml')).parse('a = 1').a === 1",
  yaml: "(await import('yaml')).parse('a: 1').a === 1",
};

const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };

let project = "";
const built = (path: string) => join(project, "dist", path);

/** Builds the small project; what the build complains about. */
const build = () => {
  const script = join(root, "scripts/build/index.ts");
  return spawnSync(process.execPath, [script, "--root", project], { encoding: "utf8" }).stderr;
};

beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), "assent-build-"));
  mkdirSync(join(project, "src"));
  cpSync(join(root, "package.json"), join(project, "package.json"));
  cpSync(join(root, "LICENSE"), join(project, "LICENSE"));
  symlinkSync(join(root, "node_modules"), join(project, "node_modules"));
  const cases = Object.entries(lazy).map(([name, code]) => `if (name === "${name}") return ${code};`);
  const files = {
    "main.ts": `declare const ASSENT_VERSION: string;
const [name = ""] = process.argv.slice(2);
if (name === "") process.stdout.write(ASSENT_VERSION);
else void import("./program.ts").then(async ({ tryPackage }) => process.stdout.write(String(await tryPackage(name))));
`,
    "known.ts": `export class Known extends Error {}
export const known = (): Error => new Known("known");
`,
    "program.ts": `import { readFileSync } from "node:fs";
import { Known } from "./known.ts";
process.stdout.write("program ");
export async function tryPackage(name: string): Promise<unknown> {
try {
return name === "node" ? typeof readFileSync : await (await import("./packages.ts")).tryPackage(name);
} catch (error) {
return error instanceof Known;
}
}
`,
    "packages.ts": `import { known } from "./known.ts";
export async function tryPackage(name: string): Promise<unknown> {
if (name === "known") throw known();
${cases.join("\n")}
return (await import("./static.ts")).answers.join(" ");
}
`,
    "static.ts": `import { Ajv2020 } from "ajv/dist/2020.js";
import MiniSearch from "minisearch";
import semver from "semver";
import { parse } from "yaml";
process.stdout.write("static ");
export const answers = [typeof Ajv2020, typeof MiniSearch, typeof semver.valid, typeof parse];
`,
  };
  for (const [name, code] of Object.entries(files)) writeFileSync(join(project, "src", name), code);
  expect(build()).toBe("");
});

afterAll(() => rmSync(project, { recursive: true, force: true }));

/** Runs the built program; of a stack trace the last lines say enough, the first are the bundle. */
const run = (...args: string[]) => {
  const { stdout, stderr } = spawnSync(process.execPath, [built("assent.js"), ...args], {
    encoding: "utf8",
    cwd: tmpdir(),
  });
  return { stdout, stderr: stderr.slice(-300) };
};

describe("the build", () => {
  it.each(Object.keys(lazy))("keeps import() of %s working, with the names that Node sees", (name) => {
    expect(run(name)).toMatchObject({ stdout: "program true", stderr: "" });
  });

  it("tries every dependency", () => {
    const { dependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
      dependencies: object;
    };
    // The engine of plugins is in the sandbox's own file (scripts/build), which starts as a thread.
    const elsewhere = ["quickjs-emscripten"];
    expect([...Object.keys(lazy), ...elsewhere].sort()).toEqual(Object.keys(dependencies).sort());
  });

  it("keeps default and named imports of both module systems", () => {
    expect(run("static").stdout).toBe("program static function function function function");
  });

  it("has each module once, whichever file asks for it", () => {
    expect(run("known")).toMatchObject({ stdout: "program true", stderr: "" });
  });

  it("runs no module before it is imported", () => {
    expect(run().stdout).not.toContain("program");
    expect(run("node").stdout).toBe("program function");
  });

  it("reads no part that the command does not use", () => {
    for (const name of ["yaml", "git", "ajv", "cel", "regex", "search"]) rmSync(built(`parts/${name}.js`));
    rmSync(built("parts/program.js"));
    expect(run("node")).toMatchObject({ stdout: "program function", stderr: "" });
    rmSync(built("parts/start.js"));
    expect(run()).toMatchObject({ stdout: version, stderr: "" });
    expect(build()).toBe("");
  });

  it("writes compiled code beside the program only, and runs where it cannot", () => {
    expect(readdirSync(project).sort()).toEqual(["LICENSE", "dist", "node_modules", "package.json", "src"]);
    rmSync(built("cache"), { recursive: true, force: true });
    writeFileSync(built("cache"), "a file where the folder would be");
    expect(run("node")).toMatchObject({ stdout: "program function", stderr: "" });
    rmSync(built("cache"));
  });

  it("keeps the code of each command whole, and goes without what was cut short", () => {
    rmSync(built("cache"), { recursive: true, force: true });
    expect(run("static").stdout).toBe("program static function function function function");
    const [version = ""] = readdirSync(built("cache"));
    const kept = (command: string) => join(built("cache"), version, command);
    expect(readdirSync(kept("static")).sort()).toEqual(["ajv", "program", "search", "start", "yaml"]);
    const whole = statSync(join(kept("static"), "program")).size;
    truncateSync(join(kept("static"), "program"), whole >> 1);
    expect(run("static")).toMatchObject({
      stdout: "program static function function function function",
      stderr: "",
    });
    expect(statSync(join(kept("static"), "program")).size).toBeGreaterThan(whole >> 1);
    run("../../escape");
    run("no-such");
    expect(readdirSync(built("cache")).sort()).toEqual([version]);
    expect(readdirSync(kept("")).sort()).toEqual(["other", "static"]);
  });

  it("starts as a program", () => {
    expect(readFileSync(built("assent.js"), "utf8")).toMatch(/^#!\/usr\/bin\/env node\n/);
    expect(statSync(built("assent.js")).mode & 0o111).toBe(0o111);
  });

  it("publishes a package without dependencies, scripts or Node binaries, with its licences", () => {
    const manifest = JSON.parse(readFileSync(built("package.json"), "utf8")) as Record<string, unknown>;
    expect(manifest).toMatchObject({ name: "assent", version, license: "MIT", bin: { assent: "assent.js" } });
    for (const key of [
      "private",
      "dependencies",
      "devDependencies",
      "optionalDependencies",
      "scripts",
      "type",
    ]) {
      expect(manifest).not.toHaveProperty(key);
    }
    expect(readdirSync(built(""))).toEqual(expect.arrayContaining(["LICENSE", "THIRD-PARTY-LICENSES"]));
    expect(readFileSync(built("THIRD-PARTY-LICENSES"), "utf8")).toContain("isomorphic-git");
  });

  it("gives the same bytes again", () => {
    const bytes = () =>
      readdirSync(built("parts")).map((name) => [name, readFileSync(built(`parts/${name}`), "utf8")]);
    const before = bytes();
    expect(build()).toBe("");
    expect(bytes()).toEqual(before);
  });
});
