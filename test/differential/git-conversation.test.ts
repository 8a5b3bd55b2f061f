/**
 * One process of git for all of a command's questions: that it is one, that answers are the same where it cannot be had
 * or gives up in the middle, that it keeps nothing from ending, and that refs read from files are those that git tells.
 */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { discoverRepository } from "../../src/adapters/git/discover.ts";
import { openRepository } from "../../src/adapters/git/open.ts";
import { findGit } from "../../src/adapters/git/process.ts";
import { readHeadFile, readRefFile } from "../../src/adapters/git/ref-files.ts";
import type { Repository } from "../../src/app/ports.ts";
import { git, makeHistory, newFolder, newRepository, plainEnvironment } from "../repository-on-disk.ts";

const real = findGit(plainEnvironment) ?? "";

/** A git that notes what it is asked, and answers `--batch-command` in a way of its own. */
function gitThat(batch: string): { readonly env: Record<string, string>; asked(): readonly string[] } {
  const folder = newFolder();
  const log = join(folder, "asked");
  writeFileSync(log, "");
  const script = `#!/bin/sh\necho "$*" >> ${log}\ncase "$*" in *--batch-command*) ${batch} ;; esac\nexec ${real} "$@"\n`;
  writeFileSync(join(folder, "git"), script);
  chmodSync(join(folder, "git"), 0o755);
  const env = { ...plainEnvironment, PATH: `${folder}:${plainEnvironment.PATH}` };
  const command = / protocol\.ext\.allow=never (\S+)/;
  return {
    env,
    asked: () =>
      readFileSync(log, "utf8")
        .trim()
        .split("\n")
        .map((line) => command.exec(line)?.[1] ?? line),
  };
}

async function opened(folder: string, env: Record<string, string>): Promise<Repository> {
  const repository = await openRepository(folder, { env, now: () => 0 });
  if (repository === undefined) throw new Error("no repository");
  return repository;
}

const large = Buffer.alloc(3_000_000, "large ");

function made(): { readonly folder: string; readonly base: string; readonly head: string } {
  const folder = newRepository();
  const many = Object.fromEntries(
    Array.from({ length: 900 }, (_, at) => [`registry/many/${at % 7}/${at}.yaml`, `${at}`.repeat(2_000)]),
  );
  const oids = makeHistory(folder, [
    { parents: [], files: { "registry/a.yaml": "a", "registry/large": large, ...many } },
    ...Array.from({ length: 70 }, (_, at) => ({ parents: [at], files: { "registry/a.yaml": `${at}` } })),
    { parents: [70], files: { "registry/b/c.yaml": "new", "registry/a.yaml": null } },
  ]);
  return { folder, base: oids.at(-2) ?? "", head: oids.at(-1) ?? "" };
}

/** Everything that a judgement asks, as text. */
async function answers(repository: Repository, base: string, head: string): Promise<string> {
  const landings = await repository.landings(base);
  const tree = await repository.treeAt(base, { paths: ["registry"] });
  return JSON.stringify([
    await repository.resolveRevision("main"),
    await repository.resolveRevision("HEAD~3"),
    await repository.head(),
    await repository.tipOf("main"),
    await repository.mergeBases(base, head),
    await repository.commitsBetween(base, head),
    await repository.changedPaths(base, head, { paths: "everywhere" }),
    landings,
    await repository.changesOf(landings.slice(-5), { paths: ["registry/a.yaml"] }),
    [...(await repository.namesIn(base, ["registry/many", "registry/none"]))],
    tree.files.map(({ path, mode, read }) => [
      path,
      mode,
      read().length,
      Buffer.from(read().subarray(0, 20)).toString(),
    ]),
  ]);
}

test("a judgement's questions take one process, whatever they carry", { timeout: 60_000 }, async () => {
  const { folder, base, head } = made();
  const one = gitThat(`exec ${real} "$@"`);
  const whole = await answers(await opened(folder, one.env), base, head);
  expect(one.asked()).toEqual(["cat-file"]);
  for (const broken of [
    "echo usage >&2; exit 129",
    "exit 0",
    `sed -u 5q | ${real} "$@"; exit 0`,
    `sed -u 150q | ${real} "$@"; exit 128`,
    "kill -9 $$",
  ]) {
    const other = gitThat(broken);
    expect(await answers(await opened(folder, other.env), base, head), broken).toBe(whole);
    expect(other.asked().length, broken).toBeGreaterThan(1);
    expect(other.asked().length, broken).toBeLessThan(40);
  }
});

test(
  "an answer that is another object, or other bytes, is never handed out",
  { timeout: 60_000 },
  async () => {
    const { folder, base } = made();
    const swapped = gitThat(`${real} "$@" | sed -u 's/^parent ....../parent 000000/'; exit 0`);
    await expect((await opened(folder, swapped.env)).commitOf(base)).rejects.toThrow(
      "content its id promises",
    );
  },
);

