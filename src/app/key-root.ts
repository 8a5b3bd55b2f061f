/**
 * The folder of roots in a repository: `<n>.root.json`, one a version, committed like anything else. Their signatures
 * vouch for them, wherever they lie. It must never replace a root that everybody has agreed to.
 */
import { chainOf, type RootChain } from "../core/release/root.ts";
import { Failure } from "../core/model/failure.ts";
import { MAXIMA } from "../client/refresh.ts";
import { settingsOf } from "../core/govern/ownership.ts";
import { loadTree, needGit } from "./read.ts";
import type { KeyStore, Ports } from "./ports.ts";
import { rootOf } from "./root.ts";

/** Where roots stand when nobody names another folder, in the repository. */
export const TRUST_FOLDER = "trust";

/** The files of a folder of roots. */
export interface RootFolder {
  /** Absolute. */
  readonly path: string;
  /** Of version 1, 2, ... */
  readonly files: readonly Uint8Array[];
}

/** Reads the roots of a folder; absolute, or undefined for `trust` in the repository. */
export function readRoots(
  folder: string,
  named: string | undefined,
  { ports, store }: { readonly ports: Ports; readonly store: KeyStore },
): RootFolder {
  const path = named ?? `${rootOf(folder, ports)}/${TRUST_FOLDER}`;
  const files: Uint8Array[] = [];
  for (let version = 1; ; version++) {
    const bytes = store.find(`${path}/${version}.root.json`);
    if (bytes === undefined) return { path, files };
    if (bytes.length > MAXIMA.root) throw tooLarge(path, version);
    files.push(bytes);
  }
}

/** The chain of a folder; a Failure where there is none that could be used. */
export function needChain({ path, files }: RootFolder): RootChain {
  const chain = chainOf(files);
  if (chain !== undefined) return chain;
  const message =
    files.length === 0 ? `There is no root in ${path}.` : "The first root still lacks signatures.";
  throw new Failure("keys/no-root", message, {
    hint:
      files.length === 0
        ? "Make keys and the first root: assent key generate --out <folder outside the repository>."
        : "Let those sign who are missing: assent key rotate --sign --key <file>.",
    category: "auth",
  });
}

/** The id of the registry whose HEAD this is. */
export async function registryId(folder: string, ports: Ports): Promise<string> {
  const repository = needGit(await ports.openRepository(rootOf(folder, ports)), "Signing releases");
  const head = await repository.head();
  const tree =
    head === null ? undefined : await repository.treeAt(head, { paths: ["registry/registry.yaml"] });
  const id = tree === undefined ? undefined : settingsOf((await loadTree(tree)).registry)?.value.id;
  if (id !== undefined) return id;
  throw new Failure("keys/no-registry", "No commit gives the registry an id yet.", {
    hint: "Commit registry/registry.yaml with `id: <name>`.",
  });
}

function tooLarge(path: string, version: number): Failure {
  return new Failure("keys/root-too-large", `Root ${version} in ${path} is larger than clients read.`, {
    hint: `Roots may have ${MAXIMA.root} bytes.`,
  });
}
