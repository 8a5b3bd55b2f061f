/**
 * Calls: comprehensions and `has` (which bind or inspect), the functions of cel-functions.ts (which only compute),
 * and `matches`, which is refused. A function's faults name what to write instead.
 */
import type { ASTNode } from "@marcbachmann/cel-js";
import type { Compiler, Typed } from "./cel-compile.ts";
import { compileComprehension, comprehensions } from "./cel-comprehensions.ts";
import { functions, type Signature } from "./cel-functions.ts";
import * as types from "./cel-types.ts";
import { isMap, Stop, typeOfValue, type Place, type Run, type Value } from "./cel-value.ts";
import { expansionOf, MAX_EXPANSION, patternOf } from "./like.ts";
import { nearest } from "../model/nearest.ts";

/** Checks and compiles `name(args)` or `receiver.name(args)`. */
export function compileCall(
  node: Place,
  name: string,
  receiver: ASTNode | undefined,
  args: readonly ASTNode[],
  compiler: Compiler,
): Typed {
  if (name === "matches") {
    return compiler.fault(
      node,
      "matches can take for ever on some patterns",
      "write like(text, pattern) instead",
    );
  }
  if (receiver !== undefined && comprehensions.has(name)) {
    return compileComprehension(node, name, receiver, args, compiler);
  }
  if (name === "has" && receiver === undefined) return compileHas(node, args, compiler);

  const values = (receiver === undefined ? args : [receiver, ...args]).map((arg) => compiler.compile(arg));
  const signatures = functions.get(name);
  if (signatures === undefined) {
    const near = nearest(name, [...functions.keys(), ...comprehensions, "has"]);
    const known = [...functions.keys(), ...comprehensions, "has"].sort().join(", ");
    return compiler.fault(
      node,
      `there is no function ${name}`,
      near === undefined ? `known are ${known}` : `did you mean ${near}?`,
    );
  }
  const fitting = signatures.filter((each) => fits(each, values, receiver !== undefined));
  const signature = fitting[0];
  if (signature === undefined) {
    const given = values.map((value) => types.typeName(value.type)).join(", ");
    return compiler.fault(
      node,
      `${name} does not take (${given})`,
      `write ${signatures.map((each) => each.usage).join(" or ")}`,
    );
  }
  if (name === "like") checkPattern(values[1], compiler);
  const place = { start: node.start, end: node.end };
  const cost = values.reduce((sum, value) => sum + value.cost, 1);
  const nullable =
    signature.absent === null && values.some((value) => value.nullable || value.type.kind === "dyn");
  // Several signatures fit only where a type is known at run time only.
  const type =
    fitting.length === 1 ? signature.result : fitting.map((each) => each.result).reduce(types.unify);
  return { type, nullable, run: runner(signature, values, place), cost, ...place };
}

function fits(signature: Signature, values: readonly Typed[], isMethod: boolean): boolean {
  if (isMethod ? signature.form === "function" : signature.form === "method") return false;
  if (signature.takes.length !== values.length) return false;
  return signature.takes.every((kinds, i) => {
    const kind = values[i]?.type.kind ?? "dyn";
    return kind === "dyn" || kind === "null" || kinds.includes(kind);
  });
}

function runner(signature: Signature, values: readonly Typed[], place: Place): Run {
  const { call, absent } = signature;
  const [first, second] = values;
  const located = (error: unknown): unknown => {
    return error instanceof Stop && error.place === undefined
      ? new Stop(error.message, place, error.fatal)
      : error;
  };
  if (first === undefined) return () => absent;
  if (values.length === 1) {
    return (m) => {
      const value = first.run(m);
      if (value === null) return absent;
      try {
        return call([value], m);
      } catch (error) {
        throw located(error);
      }
    };
  }
  const rest = values.slice(2);
  return (m) => {
    const given: Value[] = [first.run(m), second?.run(m) ?? null];
    for (const value of rest) given.push(value.run(m));
    if (given.includes(null)) return absent;
    try {
      return call(given, m);
    } catch (error) {
      throw located(error);
    }
  };
}

function checkPattern(pattern: Typed | undefined, compiler: Compiler): void {
  if (typeof pattern?.literal !== "string") return;
  compiler.expansion += Math.min(MAX_EXPANSION, expansionOf(pattern.literal));
  if (compiler.expansion > MAX_EXPANSION) {
    compiler.fault(
      pattern,
      "the patterns of the expression expand too far",
      "repeat less, or ask in several rules",
    );
    return;
  }
  const made = patternOf(pattern.literal);
  if ("fault" in made) {
    compiler.fault(
      pattern,
      made.fault,
      "write the pattern in RE2 syntax: no look-around, no back-references",
    );
  }
}

/** `has(a.b)`: whether the file says anything there; for maps, whether the key exists. */
function compileHas(node: Place, args: readonly ASTNode[], compiler: Compiler): Typed {
  const [arg] = args;
  if (args.length !== 1 || arg === undefined || arg.op !== ".") {
    return compiler.fault(node, "has() asks for one field", "write has(facts.role)");
  }
  const name = arg.args[1];
  // Compiled as a field first: an unknown field is a fault here as anywhere.
  const whole = compiler.compile(arg);
  const before = compiler.compile(arg.args[0]);
  const { run } = before;
  const place = { start: node.start, end: node.end };
  const asks: Run = (m) => {
    const value = run(m);
    if (isMap(value)) return Object.hasOwn(value, name) && value[name] !== undefined && value[name] !== null;
    throw new Stop(`${typeOfValue(value)} has no ${name}`, place);
  };
  return { type: types.bool, nullable: false, run: asks, cost: whole.cost + 1, ...place };
}
