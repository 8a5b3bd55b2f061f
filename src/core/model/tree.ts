/**
 * A registry before it is understood: paths, modes, bytes. Adapters make trees (from a folder, from a commit);
 * the core only reads them. A tree never changes while it is read, so whatever is computed from it is a function of it.
 */
import { compareBytes } from "./json.ts";

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

/** Makes a tree of files in any order. */
export function treeOf(files: readonly TreeFile[]): Tree {
  const sorted = [...files].sort((a, b) => compareBytes(a.path, b.path));
  let index: Map<string, TreeFile> | undefined;
  return {
    files: sorted,
    get(path) {
      index ??= new Map(sorted.map((file) => [file.path, file]));
      return index.get(path);
    },
  };
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
