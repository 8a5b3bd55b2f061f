/**
 * The map is the territory: tables name what their folders hold, src/README.md names every folder and nothing
 * else, and no file or folder grows into something that nobody can describe.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { isPermissive } from "../../scripts/check/licences.ts";

const root = resolve(import.meta.dirname, "../..");

/** Every file and folder below a folder, as paths relative to it; folders end with a slash. */
function walk(folder: string, below = ""): string[] {
  return readdirSync(join(root, folder, below), { withFileTypes: true }).flatMap((entry) => {
    const path = `${below}${entry.name}`;
    return entry.isDirectory() ? [`${path}/`, ...walk(folder, `${path}/`)] : [path];
  });
}

const read = (path: string) => readFileSync(join(root, path), "utf8");
const written = walk("src").filter((path) => !path.startsWith("generated/"));
const modules = written.filter((path) => path.endsWith(".ts"));

/** Folders of one concept a file, the tables that list them, and the files that are no member. */
const families = [
  { folder: "src/core/kinds", tables: ["index"], apart: ["define", "lifecycles"] },
  { folder: "src/core/validate/rules", tables: ["index", "expressions", "schemas"], apart: [] },
  {
    folder: "src/core/export/report",
    tables: ["index"],
    apart: ["define", "chosen", "clock", "use", "trend", "compliance-tables"],
  },
  {
    folder: "src/cli/commands",
    tables: ["index", "group-author", "group-review", "group-ask", "group-publish-and-consume"],
    apart: [],
  },
] as const;

describe("tables and folders agree", () => {
  it.each(families)("$folder holds what its tables list, and nothing else", ({ folder, tables, apart }) => {
    const beside: readonly string[] = [...tables, ...apart];
    const members = readdirSync(join(root, folder))
      .filter((name) => name.endsWith(".ts"))
      .map((name) => basename(name, ".ts"))
      .filter((name) => !beside.includes(name));
    const listed = tables
      .flatMap((table) => [
        ...read(`${folder}/${table}.ts`).matchAll(/(?:from|import\()\s*"\.\/([\w-]+)\.ts"/g),
      ])
      .flatMap(([, name]) => (name === undefined || beside.includes(name) ? [] : [name]));
    expect(listed.sort()).toEqual(members.sort());
    expect(members.length).toBeGreaterThan(0);
  });
});

describe("src/README.md", () => {
  const map = /```\nsrc\/\n([\s\S]*?)```/.exec(read("src/README.md"))?.[1] ?? "";

  /** The paths of the map: two spaces of indentation a level, the name first. */
  function mapped(): string[] {
    const stack: string[] = [];
    return map
      .split("\n")
      .filter((line) => /^ +\S/.test(line))
      .map((line) => {
        const [, indent = "", name = ""] = /^( +)(\S+)/.exec(line) ?? [];
        stack.length = indent.length / 2 - 1;
        stack.push(name);
        return stack.join("");
      });
  }

  it("has a line for every folder of src and for every file directly in it", () => {
    const files = walk("src").filter((path) => !path.endsWith("/") && path !== "README.md");
    const there = new Set<string>(files.filter((path) => !path.includes("/")));
    for (const path of files) {
      for (let end = path.indexOf("/"); end !== -1; end = path.indexOf("/", end + 1))
        there.add(path.slice(0, end + 1));
    }
    const lines = mapped().filter((path) => path.endsWith("/") || !path.includes("/"));
    expect(lines.sort()).toEqual([...there].sort());
  });

  it("names no file that does not exist", () => {
    expect(mapped().filter((path) => !existsSync(join(root, "src", path)))).toEqual([]);
    const linked = [
      ...read("src/README.md").matchAll(/`((?:src|test|scripts|schemas|\.ci|\.github)\/[\w./-]+)`/g),
    ];
    expect(linked.map((match) => match[1] ?? "").filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
});

describe("nothing grows out of sight", () => {
  it("no module of src or scripts is longer than 300 lines", () => {
    const everywhere = ["src", "scripts"].flatMap((folder) =>
      walk(folder).map((path) => `${folder}/${path}`),
    );
    const long = everywhere
      .filter((path) => path.endsWith(".ts") && !path.startsWith("src/generated/"))
      .filter((path) => read(path).split("\n").length > 301);
    expect(long).toEqual([]);
  });

  it("there is no drawer for what nobody could name", () => {
    const drawer = /(?:^|\/)(?:utils?|commons?|helpers?|shared|misc|lib)(?:\/|\.ts$)/;
    expect(written.filter((path) => drawer.test(path))).toEqual([]);
  });

  it("every module opens by saying what it is for", () => {
    expect(modules.filter((path) => !/^(?:#!.*\n)?\/\*\*\s/.test(read(`src/${path}`)))).toEqual([]);
  });

  it("the root holds what the owner fixed, and nothing else", () => {
    const fixed =
      /^(?:package(?:-lock)?\.json|tsconfig\.json|CODEOWNERS|README\.md|LICENSE|vitest\.config\.ts|knip\.json)$/;
    const folders = new Set(["registry", "schemas", "src", "scripts", "test"]);
    const untracked = new Set(["node_modules", "dist", "coverage"]);
    const strange = readdirSync(root, { withFileTypes: true }).filter(({ name }) => {
      return !name.startsWith(".") && !folders.has(name) && !untracked.has(name) && !fixed.test(name);
    });
    expect(strange.map(({ name }) => name)).toEqual([]);
  });
});

describe("the licence check", () => {
  it.each([
    ["MIT", true],
    ["(MIT OR GPL-3.0)", true],
    ["MIT AND BSD-3-Clause", true],
    ["MIT AND GPL-3.0", false],
    ["GPL-3.0-or-later", false],
    ["AGPL-3.0", false],
    ["SEE LICENSE IN LICENSE.md", false],
    ["(MIT OR (GPL-3.0 AND X))", false],
    ["(none)", false],
    ["", false],
  ])("takes %j: %s", (expression, taken) => {
    expect(isPermissive(expression)).toBe(taken);
  });
});
