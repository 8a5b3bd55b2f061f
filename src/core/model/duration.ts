/**
 * ISO 8601 durations of fixed length: weeks, days, hours, minutes, seconds. Years and months are refused, because how
 * long they are depends on when they start, and nothing here may depend on that.
 */
const pattern =
  /^P(?!$)(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T(?!$)(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,9}(?:\.\d{1,9})?)S)?)?$/;

/** The length in milliseconds; undefined when the text is no duration of fixed length. */
export function millisecondsOfDuration(text: string): number | undefined {
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const [weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = match
    .slice(1)
    .map((part) => Number(part ?? 0));
  return ((((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
}
