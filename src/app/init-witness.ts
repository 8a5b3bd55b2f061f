/**
 * `assent init --witness`: what a witness's own repository needs (DESIGN 6). It writes only files that are not there, and
 * refuses a registry: who governs both could make evidence say anything.
 */
import { witnessTooling } from "../core/author/init-tooling.ts";
import { treeOfTexts } from "../core/model/tree.ts";
import { openNearest, refuseRegistry } from "./init.ts";
import type { Ports } from "./ports.ts";
import { needGit } from "./read.ts";
import type { WriteOptions, WriteResult } from "./write.ts";

export interface WitnessRequest {
  /** Absolute path of the repository's folder; it need not exist. */
  readonly folder: string;
  /** Of this program. */
  readonly version: string;
}

/** Writes the witness's files; hands back those that were there already and stay as they are. */
export async function initWitness(
  { folder, version }: WitnessRequest,
  options: Omit<WriteOptions, "message">,
  ports: Ports,
): Promise<WriteResult & { readonly kept: readonly string[] }> {
  const place = openNearest(folder, ports);
  refuseRegistry(place);
  const wanted = witnessTooling(version);
  const kept = Object.keys(wanted).filter(
    (path) => place.workTree.readFile(`${place.below}${path}`) !== undefined,
  );
  const fresh = Object.entries(wanted).filter(([path]) => !kept.includes(path));
  const files = fresh.map(([path, after]) => ({ path, change: "added" as const, before: null, after }));
  const answer = { kept, files, diagnostics: [], tree: treeOfTexts(wanted) };
  if (options.dryRun === true) return { ...answer, outcome: "planned" };
  const commits = options.commit === true || options.branch !== undefined;
  const repository = place.below === "" ? await ports.openRepository(folder) : undefined;
  const git = commits ? needGit(repository, "--commit") : undefined;
  const { branch } = options;
  if (branch === undefined)
    place.workTree.write(fresh.map(([path, content]) => ({ path: `${place.below}${path}`, content })));
  if (git === undefined) return { ...answer, outcome: "written" };
  const changes = fresh.map(([path, content]) => ({ path, content }));
  const committed = await git.commit(changes, "Begin the witness", branch === undefined ? {} : { branch });
  return { ...answer, outcome: "written", committed };
}
