/**
 * Attacks on the reading of a repository: what its configuration, attributes, hooks, environment, names and objects can
 * do. Nothing may run, nothing may be replaced, and what is read is what its id promises.
 */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { discoverRepository } from "../../src/adapters/git/discover.ts";
import { openEmbedded } from "../../src/adapters/git/embedded.ts";
import { openRepository } from "../../src/adapters/git/open.ts";
import { findGit } from "../../src/adapters/git/process.ts";
import { openWorkTree } from "../../src/adapters/worktree/open.ts";
import type { Repository } from "../../src/app/ports.ts";
import { Failure } from "../../src/core/model/failure.ts";
import { git, makeHistory, newFolder, newRepository, plainEnvironment } from "../repository-on-disk.ts";

const now = (): number => 1_800_000_000;
type Open = (folder: string, env?: Readonly<Record<string, string>>) => Promise<Repository>;

const withBinary: Open = async (folder, env = plainEnvironment) => {
  const opened = await openRepository(folder, { env, now });
  if (opened === undefined) throw new Error("no repository");
  return opened;
};
const embedded: Open = async (folder, env = plainEnvironment) => {
  const place = discoverRepository(folder);
  if (place === undefined) throw new Error("no repository");
  return openEmbedded(place, { env, now });
};

async function codeOf(run: () => Promise<unknown>): Promise<string> {
  try {
    await run();
  } catch (error) {
    if (error instanceof Failure) return error.code;
    throw error;
  }
  return "nothing failed";
}

/** A repository of three landings, checked out, with a program that tells when it ran. */
function newVictim(): { folder: string; oids: readonly string[]; evil: string; ran: () => boolean } {
  const folder = newRepository();
  const oids = makeHistory(folder, [
    { parents: [], files: { "registry/a": "1\n", "registry/b": "b\n" } },
    { parents: [0], files: { "registry/a": "2\n" } },
    { parents: [1], files: { "registry/a": "3\n" } },
  ]);
  git(folder, ["reset", "-q", "--hard"]);
  const mark = join(newFolder(), "ran");
  const evil = join(newFolder(), "evil");
  writeFileSync(evil, `#!/bin/sh\ntouch ${mark}\ncat\n`, { mode: 0o755 });
  return { folder, oids, evil, ran: () => existsSync(mark) };
}

/** Asks everything there is to ask. */
async function askEverything(repository: Repository, folder: string): Promise<void> {
  const head = await repository.resolveRevision("HEAD");
  const landings = await repository.landings(head);
  await repository.changesOf(landings);
  await repository.changedPaths(landings[0]?.oid ?? "", head);
  await repository.treeAt(head);
  await repository.mergeBases(head, landings[0]?.oid ?? "");
  await repository.tipOf("main");
  await repository.headTime();
  writeFileSync(join(folder, "registry/b"), `dirty ${Math.random()}\n`);
  await repository.dirtyPaths(openWorkTree(folder).readTree());
  await repository.commit(
    [{ path: "registry/b", content: readFileSync(join(folder, "registry/b")) }],
    "on main",
  );
  await repository.commit([{ path: "registry/new", content: "n" }], "beside", {
    branch: `side-${Date.now()}`,
  });
}

