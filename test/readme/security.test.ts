/** Every attack in SECURITY.md names the test that builds it: the file is there, and has a test of this title. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const text = readFileSync(join(root, ".github/SECURITY.md"), "utf8");

/** The rows of tables whose last column is a test. */
const rows = text
  .split("\n")
  .filter((line) => /^\| .*`test\//.test(line))
  .map((line) => line.slice(2, -2).split(" | "));

/** The titles of a test file: first arguments of tests and groups, and first texts of rows of tables. */
function titlesIn(source: string): ReadonlySet<string> {
  const called = source.matchAll(/\b(?:describe|it|test)(?:\.[a-z]+)?\(\s*"((?:[^"\\]|\\.)*)"/g);
  const applied = source.matchAll(/\]?\)\(\s*"((?:[^"\\]|\\.)*)"/g);
  const listed = source.matchAll(/^\s*\[?\s*"((?:[^"\\]|\\.)*)",/gm);
  return new Set([...called, ...applied, ...listed].map((match) => match[1] ?? ""));
}

describe("SECURITY.md", () => {
  it.each(rows)("%s", (tries, stops, test = "") => {
    expect([tries, stops].every((cell) => cell !== undefined && cell.length > 10)).toBe(true);
    const [, path = "", title = ""] = /^`(test\/[\w./-]+\.test\.ts)`: "(.+)"$/.exec(test) ?? [];
    expect([test, existsSync(join(root, path))]).toEqual([test, true]);
    expect([path, title, titlesIn(readFileSync(join(root, path), "utf8")).has(title)]).toEqual([
      path,
      title,
      true,
    ]);
  });

  it("has a row for more than a few attacks, each once", () => {
    expect(rows.length).toBeGreaterThan(40);
    const tried = rows.map(([tries]) => tries);
    expect(tried.filter((each, index) => tried.indexOf(each) !== index)).toEqual([]);
  });

  it("would notice a test that is gone", () => {
    const titles = titlesIn(
      'it("a b", () => {});\ntest.each([\n  ["c d", 1],\n])("e %s", () => {});\ndescribe(\n  "f",',
    );
    expect([...titles].sort()).toEqual(["a b", "c d", "e %s", "f"]);
    expect(titles.has("a c")).toBe(false);
  });
});
