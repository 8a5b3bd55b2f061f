/** Days between a date or an instant and the clock of a report. It must never ask what time it is. */
import { isDate, millisecondsOf, parseInstant, type Instant } from "../../model/instant.ts";

const DAY = 24 * 60 * 60 * 1000;

/**
 * Whole days from asOf until an instant, rounded down, or until a date, which is over when its day is (UTC); negative
 * from then on. Null for anything else.
 */
export function daysUntil(text: string | null | undefined, asOf: Instant): number | null {
  if (text == null) return null;
  const isDay = isDate(text);
  const end = parseInstant(isDay ? `${text}T00:00:00Z` : text);
  if (end === undefined) return null;
  const begin = isDay ? Date.parse(asOf.slice(0, 10)) : millisecondsOf(asOf);
  return Math.floor((millisecondsOf(end) - begin) / DAY);
}

/** Whole days that have passed since an instant; null where there is none. */
export function daysSince(since: Instant | null | undefined, asOf: Instant): number | null {
  if (since == null) return null;
  return Math.max(0, Math.floor((millisecondsOf(asOf) - millisecondsOf(since)) / DAY));
}
