/** Attacks on the files on disk: what is not a plain file, what leads elsewhere, what cannot be read or written. */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { findRegistryFolder, openWorkTree, readInput } from "../../src/adapters/worktree/open.ts";
import { Failure } from "../../src/core/model/failure.ts";
import { compareBytes } from "../../src/core/model/json.ts";
import { bytesOfPath, pathOfBytes } from "../../src/core/model/path.ts";
import { newFolder } from "../repository-on-disk.ts";

function failureOf(run: () => unknown): Failure {
  try {
    run();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error("nothing failed");
}

/** A folder with `registry/` and a file outside of it that nobody may reach. */
function newRoot(): { root: string; outside: string } {
  const folder = newFolder();
  const root = join(folder, "root");
  const outside = join(folder, "outside");
  mkdirSync(join(root, "registry"), { recursive: true });
  mkdirSync(outside);
  writeFileSync(join(outside, "secret.yaml"), "secret");
  return { root, outside };
}

function modesOf(root: string): string[] {
  return openWorkTree(root)
    .readTree()
    .files.map((file) => `${file.mode} ${file.path}`);
}

describe("reading", { timeout: 60_000 }, () => {
  test("hidden files, symlinks, executable bits and nested repositories are told, never followed", () => {
    const { root, outside } = newRoot();
    const registry = join(root, "registry");
    mkdirSync(join(registry, "a/sub"), { recursive: true });
    mkdirSync(join(registry, "nested"));
    mkdirSync(join(registry, "only-git"));
    mkdirSync(join(root, ".github"));
    mkdirSync(join(root, "src"));
    writeFileSync(join(registry, "nested/.git"), "gitdir: /elsewhere");
    mkdirSync(join(registry, "only-git/.git"));
    writeFileSync(join(registry, "nested/entry.yaml"), "x");
    writeFileSync(join(registry, "a/.hidden"), "h");
    writeFileSync(join(registry, "a.yaml"), "a");
    writeFileSync(join(registry, "a/run.yaml"), "x", { mode: 0o755 });
    writeFileSync(join(root, "CODEOWNERS"), "* @x");
    writeFileSync(join(root, ".github/.x.yml"), "x");
    writeFileSync(join(root, "src/ignored"), "x");
    symlinkSync(outside, join(registry, "a/link"));
    symlinkSync(join(outside, "secret.yaml"), join(registry, "z.yaml"));
    symlinkSync("..", join(registry, "a/sub/loop"));
    symlinkSync("nowhere", join(registry, "dangling"));
    expect(modesOf(root)).toEqual([
      "100644 .github/.x.yml",
      "100644 CODEOWNERS",
      "100644 registry/a.yaml",
      "100644 registry/a/.hidden",
      "120000 registry/a/link",
      "100755 registry/a/run.yaml",
      "120000 registry/a/sub/loop",
      "120000 registry/dangling",
      "160000 registry/nested",
      "160000 registry/only-git",
      "120000 registry/z.yaml",
    ]);
    const tree = openWorkTree(root).readTree();
    expect(Buffer.from(tree.get("registry/z.yaml")?.read() ?? []).toString()).toBe(
      join(outside, "secret.yaml"),
    );
    const also = openWorkTree(root).readTree({ also: ["src", "../outside", "registry/a", "/etc/hosts"] });
    expect(also.files.map((file) => file.path).filter((path) => !path.startsWith("registry"))).toEqual([
      ".github/.x.yml",
      "CODEOWNERS",
      "src/ignored",
    ]);
    expect(also.files).toHaveLength(tree.files.length + 1);
  });

  test("a registry folder that is a symlink is a symlink, not a registry", () => {
    const { root, outside } = newRoot();
    rmSync(join(root, "registry"), { recursive: true });
    symlinkSync(outside, join(root, "registry"));
    expect(modesOf(root)).toEqual(["120000 registry"]);
    expect(failureOf(() => openWorkTree(root).readFile("registry/secret.yaml")).code).toBe(
      "worktree/symlink",
    );
    expect(
      failureOf(() => openWorkTree(root).write([{ path: "registry/new.yaml", content: "x" }])).code,
    ).toBe("worktree/symlink");
    expect(readdirSync(outside)).toEqual(["secret.yaml"]);
  });

  test("pipes and sockets stop the reading instead of hanging it", async () => {
    const { root } = newRoot();
    const special = join(root, "registry/entry.yaml");
    execFileSync("mkfifo", [special]);
    expect(failureOf(() => modesOf(root)).code).toBe("worktree/special-file");
    expect(failureOf(() => openWorkTree(root).readFile("registry/entry.yaml")).code).toBe(
      "worktree/special-file",
    );
    expect(
      failureOf(() => openWorkTree(root).write([{ path: "registry/entry.yaml", content: "x" }])).code,
    ).toBe("worktree/in-the-way");
    unlinkSync(special);
    const server = createServer().listen(special);
    await once(server, "listening");
    expect(failureOf(() => modesOf(root)).code).toBe("worktree/special-file");
    server.close();
    await once(server, "close");
    symlinkSync("/dev/zero", special);
    expect(modesOf(root)).toEqual(["120000 registry/entry.yaml"]);
  });

  test("a file nobody may read is named, with what to do", () => {
    const { root } = newRoot();
    writeFileSync(join(root, "registry/closed.yaml"), "x", { mode: 0 });
    mkdirSync(join(root, "registry/open"));
    chmodSync(join(root, ".."), 0o755);
    const script = `import { openWorkTree } from ${JSON.stringify(resolve("src/adapters/worktree/open.ts"))};
      try { openWorkTree(process.argv[1]).readTree(); } catch (error) { console.log(error.code, error.message, error.hint); }`;
    const asNobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
    const said = execFileSync(process.execPath, ["--input-type=module", "-e", script, root], {
      ...asNobody,
      encoding: "utf8",
    });
    expect(said).toBe(
      "worktree/unreadable registry/closed.yaml cannot be read (EACCES). Give yourself the right to read it, or remove it.\n",
    );
  });

  test("odd names keep their bytes, and have one order", () => {
    const { root } = newRoot();
    const registry = Buffer.from(join(root, "registry/"));
    const names = [
      "\xff.yaml",
      "\xfe.yaml",
      "caf\xc3\xa9",
      "\xef\xbf\xbd",
      "a\nb",
      'q"\\',
      "-x",
      "\xed\xa0\x80",
      "\xf0\x9f\x98\x80",
      "\xef\xbf\xbf",
    ].map((name) => Buffer.from(name, "latin1"));
    for (const name of names) writeFileSync(Buffer.concat([registry, name]), name);
    mkdirSync(Buffer.concat([registry, Buffer.from([0xc3, 0x28])]));
    writeFileSync(Buffer.concat([registry, Buffer.from([0xc3, 0x28]), Buffer.from("/x")]), "inside");
    const files = openWorkTree(root).readTree().files;
    const bytes = files.map((file) => Buffer.from(bytesOfPath(file.path)).subarray("registry/".length));
    const expected = [...names, Buffer.from([0xc3, 0x28, 0x2f, 0x78])]
      .map((name) => pathOfBytes(name))
      .sort(compareBytes);
    expect(bytes.map((name) => pathOfBytes(name))).toEqual(expected);
    expect(new Set(files.map((file) => file.path)).size).toBe(names.length + 1);
    expect(
      files.every((file, index) =>
        ["inside", bytes[index]?.toString("latin1")].includes(Buffer.from(file.read()).toString("latin1")),
      ),
    ).toBe(true);
  });

  test("deep, wide and huge trees are read or refused, and quickly", () => {
    const { root } = newRoot();
    writeFileSync(join(root, "registry/huge.yaml"), "");
    truncateSync(join(root, "registry/huge.yaml"), 2 ** 36);
    for (let index = 0; index < 3000; index++) writeFileSync(join(root, `registry/${index}`), "");
    const started = performance.now();
    const tree = openWorkTree(root).readTree();
    expect([tree.files.length, tree.get("registry/huge.yaml")?.read().length]).toEqual([
      3001,
      16 * 1024 * 1024,
    ]);
    expect(performance.now() - started).toBeLessThan(2000);
    rmSync(join(root, "registry"), { recursive: true });
    mkdirSync(join(root, "registry"));
    execFileSync(process.execPath, [
      "-e",
      'const fs = require("fs"); process.chdir(process.argv[1]); for (let i = 0; i < 9000; i++) { fs.mkdirSync("d"); process.chdir("d"); }',
      join(root, "registry"),
    ]);
    expect(failureOf(() => modesOf(root)).code).toBe("worktree/path-too-long");
    execFileSync("rm", ["-rf", join(root, "registry")]);
  });

  test("nothing to read is an empty tree, and no folder is a failure", () => {
    const { root } = newRoot();
    rmSync(join(root, "registry"), { recursive: true });
    expect(modesOf(root)).toEqual([]);
    expect([
      openWorkTree(root).readFile("registry/a"),
      openWorkTree(root).readFile("../outside/secret.yaml"),
    ]).toEqual([undefined, undefined]);
    expect(failureOf(() => openWorkTree(join(root, "none"))).code).toBe("worktree/no-folder");
    expect(findRegistryFolder(root)).toBeUndefined();
    expect(failureOf(() => readInput(root, "none.json")).code).toBe("file/unreadable");
    expect(Buffer.from(readInput(root, "../outside/secret.yaml")).toString()).toBe("secret");
  });
});

describe("writing", { timeout: 60_000 }, () => {
  test("every path that leaves the root or enters .git is refused before anything is written", () => {
    const { root, outside } = newRoot();
    symlinkSync(outside, join(root, "registry/link"));
    symlinkSync(join(outside, "secret.yaml"), join(root, "registry/file.yaml"));
    writeFileSync(join(root, "registry/plain"), "plain");
    const table: Record<string, string> = {
      "../outside/secret.yaml": "unsafe-path",
      "/etc/passwd": "unsafe-path",
      "registry/../../x": "unsafe-path",
      "registry/./x": "unsafe-path",
      "registry//x": "unsafe-path",
      "": "unsafe-path",
      ".": "unsafe-path",
      ".git/config": "unsafe-path",
      "registry/.GIT/hooks/x": "unsafe-path",
      "registry/.git. /x": "unsafe-path",
      "registry/.git::$INDEX_ALLOCATION/x": "unsafe-path",
      "registry/GIT~1/x": "unsafe-path",
      "registry/.g\u200cit/x": "unsafe-path",
      "registry\\..\\x": "unsafe-path",
      "C:/x": "unsafe-path",
      "registry/a\0b": "unsafe-path",
      "registry/link/secret.yaml": "symlink",
      "registry/file.yaml": "symlink",
      "registry/plain/x": "in-the-way",
      registry: "in-the-way",
    };
    for (const [path, code] of Object.entries(table)) {
      const changes = [
        { path: "registry/0.yaml", content: "first" },
        { path, content: "x" },
      ];
      expect([path, failureOf(() => openWorkTree(root).write(changes)).code]).toEqual([
        path,
        `worktree/${code}`,
      ]);
      expect(failureOf(() => openWorkTree(root).write([{ path, content: null }])).code).toBe(
        `worktree/${code}`,
      );
    }
    expect(readdirSync(join(root, "registry")).sort()).toEqual(["file.yaml", "link", "plain"]);
    expect(readFileSync(join(outside, "secret.yaml"), "utf8")).toBe("secret");
  });

  test("files are written whole, folders come and go with them", () => {
    const { root } = newRoot();
    const tree = openWorkTree(root);
    const big = "line\n".repeat(300_000);
    tree.write([
      { path: "registry/a/b/c.yaml", content: "1" },
      { path: "registry/big", content: big },
      { path: "CODEOWNERS", content: new Uint8Array([120]) },
    ]);
    tree.write([
      { path: "registry/a/b/c.yaml", content: "2" },
      { path: "registry/none", content: null },
    ]);
    expect([
      readFileSync(join(root, "registry/a/b/c.yaml"), "utf8"),
      readFileSync(join(root, "registry/big"), "utf8") === big,
    ]).toEqual(["2", true]);
    tree.write([
      { path: "registry/a/b/c.yaml", content: null },
      { path: "registry/big", content: null },
    ]);
    expect([existsSync(join(root, "registry")), readdirSync(root)]).toEqual([false, ["CODEOWNERS"]]);
    tree.write(
      Array.from({ length: 300 }, (_, index) => ({
        path: `registry/models/p${index % 150}/m${index}/1.0.0.yaml`,
        content: `${index}`,
      })),
    );
    expect(tree.readTree().files).toHaveLength(301);
  });

  test("what the system refuses is a failure, and leaves no half file", () => {
    const { root } = newRoot();
    const name = "n".repeat(300);
    const failure = failureOf(() => openWorkTree(root).write([{ path: `registry/${name}/x`, content: "x" }]));
    expect([failure.code, readdirSync(join(root, "registry"))]).toEqual(["worktree/write", []]);
  });

  test("killed at any moment, the file is the old or the new one, whole", async () => {
    const { root } = newRoot();
    const path = join(root, "registry/entry.yaml");
    const texts = ["a".repeat(200_000), "b".repeat(200_000)];
    writeFileSync(path, texts[0] ?? "");
    const script = `import { openWorkTree } from ${JSON.stringify(resolve("src/adapters/worktree/open.ts"))};
      const tree = openWorkTree(process.argv[1]);
      console.log("ready");
      for (;;) for (const letter of "ba") tree.write([{ path: "registry/entry.yaml", content: letter.repeat(200_000) }]);`;
    for (let round = 0; round < 8; round++) {
      const child = spawn(process.execPath, ["--input-type=module", "-e", script, root], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      await once(child.stdout, "data");
      // Reads until the writer has been seen at work, then kills it wherever it is.
      for (let seen = 0; seen < 20 + round * 7; seen++) expect(texts).toContain(readFileSync(path, "utf8"));
      child.kill("SIGKILL");
      await once(child, "exit");
      expect(texts).toContain(readFileSync(path, "utf8"));
    }
  });

  test("a folder that is swapped for a symlink while it is written to leads nowhere", async () => {
    const { root, outside } = newRoot();
    const script = `import { openWorkTree } from ${JSON.stringify(resolve("src/adapters/worktree/open.ts"))};
      const tree = openWorkTree(process.argv[1]);
      console.log("ready");
      for (let n = 0; n < 1500; n++) try { tree.write([{ path: "registry/swap/in/" + n + ".yaml", content: "x" }]); } catch (error) { if (!String(error.code).startsWith("worktree/")) throw error; }`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script, root], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(child.stdout, "data");
    const swap = join(root, "registry/swap");
    mkdirSync(join(outside, "in"));
    while (child.exitCode === null) {
      try {
        if (existsSync(swap) && !lstatSync(swap).isSymbolicLink())
          renameSync(swap, join(root, `kept-${performance.now()}`));
        else rmSync(swap, { force: true });
        symlinkSync(outside, swap);
      } catch {
        // The writer was quicker; the next round swaps again.
      }
      await new Promise((next) => setImmediate(next));
      try {
        rmSync(swap, { force: true, recursive: true });
      } catch {
        // A file came in while the folder was emptied.
      }
      await new Promise((next) => setImmediate(next));
    }
    expect(child.exitCode).toBe(0);
    expect([readdirSync(outside).sort(), readdirSync(join(outside, "in"))]).toEqual([
      ["in", "secret.yaml"],
      [],
    ]);
  });
});
