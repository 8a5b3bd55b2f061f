/**
 * Truth: `&&`, `||`, `!` and `? :`. Null is not true; what is neither null nor a boolean is a fault or stops.
 */
import type { ASTNode } from "@marcbachmann/cel-js";
import type { Compiler, Typed } from "./cel-compile.ts";
import * as types from "./cel-types.ts";
import { Stop, typeOfValue, type Place, type Run, type Value } from "./cel-value.ts";

/** `condition ? yes : no`. */
export function compileChoice(
  node: Place,
  args: readonly [ASTNode, ASTNode, ASTNode],
  compiler: Compiler,
): Typed {
  const condition = compiler.compile(args[0]);
  const yes = compiler.compile(args[1]);
  const no = compiler.compile(args[2]);
  checkLogical(condition, "a condition", compiler);
  const test = condition.run;
  const run: Run = (m) => (truth(test(m), condition) ? yes.run(m) : no.run(m));
  const cost = condition.cost + Math.max(yes.cost, no.cost) + 1;
  const nullable = yes.nullable || no.nullable;
  return { type: types.unify(yes.type, no.type), nullable, run, cost, start: node.start, end: node.end };
}

/** `||` (decisive true) and `&&` (decisive false): either side decides, even when the other one is an error. */
export function compileLogic(
  node: Place,
  args: readonly [ASTNode, ASTNode],
  decisive: boolean,
  compiler: Compiler,
): Typed {
  const left = compiler.compile(args[0]);
  const right = compiler.compile(args[1]);
  checkLogical(left, decisive ? "||" : "&&", compiler);
  checkLogical(right, decisive ? "||" : "&&", compiler);
  const first = left.run;
  const second = right.run;
  const run: Run = (m) => {
    let value: boolean;
    try {
      value = truth(first(m), left);
    } catch (stop) {
      if (stop instanceof Stop && !stop.fatal && truth(second(m), right) === decisive) return decisive;
      throw stop;
    }
    return value === decisive ? decisive : truth(second(m), right);
  };
  return {
    type: types.bool,
    nullable: false,
    run,
    cost: left.cost + right.cost + 1,
    start: node.start,
    end: node.end,
  };
}

/** `!x`; refused where x may be null, because its author would expect true there. */
export function compileNot(node: Place, operand: Typed, compiler: Compiler): Typed {
  checkLogical(operand, "!", compiler);
  if (operand.nullable && operand.type.kind === "bool") {
    return compiler.fault(
      node,
      "this can be null, and ! of null is nothing",
      "write `!= true` behind it instead",
    );
  }
  const { run } = operand;
  const negate: Run = (m) => {
    const value = run(m);
    if (typeof value === "boolean") return !value;
    throw new Stop(`! needs true or false, not ${typeOfValue(value)}; write \`!= true\` behind it`, operand);
  };
  return {
    type: types.bool,
    nullable: false,
    run: negate,
    cost: operand.cost + 1,
    start: node.start,
    end: node.end,
  };
}

/** Refuses what can never be true or false. */
export function checkLogical(operand: Typed, where: string, compiler: Compiler): void {
  const { kind } = operand.type;
  if (kind === "bool" || kind === "dyn") return;
  compiler.fault(
    operand,
    `${where} needs true or false, not ${types.article(operand.type)}`,
    "compare it: == or != something",
  );
}

/** A value as true or false: null is not true (DESIGN 3), anything else that is no boolean stops. */
export function truth(value: Value, place: Place): boolean {
  if (value === true) return true;
  if (value === false || value === null) return false;
  throw new Stop(`true or false is needed here, not ${typeOfValue(value)}`, place);
}
