/**
 * all, exists, exists_one, map and filter. At most two stand inside one another (DESIGN 3), and each turn of a loop
 * spends what its body costs, so that even two long lists end.
 */
import type { ASTNode } from "@marcbachmann/cel-js";
import type { Compiler, Typed } from "./cel-compile.ts";
import { checkLogical, truth } from "./cel-logic.ts";
import * as types from "./cel-types.ts";
import {
  isList,
  isMap,
  spend,
  Stop,
  typeOfValue,
  type Machine,
  type Place,
  type Value,
} from "./cel-value.ts";

export const comprehensions: ReadonlySet<string> = new Set(["all", "exists", "exists_one", "map", "filter"]);

const DEEPEST = 2;

/** Checks and compiles `receiver.name(variable, body)`, or `map(variable, condition, body)`. */
export function compileComprehension(
  node: Place,
  name: string,
  receiver: ASTNode,
  args: readonly ASTNode[],
  compiler: Compiler,
): Typed {
  const over = compiler.compile(receiver);
  const place = { start: node.start, end: node.end };
  const [variable, ...bodies] = args;
  if (variable?.op !== "id" || bodies.length < 1 || bodies.length > (name === "map" ? 2 : 1)) {
    return compiler.fault(place, `${name} takes a variable and an expression`, `write list.${name}(x, ...)`);
  }
  const slot = compiler.variables.length;
  if (slot >= DEEPEST) {
    return compiler.fault(
      place,
      "comprehensions stand inside one another at most twice",
      "ask the inner list by a rule of its own",
    );
  }
  const element = elementOf(over, compiler);
  const { kind } = element;
  const nullable = over.type.kind !== "map" && !types.isContainer(element) && kind === "dyn";
  compiler.variables.push({ name: variable.args, type: element, nullable, slot });
  const compiled = bodies.map((body) => compiler.compile(body));
  compiler.variables.pop();
  const last = compiled.at(-1);
  const first = compiled[0];
  if (first === undefined || last === undefined)
    return compiler.fault(place, `${name} has no body`, "write one");
  const condition = name === "map" && compiled.length === 1 ? undefined : first;
  if (condition !== undefined) checkLogical(condition, name, compiler);

  const loop: Loop = { over, slot, cost: compiled.reduce((sum, body) => sum + body.cost, 1), place };
  const cost = over.cost + loop.cost;
  const decided = (run: (machine: Machine) => Value): Typed => ({
    type: types.bool,
    nullable: false,
    run,
    cost,
    ...place,
  });
  switch (name) {
    case "all":
      return decided((m) => quantify(m, loop, first, false));
    case "exists":
      return decided((m) => quantify(m, loop, first, true));
    case "exists_one":
      return decided((m) => collect(m, loop, first, undefined).length === 1);
    default: {
      const body = name === "map" ? last : undefined;
      const type = types.listOf(body === undefined ? element : body.type);
      return { type, nullable: false, run: (m) => collect(m, loop, condition, body), cost, ...place };
    }
  }
}

interface Loop {
  readonly over: Typed;
  readonly slot: number;
  readonly cost: number;
  readonly place: Place;
}

function elementOf(over: Typed, compiler: Compiler): types.CelType {
  switch (over.type.kind) {
    case "list":
      return over.type.of;
    case "map":
      return types.string;
    case "dyn":
      return types.dyn;
    default:
      compiler.fault(
        over,
        `${types.article(over.type)} has no elements to go through`,
        "go through a list, or a map's keys",
      );
      return types.dyn;
  }
}

function elements(machine: Machine, loop: Loop): readonly Value[] {
  const value = loop.over.run(machine);
  const list = isList(value) ? value : isMap(value) ? Object.keys(value) : undefined;
  if (list === undefined) throw new Stop(`${typeOfValue(value)} has no elements to go through`, loop.place);
  return list;
}

// As || over all elements (exists), or && (all): one decisive element outweighs the errors of others.
function quantify(machine: Machine, loop: Loop, condition: Typed, decisive: boolean): boolean {
  let error: Stop | undefined;
  for (const element of elements(machine, loop)) {
    spend(machine, loop.cost);
    machine.slots[loop.slot] = element;
    try {
      if (truth(condition.run(machine), condition) === decisive) return decisive;
    } catch (stop) {
      if (!(stop instanceof Stop) || stop.fatal) throw stop;
      error ??= stop;
    }
  }
  if (error !== undefined) throw error;
  return !decisive;
}

function collect(
  machine: Machine,
  loop: Loop,
  condition: Typed | undefined,
  body: Typed | undefined,
): readonly Value[] {
  const found: Value[] = [];
  for (const element of elements(machine, loop)) {
    spend(machine, loop.cost);
    machine.slots[loop.slot] = element;
    if (condition !== undefined && !truth(condition.run(machine), condition)) continue;
    found.push(body === undefined ? element : body.run(machine));
  }
  return found;
}
