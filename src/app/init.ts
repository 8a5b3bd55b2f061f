/**
 * `assent init`: a registry that lints clean, in a new folder or in a repository that has none. It writes only files
 * that are not there, all of them judged before the first is written, and never touches another.
 */
import { beginningEntries, nameOf, ownerFor, UNKNOWN_OWNER, type Beginning } from "../core/author/init.ts";
import { SCHEMA_FOLDER, toolingFiles } from "../core/author/init-tooling.ts";
import { editorSchemas } from "../core/export/editor-schemas.ts";
import { renderCodeowners } from "../core/govern/ownership.ts";
import { Failure } from "../core/model/failure.ts";
import { isName } from "../core/model/ref.ts";
import { treeOfTexts } from "../core/model/tree.ts";
import { countsOf } from "../core/validate/report.ts";
import { findingsIn, locate } from "./lint.ts";
import type { FileChange, Ports, WorkTree } from "./ports.ts";
import { loadTree, needGit } from "./read.ts";
import { schemaText } from "./schema.ts";
import type { WriteOptions, WriteResult } from "./write.ts";

export interface InitRequest {
  /** Absolute path of the registry's folder; it need not exist. */
  readonly folder: string;
  /** The registry's id; of the folder's name when absent. */
  readonly id: string | undefined;
  /** `@org/team` or `@login` that CODEOWNERS names. */
  readonly team: string | undefined;
  /** Of this program. */
  readonly version: string;
}

export interface Initialised extends WriteResult {
  readonly id: string;
  /** Files that were there already and stay as they are. */
  readonly kept: readonly string[];
  readonly hasGit: boolean;
  /** Whether somebody must say who owns the registry on GitHub. */
  readonly needsOwner: boolean;
}

/** Makes a registry. Refuses a folder that has one, and one inside another registry or repository. */
export async function init(
  request: InitRequest,
  options: Omit<WriteOptions, "message">,
  ports: Ports,
): Promise<Initialised> {
  const { folder } = request;
  const place = openNearest(folder, ports);
  refuseInside(place, ports);
  const id = idFor(request);
  const person = await ports.gitPerson(place.workTree.root);
  const beginning: Beginning = {
    id,
    person,
    team: teamOf(request.team),
    now: ports.now(),
    version: request.version,
  };
  const wanted = await filesOf(beginning);
  const there = (path: string): Uint8Array | undefined => place.workTree.readFile(`${place.below}${path}`);
  refuseRegistry(place);
  const codeowners = there("CODEOWNERS");
  if (codeowners !== undefined && new TextDecoder().decode(codeowners) !== wanted["CODEOWNERS"]) {
    throw new Failure("init/codeowners", "There is a CODEOWNERS file, and the registry writes its own.", {
      hint: "Move it away, run assent init, and put its lines into `ownership` of registry/registry.yaml.",
      category: "conflict",
    });
  }
  const kept = Object.keys(wanted).filter((path) => there(path) !== undefined);
  const changes = Object.entries(wanted).flatMap(([path, content]): FileChange[] =>
    kept.includes(path) ? [] : [{ path, content }],
  );
  const tree = treeOfTexts(wanted);
  const files = changes.map(({ path, content }) => ({
    path,
    change: "added" as const,
    before: null,
    after: String(content),
  }));
  const repository = place.below === "" ? await ports.openRepository(folder) : undefined;
  const answer = {
    id,
    kept,
    hasGit: repository !== undefined,
    needsOwner: ownerFor(beginning) === UNKNOWN_OWNER,
    files,
    diagnostics: [],
    tree,
  };
  if (options.dryRun === true) return { ...answer, outcome: "planned" };
  const commits = options.commit === true || options.branch !== undefined;
  const git = commits ? needGit(repository, "--commit") : undefined;
  if (options.branch === undefined)
    place.workTree.write(changes.map(({ path, content }) => ({ path: `${place.below}${path}`, content })));
  if (git === undefined) return { ...answer, outcome: "written" };
  const committed = await git.commit(
    changes,
    `Begin the registry ${id}`,
    options.branch === undefined ? {} : { branch: options.branch },
  );
  return { ...answer, outcome: "written", committed };
}

