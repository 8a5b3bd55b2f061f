/** A snapshot on disk: whole at every moment, nobody else's files touched, no link followed. */
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { execFile, spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openSnapshotFolder } from "../../src/adapters/snapshot-folder.ts";
import { Failure } from "../../src/core/model/failure.ts";
import { MANIFEST_PATH } from "../../src/core/model/snapshot.ts";
import { sliceFor, loadManifest, loadSlice } from "../../src/core/resolve/load.ts";
import { createResolver } from "../../src/core/resolve/resolve.ts";
import { at, compiled, live } from "../compiled.ts";
import { newFolder } from "../repository-on-disk.ts";

const old = compiled({ [at("")]: live("1.0.0") });
const next = compiled({ [at("")]: live("2.0.0") });

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8", withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

/** The version that a folder answers with; throws when it is not whole. */
function answerOf(folder: string): string {
  const { read } = openSnapshotFolder("/", folder);
  const loaded = loadManifest(read(MANIFEST_PATH) ?? new Uint8Array());
  const slice = sliceFor(loaded.manifest, "prod", null);
  const resolver = createResolver(
    loaded,
    slice === undefined ? [] : [loadSlice(loaded, slice, read(slice.path) ?? new Uint8Array())],
  );
  const answer = resolver.resolve({ environment: "prod", usecase: "fraud/score" });
  for (const { path } of loaded.manifest.files) expect(read(path)).toBeDefined();
  return "bundle" in answer ? (answer.bundle?.ref ?? "none") : answer.code;
}

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof Failure) return error.code;
    throw error;
  }
  return "none";
}

