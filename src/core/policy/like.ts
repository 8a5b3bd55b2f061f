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
const MAX_SIZE = 5_000;
// Patterns that come from the data are compiled at run time; keeping all of them would be a leak.
const MAX_KEPT = 1_000;

const kept = new Map<string, Pattern | { readonly fault: string }>();

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
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(source);
  } catch (error) {
    return { fault: error instanceof Error ? error.message : "the pattern cannot be read" };
  }
  const size = compiled.programSize();
  if (size > MAX_SIZE) return { fault: "the pattern's repetitions expand too far" };
  return { size, test: (text) => compiled.test(text) };
}