test("a program that has asked ends by itself", { timeout: 60_000 }, () => {
  const { folder, head } = made();
  const script = join(newFolder(), "ask.ts");
  const module = join(import.meta.dirname, "../../src/adapters/git/open.ts");
  writeFileSync(
    script,
    `import { openRepository } from ${JSON.stringify(module)};
const repository = await openRepository(${JSON.stringify(folder)}, { env: process.env, now: () => 0 });
console.log(await repository.resolveRevision("HEAD"));
await repository.resolveRevision("nothing").catch(() => {});
`,
  );
  const { status, stdout } = spawnSync(process.execPath, [script], {
    env: plainEnvironment,
    encoding: "utf8",
    timeout: 30_000,
  });
  expect([status, stdout]).toEqual([0, `${head}\n`]);
});

test("it ends when nothing has been asked for a while, and starts again", { timeout: 60_000 }, async () => {
  const { folder, base, head } = made();
  const ended = gitThat(`${real} "$@"; echo ended >> $(dirname $0)/ended; exit 0`);
  const path = join(ended.env["PATH"]?.split(":")[0] ?? "", "ended");
  const repository = await opened(folder, ended.env);
  expect(await repository.resolveRevision("HEAD")).toBe(head);
  await expect.poll(() => readOr(path), { timeout: 30_000 }).toBe("ended\n");
  expect((await repository.commitOf(base)).oid).toBe(base);
  expect(ended.asked()).toEqual(["cat-file", "cat-file"]);
});

function readOr(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

test("refs in files are those of git; what is kept otherwise is left to git", () => {
  const { folder, base, head } = made();
  const place = discoverRepository(folder);
  if (place === undefined) throw new Error("no repository");
  const at = (ref: string): string | null | undefined => readRefFile(place, ref);
  const file = (ref: string, text: string): void => {
    mkdirSync(dirname(join(folder, ".git", ref)), { recursive: true });
    writeFileSync(join(folder, ".git", ref), text);
  };
  git(folder, ["update-ref", "refs/heads/packed", base]);
  git(folder, ["update-ref", "refs/heads/both", base]);
  git(folder, ["update-ref", "refs/heads/folder/below", base]);
  git(folder, ["update-ref", "refs/remotes/origin/main", base]);
  git(folder, ["tag", "-a", "-m", "x", "refs/heads/packed"]);
  git(folder, ["pack-refs", "--all"]);
  git(folder, ["update-ref", "refs/heads/both", head]);
  git(folder, ["update-ref", "refs/heads/loose", head]);
  const told = new Map(
    git(folder, ["for-each-ref", "--format=%(refname) %(objectname)"])
      .trim()
      .split("\n")
      .map((line) => line.split(" ") as [string, string]),
  );
  for (const name of [
    "heads/main",
    "heads/packed",
    "heads/both",
    "heads/loose",
    "heads/folder/below",
    "remotes/origin/main",
    "heads/folder",
    "heads/none",
    "heads/acked",
    "heads/packed/x",
  ])
    expect(at(`refs/${name}`), name).toBe(told.get(`refs/${name}`) ?? null);
  git(folder, ["symbolic-ref", "refs/heads/symbolic", "refs/heads/main"]);
  file("refs/heads/short", base.slice(1));
  file("refs/heads/zero", `${"0".repeat(40)}\n`);
  file("refs/heads/two", `${base}\n${head}\n`);
  symlinkSync("main", join(folder, ".git/refs/heads/link"));
  for (const name of ["symbolic", "short", "zero", "two", "link"])
    expect(at(`refs/heads/${name}`), name).toBe(undefined);
  const checkedOut = (text: string): string | null | undefined => {
    file("HEAD", text);
    return readHeadFile(place);
  };
  expect(checkedOut("ref: refs/heads/loose\n")).toBe(head);
  expect(checkedOut("ref: refs/heads/folder/below\n")).toBe(base);
  expect(checkedOut("ref: refs/heads/none\n")).toBe(null);
  for (const text of [
    `${head}\n`,
    "ref: refs/heads/symbolic\n",
    "ref: refs/tags/refs/heads/packed\n",
    "ref: refs/heads/../../secret\n",
    "ref: refs/heads/loose\nref: refs/heads/main\n",
    "refs/heads/loose\n",
    "",
  ])
    expect([text, checkedOut(text)]).toEqual([text, undefined]);
  unlinkSync(join(folder, ".git/HEAD"));
  symlinkSync("refs/heads/loose", join(folder, ".git/HEAD"));
  expect(readHeadFile(place)).toBe(undefined);
  expect(at("HEAD")).toBe(undefined);
  expect(at("refs/tags/refs/heads/packed")).toBe(undefined);
  mkdirSync(join(folder, ".git/reftable"));
  expect(at("refs/heads/loose")).toBe(undefined);
  spawnSync("rmdir", [join(folder, ".git/reftable")]);
  git(folder, ["config", "extensions.refStorage", "files"]);
  expect(at("refs/heads/loose")).toBe(undefined);
  unlinkSync(join(folder, ".git/config"));
  expect(at("refs/heads/loose")).toBe(undefined);
});
