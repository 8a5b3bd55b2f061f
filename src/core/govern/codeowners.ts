/**
 * CODEOWNERS files, read as GitHub reads them: the last matching line decides, a line without owners un-owns, a line
 * with invalid syntax is skipped. This module must never decide who may approve; it says who is named.
 */
import { compilePattern, matchesPath, patternProblem, type CodeownersPattern } from "./codeowners-pattern.ts";

/** Where GitHub looks, in its order; the first file found is the only one it reads. */
export const CODEOWNERS_PATHS = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"] as const;

/** GitHub loads no CODEOWNERS file of this size (3 MB) or more. */
export const CODEOWNERS_LIMIT = 3 * 1024 * 1024;

/** One line that names a pattern. */
export interface CodeownersLine {
  /** 1-based. */
  readonly line: number;
  readonly pattern: CodeownersPattern;
  /** As written: `@login`, `@org/team` or an e-mail address; empty = nobody. */
  readonly owners: readonly string[];
  /** Where the pattern and then each owner begins, in UTF-16 units of the file's text. */
  readonly starts: readonly number[];
  /** Why GitHub skips this line; absent on lines that count. */
  readonly problem?: string;
}

export interface CodeownersFile {
  readonly lines: readonly CodeownersLine[];
}

/** Who owns a path: owners null = no line matched, [] = the matching line names nobody. */
export interface PathOwners {
  readonly owners: readonly string[] | null;
  readonly line: number | null;
  readonly pattern: string | null;
}

const accountPattern = /^@[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\/[a-z0-9_][a-z0-9._-]*)?$/i;

/** Reads a CODEOWNERS file; never fails, lines that GitHub skips are kept with their problem. */
export function parseCodeowners(text: string): CodeownersFile {
  const lines: CodeownersLine[] = [];
  let start = 0;
  for (const [i, each] of text.split("\n").entries()) {
    const { words, starts } = wordsOf(each, start);
    start += each.length + 1;
    const [first, ...owners] = words;
    if (first === undefined) continue;
    const stranger = owners.find((owner) => !isOwner(owner));
    const problem =
      patternProblem(first) ?? (stranger === undefined ? undefined : `\`${stranger}\` is no owner`);
    const line = { line: i + 1, pattern: compilePattern(first), owners, starts };
    lines.push(problem === undefined ? line : { ...line, problem });
  }
  return { lines };
}

/** Who owns a file's path (relative to the root, a leading `/` is accepted): the last line that matches says it. */
export function ownersOf(file: CodeownersFile, path: string): PathOwners {
  const plain = path.startsWith("/") ? path.slice(1) : path;
  for (let i = file.lines.length - 1; i >= 0; i--) {
    const { line, pattern, owners, problem } = file.lines[i]!;
    if (problem === undefined && matchesPath(pattern, plain)) return { owners, line, pattern: pattern.text };
  }
  return { owners: null, line: null, pattern: null };
}

/** Whether two owners are one: logins, teams and addresses are compared without case. */
export function isSameOwner(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** Whether a word is spelled like an owner: `@login`, `@org/team` or an e-mail address. */
export function isOwner(word: string): boolean {
  if (word.startsWith("@")) return accountPattern.test(word);
  const sign = word.indexOf("@");
  const dot = word.lastIndexOf(".");
  return sign > 0 && sign === word.lastIndexOf("@") && dot > sign + 1 && dot < word.length - 1;
}

/** Words divided by blanks that no backslash escapes, up to a word that begins with `#`; where each begins in the file. */
function wordsOf(
  line: string,
  offset: number,
): { readonly words: readonly string[]; readonly starts: readonly number[] } {
  const words: string[] = [];
  const starts: number[] = [];
  for (const { 0: word, index } of line.matchAll(/(?:\\.|[^ \t\r\f\v\\]|\\$)+/g)) {
    if (word.startsWith("#")) break;
    words.push(word);
    starts.push(offset + index);
  }
  return { words, starts };
}
