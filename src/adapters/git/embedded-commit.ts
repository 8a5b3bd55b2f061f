/**
 * Makes one commit of given files without git: writes blobs, trees and the commit, then moves the branch. Same rules as
 * with the binary; no hooks, no filters, no signing program.
 */
import fs from "node:fs";
import * as git from "isomorphic-git";
import type { Committed, CommitOptions } from "../../app/ports.ts";
import type { FileChange, Person } from "../../core/model/landing.ts";
import { plannedFiles, remaining, requireBranch, requireSafePaths, type PlannedFile } from "./checks.ts";
import { unfinishedOperation, type RepositoryPlace } from "./discover.ts";
import { branchOf, headOf, listEmbedded, refOf, type ObjectStore } from "./embedded-store.ts";
import { branchBusy, detachedHead, signedCommits, unfinished, unknownAuthor } from "./failures.ts";
import type { OpenOptions } from "./process.ts";

interface Context extends OpenOptions {
  readonly store: ObjectStore;
  readonly place: RepositoryPlace;
}

/** Commits the files to the branch; see `Repository.commit`. */
export async function commitEmbedded(
  context: Context,
  changes: readonly FileChange[],
  message: string,
  { branch: wanted, ready }: CommitOptions = {},
): Promise<Committed> {
  requireSafePaths(changes);
  const { store, place } = context;
  const { gitdir } = store;
  const checkedOut = branchOf(place);
  const branch = wanted === undefined ? checkedOut : requireBranch(wanted);
  if (branch === null) throw detachedHead();
  const here = branch === checkedOut;
  const operation = here ? unfinishedOperation(place) : null;
  if (operation !== null) throw unfinished(operation);
  if (/^(?:true|yes|on|1)$/i.test((await setting(context, "commit.gpgSign")) ?? "")) throw signedCommits();
  const person = async (role: "AUTHOR" | "COMMITTER"): Promise<Person> => identity(context, role);
  const [author, committer] = [await person("AUTHOR"), await person("COMMITTER")];
  const head = await headOf(place);
  const ref = `refs/heads/${branch}`;
  const known = await refOf(gitdir, ref);
  const tip = known ?? head;
  const paths = changes.map((change) => change.path);
  const list = async (oid: string | null) => (oid === null ? [] : listEmbedded(store, oid, paths));
  const left = remaining(plannedFiles(changes, "sha1"), await list(head), await list(tip), branch);
  const root = tip === null ? null : (await store.commit(tip)).tree;
  const tree =
    (await writeTree(
      store,
      root,
      left.map((file) => ({ file, parts: file.path.split("/") })),
    )) ?? (await emptyTree(store));
  const stamp = ({ name, email, time }: Person) => ({ name, email, timestamp: time, timezoneOffset: 0 });
  const oid = await git.writeCommit({
    fs,
    gitdir,
    commit: {
      tree,
      parent: tip === null ? [] : [tip],
      author: stamp(author),
      committer: stamp(committer),
      message: message.endsWith("\n") ? message : `${message}\n`,
    },
  });
  if ((await refOf(gitdir, ref)) !== known) throw branchBusy(branch, "somebody else has moved it meanwhile");
  ready?.();
  if (here && place.root !== null) await stage(place, left);
  await git.writeRef({ fs, gitdir, ref, value: oid, force: true });
  return { oid, branch, created: known === undefined };
}

interface Pending {
  readonly file: PlannedFile;
  /** What is left of the path inside this folder. */
  readonly parts: readonly string[];
}

/** The tree with these files put in; null when nothing is left of it. */
async function writeTree(
  store: ObjectStore,
  oid: string | null,
  pending: readonly Pending[],
): Promise<string | null> {
  const entries = new Map((oid === null ? [] : await store.tree(oid)).map((entry) => [entry.name, entry]));
  const below = new Map<string, Pending[]>();
  for (const { file, parts } of pending) {
    const [name = "", ...rest] = parts;
    if (rest.length > 0) below.set(name, [...(below.get(name) ?? []), { file, parts: rest }]);
    else if (file.bytes === null) entries.delete(name);
    else {
      const blob = await git.writeBlob({ fs, gitdir: store.gitdir, blob: file.bytes });
      entries.set(name, { mode: "100644", name, oid: blob });
    }
  }
  for (const [name, files] of below) {
    const folder = entries.get(name);
    const written = await writeTree(store, folder?.mode === "40000" ? folder.oid : null, files);
    if (written === null) entries.delete(name);
    else entries.set(name, { mode: "40000", name, oid: written });
  }
  if (entries.size === 0) return null;
  const tree = [...entries.values()].map(({ mode, name, oid: id }) => ({
    mode: mode === "40000" ? "040000" : mode,
    path: name,
    oid: id,
    type: mode === "40000" ? ("tree" as const) : mode === "160000" ? ("commit" as const) : ("blob" as const),
  }));
  return git.writeTree({ fs, gitdir: store.gitdir, tree });
}

async function emptyTree(store: ObjectStore): Promise<string> {
  return git.writeTree({ fs, gitdir: store.gitdir, tree: [] });
}

async function stage(place: RepositoryPlace, files: readonly PlannedFile[]): Promise<void> {
  if (place.root === null) return;
  for (const { path, bytes, oid } of files) {
    const where = { fs, dir: place.root, gitdir: place.gitDir, filepath: path };
    if (bytes === null || oid === null) await git.updateIndex({ ...where, remove: true, force: true });
    else await git.updateIndex({ ...where, oid, mode: 0o100644, add: true });
  }
}

async function identity(context: Context, role: "AUTHOR" | "COMMITTER"): Promise<Person> {
  const { env, now } = context;
  const name = env[`GIT_${role}_NAME`] ?? (await setting(context, "user.name"));
  const email = env[`GIT_${role}_EMAIL`] ?? (await setting(context, "user.email"));
  if (name === undefined || email === undefined || /[<>\n]/.test(name + email)) throw unknownAuthor();
  const date = env[`GIT_${role}_DATE`] ?? "";
  const seconds = /^@?(\d+)(?: [+-]\d{4})?$/.exec(date)?.[1];
  const time = seconds !== undefined ? Number(seconds) : Math.floor(Date.parse(date) / 1000);
  return { name, email, time: Number.isSafeInteger(time) ? time : now() };
}

/** A setting of the repository, else of the user; isomorphic-git itself reads only the first. */
async function setting({ store, env }: Context, path: string): Promise<string | undefined> {
  const own: unknown = await git.getConfig({ fs, gitdir: store.gitdir, path });
  if (own !== undefined) return String(own);
  const home = env["HOME"] ?? env["USERPROFILE"] ?? "";
  const files = [`${home}/.gitconfig`, `${env["XDG_CONFIG_HOME"] ?? `${home}/.config`}/git/config`];
  for (const file of files) {
    if (!fs.existsSync(file)) continue;
    const only = { promises: { ...fs.promises, readFile: () => fs.promises.readFile(file, "utf8") } };
    const value: unknown = await git.getConfig({ fs: only, gitdir: store.gitdir, path });
    if (value !== undefined) return String(value);
  }
  return undefined;
}
