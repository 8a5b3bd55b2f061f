/**
 * The functions of expressions, as a table. Each is a function of its arguments: no time zone, locale or clock
 * of the machine. Null in gives `absent` out: false where the answer is yes or no, null elsewhere (DESIGN 3).
 */
import { millisecondsOfDuration } from "../model/duration.ts";
import { isDate, millisecondsOf, parseInstant } from "../model/instant.ts";
import { askPlugin } from "./cel-plugins.ts";
import * as types from "./cel-types.ts";
import { CelDuration, CelTime, isList, isMap, spend, Stop, typeOfValue } from "./cel-value.ts";
import type { Machine, Value } from "./cel-value.ts";
import { patternOf, stepsToCompile } from "./like.ts";

export interface Signature {
  /** How it is written, for hints. */
  readonly usage: string;
  readonly form: "function" | "method" | "both";
  /** Type kinds each argument may have, the receiver first. */
  readonly takes: readonly (readonly types.CelType["kind"][])[];
  readonly result: types.CelType;
  /** The answer when an argument is null. */
  readonly absent: null | false;
  readonly call: (args: readonly Value[], machine: Machine) => Value;
}

type Kinds = Signature["takes"];
const text: Kinds[number] = ["string"];
const whole: Kinds[number] = ["int"];
const time: Kinds[number] = ["timestamp"];
const span: Kinds[number] = ["duration"];

const signatures = new Map<string, Signature[]>();

function define(
  name: string,
  form: Signature["form"],
  takes: Kinds,
  result: types.CelType,
  call: Signature["call"],
  answer: null | false = result.kind === "bool" ? false : null,
): void {
  const words = takes.map((kinds) => kinds.join("|"));
  const usage =
    form === "method" ? `${words[0]}.${name}(${words.slice(1).join(", ")})` : `${name}(${words.join(", ")})`;
  const all = signatures.get(name) ?? [];
  all.push({ usage, form, takes, result, absent: answer, call });
  signatures.set(name, all);
}

/** All functions by name; where several signatures fit, `call` of the first decides by the values. */
export const functions: ReadonlyMap<string, readonly Signature[]> = signatures;

define("size", "both", [["string", "list", "map"]], types.int, ([value], m) => {
  if (typeof value === "string") {
    spend(m, value.length >> 4);
    let count = 0;
    for (const point of value) count += point.length > 0 ? 1 : 0;
    return count;
  }
  if (isList(value ?? null)) return (value as readonly Value[]).length;
  if (isMap(value ?? null)) return Object.keys(value as object).length;
  throw new Stop(`${typeOfValue(value ?? null)} has no size`);
});

const search = (find: (value: string, part: string) => Value): Signature["call"] => {
  return ([value, part], m) => {
    const [a, b] = [asText(value), asText(part)];
    spend(m, (a.length + b.length) >> 4);
    return find(a, b);
  };
};

define(
  "contains",
  "method",
  [text, text],
  types.bool,
  search((value, part) => value.includes(part)),
);
define(
  "startsWith",
  "method",
  [text, text],
  types.bool,
  search((value, part) => value.startsWith(part)),
);
define(
  "endsWith",
  "method",
  [text, text],
  types.bool,
  search((value, part) => value.endsWith(part)),
);
define(
  "indexOf",
  "method",
  [text, text],
  types.int,
  search((value, part) => pointsBefore(value, value.indexOf(part))),
);
define("like", "both", [text, text], types.bool, ([value, source], m) => {
  const regex = asText(source);
  spend(m, stepsToCompile(regex));
  const pattern = patternOf(regex);
  if ("fault" in pattern) throw new Stop(pattern.fault);
  const content = asText(value);
  spend(m, (content.length * pattern.size) >> 6);
  return pattern.test(content);
});
define("lowerAscii", "method", [text], types.string, ([value]) =>
  asText(value).replace(/[A-Z]+/g, (part) => part.toLowerCase()),
);
define("upperAscii", "method", [text], types.string, ([value]) =>
  asText(value).replace(/[a-z]+/g, (part) => part.toUpperCase()),
);
define("trim", "method", [text], types.string, ([value]) => asText(value).trim());
define("split", "method", [text, text], types.listOf(types.string), ([value, separator], m) => {
  const content = asText(value);
  spend(m, content.length);
  const by = asText(separator);
  return by === "" ? Array.from(content) : content.split(by);
});
const join: Signature["call"] = ([list, separator], m) => {
  if (!isList(list ?? null)) throw new Stop("join needs a list of strings");
  const parts = (list as readonly Value[]).map(asText);
  const by = separator === undefined ? "" : asText(separator);
  spend(m, parts.reduce((sum, part) => sum + part.length + by.length, 0) >> 4);
  return parts.join(by);
};
define("join", "method", [["list"]], types.string, join);
define("join", "method", [["list"], text], types.string, join);
const substring: Signature["call"] = ([value, start, end], m) => {
  const content = asText(value);
  spend(m, content.length >> 2);
  const points = Array.from(content);
  const from = asNumber(start);
  const to = end === undefined ? points.length : asNumber(end);
  if (from < 0 || to > points.length || from > to)
    throw new Stop(`the string has no part from ${from} to ${to}`);
  return points.slice(from, to).join("");
};
define("substring", "method", [text, whole], types.string, substring);
define("substring", "method", [text, whole, whole], types.string, substring);