describe.each(Object.entries({ binary: withBinary, embedded }))("%s", { timeout: 60_000 }, (_name, open) => {
  test("no setting, attribute or hook of the repository runs anything", async () => {
    const { folder, evil, ran } = newVictim();
    const settings = {
      "core.fsmonitor": evil,
      "core.hooksPath": join(folder, "hooks"),
      "core.pager": evil,
      "core.editor": evil,
      "core.sshCommand": evil,
      "core.askPass": evil,
      "core.gitProxy": evil,
      "core.alternateRefsCommand": evil,
      "pager.log": evil,
      "pager.diff": evil,
      "diff.external": evil,
      "diff.evil.textconv": evil,
      "diff.evil.command": evil,
      "filter.evil.clean": evil,
      "filter.evil.smudge": evil,
      "filter.evil.process": evil,
      "filter.evil.required": "true",
      "merge.evil.driver": evil,
      "gpg.program": evil,
      "log.showSignature": "true",
      "credential.helper": `!${evil}`,
      "alias.diff": `!${evil}`,
      "alias.cat-file": `!${evil}`,
      "uploadpack.packObjectsHook": evil,
      "diff.orderFile": join(folder, "no-such-order"),
      "diff.renames": "copies",
      "diff.ignoreSubmodules": "all",
      "diff.noprefix": "true",
      "diff.relative": "true",
      "color.ui": "always",
      "i18n.logOutputEncoding": "UTF-16",
      "core.quotePath": "true",
      "core.abbrev": "4",
      "core.worktree": "/",
      "extensions.partialClone": "",
    };
    for (const [key, value] of Object.entries(settings))
      if (value !== "") git(folder, ["config", key, value]);
    for (const place of [join(folder, "hooks"), join(folder, ".git/hooks")]) {
      mkdirSync(place, { recursive: true });
      for (const name of [
        "pre-commit",
        "commit-msg",
        "post-commit",
        "reference-transaction",
        "post-index-change",
        "post-checkout",
        "fsmonitor-watchman",
        "pre-auto-gc",
        "update",
      ]) {
        writeFileSync(join(place, name), `#!/bin/sh\n${evil} </dev/null\n`, { mode: 0o755 });
      }
    }
    writeFileSync(join(folder, ".gitattributes"), "* filter=evil diff=evil merge=evil text\n");
    writeFileSync(join(folder, ".git/info/attributes"), "* filter=evil diff=evil\n");
    await askEverything(await open(folder), folder);
    expect(ran()).toBe(false);
    // The trap was live: git itself walks into it.
    git(folder, ["config", "--unset", "core.worktree"]);
    expect(() => git(folder, ["status"])).toThrow("evil");
    expect(ran()).toBe(true);
  });

  test("no variable of the environment points it elsewhere or runs anything", async () => {
    const { folder, oids, evil, ran } = newVictim();
    const other = newRepository();
    makeHistory(other, [{ parents: [], files: { "registry/other": "x" } }]);
    const env = {
      ...plainEnvironment,
      GIT_DIR: join(other, ".git"),
      GIT_WORK_TREE: other,
      GIT_COMMON_DIR: join(other, ".git"),
      GIT_INDEX_FILE: join(other, ".git/index"),
      GIT_OBJECT_DIRECTORY: join(other, ".git/objects"),
      GIT_ALTERNATE_OBJECT_DIRECTORIES: join(other, ".git/objects"),
      GIT_NAMESPACE: "elsewhere",
      GIT_CEILING_DIRECTORIES: folder,
      GIT_EXTERNAL_DIFF: evil,
      GIT_PAGER: evil,
      PAGER: evil,
      GIT_SSH: evil,
      GIT_SSH_COMMAND: evil,
      GIT_ASKPASS: evil,
      GIT_EDITOR: evil,
      GIT_EXEC_PATH: newFolder(),
      GIT_CONFIG_GLOBAL: join(other, "config"),
      GIT_CONFIG_PARAMETERS: `'core.fsmonitor=${evil}'`,
      GIT_CONFIG_COUNT: "1",
      GIT_CONFIG_KEY_0: "core.fsmonitor",
      GIT_CONFIG_VALUE_0: evil,
      GIT_TRACE: join(folder, "trace"),
      GIT_LITERAL_PATHSPECS: "0",
      GIT_GLOB_PATHSPECS: "1",
      GIT_REPLACE_REF_BASE: "refs/evil",
      LD_PRELOAD: "/nonexistent.so",
    };
    const repository = await open(folder, env);
    expect([await repository.head(), (await repository.landings(oids[2] ?? "")).length]).toEqual([
      oids[2],
      3,
    ]);
    await askEverything(repository, folder);
    expect([ran(), existsSync(join(folder, "trace"))]).toEqual([false, false]);
    expect(git(other, ["log", "--format=%s", "--all"]).trim().split("\n")).toEqual(["commit 0"]);
  });

  test("replace refs and grafts change no history", async () => {
    const { folder, oids } = newVictim();
    git(folder, ["replace", oids[1] ?? "", oids[0] ?? ""]);
    const blob = (name: string): string => git(folder, ["--no-replace-objects", "rev-parse", name]).trim();
    git(folder, ["replace", blob(`${oids[2]}:registry/a`), blob(`${oids[0]}:registry/a`)]);
    writeFileSync(join(folder, ".git/info/grafts"), `${oids[2]} ${oids[0]}\n`);
    const repository = await open(folder);
    expect((await repository.landings(oids[2] ?? "")).map((landing) => landing.oid)).toEqual(oids);
    expect(await repository.mergeBases(oids[1] ?? "", oids[2] ?? "")).toEqual([oids[1]]);
    expect(
      Buffer.from((await repository.treeAt(oids[2] ?? "")).get("registry/a")?.read() ?? []).toString(),
    ).toBe("3\n");
  });

  test("an object with other bytes than its id promises is refused", async () => {
    const { folder, oids } = newVictim();
    const place = (oid: string): string => join(folder, ".git/objects", oid.slice(0, 2), oid.slice(2));
    const oid = git(folder, ["rev-parse", `${oids[2]}:registry/a`]).trim();
    const forged = deflateSync(Buffer.from("blob 5\0evil\n"));
    chmodSync(place(oid), 0o644);
    writeFileSync(place(oid), forged);
    const repository = await open(folder);
    expect(await codeOf(() => repository.treeAt(oids[2] ?? ""))).toMatch(/^git\/(?:corrupt-object|failed)$/);
    const commit = oids[1] ?? "";
    const text = git(folder, ["cat-file", "commit", commit]).replace("Ada", "Eve");
    chmodSync(place(commit), 0o644);
    writeFileSync(place(commit), deflateSync(Buffer.from(`commit ${text.length}\0${text}`)));
    expect(await codeOf(() => repository.landings(oids[2] ?? ""))).toMatch(
      /^git\/(?:corrupt-object|failed)$/,
    );
  });

  test("revisions, paths and branches are never options, patterns or several", async () => {
    const { folder, oids } = newVictim();
    git(folder, ["update-ref", "refs/heads/--output=pwned", oids[0] ?? ""]);
    const repository = await open(folder);
    for (const revision of [
      "--output=pwned",
      "--exec=touch pwned",
      "-p",
      "--all",
      "main..HEAD",
      "^main",
      "main^@",
      "main^!",
      "main^-",
      "main...side",
      "main main",
      ":/commit",
      "HEAD\n--all",
      "HEAD\0",
    ]) {
      expect([
        revision,
        (await codeOf(() => repository.resolveRevision(revision))) === "nothing failed" &&
          revision !== ":/commit",
      ]).toEqual([revision, false]);
    }
    const head = oids[2] ?? "";
    for (const path of [
      "--output=pwned",
      ":(glob)**",
      ":!registry",
      "*",
      "registry/*",
      "/",
      "..",
      ":/",
      "-r",
      "",
    ]) {
      expect([path, (await repository.treeAt(head, { paths: [path] })).files]).toEqual([path, []]);
      expect([path, await repository.changedPaths(oids[0] ?? "", head, { paths: [path] })]).toEqual([
        path,
        [],
      ]);
    }
    for (const oid of ["HEAD", "--output=pwned", "", head.slice(0, 39), head.toUpperCase()]) {
      await expect(repository.treeAt(oid)).rejects.toThrow("not a full object id");
      await expect(repository.readBlobs([oid])).rejects.toThrow("not a full object id");
    }
    expect(readdirSync(folder).sort()).toEqual([".git", "registry"]);
  });

  test("a repository hidden below the work tree is not the one that is read", async () => {
    const { folder, oids } = newVictim();
    git(folder, ["init", "-q", "--bare", "registry/bare"]);
    expect((await open(join(folder, "registry"))).root).toBe(folder);
    mkdirSync(join(folder, "registry/fake/.git"), { recursive: true });
    writeFileSync(join(folder, "registry/fake/.git/config"), "x");
    expect(await (await open(join(folder, "registry/fake"))).head()).toBe(oids[2]);
    writeFileSync(join(folder, "registry/file.git"), "x");
    mkdirSync(join(folder, "registry/looped"));
    symlinkSync(".git", join(folder, "registry/looped/.git"));
    expect((await open(join(folder, "registry"))).root).toBe(folder);
    expect(discoverRepository(join(folder, "no-such-folder"))).toBeUndefined();
  });
});

