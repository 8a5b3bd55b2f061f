/**
 * Money as decimal digits. Prices are read and scaled as text, so that no binary fraction ever shows
 * (0.1 + 0.2, 1.5e-7 * 1e6); this module must never do arithmetic on a float.
 */

/** How many characters a price may have once its exponent is written out; more is a mistake or an attack. */
const longest = 40;

/**
 * Writes a number literal (`2.50`, `1_000`, `1.5e-07`, `+3`) as plain digits, times ten to the `shift`.
 * Digits of the source stay as they are written (`2.50` keeps its zero) where nothing is shifted.
 * Undefined for what is no finite, non-negative decimal number of reasonable length.
 */
export function decimalOf(literal: string, shift = 0): string | undefined {
  const match = /^\+?(\d[\d_]*)(?:\.(\d[\d_]*))?(?:[eE]([+-]?\d{1,4}))?$/.exec(literal.trim());
  if (match === null) return undefined;
  const whole = match[1]!.replaceAll("_", "");
  const fraction = (match[2] ?? "").replaceAll("_", "");
  const move = Number(match[3] ?? "0") + shift;
  if (whole.length + fraction.length + Math.abs(move) > longest) return undefined;
  if (move === 0) return tidy(whole, fraction);
  const digits = whole + fraction;
  const point = whole.length + move;
  if (point <= 0) return tidy("0", trimmed("0".repeat(-point) + digits));
  return tidy(digits.slice(0, point).padEnd(point, "0"), trimmed(digits.slice(point)));
}

/** Writes a parsed number as plain digits: its shortest spelling, without an exponent. */
export function decimalOfNumber(value: number, shift = 0): string | undefined {
  return Number.isFinite(value) && !Object.is(value, -0)
    ? decimalOf(String(value), shift)
    : value === 0
      ? "0"
      : undefined;
}

function tidy(whole: string, fraction: string): string {
  const plain = whole.replace(/^0+(?=\d)/, "");
  return fraction === "" ? plain : `${plain}.${fraction}`;
}

function trimmed(fraction: string): string {
  return fraction.replace(/0+$/, "");
}

/** How many digits the registry's decimals have before and after the point. */
const mostWhole = 12;
const mostFraction = 12;

/**
 * Fits plain digits into the registry's decimals: what is finer than a trillionth is binary noise of whoever wrote the
 * source (0.049999999999999996) and is rounded half up. Undefined for what is too large.
 */
export function fitDecimal(digits: string): { readonly text: string; readonly rounded: boolean } | undefined {
  const [whole = "", fraction = ""] = digits.split(".");
  if (whole.length > mostWhole) return undefined;
  if (fraction.length <= mostFraction) return { text: digits, rounded: false };
  const kept = BigInt(whole + fraction.slice(0, mostFraction));
  const up = fraction.charCodeAt(mostFraction) >= 0x35 ? 1n : 0n;
  const all = (kept + up).toString().padStart(mostFraction + 1, "0");
  const point = all.length - mostFraction;
  return point > mostWhole
    ? undefined
    : { text: tidy(all.slice(0, point), trimmed(all.slice(point))), rounded: true };
}
