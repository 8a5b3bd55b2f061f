/**
 * The package as a user gets it: packed, unpacked elsewhere, run by the Node that the machine itself has. Everything
 * must be inside; nothing of this repository is in reach.
 */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../..");

/** The machine's own Node where there is one beside the project's; the published package promises to run on it. */
function machinesNode(): string {
  const folders = (process.env["PATH"] ?? "")
    .split(delimiter)
    .filter((folder) => !folder.includes("node_modules"));
  const found = folders.map((folder) => join(folder, "node")).find((path) => existsSync(path));
  const major =
    found === undefined
      ? 0
      : Number(/^v(\d+)/.exec(spawnSync(found, ["-v"], { encoding: "utf8" }).stdout)?.[1]);
  return found !== undefined && major >= 20 ? found : process.execPath;
}

let folder = "";
let node = "";

beforeAll(() => {
  node = machinesNode();
  folder = mkdtempSync(join(tmpdir(), "assent-install-"));
  const pack = spawnSync("npm", ["pack", "--silent", "--pack-destination", folder, join(root, "dist")], {
    encoding: "utf8",
  });
  const [tarball = ""] = readdirSync(folder);
  spawnSync("tar", ["-xzf", join(folder, tarball), "-C", folder]);
  expect(existsSync(join(folder, "package/assent.js")), pack.stderr).toBe(true);
  cpSync(join(root, "registry"), join(folder, "registry"), { recursive: true });
  cpSync(join(root, "CODEOWNERS"), join(folder, "CODEOWNERS"));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const assent = (...args: string[]) =>
  spawnSync(node, [join(folder, "package/assent.js"), ...args], {
    cwd: folder,
    encoding: "utf8",
    env: { NO_COLOR: "1" },
  });

describe("the packed package", () => {
  it("runs", () => {
    expect(assent("--version")).toMatchObject({ status: 0, stdout: "0.1.0\n", stderr: "" });
  });

  it("lints a registry", () => {
    const { status, stdout, stderr } = assent("lint", "--format", "json");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(JSON.parse(stdout)).toMatchObject({ format: "assent.lint/v1", ok: true });
  });

  it("says what is wrong where the folder is gone", () => {
    const gone = join(folder, "gone");
    mkdirSync(gone);
    const line = `cd gone && rmdir "$PWD" && exec "$0" "$1" lint`;
    const { status, stderr } = spawnSync("sh", ["-c", line, node, join(folder, "package/assent.js")], {
      cwd: folder,
      encoding: "utf8",
    });
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: expect.stringContaining("usage/working-folder"),
    });
  });

  it("runs plugins", () => {
    const plugins = join(folder, ".github/assent/plugins");
    cpSync(join(root, ".github/assent/plugins/examples"), plugins, { recursive: true });
    const { status, stdout, stderr } = assent("plugin", "test", "--format", "json");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(JSON.parse(stdout)).toMatchObject({ format: "assent.plugin-test/v1", ok: true });
    rmSync(plugins, { recursive: true });
  });

  it("holds no source map, test, script or Node binary", () => {
    const files = readdirSync(join(folder, "package"), { recursive: true, encoding: "utf8" });
    expect(
      files.filter((path) => /\.map$|(?<!\.d)\.ts$|(?:^|\/)(?:test|scripts|bin|node_modules)\//.test(path)),
    ).toEqual([]);
  });
});
