/** Days between a date or an instant and the clock of a report. It must never ask what time it is. */
import { millisecondsOf, parseInstant, type Instant } from "../../model/instant.ts";

const DAY = 24 * 60 * 60 * 1000;

/** Whole days from asOf until a date (its beginning, UTC) or an instant, rounded down; negative once it is over. Null for anything else. */
export function daysUntil(text: string | null | undefined, asOf: Instant): number | null {
  if (text == null) return null;
  const instant = parseInstant(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text);
  return instant === undefined ? null : Math.floor((millisecondsOf(instant) - millisecondsOf(asOf)) / DAY);
}

/** Whole days that have passed since an instant; null where there is none. */
export function daysSince(since: Instant | null | undefined, asOf: Instant): number | null {
  if (since == null) return null;
  return Math.max(0, Math.floor((millisecondsOf(asOf) - millisecondsOf(since)) / DAY));
}
