/**
 * Instants: RFC 3339 in UTC with a trailing Z, to the second or finer. Time is always an argument;
 * this module must never ask a clock.
 */
export type Instant = string & { readonly __brand: "Instant" };

const pattern = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d{1,9})?Z$/;

/** Reads an instant; undefined when the text is not one or the date does not exist (no leap seconds). */
export function parseInstant(text: string): Instant | undefined {
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second] = match.map(Number) as [number, ...number[]];
  if (hour! > 23 || minute! > 59 || second! > 59 || !dateExists(year!, month!, day!)) return undefined;
  return text as Instant;
}

/** Whether `YYYY-MM-DD` names a day that exists. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  // A large registry holds fifteen thousand days, so no lists and no objects are made of them.
  return dateExists(numberAt(text, 0, 4), numberAt(text, 5, 7), numberAt(text, 8, 10));
}

/** An instant from seconds since the epoch, spelled to the second. */
export function instantOfSeconds(seconds: number): Instant {
  return new Date(seconds * 1000).toISOString().replace(".000Z", "Z") as Instant;
}

/** Milliseconds since the epoch; for comparing and adding, never for showing. */
export function millisecondsOf(instant: Instant): number {
  return Date.parse(instant);
}

/** The number that the digits from `start` to `end` spell. */
function numberAt(text: string, start: number, end: number): number {
  let number = 0;
  for (let i = start; i < end; i++) number = number * 10 + text.charCodeAt(i) - 48;
  return number;
}

function dateExists(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  if (month !== 2) return day <= (month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31);
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day <= (isLeap ? 29 : 28);
}
