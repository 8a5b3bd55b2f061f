/**
 * What an expression computes with: values, the machine that holds one evaluation, equality and order.
 * Integers and doubles are both JavaScript numbers; their types are told apart when the expression is compiled.
 * Every loop here and in the operators spends from a budget, so that no expression can hang the program.
 */
import { compareBytes } from "../model/json.ts";
import type { SubjectEntry, Surroundings } from "./subject.ts";

/** A point in time, in milliseconds since the epoch. */
export class CelTime {
  readonly ms: number;
  constructor(ms: number) {
    this.ms = ms;
  }
}

/** A length of time in milliseconds. */
export class CelDuration {
  readonly ms: number;
  constructor(ms: number) {
    this.ms = ms;
  }
}

/** What a node evaluates to. Lists and maps are read only: they may be the registry's own values. */
export type Value =
  | null
  | boolean
  | number
  | string
  | CelTime
  | CelDuration
  | readonly Value[]
  | { readonly [key: string]: Value | undefined };

/** A map or an object of an entry. */
export type ValueMap = { readonly [key: string]: Value | undefined };

/** Where in the expression something stands, in UTF-16 offsets. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

/** Carries an error out of nested evaluation; not an Error, because taking a stack for each would cost more than the rule. */
export class Stop {
  readonly message: string;
  readonly place: Place | undefined;
  /** Exhaustion, which `||` and `&&` must not absorb. */
  readonly fatal: boolean;
  constructor(message: string, place?: Place, fatal = false) {
    this.message = message;
    this.place = place;
    this.fatal = fatal;
  }
}

/** One evaluation: the subject, the variables of comprehensions, and what it may still spend. */
export interface Machine {
  entry: SubjectEntry;
  around: Surroundings;
  readonly slots: Value[];
  budget: number;
}

export type Run = (machine: Machine) => Value;

/**
 * Steps one evaluation may take: roughly nodes evaluated inside comprehensions, list elements compared or
 * copied, and characters searched / 16. An ordinary rule takes fewer than a hundred; this many take milliseconds.
 */
export const STEP_LIMIT = 250_000;

export const EMPTY_LIST: readonly Value[] = Object.freeze([]);
export const EMPTY_MAP: ValueMap = Object.freeze({});

/** Takes steps from the budget; stops the evaluation when none is left. Exhaustion is never absorbed by `||` or `&&`. */
export function spend(machine: Machine, steps: number): void {
  machine.budget -= steps;
  if (machine.budget < 0) throw new Stop("the evaluation takes too many steps", undefined, true);
}

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

export function isMap(value: Value): value is ValueMap {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof CelTime) &&
    !(value instanceof CelDuration)
  );
}

/** The word for a value's type in a message. */
export function typeOfValue(value: Value): string {
  if (value === null) return "null";
  if (isList(value)) return "list";
  if (value instanceof CelTime) return "timestamp";
  if (value instanceof CelDuration) return "duration";
  return typeof value === "object" ? "map" : typeof value === "boolean" ? "bool" : typeof value;
}

/** CEL equality: values of different types are unequal, never an error; numbers compare by value. */
export function equal(a: Value, b: Value, machine: Machine): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (a instanceof CelTime) return b instanceof CelTime && a.ms === b.ms;
  if (a instanceof CelDuration) return b instanceof CelDuration && a.ms === b.ms;
  if (isList(a)) {
    if (!isList(b) || a.length !== b.length) return false;
    spend(machine, a.length);
    return a.every((item, i) => equal(item, b[i] ?? null, machine));
  }
  if (!isMap(a) || !isMap(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  spend(machine, keys.length);
  return keys.every((key) => Object.hasOwn(b, key) && equal(a[key] ?? null, b[key] ?? null, machine));
}

/** Negative, zero or positive; undefined when one side is null or NaN; stops when the two have no order. */
export function order(a: Value, b: Value, place: Place): number | undefined {
  if (a === null || b === null) return undefined;
  // Not a - b: infinities are equal to themselves, and what is not a number has no order.
  if (typeof a === "number" && typeof b === "number") return a < b ? -1 : a > b ? 1 : a === b ? 0 : undefined;
  if (typeof a === "string" && typeof b === "string") return compareBytes(a, b);
  if (typeof a === "boolean" && typeof b === "boolean") return Number(a) - Number(b);
  if (a instanceof CelTime && b instanceof CelTime) return a.ms - b.ms;
  if (a instanceof CelDuration && b instanceof CelDuration) return a.ms - b.ms;
  throw new Stop(`cannot compare ${typeOfValue(a)} with ${typeOfValue(b)}`, place);
}
