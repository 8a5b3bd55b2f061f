/**
 * A registry before it is understood: paths, modes, bytes. Adapters make trees (from a folder, from a commit);
 * the core only reads them. A tree never changes while it is read, so whatever is computed from it is a function of it.
 */
import { compareBytes } from "./json.ts";
import { layersOf, type Layers } from "./layers.ts";
import { sortedOf, type Sorted } from "./sorted.ts";

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

/** What a tree is made of; kept beside it, so that a tree that follows it can share it. */
interface Parts {
  readonly sorted: Pick<Sorted<TreeFile>, "range" | "with">;
  index(): Layers<TreeFile>;
}

const made = new WeakMap<Tree, Parts>();

/** Makes a tree of files in any order. */
export function treeOf(files: readonly TreeFile[]): Tree {
  const sorted = [...files].sort((a, b) => compareBytes(a.path, b.path));
  return assembled(sortedOf(sorted, pathOf), () =>
    layersOf(new Map(sorted.map((file) => [file.path, file]))),
  );
}

/** The tree with these files in place of what stands at their paths, and without those that are undefined. */
export function patchedTree(base: Tree, changes: ReadonlyMap<string, TreeFile | undefined>): Tree {
  const { sorted, index } = partsOf(base);
  const before = index();
  return assembled(sorted.with(changes), () => before.with(changes));
}

/** The files whose paths are not below `from`, and below `to` where that is given, in byte order. */
export function filesBetween(tree: Tree, from: string, to?: string): readonly TreeFile[] {
  return partsOf(tree).sorted.range(from, to);
}

/** The files whose paths begin with a prefix that ends in `/`, in byte order. */
export function filesBelow(tree: Tree, prefix: string): readonly TreeFile[] {
  // "0" is the character after "/".
  return filesBetween(tree, prefix, `${prefix.slice(0, -1)}0`);
}

/** The same tree, telling of each path that is asked for, and by null of what is asked about several. */
export function toldTree(tree: Tree, tell: (path: string | null) => void): Tree {
  const told: Tree = {
    get files() {
      tell(null);
      return tree.files;
    },
    get(path) {
      tell(path);
      return tree.get(path);
    },
  };
  const { sorted, index } = partsOf(tree);
  const range: Parts["sorted"]["range"] = (from, to) => {
    tell(null);
    return sorted.range(from, to);
  };
  made.set(told, { sorted: { range, with: sorted.with }, index });
  return told;
}

function partsOf(tree: Tree): Parts {
  let parts = made.get(tree);
  if (parts === undefined) {
    const own = treeOf(tree.files);
    parts = partsOf(own);
    made.set(tree, parts);
  }
  return parts;
}

function assembled(sorted: Sorted<TreeFile>, make: () => Layers<TreeFile>): Tree {
  let known: Layers<TreeFile> | undefined;
  const index = (): Layers<TreeFile> => (known ??= make());
  const tree: Tree = {
    get files() {
      return sorted.all();
    },
    get: (path) => index().get(path),
  };
  made.set(tree, { sorted, index });
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
