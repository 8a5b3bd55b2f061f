/**
 * The digests whose signatures are spent (DESIGN 5.6), for a walk that adds one with nearly every landing and asks with
 * each: neither may cost more the longer the history is. A value like any other; what is added does not show in what it
 * was added to.
 */

/** By the first two hex digits; in each place the digests stand one after the other, each behind a blank. */
export type Spent = readonly (readonly string[])[];

/** No digest is spent. */
export const nothingSpent: Spent = Array.from({ length: 16 }, () => Array.from({ length: 16 }, () => ""));

/** Whether a digest (64 hex digits) is spent. */
export function isSpent(spent: Spent, digest: string): boolean {
  const [row, column] = placeOf(digest);
  return spent[row]?.[column]?.includes(` ${digest}`) === true;
}

/** With one more digest. */
export function spend(spent: Spent, digest: string): Spent {
  const [row, column] = placeOf(digest);
  const cells = spent[row] ?? [];
  return spent.with(row, cells.with(column, `${cells[column] ?? ""} ${digest}`));
}

function placeOf(digest: string): readonly [row: number, column: number] {
  return [Number.parseInt(digest.charAt(0), 16), Number.parseInt(digest.charAt(1), 16)];
}
