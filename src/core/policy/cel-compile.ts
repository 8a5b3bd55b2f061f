/**
 * Turns a parsed expression into a checked function in one walk: each node gives its type and how to run it.
 * Checking goes on after a fault, so that all faults of an expression are reported at once.
 * The parser's own evaluator is not used: it throws on null, takes no bound on its steps and asks the machine's
 * time zone, while a verdict must depend on nothing but the registry.
 */
import type { ASTNode } from "@marcbachmann/cel-js";
import type { Name } from "./cel-names.ts";
import { compileField, compileIndex, suggestion } from "./cel-access.ts";
import * as types from "./cel-types.ts";
import { Stop, typeOfValue, type Place, type Run, type Value } from "./cel-value.ts";
import { binaryOperators, compileBinary } from "./cel-operators.ts";
import { compileCall } from "./cel-calls.ts";
import { compileChoice, compileLogic, compileNot } from "./cel-logic.ts";

/** What is wrong with an expression; offsets are UTF-16, inside the expression. */
export interface CelFault extends Place {
  readonly message: string;
  readonly hint: string;
}

/** A checked node. */
export interface Typed extends Place {
  readonly type: types.CelType;
  /** Whether it can be null at run time. */
  readonly nullable: boolean;
  readonly run: Run;
  /** How many nodes one run evaluates at most, comprehensions aside. */
  readonly cost: number;
  /** Literals only. */
  readonly literal?: Value;
  /** The elements of a list that is written out. */
  readonly items?: readonly Typed[];
  /** Where it stands in the entry, where that is plain: `facts.role` is `["facts", "role"]`. */
  readonly path?: readonly string[];
}

/** A variable of a comprehension and the machine's slot that holds it. */
export interface Variable {
  readonly name: string;
  readonly type: types.CelType;
  readonly nullable: boolean;
  readonly slot: number;
}

/** What compiling one expression carries along. */
export interface Compiler {
  readonly names: ReadonlyMap<string, Name>;
  /** The names that the expression reads. */
  readonly uses: Set<string>;
  /** The places of the entry that the expression reads, each after those that contain it. */
  readonly reads: (readonly string[])[];
  readonly variables: Variable[];
  /** What the patterns seen so far stand for. */
  expansion: number;
  compile(node: ASTNode): Typed;
  /** Records a fault and gives a node that checks with anything. */
  fault(place: Place, message: string, hint: string): Typed;
}

/** Compiles an expression's tree; the faults are added to the list that is passed in. */
export function compileTree(
  tree: ASTNode,
  names: ReadonlyMap<string, Name>,
  faults: CelFault[],
): {
  readonly root: Typed;
  readonly uses: ReadonlySet<string>;
  readonly reads: readonly (readonly string[])[];
} {
  const uses = new Set<string>();
  const reads: (readonly string[])[] = [];
  const compiler: Compiler = {
    names,
    uses,
    reads,
    variables: [],
    expansion: 0,
    compile: (node) => compileNode(node, compiler),
    fault(place, message, hint) {
      faults.push({ message, hint, start: place.start, end: place.end });
      return {
        type: types.dyn,
        nullable: false,
        run: () => null,
        cost: 1,
        start: place.start,
        end: place.end,
      };
    },
  };
  return { root: compiler.compile(tree), uses, reads };
}

function compileNode(node: ASTNode, compiler: Compiler): Typed {
  switch (node.op) {
    case "value":
      return compileLiteral(node, node.args, compiler);
    case "id":
      return compileName(node, node.args, compiler);
    case ".":
      return compileField(node, compiler.compile(node.args[0]), node.args[1], compiler);
    case "[]":
      return compileIndex(node, node.args, compiler);
    case "list":
      return compileList(node, node.args, compiler);
    case "map":
      return compileMap(node, node.args, compiler);
    case "?:":
      return compileChoice(node, node.args, compiler);
    case "&&":
      return compileLogic(node, node.args, false, compiler);
    case "||":
      return compileLogic(node, node.args, true, compiler);
    case "!_":
      return compileNot(node, compiler.compile(node.args), compiler);
    case "-_":
      return compileMinus(node, compiler.compile(node.args), compiler);
    case "call":
      return compileCall(node, node.args[0], undefined, node.args[1], compiler);
    case "rcall":
      return compileCall(node, node.args[0], node.args[1], node.args[2], compiler);
    case ".?":
    case "[?]":
      return compiler.fault(
        node,
        "optional access is not part of these expressions",
        'ask for maps with "k" in m',
      );
    default:
      if (!binaryOperators.has(node.op))
        return compiler.fault(node, `${node.op} is not known here`, "leave it out");
      return compileBinary(node, node.op, node.args, compiler);
  }
}

