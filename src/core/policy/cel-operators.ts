/**
 * The binary operators: which types they join, and what they do at run time.
 * Null has an answer in comparisons only (DESIGN 3); arithmetic with null stops.
 */
import type { ASTNode } from "@marcbachmann/cel-js";
import type { Compiler, Typed } from "./cel-compile.ts";
import * as types from "./cel-types.ts";
import type { CelType } from "./cel-types.ts";
import { arithmetic, hintForMix } from "./cel-arithmetic.ts";
import { equal, isList, isMap, order, spend, Stop, typeOfValue } from "./cel-value.ts";
import type { Machine, Place, Run, Value } from "./cel-value.ts";
import { nearest } from "../model/nearest.ts";

export const binaryOperators: ReadonlySet<string> = new Set("== != in < <= > >= + - * / %".split(" "));

/** Checks and compiles one of `binaryOperators`. */
export function compileBinary(
  node: Place,
  op: string,
  args: readonly [ASTNode, ASTNode],
  compiler: Compiler,
): Typed {
  const left = compiler.compile(args[0]);
  const right = compiler.compile(args[1]);
  const place = { start: left.start, end: right.end };
  const cost = left.cost + right.cost + 1;
  const logical = (run: Run): Typed => ({ type: types.bool, nullable: false, run, cost, ...place });
  switch (op) {
    case "==":
    case "!=":
      checkEqual(left, right, place, compiler);
      return logical(equality(left, right, op === "=="));
    case "in":
      return logical(membership(left, right, compiler));
    case "<":
    case "<=":
    case ">":
    case ">=":
      checkOrder(left, right, place, compiler);
      return logical(ordering(op, left, right, place));
    default:
      return arithmetic(op, left, right, { start: node.start, end: node.end }, cost, compiler);
  }
}

function equality(left: Typed, right: Typed, wanted: boolean): Run {
  const a = left.run;
  // Nearly every rule compares a field with a literal; identity decides that.
  if (right.literal !== undefined && (right.literal === null || typeof right.literal !== "object")) {
    const { literal } = right;
    return wanted ? (m) => a(m) === literal : (m) => a(m) !== literal;
  }
  const b = right.run;
  return (m) => equal(a(m), b(m), m) === wanted;
}

function checkEqual(left: Typed, right: Typed, place: Place, compiler: Compiler): void {
  const { type } = left;
  const other = right.type;
  if (type.kind === "null" || other.kind === "null") {
    const asked = type.kind === "null" ? other : type;
    if (!types.isContainer(asked)) return;
    const hint = asked.kind === "object" ? "ask for one of its fields" : "ask for its size: size(x) == 0";
    compiler.fault(place, `${types.article(asked)} is never null; what the file leaves out is empty`, hint);
    return;
  }
  if (!mayEqual(type, other)) {
    const hint = hintForMix(type, other) ?? "compare like with like";
    compiler.fault(place, `${types.article(type)} never equals ${types.article(other)}`, hint);
    return;
  }
  checkKnownString(left, right, compiler);
  checkKnownString(right, left, compiler);
}

function mayEqual(a: CelType, b: CelType): boolean {
  if (a.kind === "dyn" || b.kind === "dyn" || a.kind === "null" || b.kind === "null") return true;
  if (types.isNumeric(a) && types.isNumeric(b)) return true;
  if ((a.kind === "list" && b.kind === "list") || (a.kind === "map" && b.kind === "map"))
    return mayEqual(a.of, b.of);
  if ((a.kind === "map" && b.kind === "object") || (a.kind === "object" && b.kind === "map")) return true;
  return a.kind === b.kind;
}

/** A literal that the schema's list of words does not hold is a misspelling: the comparison could never be true. */
function checkKnownString(written: Typed, field: Typed, compiler: Compiler): void {
  if (field.literal !== undefined || field.type.kind !== "string") return;
  const known = field.type.values;
  if (known === undefined) return;
  for (const item of written.items ?? [written]) {
    const word = item.literal;
    if (typeof word !== "string" || known.includes(word)) continue;
    const near = nearest(word, known);
    const hint = near === undefined ? `known are ${known.join(", ")}` : `did you mean ${near}?`;
    compiler.fault(item, `the value is never ${JSON.stringify(word)}`, hint);
  }
}

function membership(left: Typed, right: Typed, compiler: Compiler): Run {
  const a = left.run;
  const b = right.run;
  const place = { start: left.start, end: right.end };
  switch (right.type.kind) {
    case "list": {
      if (!mayEqual(left.type, right.type.of)) {
        compiler.fault(
          place,
          `${types.article(left.type)} is never in ${types.article(right.type)}`,
          "compare like with like",
        );
      }
      checkKnownString(right, left, compiler);
      if (right.type.of.kind === "string") {
        checkKnownString(left, { ...right, type: right.type.of }, compiler);
      }
      const { literal } = right;
      if (Array.isArray(literal) && literal.every((item) => item === null || typeof item !== "object")) {
        return (m) => literal.includes(a(m));
      }
      break;
    }
    case "map":
      if (left.type.kind !== "string" && left.type.kind !== "dyn") {
        compiler.fault(
          left,
          `a map's keys are strings, not ${types.typeName(left.type)}`,
          'write "team" in labels',
        );
      }
      break;
    case "dyn":
      break;
    case "object":
      compiler.fault(
        place,
        "an object has all its fields, null where the file has none",
        "write `!= null` behind the field",
      );
      break;
    default:
      compiler.fault(
        place,
        `in looks into lists and maps, not into ${types.article(right.type)}`,
        "for parts of a string use contains()",
      );
  }
  return (m) => isIn(a(m), b(m), m, place);
}

function isIn(value: Value, container: Value, machine: Machine, place: Place): boolean {
  if (container === null) return false;
  if (isList(container)) {
    spend(machine, container.length);
    return container.some((item) => equal(value, item, machine));
  }
  if (!isMap(container))
    throw new Stop(`in looks into lists and maps, not into ${typeOfValue(container)}`, place);
  return typeof value === "string" && Object.hasOwn(container, value) && container[value] !== undefined;
}

function ordering(op: string, left: Typed, right: Typed, place: Place): Run {
  const a = left.run;
  const b = right.run;
  switch (op) {
    case "<":
      return (m) => (order(a(m), b(m), place) ?? NaN) < 0;
    case "<=":
      return (m) => (order(a(m), b(m), place) ?? NaN) <= 0;
    case ">":
      return (m) => (order(a(m), b(m), place) ?? NaN) > 0;
    default:
      return (m) => (order(a(m), b(m), place) ?? NaN) >= 0;
  }
}

const ordered: ReadonlySet<string> = new Set([
  "string",
  "bool",
  "timestamp",
  "duration",
  "int",
  "double",
  "dyn",
  "null",
]);

function checkOrder(left: Typed, right: Typed, place: Place, compiler: Compiler): void {
  const a = left.type;
  const b = right.type;
  if (ordered.has(a.kind) && ordered.has(b.kind) && mayEqual(a, b)) return;
  compiler.fault(
    place,
    `cannot compare ${types.article(a)} with ${types.article(b)}`,
    hintForMix(a, b) ?? "compare like with like",
  );
}
