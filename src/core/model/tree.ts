/**
 * A registry before it is understood: paths, modes, bytes. Adapters make trees (from a folder, from a commit);
 * the core only reads them. A tree never changes while it is read, so whatever is computed from it is a function of it.
 */
import { compareBytes } from "./json.ts";
import { layersOf, type Layers } from "./layers.ts";
import { placeOf, spliced } from "./sorted.ts";

/** The modes git knows for a tree entry; folders on disk are walked, never listed. */
export type FileMode = "100644" | "100755" | "120000" | "160000";

export interface TreeFile {
  /** Relative to the repository's root, `/`-separated. */
  readonly path: string;
  readonly mode: FileMode;
  /** The content; for a symlink its target. Never called for a submodule. */
  read(): Uint8Array;
}

export interface Tree {
  /** Every file below `registry/` plus CODEOWNERS and other governed files, in byte order of their paths. */
  readonly files: readonly TreeFile[];
  get(path: string): TreeFile | undefined;
}

/** How trees find files; kept beside them, so that a tree that follows another can take it over. */
const indexes = new WeakMap<Tree, () => Layers<TreeFile>>();

/** Makes a tree of files in any order. */
export function treeOf(files: readonly TreeFile[]): Tree {
  const sorted = [...files].sort((a, b) => compareBytes(a.path, b.path));
  return indexed(sorted, () => layersOf(new Map(sorted.map((file) => [file.path, file]))));
}

/** The tree with these files in place of what stands at their paths, and without those that are undefined. */
export function patchedTree(base: Tree, changes: ReadonlyMap<string, TreeFile | undefined>): Tree {
  const files = spliced(base.files, changes, pathOf);
  const before = indexes.get(base)?.();
  return before === undefined ? treeOf(files) : indexed(files, () => before.with(changes));
}

/** The files whose paths begin with a prefix, in byte order. */
export function filesBelow({ files }: Tree, prefix: string): readonly TreeFile[] {
  const from = placeOf(files, prefix, pathOf);
  let to = from;
  while (files[to]?.path.startsWith(prefix) === true) to++;
  return files.slice(from, to);
}

function indexed(files: readonly TreeFile[], make: () => Layers<TreeFile>): Tree {
  let index: Layers<TreeFile> | undefined;
  const indexOf = (): Layers<TreeFile> => (index ??= make());
  const tree: Tree = { files, get: (path) => indexOf().get(path) };
  indexes.set(tree, indexOf);
  return tree;
}

function pathOf({ path }: TreeFile): string {
  return path;
}

/** Makes a tree of texts, for tests and for what is about to be written. */
export function treeOfTexts(texts: Readonly<Record<string, string | Uint8Array>>): Tree {
  const encoder = new TextEncoder();
  return treeOf(
    Object.entries(texts).map(([path, text]) => {
      const bytes = typeof text === "string" ? encoder.encode(text) : text;
      return { path, mode: "100644", read: () => bytes };
    }),
  );
}
