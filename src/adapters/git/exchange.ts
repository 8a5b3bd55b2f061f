/**
 * Branches as all clones share them, through the git binary: fetched, and moved by compare-and-swap, all or none.
 * What the attacker controls: the clone's own configuration, names, and everything the remote says. No hook runs, and no
 * program that only the clone's own configuration names.
 */
import type { BranchMove, Exchange, Published } from "../../app/ports.ts";
import { Failure } from "../../core/model/failure.ts";
import { requireBranch } from "./checks.ts";
import { discoverRepository } from "./discover.ts";
import { branchBusy, needsBinary, remoteFailed, settingStartsProgram } from "./failures.ts";
import { makeChain, makeCommit } from "./landing-commit.ts";
import { requireOid } from "./object.ts";
import { findGit, gitIn, type Answer, type Environment, type Git } from "./process.ts";

const REMOTE = "origin";
const PROTOCOLS = { GIT_ALLOW_PROTOCOL: "https:http:ssh:file" };

/** Opens the exchange of the repository around a folder. */
export async function openExchange(folder: string, env: Environment): Promise<Exchange> {
  const place = discoverRepository(folder);
  const binary = findGit(env);
  if (place === undefined)
    throw new Failure("git/no-repository", `There is no git repository around ${folder}.`, {
      hint: "Run it inside a clone.",
    });
  if (binary === undefined) throw needsBinary("Reading and moving shared branches");
  const git = gitIn(binary, place.root ?? place.gitDir, env);
  const remote = await remoteOf(git);
  return {
    remote,
    address: () => addressOf(git, remote),
    defaultBranch: () => defaultBranch(git, remote),
    fetch: (branches) => (remote === null ? local(git, branches) : fetched(git, remote, branches)),
    makeCommit: (commit) => makeCommit({ git, env }, commit),
    makeChain: (parent, steps) => makeChain({ git, env }, parent, steps),
    publish: (moves) => (remote === null ? moveHere(git, moves) : push(git, remote, moves)),
  };
}

/** Settings of a clone that make speaking with its remote start a program, or go where nobody sees. */
const startsPrograms =
  /^(?:core\.(?:sshcommand|gitproxy|askpass)|ssh\..*|credential\..*|remote\..*\.(?:uploadpack|receivepack|vcs)|protocol\..*|url\..*|gpg\..*program)$/i;

async function remoteOf(git: Git): Promise<string | null> {
  const { stdout } = await git(["config", "--local", "--includes", "--list", "-z"]);
  const names = stdout
    .toString("utf8")
    .split("\0")
    .map((setting) => setting.split("\n", 1)[0] ?? "");
  if (!names.includes(`remote.${REMOTE}.url`)) return null;
  const program = names.find((name) => startsPrograms.test(name));
  if (program !== undefined) throw settingStartsProgram(program, REMOTE);
  return REMOTE;
}

/** As git would push, with what the user's own configuration abbreviates written out. */
async function addressOf(git: Git, remote: string | null): Promise<string | null> {
  if (remote === null) return null;
  const { stdout } = await git(["remote", "get-url", "--push", remote]);
  return stdout.toString("utf8").trim();
}

async function defaultBranch(git: Git, remote: string | null): Promise<string | null> {
  const { stdout } =
    remote === null
      ? await git(["symbolic-ref", "--quiet", "HEAD"], { codes: [0, 1] })
      : await spoken(git, remote, ["ls-remote", "--symref", remote, "HEAD"], [0]);
  const name = /^(?:ref: )?refs\/heads\/([^\t\n]+)(?:\tHEAD)?$/m.exec(stdout.toString("utf8"))?.[1];
  return name === undefined ? null : requireBranch(name);
}

