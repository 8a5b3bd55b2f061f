/**
 * A file of thousands of faults must not become thousands of findings: the first ones of each file are told, and the
 * last of them says how many more there are.
 */
import type { RawMatch } from "./raw-text.ts";

/** How many a file may have. */
const most = 20;

/** The first matches of each file; `more` is how many of the file are left out, on the last of them. */
export function firstOfEach(
  matches: readonly RawMatch[],
): { readonly match: RawMatch; readonly more: number }[] {
  const counts = new Map<string, number>();
  for (const { file } of matches) counts.set(file, (counts.get(file) ?? 0) + 1);
  const told = new Map<string, number>();
  const first: { match: RawMatch; more: number }[] = [];
  for (const match of matches) {
    const nth = (told.get(match.file) ?? 0) + 1;
    if (nth > most) continue;
    told.set(match.file, nth);
    first.push({ match, more: nth === most ? (counts.get(match.file) ?? 0) - most : 0 });
  }
  return first;
}

/** The sentence about what is left out, or nothing. */
export function moreInWords(more: number): string {
  return more === 0 ? "" : ` ${more} more in this file are not listed.`;
}
