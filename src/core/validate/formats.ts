/**
 * The formats that our schemas name, judged strictly: a day must exist, an instant ends in Z, a version is SemVer.
 * It is bundled into the generated validators, so it must stay free of packages.
 */
import { millisecondsOfDuration } from "../model/duration.ts";
import { isDate, parseInstant } from "../model/instant.ts";
import { isVersion } from "../model/ref.ts";

/** What an inline text may weigh, in bytes of UTF-8 (DESIGN 3, Bundle and Config). */
const MAX_INLINE_BYTES = 64 * 1024;

const calendarDuration = /^P(?!$)(?:\d{1,4}Y)?(?:\d{1,5}M)?(?:\d{1,5}W)?(?:\d{1,6}D)?$/;

/** Each format by its name in the schemas; every function takes a string. */
export const formats: Readonly<Record<string, (text: string) => boolean>> = {
  /** RFC 3339 in UTC: `2026-07-01T10:00:00Z`. */
  "date-time": (text) => parseInstant(text) !== undefined,
  /** A day that exists: `2027-03-31`. */
  date: isDate,
  /** A month or a day: `2024-05`, `2024-05-13`. */
  "partial-date": (text) => isDate(text.length === 7 ? `${text}-01` : text),
  /** A day, or `unknown`. */
  sunset: (text) => text === "unknown" || isDate(text),
  /** ISO 8601 of fixed length: weeks, days, hours, minutes, seconds. */
  duration: (text) => millisecondsOfDuration(text) !== undefined,
  /** ISO 8601 in years, months, weeks and days, where no arithmetic is done with it. */
  "calendar-duration": (text) => calendarDuration.test(text),
  /** An exact version. */
  version: isVersion,
  /** An exact version, `none` or `inherit`. */
  "live-version": (text) => text === "none" || text === "inherit" || isVersion(text),
  /** At most 64 KiB of UTF-8. */
  "inline-text": (text) => text.length * 3 <= MAX_INLINE_BYTES || utf8Length(text) <= MAX_INLINE_BYTES,
};

function utf8Length(text: string): number {
  let bytes = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) bytes += 1;
    else if (unit < 0x800) bytes += 2;
    else if (unit >= 0xd800 && unit < 0xdc00) {
      // A surrogate pair is one character of four bytes.
      bytes += 4;
      i++;
    } else bytes += 3;
  }
  return bytes;
}
