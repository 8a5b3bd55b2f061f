/**
 * Makes one commit of given files through `git fast-import`: one process, no work tree, no filters, no hooks. A user's
 * hooks are programs of the repository's configuration and are never started; the registry's own checks ran before.
 * Whatever else is dirty or staged is left exactly as it is.
 */
import type { Committed, CommitOptions } from "../../app/ports.ts";
import { Failure } from "../../core/model/failure.ts";
import type { FileChange } from "../../core/model/landing.ts";
import { plannedFiles, remaining, requireBranch, requireSafePaths, type PlannedFile } from "./checks.ts";
import { unfinishedOperation, type RepositoryPlace } from "./discover.ts";
import { branchBusy, detachedHead, signedCommits, unfinished, unknownAuthor } from "./failures.ts";
import { listFiles } from "./listing.ts";
import type { Environment, Git } from "./process.ts";

interface Context {
  readonly git: Git;
  readonly place: RepositoryPlace;
  readonly env: Environment;
}

/** Commits the files to the branch; see `Repository.commit`. */
export async function commitWithBinary(
  context: Context,
  changes: readonly FileChange[],
  message: string,
  { branch: wanted, ready }: CommitOptions = {},
): Promise<Committed> {
  requireSafePaths(changes);
  const { git, place } = context;
  const [head, checkedOut] = await Promise.all([headOf(git), branchOf(git)]);
  const branch = wanted === undefined ? checkedOut : requireBranch(wanted);
  if (branch === null) throw detachedHead();
  const here = branch === checkedOut;
  const operation = here ? unfinishedOperation(place) : null;
  if (operation !== null) throw unfinished(operation);
  await refuseSigning(git);
  const author = await commitIdentities(git, context.env);
  const known = await refOf(git, branch);
  if (known !== undefined && !here && known.workTree !== "") {
    throw branchBusy(branch, `it is checked out in ${known.workTree}`);
  }
  const tip = known?.oid ?? head;
  const paths = changes.map((change) => change.path);
  const base = head === null ? [] : await listFiles(git, head, paths);
  const there = tip === null ? [] : tip === head ? base : await listFiles(git, tip, paths);
  const left = remaining(plannedFiles(changes, tip?.length === 64 ? "sha256" : "sha1"), base, there, branch);
  ready?.();
  // The index first: should the commit fail, the change is merely staged.
  if (here && place.root !== null) await stage(git, left);
  await importCommit(git, { branch, tip, author, message, files: left });
  const oid = (await refOf(git, branch))?.oid ?? "";
  return { oid, branch, created: known === undefined };
}

async function headOf(git: Git): Promise<string | null> {
  const { stdout } = await git(["rev-parse", "--verify", "--quiet", "HEAD^{commit}"], { codes: [0, 1] });
  const oid = stdout.toString("latin1").trim();
  return oid === "" ? null : oid;
}

async function branchOf(git: Git): Promise<string | null> {
  const { stdout } = await git(["symbolic-ref", "--quiet", "HEAD"], { codes: [0, 1] });
  const name = stdout.toString("utf8").trim();
  return name.startsWith("refs/heads/") ? name.slice("refs/heads/".length) : null;
}

async function refOf(
  git: Git,
  branch: string,
): Promise<{ readonly oid: string; readonly workTree: string } | undefined> {
  const ref = `refs/heads/${branch}`;
  const { stdout } = await git([
    "for-each-ref",
    "--format=%(refname)%00%(objectname)%00%(worktreepath)",
    ref,
  ]);
  for (const line of stdout.toString("utf8").split("\n")) {
    const [name, oid = "", workTree = ""] = line.split("\0");
    if (name === ref) return { oid, workTree };
  }
  return undefined;
}

async function refuseSigning(git: Git): Promise<void> {
  const { stdout } = await git(["config", "--type=bool", "--get", "commit.gpgSign"], { codes: [0, 1] });
  if (stdout.toString("latin1").trim() === "true") throw signedCommits();
}

/** The lines `author ...` and `committer ...` as git itself would write them; never made up from the machine's name. */
export async function commitIdentities(git: Git, env: Environment): Promise<string> {
  const names = Object.entries(env).filter(
    ([name, value]) => /^GIT_(?:AUTHOR|COMMITTER)_(?:NAME|EMAIL|DATE)$/.test(name) && value,
  );
  const options = { env: Object.fromEntries(names) as Record<string, string> };
  try {
    const [author, committer] = await Promise.all(
      ["GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT"].map((name) =>
        git(["-c", "user.useConfigOnly=true", "var", name], options),
      ),
    );
    const line = (answer: typeof author): string => (answer?.stdout.toString("utf8") ?? "").trim();
    return `author ${line(author)}\ncommitter ${line(committer)}\n`;
  } catch (cause) {
    throw unknownAuthor(cause);
  }
}

async function stage(git: Git, files: readonly PlannedFile[]): Promise<void> {
  const blobs = files.filter((file) => file.bytes !== null);
  const lines = files.map(({ path, oid }) =>
    oid === null ? `0 ${"0".repeat(blobs[0]?.oid?.length ?? 40)}\t${path}\0` : `100644 ${oid}\t${path}\0`,
  );
  await git(["update-index", "-z", "--index-info"], { input: lines.join("") });
}

interface NewCommit {
  readonly branch: string;
  readonly tip: string | null;
  readonly author: string;
  readonly message: string;
  readonly files: readonly PlannedFile[];
}

/** Fast-import compares the branch with `from` and refuses to move it when somebody else has meanwhile. */
async function importCommit(git: Git, { branch, tip, author, message, files }: NewCommit): Promise<void> {
  const parts: Uint8Array[] = [];
  const line = (text: string): void => void parts.push(Buffer.from(`${text}\n`));
  const data = (bytes: Uint8Array): void => {
    line(`data ${bytes.length}`);
    parts.push(bytes);
    line("");
  };
  line(`commit refs/heads/${branch}`);
  parts.push(Buffer.from(author));
  data(Buffer.from(message.endsWith("\n") ? message : `${message}\n`));
  if (tip !== null) line(`from ${tip}`);
  // Deletions first, so that a folder may take the place of a file.
  for (const { path, bytes } of files) if (bytes === null) line(`D ${quoted(path)}`);
  for (const { path, bytes } of files) {
    if (bytes === null) continue;
    line(`M 100644 inline ${quoted(path)}`);
    data(bytes);
  }
  line("done");
  try {
    await git(["fast-import", "--quiet", "--done", "--date-format=raw"], { input: Buffer.concat(parts) });
  } catch (cause) {
    if (cause instanceof Failure && /not updating|new tip/i.test(cause.message)) {
      throw branchBusy(branch, "somebody else has moved it meanwhile");
    }
    throw cause;
  }
}

function quoted(path: string): string {
  return `"${path.replace(/["\\]/g, "\\$&").replaceAll("\n", "\\n")}"`;
}