define(
  "dyn",
  "function",
  [["string", "bool", "int", "double", "list", "map", "object", "timestamp", "duration"]],
  types.dyn,
  ([v]) => v ?? null,
);
define(
  "string",
  "function",
  [["string", "bool", "int", "double", "timestamp"]],
  types.string,
  ([value = null]) => {
    if (typeof value === "string" || typeof value === "boolean") return String(value);
    if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
    if (value instanceof CelTime) return new Date(value.ms).toISOString().replace(".000Z", "Z");
    throw new Stop(`${typeOfValue(value)} cannot become a string`);
  },
);
define("bool", "function", [["bool", "string"]], types.bool, ([value = null]) => {
  if (typeof value === "boolean") return value;
  if (value === "true" || value === "false") return value === "true";
  throw new Stop(`${shown(value)} is neither true nor false`);
});
define("int", "function", [["int", "double", "string", "timestamp"]], types.int, ([value = null]) => {
  if (value instanceof CelTime) return Math.floor(value.ms / 1000);
  const number = typeof value === "string" && /^-?\d{1,16}$/.test(value) ? Number(value) : value;
  if (typeof number !== "number") throw new Stop(`${shown(value)} is no whole number`);
  const cut = Math.trunc(number) + 0;
  if (!Number.isSafeInteger(cut)) throw new Stop(`${shown(value)} is beyond the exact integers`);
  return cut;
});
define("double", "function", [["int", "double", "string"]], types.double, ([value = null]) => {
  if (typeof value === "number") return value;
  if (typeof value === "string" && /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?$/.test(value))
    return Number(value);
  throw new Stop(`${shown(value)} is no number`);
});
define("timestamp", "function", [["timestamp", "string", "int"]], types.timestamp, ([value = null]) => {
  if (value instanceof CelTime) return value;
  if (typeof value === "number") return new CelTime(value * 1000);
  if (typeof value === "string") {
    const instant = parseInstant(isDate(value) ? `${value}T00:00:00Z` : value);
    if (instant !== undefined) return new CelTime(millisecondsOf(instant));
  }
  throw new Stop(`${shown(value)} is no instant: write 2026-01-31T00:00:00Z, or a date`);
});
define("duration", "function", [["duration", "string"]], types.duration, ([value = null]) => {
  if (value instanceof CelDuration) return value;
  const ms = typeof value === "string" ? millisecondsOfSpan(value) : undefined;
  if (ms === undefined) throw new Stop(`${shown(value)} is no duration: write 90m, 24h or P30D`);
  return new CelDuration(ms);
});

const anything: Kinds[number] = ["string", "bool", "int", "double", "list", "map", "object", "timestamp"];
for (const more of [[], [anything], [anything, anything], [anything, anything, anything]])
  define("plugin", "function", [text, ...more], types.dyn, askPlugin);

const parts: readonly (readonly [string, (date: Date) => number])[] = [
  ["getFullYear", (date) => date.getUTCFullYear()],
  ["getMonth", (date) => date.getUTCMonth()],
  ["getDate", (date) => date.getUTCDate()],
  ["getDayOfMonth", (date) => date.getUTCDate() - 1],
  ["getDayOfWeek", (date) => date.getUTCDay()],
  [
    "getDayOfYear",
    (date) => Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000),
  ],
];
for (const [name, read] of parts) {
  define(name, "method", [time], types.int, ([value]) => {
    if (value instanceof CelTime) return read(new Date(value.ms));
    throw new Stop(`${name} needs a timestamp`);
  });
}
// Of a timestamp the hour of the day, in UTC; of a duration all of its hours.
const clock: readonly (readonly [string, number, number])[] = [
  ["getHours", 3_600_000, 24],
  ["getMinutes", 60_000, 60],
  ["getSeconds", 1_000, 60],
  ["getMilliseconds", 1, 1_000],
];
for (const [name, unit, around] of clock) {
  define(name, "method", [[...time, ...span]], types.int, ([value]) => {
    if (value instanceof CelTime) return modulo(Math.floor(value.ms / unit), around);
    if (value instanceof CelDuration)
      return name === "getMilliseconds" ? value.ms % 1000 : Math.trunc(value.ms / unit);
    throw new Stop(`${name} needs a timestamp or a duration`);
  });
}

function modulo(a: number, b: number): number {
  return ((a % b) + b) % b;
}

const units: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };

/** CEL's spelling (`1h30m`), and ISO 8601 as entries write it (`P30D`, `PT12H`). */
function millisecondsOfSpan(value: string): number | undefined {
  const iso = millisecondsOfDuration(value);
  if (iso !== undefined) return iso;
  if (value === "0") return 0;
  if (!/^-?(?:\d{1,12}(?:\.\d{1,9})?(?:h|ms|m|s))+$/.test(value)) return undefined;
  let sum = 0;
  for (const [, amount, unit] of value.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s)/g))
    sum += Number(amount) * (units[unit ?? ""] ?? 0);
  return value.startsWith("-") ? -sum : sum;
}

function pointsBefore(value: string, index: number): number {
  return index < 0 ? -1 : Array.from(value.slice(0, index)).length;
}

function asText(value: Value | undefined): string {
  if (typeof value === "string") return value;
  throw new Stop(`a string is needed, not ${typeOfValue(value ?? null)}`);
}

function asNumber(value: Value | undefined): number {
  if (typeof value === "number" && Number.isInteger(value)) return value;
  throw new Stop(`a whole number is needed, not ${typeOfValue(value ?? null)}`);
}

function shown(value: Value): string {
  return typeof value === "string" ? JSON.stringify(value.slice(0, 60)) : typeOfValue(value);
}
