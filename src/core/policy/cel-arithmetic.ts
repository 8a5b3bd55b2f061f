/**
 * Arithmetic on numbers, strings, lists and times. There is none with null: what is missing cannot be added up, and
 * an answer made from nothing would pass for one.
 */
import type { Compiler, Typed } from "./cel-compile.ts";
import * as types from "./cel-types.ts";
import type { CelType } from "./cel-types.ts";
import { CelDuration, CelTime, isList, spend, Stop, typeOfValue } from "./cel-value.ts";
import type { Machine, Place, Run, Value } from "./cel-value.ts";

type Arithmetic = {
  readonly type: CelType;
  readonly run: (a: Value, b: Value, machine: Machine) => Value | undefined;
};

/** Checks and compiles `+ - * / %`. */
export function arithmetic(
  op: string,
  left: Typed,
  right: Typed,
  place: Place,
  cost: number,
  compiler: Compiler,
): Typed {
  const found = arithmeticOf(op, left.type, right.type);
  if (typeof found === "string" || found === undefined) {
    const hint = found ?? hintForMix(left.type, right.type) ?? "convert one side";
    return compiler.fault(
      place,
      `there is no ${types.noun(left.type)} ${op} ${types.noun(right.type)}`,
      hint,
    );
  }
  const a = left.run;
  const b = right.run;
  const run: Run = (m) => {
    const x = a(m);
    const y = b(m);
    const value = found.run(x, y, m);
    if (value !== undefined) return value;
    throw new Stop(`there is no ${typeOfValue(x)} ${op} ${typeOfValue(y)}`, place);
  };
  return { type: found.type, nullable: false, run, cost, ...place };
}

// A string says why there is no such operation.
function arithmeticOf(op: string, a: CelType, b: CelType): Arithmetic | string | undefined {
  if (op === "%" && (a.kind === "double" || b.kind === "double"))
    return "take the rest of whole numbers: int(x)";
  if (types.isNumeric(a) && a.kind === b.kind) return { type: a, run: numbers(op, a.kind === "int") };
  const isDyn = a.kind === "dyn" || b.kind === "dyn";
  if (op === "/" || op === "%") {
    return isDyn ? "say what it is: int(x) or double(x)" : undefined;
  }
  if (op === "+" && !isDyn) {
    if (a.kind === "string" && b.kind === "string") return { type: types.string, run: add };
    if (a.kind === "list" && b.kind === "list")
      return { type: types.listOf(types.unify(a.of, b.of)), run: add };
  }
  const timely = timeArithmetic(op, a, b);
  if (timely !== undefined) return { type: timely, run: op === "+" ? add : subtract };
  if (!isDyn || (a.kind !== "dyn" && types.isContainer(a) && a.kind !== "list")) return undefined;
  if (op === "+") return { type: types.dyn, run: add };
  if (op === "-") return { type: types.dyn, run: subtract };
  return { type: types.dyn, run: numbers(op, false) };
}

function timeArithmetic(op: string, a: CelType, b: CelType): CelType | undefined {
  const pair = `${a.kind} ${op} ${b.kind}`;
  if (pair === "timestamp + duration" || pair === "duration + timestamp" || pair === "timestamp - duration") {
    return types.timestamp;
  }
  if (pair === "duration + duration" || pair === "duration - duration" || pair === "timestamp - timestamp") {
    return types.duration;
  }
  return undefined;
}

function numbers(op: string, whole: boolean): (a: Value, b: Value) => Value | undefined {
  return (a, b) => {
    if (typeof a !== "number" || typeof b !== "number") return undefined;
    if (whole && b === 0 && (op === "/" || op === "%")) throw new Stop("division by zero");
    const value = calculate(op, a, b, whole);
    if (whole && !Number.isSafeInteger(value)) throw new Stop("the result is beyond the exact integers");
    // Minus zero is a double's affair only.
    return whole ? value + 0 : value;
  };
}

function calculate(op: string, a: number, b: number, whole: boolean): number {
  switch (op) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
      return whole ? Math.trunc(a / b) : a / b;
    default:
      return a % b;
  }
}

function add(a: Value, b: Value, machine: Machine): Value | undefined {
  if (typeof a === "number" && typeof b === "number") return a + b;
  if (typeof a === "string" && typeof b === "string") {
    spend(machine, (a.length + b.length) >> 4);
    return a + b;
  }
  if (isList(a) && isList(b)) {
    spend(machine, a.length + b.length);
    return [...a, ...b];
  }
  if (a instanceof CelTime && b instanceof CelDuration) return new CelTime(a.ms + b.ms);
  if (a instanceof CelDuration && b instanceof CelTime) return new CelTime(a.ms + b.ms);
  if (a instanceof CelDuration && b instanceof CelDuration) return new CelDuration(a.ms + b.ms);
  return undefined;
}

function subtract(a: Value, b: Value): Value | undefined {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (a instanceof CelTime && b instanceof CelTime) return new CelDuration(a.ms - b.ms);
  if (a instanceof CelTime && b instanceof CelDuration) return new CelTime(a.ms - b.ms);
  if (a instanceof CelDuration && b instanceof CelDuration) return new CelDuration(a.ms - b.ms);
  return undefined;
}

/** How to mend an operation on two types that do not go together. */
export function hintForMix(a: CelType, b: CelType): string | undefined {
  const kinds = [a.kind, b.kind];
  if (kinds.includes("string") && (kinds.includes("int") || kinds.includes("double"))) {
    return "read the amount with double(), and write the number with a decimal point";
  }
  if (kinds.includes("string") && kinds.includes("timestamp")) return "read the time with timestamp()";
  if (kinds.includes("string") && kinds.includes("duration"))
    return 'read it with duration(), as in duration("24h")';
  if (kinds.includes("int") && kinds.includes("double"))
    return "convert the whole number with double(), or write it with a decimal point";
  return undefined;
}
