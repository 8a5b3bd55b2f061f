/** The same commit gives the same bytes: whole processes, in other folders, zones, locales, orders and on other days. */
import { spawnSync } from "node:child_process";
import { cpSync, readdirSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { git, makeHistory, newFolder, newRepository, plainEnvironment } from "../repository-on-disk.ts";

const root = join(import.meta.dirname, "../..");
const own = join(root, "registry");

/** Turns the order of folders around and moves the clock, before anything else is loaded. */
const elsewhere = (days: number): string =>
  `data:text/javascript,${encodeURIComponent(`
    import fs from "node:fs";
    import { syncBuiltinESMExports } from "node:module";
    const real = fs.readdirSync;
    fs.readdirSync = (...args) => real(...args).reverse();
    syncBuiltinESMExports();
    const now = Date.now;
    Date.now = () => now() + ${days} * 86400000;
  `)}`;

function run(
  folder: string,
  days: number,
  env: Readonly<Record<string, string>>,
  ...argv: readonly string[]
): string {
  const child = spawnSync(
    process.execPath,
    ["--import", elsewhere(days), join(root, "src/main.ts"), ...argv],
    {
      cwd: folder,
      env: { ...plainEnvironment, ...env },
      encoding: "utf8",
    },
  );
  expect({ status: child.status, stderr: child.stderr }).toEqual({ status: 0, stderr: "" });
  return child.stdout;
}

function bytesBelow(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: "utf8", withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => `${path.slice(folder.length)}\n${readFileSync(path, "base64")}`)
    .join("\n");
}

/** This repository's own registry with one landing. */
function repository(): string {
  const folder = newRepository();
  cpSync(own, join(folder, "registry"), { recursive: true });
  cpSync(join(root, "CODEOWNERS"), join(folder, "CODEOWNERS"));
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8", withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes("/.git"))
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  makeHistory(folder, [
    { parents: [], files: Object.fromEntries(paths.map((path) => [path, readFileSync(join(folder, path))])) },
  ]);
  git(folder, ["reset", "-q"]);
  return folder;
}

describe("assent compile", () => {
  it("gives the same bytes ten times", () => {
    const first = repository();
    run(first, 0, { TZ: "UTC", LANG: "C" }, "compile", "--history", "--out", "snapshot");
    const expected = bytesBelow(join(first, "snapshot"));
    const zones = ["Asia/Tokyo", "America/St_Johns", "Pacific/Kiritimati"];
    const locales = ["tr_TR.UTF-8", "de_DE.UTF-8", "C"];
    for (let i = 0; i < 9; i++) {
      // A clone has other object files, another index and other times than the original.
      const clone = newFolder();
      git(clone, ["clone", "-q", first, "."]);
      const env = { TZ: zones[i % 3] ?? "UTC", LANG: locales[i % 3] ?? "C", LC_ALL: locales[i % 3] ?? "C" };
      run(clone, i * 400, env, "compile", "--history", "--out", "snapshot");
      expect(bytesBelow(join(clone, "snapshot"))).toBe(expected);
    }
  });

  it("gives a work tree the same bytes in another folder, order and zone", () => {
    const folder = repository();
    const digestOf = (at: string, days: number, env: Readonly<Record<string, string>>): string => {
      const out = run(at, days, env, "compile", "--work-tree", "--format", "json");
      const { digest, commit, sequence } = JSON.parse(out) as {
        digest: string;
        commit: null;
        sequence: null;
      };
      expect([commit, sequence]).toEqual([null, null]);
      return digest;
    };
    const digest = digestOf(folder, 0, { TZ: "UTC" });
    const moved = join(newFolder(), "elsewhere");
    renameSync(folder, moved);
    expect(digestOf(moved, 1000, { TZ: "Asia/Tokyo", LANG: "tr_TR.UTF-8" })).toBe(digest);
  });
});