async function local(git: Git, branches: readonly string[]): Promise<ReadonlyMap<string, string | null>> {
  const found = new Map<string, string | null>();
  for (const branch of branches) {
    const ref = `refs/heads/${requireBranch(branch)}`;
    const { stdout, code } = await git(
      ["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`],
      { codes: [0, 1] },
    );
    found.set(branch, code === 0 ? stdout.toString("latin1").trim() : null);
  }
  return found;
}

async function fetched(
  git: Git,
  remote: string,
  branches: readonly string[],
): Promise<ReadonlyMap<string, string | null>> {
  const refs = branches.map((branch) => `refs/heads/${requireBranch(branch)}`);
  const { stdout } = await spoken(git, remote, ["ls-remote", "--refs", remote, ...refs], [0]);
  const there = new Map(
    stdout
      .toString("utf8")
      .split("\n")
      .map((line) => line.split("\t").reverse() as [string, string]),
  );
  const known = refs.filter((ref) => there.has(ref));
  if (known.length > 0) {
    const mapped = known.map((ref) => `+${ref}:refs/remotes/${remote}/${ref.slice("refs/heads/".length)}`);
    const flags = [
      "--quiet",
      "--no-tags",
      "--no-write-fetch-head",
      "--no-auto-maintenance",
      "--recurse-submodules=no",
      "--no-prune",
    ];
    await spoken(git, remote, ["fetch", ...flags, remote, ...mapped], [0]);
  }
  const result = new Map<string, string | null>();
  for (const [index, branch] of branches.entries()) {
    if (!there.has(refs[index] ?? "")) result.set(branch, null);
    else {
      // Where it stands now, which may be later than what was listed first.
      const { stdout: tip } = await git([
        "rev-parse",
        "--verify",
        "--end-of-options",
        `refs/remotes/${remote}/${branch}^{commit}`,
      ]);
      result.set(branch, requireOid(tip.toString("latin1").trim()));
    }
  }
  return result;
}

async function push(git: Git, remote: string, moves: readonly BranchMove[]): Promise<Published> {
  const flags = [
    "--atomic",
    "--porcelain",
    "--no-verify",
    "--no-follow-tags",
    "--no-signed",
    "--recurse-submodules=no",
  ];
  const leases = moves.map(
    ({ branch, expected }) => `--force-with-lease=refs/heads/${requireBranch(branch)}:${expected ?? ""}`,
  );
  const refspecs = moves.map(({ branch, to }) => `${requireOid(to)}:refs/heads/${branch}`);
  const answer = await spoken(git, remote, ["push", ...flags, ...leases, remote, ...refspecs], [0, 1]);
  if (answer.code === 0) return { outcome: "published" };
  const refusals = answer.stdout
    .toString("utf8")
    .split("\n")
    .filter((line) => line.startsWith("!"));
  if (refusals.length === 0) throw remoteFailed(remote, firstLine(answer.stderr));
  // Whether the race was lost is asked, not read out of messages: they differ between servers.
  const { stdout } = await spoken(
    git,
    remote,
    ["ls-remote", "--refs", remote, ...moves.map(({ branch }) => `refs/heads/${branch}`)],
    [0],
  );
  const there = new Map(
    stdout
      .toString("utf8")
      .split("\n")
      .map((line) => line.split("\t").reverse() as [string, string]),
  );
  const moved = moves.some(
    ({ branch, expected }) => (there.get(`refs/heads/${branch}`) ?? null) !== expected,
  );
  return moved ? { outcome: "lost" } : { outcome: "refused", said: saidBy(answer, refusals) };
}

/** What the other side's hook printed, else why git refused. */
function saidBy({ stderr }: Answer, refusals: readonly string[]): string {
  const said = stderr
    .split(/[\r\n]+/)
    .filter((line) => line.startsWith("remote:"))
    .map((line) => line.slice("remote:".length).trim());
  const text = said.filter((line) => line !== "").join("\n");
  return text !== "" ? text : refusals.map((line) => line.split("\t")[2] ?? line).join("\n");
}

/** A conversation with the remote; what stops it as a whole is a Failure. */
async function spoken(
  git: Git,
  remote: string,
  args: readonly string[],
  codes: readonly number[],
): Promise<Answer> {
  const answer = await git(args, { codes: [...codes, 128], env: PROTOCOLS });
  if (answer.code === 128) throw remoteFailed(remote, firstLine(answer.stderr));
  return answer;
}

function firstLine(stderr: string): string {
  const line =
    stderr.split("\n").find((each) => /^(?:fatal|error|remote): /.test(each)) ?? stderr.split("\n")[0] ?? "";
  return line
    .replace(/^(?:fatal|error|remote): /, "")
    .replace(/[.\s]+$/, "")
    .replace(/\/\/[^/@\s]*@/g, "//");
}

/** Without a remote: one transaction over this repository's own branches. */
async function moveHere(git: Git, moves: readonly BranchMove[]): Promise<Published> {
  const { stdout: trees } = await git([
    "for-each-ref",
    "--format=%(refname)%00%(worktreepath)",
    "refs/heads",
  ]);
  const busy = new Map(
    trees
      .toString("utf8")
      .split("\n")
      .map((line) => line.split("\0") as [string, string]),
  );
  const steps = moves.map(({ branch, expected, to }) => {
    const ref = `refs/heads/${requireBranch(branch)}`;
    const workTree = busy.get(ref) ?? "";
    if (workTree !== "")
      throw branchBusy(branch, `it is checked out in ${workTree} (git switch --detach there first)`);
    const old = expected === null ? "0".repeat(to.length) : requireOid(expected);
    return `update ${ref}\0${requireOid(to)}\0${old}\0`;
  });
  const answer = await git(["update-ref", "-z", "--stdin"], {
    input: `start\0${steps.join("")}prepare\0commit\0`,
    codes: [0, 128],
  });
  if (answer.code === 0) return { outcome: "published" };
  if (/cannot lock ref|reference already exists|unable to resolve/.test(answer.stderr))
    return { outcome: "lost" };
  throw remoteFailed("this repository", firstLine(answer.stderr));
}