/** Everything a new registry holds, judged: a beginning that does not lint clean is a bug and throws. */
async function filesOf(beginning: Beginning): Promise<Readonly<Record<string, string>>> {
  const entries = beginningEntries(beginning);
  const { registry } = await loadTree(treeOfTexts(entries));
  const schemas = editorSchemas(registry.entries).map(
    ({ file, schema }) => [`${SCHEMA_FOLDER}/${file}`, schemaText(schema)] as const,
  );
  const files = {
    ...entries,
    CODEOWNERS: renderCodeowners(registry),
    ...toolingFiles(beginning.id, beginning.version),
    ...Object.fromEntries(schemas),
  };
  const tree = treeOfTexts(files);
  const diagnostics = await locate(await findingsIn(await loadTree(tree), beginning.now), tree);
  if (countsOf(diagnostics).error === 0) return files;
  throw new Error(
    `a new registry does not lint clean: ${diagnostics.map(({ file, message }) => `${file}: ${message}`).join(" ")}`,
  );
}

export interface Place {
  readonly folder: string;
  readonly workTree: WorkTree;
  /** From the work tree's root to the folder, with a slash at the end; empty when it is the root itself. */
  readonly below: string;
}

/** The folder, or the nearest one upwards that exists: folders are made while writing. */
export function openNearest(folder: string, ports: Ports): Place {
  const parts = folder.split("/");
  for (let length = parts.length; length > 0; length--) {
    const existing = parts.slice(0, length).join("/") || "/";
    const below = parts
      .slice(length)
      .map((part) => `${part}/`)
      .join("");
    let workTree: WorkTree;
    try {
      workTree = ports.openWorkTree(existing);
    } catch (error) {
      if (!(error instanceof Failure) || length === 1) throw error;
      continue;
    }
    if (isFolder(workTree)) return { folder, workTree, below };
    throw new Failure("init/not-a-folder", `${existing} is a file.`, {
      hint: "Choose another folder for the registry.",
    });
  }
  throw new Error(`${folder} is no absolute path`);
}

/** Below a file even what is not there cannot be looked for. */
function isFolder(workTree: WorkTree): boolean {
  try {
    workTree.readFile("nothing-of-this-name");
    return true;
  } catch (error) {
    if (error instanceof Failure) return false;
    throw error;
  }
}

function refuseInside({ workTree, below }: Place, ports: Ports): void {
  const root = ports.findRoot(workTree.root);
  if (root === undefined || (below === "" && ports.openWorkTree(root).root === workTree.root)) return;
  throw new Failure("init/inside", `This is inside ${root}, which is a repository or registry of its own.`, {
    hint: `A registry stands at the top of its repository: assent init ${root}, or choose a folder elsewhere.`,
    category: "conflict",
  });
}

export function refuseRegistry({ folder, workTree, below }: Place): void {
  if (below !== "" || !workTree.readTree().files.some(({ path }) => path.startsWith("registry/"))) return;
  throw new Failure("init/exists", `${folder} has a registry already.`, {
    hint: "assent status shows what is in it; assent lint says whether it is right.",
    category: "conflict",
  });
}

function idFor({ id, folder }: InitRequest): string {
  if (id !== undefined) {
    if (isName(id)) return id;
    throw new Failure("usage/id", `"${id}" is no id of a registry.`, {
      hint: "Use lower-case letters, digits and dashes, such as acme-models.",
    });
  }
  const name = nameOf(folder.split("/").findLast((part) => part !== "") ?? "");
  if (name !== undefined) return name;
  throw new Failure("usage/id", "The folder's name makes no id.", { hint: "Choose one: --id acme-models." });
}

function teamOf(typed: string | undefined): string | undefined {
  if (
    typed === undefined ||
    /^@[A-Za-z0-9][A-Za-z0-9-]{0,99}(?:\/[A-Za-z0-9][A-Za-z0-9._-]{0,99})?$/.test(typed)
  )
    return typed;
  throw new Failure("usage/team", `"${typed}" is no team and no account.`, {
    hint: "Write --team @your-org/your-team or --team @your-login.",
  });
}
