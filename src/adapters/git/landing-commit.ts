/**
 * Makes a commit that is on no branch, with any parents, through `git fast-import`: trees are read only where a file
 * changes, so the cost follows the change and not the registry. Runs no hooks, no filters and no signing program.
 */
import { randomUUID } from "node:crypto";
import type { ChainStep, NewCommit, NewFile } from "../../app/ports.ts";
import { compareBytes } from "../../core/model/json.ts";
import { commitIdentities } from "./binary-commit.ts";
import { requireSafePaths } from "./checks.ts";
import { readObjects } from "./cat-file.ts";
import { missingObject } from "./failures.ts";
import { requireOid } from "./object.ts";
import type { Environment, Git } from "./process.ts";

/** Makes the commit and hands back its id. */
export async function makeCommit(
  { git, env }: { readonly git: Git; readonly env: Environment },
  commit: NewCommit,
): Promise<string> {
  requireSafePaths(commit.files.map(({ path }) => ({ path, content: null })));
  const people = await commitIdentities(git, env);
  const oid = await imported(git, people, [commit]);
  if (commit.sign === undefined) return oid;
  const bytes = (await readObjects(git, [oid])).get(oid)?.bytes;
  if (bytes === undefined) throw missingObject(oid);
  const signature = (await commit.sign(bytes)).trimEnd().replaceAll("\n", "\n ");
  const blank = Buffer.from(bytes).indexOf("\n\n") + 1;
  const header = oid.length === 64 ? "gpgsig-sha256" : "gpgsig";
  const signed = Buffer.concat([
    bytes.subarray(0, blank),
    Buffer.from(`${header} ${signature}\n`),
    bytes.subarray(blank),
  ]);
  const { stdout } = await git(["hash-object", "-t", "commit", "-w", "--stdin"], { input: signed });
  return requireOid(stdout.toString("latin1").trim());
}

/** Makes unsigned commits, each on top of the one before, the first on `parent`; hands back the id of the last. */
export async function makeChain(
  { git, env }: { readonly git: Git; readonly env: Environment },
  parent: string | null,
  steps: readonly ChainStep[],
): Promise<string> {
  requireSafePaths(steps.flatMap(({ files }) => files.map(({ path }) => ({ path, content: null }))));
  const people = await commitIdentities(git, env);
  const parents = parent === null ? [] : [parent];
  return imported(
    git,
    people,
    steps.map((step, index) => ({ ...step, parents: index === 0 ? parents : [] })),
  );
}

/**
 * Fast-import writes to a branch of a name that nobody has, and takes that away again before it ends. Each commit stands
 * on the one before it; only the first has parents of its own.
 */
async function imported(git: Git, people: string, commits: readonly NewCommit[]): Promise<string> {
  const ref = `refs/assent/${randomUUID()}`;
  const parts: Uint8Array[] = [];
  const line = (text: string): void => void parts.push(Buffer.from(`${text}\n`));
  const data = (bytes: Uint8Array): void => {
    line(`data ${bytes.length}`);
    parts.push(bytes);
    line("");
  };
  line("feature done");
  commits.forEach(({ parents, files, message }, index) => {
    line(`commit ${ref}`);
    line(`mark :${index + 1}`);
    parts.push(Buffer.from(people));
    data(Buffer.from(message.endsWith("\n") ? message : `${message}\n`));
    for (const [at, parent] of parents.entries())
      line(`${at === 0 ? "from" : "merge"} ${requireOid(parent)}`);
    // Deletions first, so that a folder may take the place of a file.
    const ordered = [...files].sort(
      (a, b) => Number(b.content === null) - Number(a.content === null) || compareBytes(a.path, b.path),
    );
    for (const file of ordered) write(file, line, data);
  });
  line(`get-mark :${commits.length}`);
  line(`reset ${ref}`);
  line(`from ${await nothing(git, commits[0]?.parents[0])}`);
  line("");
  line("done");
  const { stdout } = await git(["fast-import", "--quiet", "--done", "--date-format=raw", "--force"], {
    input: Buffer.concat(parts),
  });
  return requireOid(stdout.toString("latin1").trim());
}

/** The id of nothing, as long as a repository's ids are: a branch that is reset to it is gone. */
async function nothing(git: Git, known: string | undefined): Promise<string> {
  if (known !== undefined) return "0".repeat(known.length);
  const { stdout } = await git(["rev-parse", "--show-object-format"]);
  return "0".repeat(stdout.toString("latin1").trim() === "sha256" ? 64 : 40);
}

function write(
  { path, content }: NewFile,
  line: (text: string) => void,
  data: (bytes: Uint8Array) => void,
): void {
  const quoted = `"${path.replace(/["\\]/g, "\\$&").replaceAll("\n", "\\n")}"`;
  if (content === null) line(`D ${quoted}`);
  else if (content instanceof Uint8Array) {
    line(`M 100644 inline ${quoted}`);
    data(content);
  } else line(`M ${content.mode} ${requireOid(content.oid)} ${quoted}`);
}
