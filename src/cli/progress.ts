/**
 * The progress line on standard error: one line that is written over, nothing in the first second, gone at the end.
 * It must never stand between lines of output, so whoever writes clears it first.
 */
import { escapeLine } from "./render/escape.ts";

export interface ProgressLine {
  /** Shows what is being done, unless the work is young or something was shown just now. */
  show(text: string): void;
  /** Takes the line away, if one is there. */
  clear(): void;
}

/** Work that is done sooner needs no line. */
const FIRST_MS = 1000;
/** Nobody reads faster. */
const BETWEEN_MS = 100;
const ERASE = "\r\u001b[2K";

/** A line of at most `columns` characters; `milliseconds` is a clock that never goes back. */
export function createProgressLine(options: {
  readonly write: (text: string) => void;
  readonly milliseconds: () => number;
  readonly columns: number;
}): ProgressLine {
  const { write, milliseconds, columns } = options;
  let next = milliseconds() + FIRST_MS;
  let shown = false;
  return {
    show(text) {
      const now = milliseconds();
      if (now < next) return;
      next = now + BETWEEN_MS;
      shown = true;
      // The last column stays free: a terminal that wraps could not erase the line again.
      write(`${ERASE}${escapeLine(text).slice(0, columns - 1)}`);
    },
    clear() {
      if (shown) write(ERASE);
      shown = false;
    },
  };
}

/** Where no progress is shown. */
export const noProgress: ProgressLine = { show: () => {}, clear: () => {} };
