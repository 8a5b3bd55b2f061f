/**
 * A repository read through the git binary: fast at any size. Each question is one process or few that run at once.
 * It must never pass anything to git but full object ids, checked names and literal paths.
 */
import type { Repository } from "../../app/ports.ts";
import { compareBytes } from "../../core/model/json.ts";
import {
  landingTime,
  numberLandings,
  type Commit,
  type Landing,
  type PathChange,
} from "../../core/model/landing.ts";
import { GOVERNED_ROOTS } from "../../core/model/path.ts";
import { treeOf, type Tree } from "../../core/model/tree.ts";
import { commitWithBinary } from "./binary-commit.ts";
import { isShallowPlace, type RepositoryPlace } from "./discover.ts";
import { dirtyAgainst, requireBranch, requireRevision, type ListedFile } from "./checks.ts";
import { missingObject, shallowHistory, unknownRevision } from "./failures.ts";
import { listFiles, parseRaw, pathspecs, records } from "./listing.ts";
import { changesNear, commitsNear, differenceNear, filesNear, mergeBaseNear, namesNear } from "./near.ts";
import { parseCommit, requireOid, type GitObject } from "./object.ts";
import { openObjects, type Objects, type ReadCommit } from "./objects.ts";
import { gitIn, gitRunning, type Environment, type Git, type ObjectFolders } from "./process.ts";
import { readHeadFile, readRefFile } from "./ref-files.ts";

const RAW = ["--raw", "-r", "-z", "--no-renames", "--no-abbrev", "--ignore-submodules=none"];

/** The repository at a place, read by this git. Starts no process yet. */
export function openWithBinary(
  binary: string,
  place: RepositoryPlace,
  env: Environment,
  folders: ObjectFolders = {},
): Repository {
  const git = gitIn(binary, place.root ?? place.gitDir, env, folders);
  const start = gitRunning(binary, place.root ?? place.gitDir, env, folders);
  const objects = openObjects(git, start);
  const shallow = (): boolean => isShallowPlace(place);
  const self: Repository = {
    root: place.root,
    resolveRevision: async (revision) =>
      (await objects.called(requireRevision(revision))) ?? resolveRevision(git, revision, shallow()),
    head: async () =>
      readHeadFile(place) ??
      (await objects.called("HEAD")) ??
      text(await git(["rev-parse", "--verify", "--quiet", "HEAD^{commit}"], { codes: [0, 1] })),
    headTime: async () => {
      const { stdout } = await git(["rev-list", "--first-parent", "--timestamp", "HEAD", "--"], {
        codes: [0, 128],
      });
      return landingTime(lines(stdout).map((line) => Number(line.split(" ")[0])));
    },
    currentBranch: async () => {
      const name = text(await git(["symbolic-ref", "--quiet", "HEAD"], { codes: [0, 1] }));
      return name?.startsWith("refs/heads/") === true ? name.slice("refs/heads/".length) : null;
    },
    tipOf: async (branch) => tipOf(git, place, requireBranch(branch)),
    isShallow: async () => shallow(),
    commitOf: async (oid) => plain(await objects.commit(oid)),
    treeAt: async (oid, options) => {
      const near = options?.paths && (await filesNear(objects, oid, options.paths));
      return treeOfFiles(objects, near ?? (await listFiles(git, oid, options?.paths ?? GOVERNED_ROOTS)));
    },
    changedPaths: async (from, to, options) => {
      const paths = options?.paths ?? GOVERNED_ROOTS;
      const isNear = from !== null || options?.paths !== undefined;
      const near = isNear ? await differenceNear(objects, from, to, paths) : undefined;
      return near ?? changedPaths(git, from, to, paths);
    },
    readCommits: async (oids) => {
      const found = await objects.read(oids);
      return new Map([...found].map(([oid, object]) => [oid, requireCommit(oid, object)]));
    },
    commitsBetween: async (base, head) => {
      if (shallow()) throw shallowHistory();
      const near = await commitsNear(objects, requireOid(base), requireOid(head));
      if (near !== undefined) return near;
      const { stdout } = await git(["rev-list", requireOid(head), `^${requireOid(base)}`, "--"]);
      return lines(stdout).sort(compareBytes);
    },
    namesIn: (oid, folders) => namesNear(objects, oid, folders),
    branches: async () => {
      const { stdout } = await git(["for-each-ref", "--format=%(refname)", "refs/heads/"]);
      const names = stdout
        .toString("utf8")
        .split("\n")
        .filter((name) => name !== "");
      return names.map((name) => name.slice("refs/heads/".length)).sort(compareBytes);
    },
    refAt: (ref) => refAt(git, place, ref),
    readBlobs: async (oids) => {
      const found = await objects.read(oids);
      return new Map([...found].map(([oid, object]) => [oid, object.bytes]));
    },
    mergeBases: async (a, b) => {
      const near = shallow() ? undefined : await mergeBaseNear(objects, requireOid(a), requireOid(b));
      return near === undefined ? mergeBases(git, a, b, shallow()) : [near];
    },
    landings: async (tip) => {
      if (shallow()) throw shallowHistory();
      const line = await objects.line(tip, Infinity);
      return numberLandings(line?.map(plain).reverse() ?? (await lineByGit(git, objects, tip)));
    },
    changesOf: async (of, options) => {
      const paths = options?.paths ?? GOVERNED_ROOTS;
      return (await changesNear(objects, of, paths)) ?? changesOf(git, of, paths);
    },
    walk: async function* (tip, options) {
      if (shallow()) throw shallowHistory();
      const { walkWithBinary } = await import("./walk.ts");
      yield* walkWithBinary(git, start, requireOid(tip), options);
    },
    dirtyPaths: async (onDisk) => {
      const head = await self.head();
      return dirtyAgainst(head === null ? [] : await listFiles(git, head, GOVERNED_ROOTS), onDisk);
    },
    commit: (changes, message, options) => commitWithBinary({ git, place, env }, changes, message, options),
  };
  return self;
}

