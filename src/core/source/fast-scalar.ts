/**
 * The scalars of the fast parser: plain, quoted, numbers and words. Each starts where it is told to and leaves its
 * end in `pos`; whatever follows is the caller's business. Nothing here ever reports a fault, it only declines.
 */
import type { Json } from "../model/json.ts";
import { declined, plainStarts, stopDouble, stopFlow, stopSingle, units } from "./units.ts";

/** Where the last scalar or step ended; the position of the fast parser. */
export let pos = 0;
let text = "";

/** Begins with a new text, whose units stand in `units`. */
export function beginText(newText: string): void {
  text = newText;
  pos = 0;
}

/** Moves the position. */
export function moveTo(p: number): void {
  pos = p;
}

/** A scalar without quotes; `stop` says whether it stands alone or between brackets. */
export function plain(start: number, stop: Uint8Array): Json {
  const first = units[start]!;
  const kind = plainStarts[first]!;
  if (kind === 0) throw declined;
  let p = start;
  if (kind === 2) {
    // A digit, or a minus before one: most often a whole number or a decimal, and then it ends here.
    if (first === 45) p++;
    let number = 0;
    const digits = p;
    let unit = units[p]!;
    while (unit >= 48 && unit <= 57) {
      number = number * 10 + unit - 48;
      unit = units[++p]!;
    }
    if (p === digits) throw declined;
    if (p - digits <= 15) {
      if (stop[unit] === 1 && unit !== 58 && unit !== 35) {
        if (first === 45 && number === 0) throw declined;
        pos = p;
        return first === 45 ? -number : number;
      }
    }
  }
  for (;;) {
    while (stop[units[p]!] === 0) p++;
    const unit = units[p]!;
    if (unit === 58) {
      const next = units[p + 1]!;
      if (next <= 32 || (stop === stopFlow && stop[next] === 1 && next !== 58 && next !== 35)) throw declined;
    } else if (unit !== 35 || units[p - 1] === 32) {
      break;
    }
    p++;
  }
  // Whatever else may stop a scalar (a tab, an opening bracket) is refused by whoever reads on.
  pos = p;
  while (units[p - 1] === 32) p--;
  if (pos > p && units[pos] === 35) pos--;
  const value = text.slice(start, p);
  if (kind === 1) return value;
  return kind === 3 ? word(value) : numeric(value);
}

/** `true`, `false` and `null` in the three ways in which the core schema spells them, else a text. */
function word(value: string): Json {
  if (value.length > 5) return value;
  switch (value) {
    case "true":
    case "True":
    case "TRUE":
      return true;
    case "false":
    case "False":
    case "FALSE":
      return false;
    case "null":
    case "Null":
    case "NULL":
    case "~":
      return null;
    default:
      return value;
  }
}

const decimal = /^-?[0-9]{1,17}(?:\.[0-9]{1,20})?(?:e[-+]?[0-9]{1,3})?$/;
const whole = /^-?[0-9]+$/;
const numberLike =
  /^(?:0o[0-7]+|0x[0-9a-fA-F]+|[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;

/** What begins like a number: a number, a text such as a version or a date, or a spelling that is declined. */
function numeric(value: string): Json {
  if (decimal.test(value)) {
    const number = Number(value);
    if (Object.is(number, -0) || !Number.isFinite(number)) throw declined;
    if (whole.test(value) && !Number.isSafeInteger(number)) throw declined;
    return number;
  }
  if (numberLike.test(value)) throw declined;
  return value;
}

export function doubleQuoted(start: number): string {
  let p = start + 1;
  while (stopDouble[units[p]!] === 0) p++;
  if (units[p] === 34) {
    pos = p + 1;
    return text.slice(start + 1, p);
  }
  let value = "";
  let from = start + 1;
  while (units[p] === 92) {
    const escape = escapes[units[p + 1]!];
    if (escape === undefined) throw declined;
    value += text.slice(from, p) + escape;
    p += 2;
    from = p;
    while (stopDouble[units[p]!] === 0) p++;
  }
  if (units[p] !== 34) throw declined;
  pos = p + 1;
  return value + text.slice(from, p);
}

export function singleQuoted(start: number): string {
  let p = start + 1;
  let value = "";
  let from = p;
  for (;;) {
    while (stopSingle[units[p]!] === 0) p++;
    if (units[p] !== 39) throw declined;
    if (units[p + 1] !== 39) break;
    value += text.slice(from, p + 1);
    p += 2;
    from = p;
  }
  pos = p + 1;
  return value + text.slice(from, p);
}

/** The escapes that the canonical layout writes; every other is declined. */
const escapes: Readonly<Record<number, string>> = { 34: '"', 47: "/", 92: "\\", 110: "\n", 116: "\t" };
