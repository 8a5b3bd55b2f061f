/**
 * `like(text, pattern)`: search on a linear-time engine (RE2 syntax: no look-around, no back-references).
 * It must never fall back to the language's own regular expressions, which can backtrack for ever.
 */
import { RE2JS } from "re2js";

/** A compiled pattern; `size` measures how much work one character of text is. */
export interface Pattern {
  readonly size: number;
  /** Whether the pattern occurs anywhere in the text. */
  test(text: string): boolean;
}

const MAX_LENGTH = 500;
/** What one pattern, and all patterns of one expression together, may stand for; about 2 microseconds each to compile. */
export const MAX_EXPANSION = 1_000;
// Patterns that come from the data are compiled at run time; keeping all of them would be a leak.
const MAX_KEPT = 1_000;

const kept = new Map<string, Pattern | { readonly fault: string }>();

/** The steps that `patternOf` would take for this pattern: none for one that it has already. */
export function stepsToCompile(source: string): number {
  return kept.has(source) ? 0 : 200 * Math.min(MAX_EXPANSION, expansionOf(source)) + source.length;
}

/** The compiled pattern, or why it is refused: wrong syntax, over 500 characters, or expanding beyond a bound. */
export function patternOf(source: string): Pattern | { readonly fault: string } {
  let made = kept.get(source);
  if (made === undefined) {
    if (kept.size >= MAX_KEPT) kept.clear();
    made = compile(source);
    kept.set(source, made);
  }
  return made;
}

function compile(source: string): Pattern | { readonly fault: string } {
  if (source.length > MAX_LENGTH) return { fault: `the pattern is longer than ${MAX_LENGTH} characters` };
  // Asked before the engine builds it, which takes time and memory in proportion.
  if (expansionOf(source) > MAX_EXPANSION) return { fault: "the pattern's repetitions expand too far" };
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(source);
  } catch (error) {
    return { fault: error instanceof Error ? error.message : "the pattern cannot be read" };
  }
  return { size: compiled.programSize(), test: (text) => compiled.test(text) };
}

/** How many characters the pattern stands for once its counted repetitions are written out; in linear time. */
export function expansionOf(source: string): number {
  const outer: number[] = [];
  let sum = 0;
  let last = 0;
  for (let i = 0; i < source.length; i++) {
    const char = source[i];
    if (char === "(") {
      outer.push(sum);
      sum = 0;
      last = 0;
    } else if (char === ")") {
      last = sum + 1;
      sum = (outer.pop() ?? 0) + last;
    } else if (char === "{") {
      const count = /^\{(\d{1,6})(?:,(\d{0,6}))?\}/.exec(source.slice(i, i + 16));
      if (count === null) continue;
      const times = Math.max(Number(count[1]) + (count[2] === "" ? 1 : 0), Number(count[2] ?? 0));
      sum += last * (times - 1);
      last *= times;
      i += count[0].length - 1;
    } else {
      last = 1;
      sum += 1;
      if (char === "\\") i += 1;
      if (char === "[") i = endOfClass(source, i);
    }
  }
  return sum;
}

function endOfClass(source: string, start: number): number {
  // A bracket right after the opening one, or after ^, stands for itself.
  let i = source[start + 1] === "^" ? start + 2 : start + 1;
  if (source[i] === "]") i += 1;
  while (i < source.length && source[i] !== "]") {
    if (source.startsWith("[:", i)) i = Math.max(i, source.indexOf(":]", i));
    i += source[i] === "\\" ? 2 : 1;
  }
  return i;
}
