/**
 * Searches the raw text of every file below `registry/`, comments and READMEs included, for what must not be there.
 * One pass with one pattern, because every file of the registry goes through it. It must never show what it found whole.
 */
import type { Tree } from "../model/tree.ts";
import { decodeText } from "../source/parse.ts";

/** One match: the file, and where in its text (UTF-16 offsets). */
export interface RawMatch {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Every match of a global pattern that cannot backtrack, in order of files and offsets. */
export function* searchRaw(tree: Tree, pattern: RegExp): Generator<RawMatch> {
  for (const file of tree.files) {
    if (!file.path.startsWith("registry/") || !file.mode.startsWith("100")) continue;
    const text = decodeText(file.read());
    pattern.lastIndex = 0;
    for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
      yield { file: file.path, start: match.index, end: match.index + match[0].length, text: match[0] };
      if (match[0] === "") pattern.lastIndex++;
    }
  }
}
