/**
 * Searches the raw text of every file below `registry/`, comments and READMEs included, for what must not be there.
 * Every file goes through it once for all patterns together: hardly any has one of their signs, and only those are
 * decoded and searched.
 */
import type { Tree, TreeFile } from "../model/tree.ts";
import { decodeText } from "../source/parse.ts";
import { personal, tokens, type RawPattern } from "./raw-patterns.ts";
import { compileSigns } from "./signs.ts";

/** A place in a file's text (UTF-16 offsets), the text that stands there, and what it looks like. */
export interface RawMatch {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly name: string;
}

const all: readonly RawPattern[] = [...tokens, ...personal];
const findSigns = compileSigns(all.map(({ signs }) => signs));

/** The files of a tree that have signs, with which. */
const suspects = new WeakMap<Tree, readonly { readonly file: TreeFile; readonly signs: number }[]>();

/** Calls `found` for every match of some of the patterns, in order of files, patterns and offsets. */
export function searchRaw(tree: Tree, patterns: readonly RawPattern[], found: (match: RawMatch) => void): void {
  for (const { file, signs } of suspectsIn(tree)) {
    let text: string | undefined;
    for (const { name, pattern } of patterns.filter((each) => (signs & (1 << all.indexOf(each))) !== 0)) {
      text ??= decodeText(file.read());
      pattern.lastIndex = 0;
      for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
        found({ file: file.path, start: match.index, end: match.index + match[0].length, text: match[0], name });
      }
    }
  }
}

function suspectsIn(tree: Tree): readonly { readonly file: TreeFile; readonly signs: number }[] {
  let known = suspects.get(tree);
  if (known === undefined) {
    const list: { file: TreeFile; signs: number }[] = [];
    for (const file of tree.files) {
      if (!file.path.startsWith("registry/") || !file.mode.startsWith("100")) continue;
      const signs = findSigns(file.read());
      if (signs !== 0) list.push({ file, signs });
    }
    known = list;
    suspects.set(tree, known);
  }
  return known;
}