describe("the binary", { timeout: 60_000 }, () => {
  test("is taken from absolute entries of the path only, and its absence means the embedded reading", async () => {
    const { folder, oids, evil, ran } = newVictim();
    renameSync(evil, join(evil, "../git"));
    expect(findGit({ PATH: "::.:bin" })).toBeUndefined();
    expect(findGit({})).toBeUndefined();
    expect(findGit({ PATH: `.:${join(evil, "..")}` })).toBe(join(evil, "../git"));
    const repository = await withBinary(folder, { PATH: ".:" });
    expect([await repository.head(), ran()]).toEqual([oids[2], false]);
  });

  test("a blobless clone is completed in one fetch, unless its settings would run a program then", async () => {
    const { folder, oids, evil, ran } = newVictim();
    git(folder, ["config", "uploadpack.allowFilter", "true"]);
    git(folder, ["config", "uploadpack.allowAnySHA1InWant", "true"]);
    const place = newFolder();
    for (const name of ["good", "bad"])
      git(place, ["clone", "-q", "--no-checkout", "--filter=blob:none", `file://${folder}`, name]);
    const good = await withBinary(join(place, "good"));
    expect(Buffer.from((await good.treeAt(oids[1] ?? "")).get("registry/a")?.read() ?? []).toString()).toBe(
      "2\n",
    );
    expect((await good.changesOf(await good.landings(oids[2] ?? ""))).flat()).toHaveLength(4);
    git(join(place, "bad"), ["config", "remote.origin.uploadpack", evil]);
    const bad = await withBinary(join(place, "bad"));
    expect(await bad.landings(oids[2] ?? "")).toHaveLength(3);
    expect(await codeOf(() => bad.treeAt(oids[1] ?? ""))).toBe("git/partial-clone");
    expect(ran()).toBe(false);
  });
});