describe("writing", () => {
  it("makes the folder, replaces an older snapshot, and leaves exactly the new one", () => {
    const folder = join(newFolder(), "a/b");
    openSnapshotFolder("/", folder).replace(old.files);
    expect(filesBelow(folder)).toEqual(old.files.map(({ path }) => path).sort());
    openSnapshotFolder("/", folder).replace(next.files);
    expect(filesBelow(folder)).toEqual(next.files.map(({ path }) => path).sort());
    expect(answerOf(folder)).toBe("bundle:fraud/score@2.0.0");
    for (const { path, bytes } of next.files)
      expect(readFileSync(join(folder, path)).equals(bytes)).toBe(true);
  });

  it("leaves what stands already, and heals what somebody broke", () => {
    const folder = newFolder();
    openSnapshotFolder("/", folder).replace(old.files);
    const victim = old.files.find(({ path }) => path.startsWith("slices/"))?.path ?? "";
    writeFileSync(join(folder, victim), "x");
    openSnapshotFolder("/", folder).replace(old.files);
    expect(answerOf(folder)).toBe("bundle:fraud/score@1.0.0");
  });

  it("is one whole snapshot after two processes wrote different ones at once, again and again", async () => {
    const folder = newFolder();
    const source = newFolder();
    for (const [name, { files }] of [["old", old] as const, ["next", next] as const]) {
      const texts = files.map(({ path, bytes }) => ({ path, text: Buffer.from(bytes).toString("base64") }));
      writeFileSync(join(source, `${name}.json`), JSON.stringify(texts));
    }
    // Each writes both in turn, beginning with its own, so that they meet at every step.
    const script = `
      import { readFileSync } from "node:fs";
      import { openSnapshotFolder } from ${JSON.stringify(join(import.meta.dirname, "../../src/adapters/snapshot-folder.ts"))};
      const [,, folder, ...names] = process.argv;
      const snapshots = names.map((name) => JSON.parse(readFileSync(${JSON.stringify(source)} + "/" + name + ".json", "utf8"))
        .map(({ path, text }) => ({ path, bytes: Buffer.from(text, "base64") })));
      for (let round = 0; round < 40; round++) openSnapshotFolder("/", folder).replace(snapshots[round % 2]);
    `;
    writeFileSync(join(source, "child.ts"), script);
    const child = (...names: readonly string[]): Promise<string> =>
      new Promise((done) => {
        const argv = ["--disable-warning=ExperimentalWarning", join(source, "child.ts"), folder, ...names];
        execFile(process.execPath, argv, (_error, _stdout, stderr) => done(stderr));
      });
    for (let round = 0; round < 6; round++) {
      expect(await Promise.all([child("old", "next"), child("next", "old")])).toEqual(["", ""]);
      expect(answerOf(folder)).toMatch(/^bundle:fraud\/score@[12]\.0\.0$/);
    }
    openSnapshotFolder("/", folder).replace(next.files);
    expect(filesBelow(folder)).toEqual(next.files.map(({ path }) => path).sort());
  });

  it("is old or new, whole, wherever the process is killed", () => {
    const folder = newFolder();
    const source = newFolder();
    for (const [name, snapshot] of [
      ["old", old],
      ["next", next],
    ] as const) {
      const files = snapshot.files.map(({ path, bytes }) => ({
        path,
        text: Buffer.from(bytes).toString("base64"),
      }));
      writeFileSync(join(source, `${name}.json`), JSON.stringify(files));
    }
    // Ends the process at its n-th step on the file system, before the step is done.
    const script = `
      import fs from "node:fs";
      import { syncBuiltinESMExports } from "node:module";
      const [,, folder, name, last] = process.argv;
      let step = 0;
      for (const call of ["mkdirSync", "openSync", "writeSync", "renameSync", "rmSync"]) {
        const real = fs[call];
        fs[call] = (...args) => { if (++step === Number(last)) process.kill(process.pid, "SIGKILL"); return real(...args); };
      }
      syncBuiltinESMExports();
      const { openSnapshotFolder } = await import(${JSON.stringify(join(import.meta.dirname, "../../src/adapters/snapshot-folder.ts"))});
      const files = JSON.parse(fs.readFileSync(${JSON.stringify(source)} + "/" + name + ".json", "utf8"));
      openSnapshotFolder("/", folder).replace(files.map(({ path, text }) => ({ path, bytes: Buffer.from(text, "base64") })));
      fs.writeFileSync(folder + "/../steps", String(step));
    `;
    writeFileSync(join(source, "write.mjs"), script);
    const write = (target: string, name: string, last: number): number | null =>
      spawnSync(process.execPath, [join(source, "write.mjs"), target, name, String(last)]).status;
    const seen = new Set<string>();
    const target = join(folder, "snapshot");
    for (let step = 1, ended = false; !ended; step += 4) {
      openSnapshotFolder("/", target).replace(old.files);
      ended = write(target, "next", step) === 0;
      seen.add(answerOf(target));
      expect(step).toBeLessThan(500);
    }
    expect([...seen].sort()).toEqual(["bundle:fraud/score@1.0.0", "bundle:fraud/score@2.0.0"]);
    expect(filesBelow(target)).toEqual(next.files.map(({ path }) => path).sort());
  });

  it("refuses a folder with anything else in it, and touches nothing there", () => {
    for (const [path, isFolder] of [
      ["notes.txt", false],
      ["src", true],
      ["slices/mine.txt", false],
      ["catalogue/sub", true],
    ] as const) {
      const folder = newFolder();
      mkdirSync(join(folder, "slices"));
      mkdirSync(join(folder, "catalogue"));
      if (isFolder) mkdirSync(join(folder, path));
      else writeFileSync(join(folder, path), "mine");
      const before = filesBelow(folder);
      expect([path, codeOf(() => openSnapshotFolder("/", folder).replace(old.files))]).toEqual([
        path,
        "snapshot/foreign-folder",
      ]);
      expect(filesBelow(folder)).toEqual(before);
    }
  });

  it("follows no link, neither the folder itself nor one in it", () => {
    const [folder, elsewhere] = [newFolder(), newFolder()];
    symlinkSync(elsewhere, join(folder, "link"));
    expect(codeOf(() => openSnapshotFolder(folder, "link").replace(old.files))).toBe(
      "snapshot/foreign-folder",
    );
    const within = newFolder();
    symlinkSync(elsewhere, join(within, "slices"));
    expect(codeOf(() => openSnapshotFolder("/", within).replace(old.files))).toBe("snapshot/foreign-folder");
    expect(readdirSync(elsewhere)).toEqual([]);
  });

  it("says what a disk refuses as a failure", () => {
    const folder = newFolder();
    writeFileSync(join(folder, "file"), "");
    expect(codeOf(() => openSnapshotFolder(folder, "file/below").replace(old.files))).toBe("snapshot/write");
    expect(codeOf(() => openSnapshotFolder(folder, "file").replace(old.files))).toBe(
      "snapshot/foreign-folder",
    );
  });
});

describe("reading", () => {
  it("reads only regular files with the paths of a snapshot", () => {
    const folder = newFolder();
    openSnapshotFolder("/", folder).replace(old.files);
    const { read } = openSnapshotFolder("/", folder);
    for (const path of ["../x", "slices/../manifest.json", "slices", "", "/etc/passwd", "notes.txt"])
      expect(read(path)).toBeUndefined();
    expect(read(`slices/${"0".repeat(64)}.json`)).toBeUndefined();
    const linked = `slices/${"1".repeat(64)}.json`;
    symlinkSync(join(folder, MANIFEST_PATH), join(folder, linked));
    expect(codeOf(() => read(linked))).toBe("snapshot/unreadable");
    const piped = `slices/${"2".repeat(64)}.json`;
    spawnSync("mkfifo", [join(folder, piped)]);
    if (existsSync(join(folder, piped))) expect(read(piped)).toBeUndefined();
  });
});