function compileLiteral(place: Place, literal: unknown, compiler: Compiler): Typed {
  const make = (type: types.CelType, value: Value): Typed => {
    return {
      type,
      nullable: value === null,
      run: () => value,
      cost: 1,
      literal: value,
      start: place.start,
      end: place.end,
    };
  };
  switch (typeof literal) {
    case "string":
      return make({ kind: "string", values: [literal] }, literal);
    case "number":
      return make(types.double, literal);
    case "boolean":
      return make(types.bool, literal);
    case "bigint": {
      const value = Number(literal);
      if (Number.isSafeInteger(value)) return make(types.int, value);
      return compiler.fault(
        place,
        `${literal} is beyond the exact integers`,
        "stay within 2^53, or write a decimal point",
      );
    }
    default:
      if (literal === null) return make(types.nullType, null);
      return compiler.fault(
        place,
        "bytes and unsigned numbers do not occur in entries",
        "write a string, or a number without u",
      );
  }
}

function compileName(place: Place, name: string, compiler: Compiler): Typed {
  const { start, end } = place;
  const variable = compiler.variables.findLast((candidate) => candidate.name === name);
  if (variable !== undefined) {
    const { slot, type, nullable } = variable;
    return { type, nullable, run: (m) => m.slots[slot] ?? null, cost: 1, start, end };
  }
  const known = compiler.names.get(name);
  if (known !== undefined) {
    compiler.uses.add(name);
    const typed = { type: known.type, nullable: known.nullable, run: known.run, cost: 1, start, end };
    if (known.path === undefined) return typed;
    compiler.reads.push(known.path);
    return { ...typed, path: known.path };
  }
  const all = [...compiler.names.keys(), ...compiler.variables.map((each) => each.name)];
  return compiler.fault(place, `the name ${name} is not known here`, suggestion(name, all));
}

function compileList(node: Place, args: readonly ASTNode[], compiler: Compiler): Typed {
  const items = args.map((item) => compiler.compile(item));
  const runs = items.map((item) => item.run);
  const type = types.listOf(
    items.length === 0 ? types.dyn : items.map((item) => item.type).reduce(types.unify),
  );
  const place = { start: node.start, end: node.end };
  if (items.every((item) => item.literal !== undefined)) {
    const value = items.map((item) => item.literal ?? null);
    return { type, nullable: false, run: () => value, cost: 1, literal: value, items, ...place };
  }
  const cost = items.reduce((sum, item) => sum + item.cost, 1);
  return { type, nullable: false, run: (m) => runs.map((run) => run(m)), cost, items, ...place };
}

function compileMap(node: Place, args: readonly (readonly [ASTNode, ASTNode])[], compiler: Compiler): Typed {
  const pairs = args.map(([key, value]) => [compiler.compile(key), compiler.compile(value)] as const);
  for (const [key] of pairs) {
    if (typeof key.literal !== "string")
      compiler.fault(key, "a map's keys are strings in quotes", 'write {"key": value}');
  }
  const runs = pairs.map(([key, value]) => [String(key.literal), value.run] as const);
  const of = pairs.length === 0 ? types.dyn : pairs.map(([, value]) => value.type).reduce(types.unify);
  const cost = pairs.reduce((sum, [, value]) => sum + value.cost, 1);
  const run: Run = (m) => Object.fromEntries(runs.map(([key, value]) => [key, value(m)]));
  return { type: types.mapOf(of), nullable: false, run, cost, start: node.start, end: node.end };
}

function compileMinus(node: Place, operand: Typed, compiler: Compiler): Typed {
  const { type, run } = operand;
  if (!types.isNumeric(type) && type.kind !== "dyn") {
    return compiler.fault(
      node,
      `- needs a number, not ${types.article(type)}`,
      "convert it with int() or double()",
    );
  }
  const place = { start: node.start, end: node.end };
  // Only a double has a negative zero.
  const zero = type.kind === "int" ? 0 : -0;
  if (typeof operand.literal === "number") {
    const literal = -operand.literal + zero;
    return { type, nullable: false, run: () => literal, cost: 1, literal, ...place };
  }
  const negate: Run = (m) => {
    const value = run(m);
    if (typeof value === "number") return -value + zero;
    throw new Stop(`- needs a number, not ${typeOfValue(value)}`, operand);
  };
  return { type, nullable: false, run: negate, cost: operand.cost + 1, ...place };
}
