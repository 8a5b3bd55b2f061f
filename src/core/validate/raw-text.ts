/**
 * Searches the raw text of every file below `registry/`, comments and READMEs included, for what must not be there.
 * Every file goes through it once for all patterns together: hardly any has one of their signs, and only those are
 * decoded and searched.
 */
import type { Tree, TreeFile } from "../model/tree.ts";
import { decodeText } from "../source/parse.ts";
import { personal, tokens, type RawPattern } from "./raw-patterns.ts";
import type { RuleContext } from "./rule.ts";
import { compileSigns, type FindSigns } from "./signs.ts";

/** A place in a file's text (UTF-16 offsets), the text that stands there, and what it looks like. */
export interface RawMatch {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly name: string;
}

const all: readonly RawPattern[] = [...tokens, ...personal];
/** Compiled when first asked: most commands never search. */
let findSigns: FindSigns | undefined;

/** For so few files every pattern is tried, because compiling the signs costs more. */
const FEW = 32;

interface Suspect {
  readonly file: TreeFile;
  /** Bit i for the i-th of all patterns. */
  readonly signs: number;
}

type Asks = RuleContext["asks"];

/** The signs of files: along a history most files are those of the landing before. */
const known = new WeakMap<TreeFile, number>();

/** The files of a tree that were asked about and have signs, with which. */
const suspects = new WeakMap<Tree, { readonly asks: Asks; readonly found: readonly Suspect[] }>();

/** Calls `found` for every match of some of the patterns in files that are asked about, in order of files, patterns and offsets. */
export function searchRaw(
  { registry: { tree }, asks }: Pick<RuleContext, "registry" | "asks">,
  patterns: readonly RawPattern[],
  found: (match: RawMatch) => void,
): void {
  for (const { file, signs } of suspectsIn(tree, asks)) {
    let text: string | undefined;
    for (const raw of patterns) {
      if ((signs & (1 << all.indexOf(raw))) === 0) continue;
      text ??= decodeText(file.read());
      for (const [from, to] of linesWith(text, raw.signs)) {
        const line = text.slice(from, to);
        if (!line.includes(raw.also)) continue;
        for (const match of line.matchAll(raw.pattern)) {
          const start = from + match.index;
          found({ file: file.path, start, end: start + match[0].length, text: match[0], name: raw.name });
        }
      }
    }
  }
}

/** The lines that hold one of the signs, as offsets in order. No pattern goes over a line's end. */
function linesWith(text: string, signs: readonly string[]): [number, number][] {
  const lines = new Map<number, number>();
  for (const sign of signs) {
    for (let at = text.indexOf(sign); at >= 0;) {
      const from = text.lastIndexOf("\n", at) + 1;
      const end = text.indexOf("\n", at);
      const to = end < 0 ? text.length : end;
      lines.set(from, to);
      at = text.indexOf(sign, to);
    }
  }
  return [...lines].sort(([a], [b]) => a - b);
}

function suspectsIn(tree: Tree, asks: Asks): readonly Suspect[] {
  const before = suspects.get(tree);
  if (before?.asks === asks) return before.found;
  const files = tree.files.filter(
    ({ path, mode }) => path.startsWith("registry/") && mode.startsWith("100") && asks(path),
  );
  const found: Suspect[] = [];
  if (files.length > FEW) findSigns ??= compileSigns(all.map((each) => each.signs));
  for (const file of files) {
    const signs = files.length > FEW && findSigns !== undefined ? signsOf(file, findSigns) : -1;
    if (signs !== 0) found.push({ file, signs });
  }
  suspects.set(tree, { asks, found });
  return found;
}

function signsOf(file: TreeFile, find: FindSigns): number {
  let signs = known.get(file);
  if (signs === undefined) known.set(file, (signs = find(file.read())));
  return signs;
}
