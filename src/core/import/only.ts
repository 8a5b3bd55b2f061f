/**
 * `--only`: which records of a source an import is about, as patterns over `<provider>/<id>`. A star stands for any
 * run of characters, slashes too; a provider alone means all of it. Matching takes time proportional to the pattern
 * times the key, whatever the stars.
 */
import type { Wanted } from "./record.ts";

/** Makes the question of patterns; without any, every record is wanted. */
export function wantedBy(patterns: readonly string[]): Wanted {
  const full = patterns.flatMap((pattern) => (pattern.includes("/") ? [pattern] : [pattern, `${pattern}/*`]));
  return full.length === 0 ? () => true : (key) => full.some((pattern) => matches(pattern, key));
}

/** Which patterns no key of the source matches: a typing mistake that would otherwise go unnoticed. */
export function unmatched(patterns: readonly string[], keys: Iterable<string>): readonly string[] {
  const left = new Set(patterns);
  for (const key of keys) {
    for (const pattern of left) if (wantedBy([pattern])(key)) left.delete(pattern);
  }
  return [...left];
}

function matches(pattern: string, key: string): boolean {
  let p = 0;
  let k = 0;
  let star = -1;
  let resume = 0;
  while (k < key.length) {
    if (pattern[p] === "*") {
      star = p++;
      resume = k;
    } else if (p < pattern.length && pattern[p] === key[k]) {
      p++;
      k++;
    } else if (star >= 0) {
      p = star + 1;
      k = ++resume;
    } else return false;
  }
  while (pattern[p] === "*") p++;
  return p === pattern.length;
}
