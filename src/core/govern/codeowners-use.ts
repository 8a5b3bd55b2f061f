/**
 * What each line of a CODEOWNERS file is there for: which later line overrides it, and whether any file is decided by
 * it. Lines are looked up by the first folder of their pattern, and the work is bounded: the file may be a stranger's.
 * It must never look at owners.
 */
import type { CodeownersFile, CodeownersLine } from "./codeowners.ts";
import { covers, matchesPath } from "./codeowners-pattern.ts";

export interface LineUse {
  /** The later line that matches every path this one matches. */
  readonly shadow: CodeownersLine | undefined;
  /** Whether any file matches the pattern; null = the files are not known. */
  readonly isMatched: boolean | null;
  /** Whether it is the line that decides about any file; null = the files are not known. */
  readonly decides: boolean | null;
}

/** So many patterns and paths are compared with each other at most; a second or two. */
const MOST = 10_000_000;

/** One for each line; undefined where there are too many lines and files to tell. `paths` null = no files are known. */
export function usesOf(
  { lines }: CodeownersFile,
  paths: readonly string[] | null,
): readonly LineUse[] | undefined {
  const candidatesFor = lookup(lines);
  let left = MOST;
  const uses: { shadow: CodeownersLine | undefined; isMatched: boolean | null; decides: boolean | null }[] =
    lines.map(() => ({
      shadow: undefined,
      isMatched: paths === null ? null : false,
      decides: paths === null ? null : false,
    }));
  for (const [index, line] of lines.entries()) {
    const use = uses[index];
    if (line.problem !== undefined || use === undefined) continue;
    for (const at of candidatesFor(literalOf(line))) {
      const later = lines[at];
      if (at <= index || later === undefined) continue;
      if (left-- === 0) return undefined;
      // The first of them in the file, as a reader who goes on from the line would find it.
      if ((use.shadow === undefined || later.line < use.shadow.line) && covers(later.pattern, line.pattern))
        use.shadow = later;
    }
  }
  for (const path of paths ?? []) {
    let isDecided = false;
    for (const at of candidatesFor(path.slice(0, Math.max(0, path.indexOf("/"))) || path)) {
      const [line, use] = [lines[at], uses[at]];
      if (line === undefined || use === undefined || (isDecided && use.isMatched === true)) continue;
      if (left-- === 0) return undefined;
      if (!matchesPath(line.pattern, path)) continue;
      use.isMatched = true;
      if (!isDecided) use.decides = true;
      isDecided = true;
    }
  }
  return uses;
}

/** The first folder or file that a pattern names; undefined where it may be any. */
function literalOf({ pattern }: CodeownersLine): string | undefined {
  const [first] = pattern.tokens;
  return typeof first === "string" && !/[*?\\]/.test(first) ? first : undefined;
}

/** Lines that can be about what begins with a name, last first; without a name those that can be about anything. */
function lookup(lines: readonly CodeownersLine[]): (name: string | undefined) => readonly number[] {
  const named = new Map<string, number[]>();
  const wide: number[] = [];
  for (const [index, line] of lines.entries()) {
    if (line.problem !== undefined) continue;
    const name = literalOf(line);
    const list = name === undefined ? wide : (named.get(name) ?? []);
    if (name !== undefined) named.set(name, list);
    list.push(index);
  }
  const merged = new Map<string, readonly number[]>();
  const widest = wide.toReversed();
  return (name) => {
    const own = name === undefined ? undefined : named.get(name);
    if (name === undefined || own === undefined) return widest;
    let list = merged.get(name);
    if (list === undefined) merged.set(name, (list = [...own, ...wide].sort((a, b) => b - a)));
    return list;
  };
}
