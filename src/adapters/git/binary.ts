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
import { readObjects } from "./cat-file.ts";
import { commitWithBinary } from "./binary-commit.ts";
import { isShallowPlace, type RepositoryPlace } from "./discover.ts";
import { dirtyAgainst, requireBranch, requireRevision } from "./checks.ts";
import { missingObject, shallowHistory, unknownRevision } from "./failures.ts";
import { listFiles, namesIn, parseRaw, pathspecs, records } from "./listing.ts";
import { parseCommit, requireOid, type GitObject } from "./object.ts";
import { gitIn, gitRunning, type Environment, type Git, type ObjectFolders } from "./process.ts";

const RAW = ["--raw", "-r", "-z", "--no-renames", "--no-abbrev", "--ignore-submodules=none"];

/** The repository at a place, read by this git. Starts no process yet. */
export function openWithBinary(
  binary: string,
  place: RepositoryPlace,
  env: Environment,
  objects: ObjectFolders = {},
): Repository {
  const git = gitIn(binary, place.root ?? place.gitDir, env, objects);
  const shallow = (): boolean => isShallowPlace(place);
  const self: Repository = {
    root: place.root,
    resolveRevision: async (revision) => resolveRevision(git, requireRevision(revision), shallow()),
    head: async () =>
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
    tipOf: async (branch) => tipOf(git, requireBranch(branch)),
    isShallow: async () => shallow(),
    commitOf: async (oid) => (await commits(git, [oid]))[0] as Commit,
    treeAt: (oid, options) => treeAt(git, oid, options?.paths ?? GOVERNED_ROOTS),
    changedPaths: (from, to, options) => changedPaths(git, from, to, options?.paths ?? GOVERNED_ROOTS),
    readCommits: async (oids) => {
      const found = await readObjects(git, oids.map(requireOid));
      return new Map([...found].map(([oid, object]) => [oid, requireCommit(oid, object)]));
    },
    commitsBetween: async (base, head) => {
      if (shallow()) throw shallowHistory();
      const { stdout } = await git(["rev-list", requireOid(head), `^${requireOid(base)}`, "--"]);
      return lines(stdout).sort(compareBytes);
    },
    namesIn: (oid, folders) => namesIn(git, oid, folders),
    branches: async () => {
      const { stdout } = await git(["for-each-ref", "--format=%(refname)", "refs/heads/"]);
      const names = stdout
        .toString("utf8")
        .split("\n")
        .filter((name) => name !== "");
      return names.map((name) => name.slice("refs/heads/".length)).sort(compareBytes);
    },
    refAt: (ref) => refAt(git, ref),
    readBlobs: async (oids) => {
      const found = await readObjects(git, oids.map(requireOid));
      return new Map([...found].map(([oid, object]) => [oid, object.bytes]));
    },
    mergeBases: (a, b) => mergeBases(git, a, b, shallow()),
    landings: async (tip) => {
      if (shallow()) throw shallowHistory();
      return landings(git, tip);
    },
    changesOf: (of, options) => changesOf(git, of, options?.paths ?? GOVERNED_ROOTS),
    walk: async function* (tip, options) {
      if (shallow()) throw shallowHistory();
      const { walkWithBinary } = await import("./walk.ts");
      yield* walkWithBinary(git, gitRunning(binary, place.root ?? place.gitDir, env, objects), requireOid(tip), options);
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

async function tipOf(git: Git, branch: string): Promise<string | null> {
  const refs = [`refs/remotes/origin/${branch}`, `refs/heads/${branch}`];
  const { stdout } = await git(["for-each-ref", "--format=%(refname) %(objectname)", ...refs]);
  const known = new Map(
    stdout
      .toString("utf8")
      .split("\n")
      .map((line) => line.split(" ") as [string, string]),
  );
  return refs.map((ref) => known.get(ref)).find((oid) => oid !== undefined) ?? null;
}

async function refAt(git: Git, ref: string): Promise<string | null> {
  if (!ref.startsWith("refs/heads/"))
    throw new Error(`not the name of a branch in full: ${JSON.stringify(ref)}`);
  requireBranch(ref.slice("refs/heads/".length));
  const { stdout } = await git(["for-each-ref", "--format=%(refname) %(objectname)", ref]);
  // The pattern also finds what lies below a folder of that name.
  return (
    lines(stdout)
      .find((line) => line.startsWith(`${ref} `))
      ?.slice(ref.length + 1) ?? null
  );
}

async function mergeBases(git: Git, a: string, b: string, shallow: boolean): Promise<readonly string[]> {
  const { stdout } = await git(["merge-base", "--all", requireOid(a), requireOid(b)], { codes: [0, 1] });
  const bases = lines(stdout);
  if (bases.length === 0 && shallow) throw shallowHistory();
  return bases.sort(compareBytes);
}

/** Commits by their ids, each checked against it. */
async function commits(git: Git, oids: readonly string[]): Promise<readonly Commit[]> {
  const objects = await readObjects(git, oids.map(requireOid));
  return oids.map((oid) => {
    const { tree: _tree, ...commit } = parseCommit(oid, requireCommit(oid, objects.get(oid)));
    return commit;
  });
}

function requireCommit(oid: string, object: GitObject | undefined): Uint8Array {
  if (object?.type !== "commit") throw missingObject(oid);
  return object.bytes;
}

async function landings(git: Git, tip: string): Promise<readonly Landing[]> {
  const { stdout } = await git(["rev-list", "--first-parent", "--reverse", requireOid(tip)]);
  return numberLandings(await commits(git, lines(stdout)));
}

async function treeAt(git: Git, oid: string, paths: readonly string[]): Promise<Tree> {
  const files = await listFiles(git, oid, paths);
  const blobs = await readObjects(
    git,
    files.filter((file) => file.mode !== "160000").map((file) => file.oid),
  );
  return treeOf(
    files.map(({ path, mode, oid: id }) => {
      const bytes = blobs.get(id)?.bytes ?? new Uint8Array();
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
