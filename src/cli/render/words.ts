/** Numbers in words, so that every format says the same sentence. */
import type { Counts } from "../../core/validate/report.ts";

/** `1 error`, `2 errors`. */
export function plural(count: number, noun: string, nouns = `${noun}s`): string {
  return `${grouped(count)} ${count === 1 ? noun : nouns}`;
}

/** `5,276`. By hand, because the first use of Intl costs a process 9 ms, half of Node's own start. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ",");
}

/** `63 entries, no errors` or `63 entries, 1 error, 2 warnings`. */
export function countWords(entries: number, counts: Counts): string {
  const parts = [
    plural(entries, "entry", "entries"),
    counts.error === 0 ? "no errors" : plural(counts.error, "error"),
  ];
  if (counts.warning > 0) parts.push(plural(counts.warning, "warning"));
  if (counts.info > 0) parts.push(`${counts.info} for information`);
  return parts.join(", ");
}