async function resolveRevision(git: Git, revision: string, shallow: boolean): Promise<string> {
  const answer = await git(["rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`], {
    codes: [0, 1, 128],
  });
  const oid = answer.code === 0 ? text(answer) : null;
  // `^main` and its like resolve to something that is not one commit.
  if (oid === null || !/^[0-9a-f]+$/.test(oid)) throw unknownRevision(revision, shallow);
  return requireOid(oid);
}

async function tipOf(git: Git, place: RepositoryPlace, branch: string): Promise<string | null> {
  const [remote = null, local = null] = await refsAt(git, place, [
    `refs/remotes/origin/${branch}`,
    `refs/heads/${branch}`,
  ]);
  return remote ?? local;
}

async function refAt(git: Git, place: RepositoryPlace, ref: string): Promise<string | null> {
  if (!ref.startsWith("refs/heads/"))
    throw new Error(`not the name of a branch in full: ${JSON.stringify(ref)}`);
  requireBranch(ref.slice("refs/heads/".length));
  return (await refsAt(git, place, [ref]))[0] ?? null;
}

/** Where refs stand that were named in full and checked: as their files say, else as git does. */
async function refsAt(
  git: Git,
  place: RepositoryPlace,
  refs: readonly string[],
): Promise<readonly (string | null)[]> {
  const own = refs.map((ref) => readRefFile(place, ref));
  if (own.every((oid) => oid !== undefined)) return own;
  const { stdout } = await git(["for-each-ref", "--format=%(refname) %(objectname)", ...refs]);
  // A pattern also finds what lies below a folder of that name.
  const known = new Map(
    stdout
      .toString("utf8")
      .split("\n")
      .map((line) => line.split(" ") as [string, string]),
  );
  return refs.map((ref) => known.get(ref) ?? null);
}

async function mergeBases(git: Git, a: string, b: string, shallow: boolean): Promise<readonly string[]> {
  const { stdout } = await git(["merge-base", "--all", requireOid(a), requireOid(b)], { codes: [0, 1] });
  const bases = lines(stdout);
  if (bases.length === 0 && shallow) throw shallowHistory();
  return bases.sort(compareBytes);
}

function plain({ tree: _tree, ...commit }: ReadCommit): Commit {
  return commit;
}

function requireCommit(oid: string, object: GitObject | undefined): Uint8Array {
  if (object?.type !== "commit") throw missingObject(oid);
  return object.bytes;
}

/** The first-parent line, oldest first, as git lists it. */
async function lineByGit(git: Git, objects: Objects, tip: string): Promise<readonly Commit[]> {
  const { stdout } = await git(["rev-list", "--first-parent", "--reverse", requireOid(tip)]);
  const read = await objects.read(lines(stdout));
  return [...read].map(([oid, object]) => plain(parseCommit(oid, requireCommit(oid, object))));
}

async function treeOfFiles(objects: Objects, files: readonly ListedFile[]): Promise<Tree> {
  const blobs = await objects.read(files.filter(({ mode }) => mode !== "160000").map(({ oid }) => oid));
  return treeOf(
    files.map(({ path, mode, oid }) => {
      const bytes = blobs.get(oid)?.bytes ?? new Uint8Array();
      return { path, mode, read: () => bytes };
    }),
  );
}

async function changedPaths(
  git: Git,
  from: string | null,
  to: string,
  paths: readonly string[] | "everywhere",
): Promise<readonly PathChange[]> {
  if (from === null) {
    const files = await listFiles(git, to, paths);
    return files
      .map(({ path, mode, oid }) => ({ path, modeFrom: null, modeTo: mode, oidFrom: null, oidTo: oid }))
      .sort((a, b) => compareBytes(a.path, b.path));
  }
  const safe = ["--no-ext-diff", "--no-textconv", "--no-relative", "--no-color", `-O${noOrder}`];
  const { stdout } = await git([
    "diff",
    ...RAW.filter((flag) => flag !== "-r"),
    ...safe,
    requireOid(from),
    requireOid(to),
    ...pathspecs(paths),
  ]);
  return parseRaw(records(stdout), paths);
}

const noOrder = "/dev/null";

async function changesOf(
  git: Git,
  of: readonly Landing[],
  paths: readonly string[],
): Promise<readonly (readonly PathChange[])[]> {
  if (of.length === 0) return [];
  const input = of
    .map(({ oid, parents }) => [oid, ...parents.slice(0, 1)].map(requireOid).join(" "))
    .join("\n");
  // An index that does not exist: diff-tree would read the whole of it and use none.
  const { stdout } = await git(["diff-tree", "--stdin", "--root", ...RAW, ...pathspecs(paths)], {
    input: `${input}\n`,
    env: { GIT_INDEX_FILE: "/nonexistent/index" },
  });
  const byCommit = new Map<string, Buffer[]>();
  let current: Buffer[] = [];
  let expectsPath = false;
  for (const record of records(stdout)) {
    if (expectsPath || record[0] === 0x3a) {
      current.push(record);
      expectsPath = !expectsPath;
    } else byCommit.set(record.toString("latin1"), (current = []));
  }
  return of.map(({ oid }) => parseRaw(byCommit.get(oid) ?? [], paths));
}

function lines(stdout: Buffer): string[] {
  return stdout
    .toString("latin1")
    .split("\n")
    .filter((line) => line !== "");
}

function text(answer: { readonly code: number; readonly stdout: Buffer }): string | null {
  const line = answer.stdout.toString("utf8").trim();
  return answer.code === 0 && line !== "" ? line : null;
}
