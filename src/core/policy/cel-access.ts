/**
 * Fields and elements: `facts.role`, `labels["team"]`, `tags[0]`.
 * A declared field that the file leaves out is null or empty; a missing key of a map and a missing element stop.
 */
import type { ASTNode } from "@marcbachmann/cel-js";
import type { Compiler, Typed } from "./cel-compile.ts";
import { absent } from "./cel-names.ts";
import * as types from "./cel-types.ts";
import { isMap, Stop, typeOfValue, type Place, type Run, type Value } from "./cel-value.ts";
import { nearest } from "../model/nearest.ts";

/** `left.name`: declared fields of objects, keys of maps, anything of what has no schema. */
export function compileField(node: Place, left: Typed, name: string, compiler: Compiler): Typed {
  const place = { start: left.start, end: node.end };
  const { run } = left;
  const cost = left.cost + 1;
  switch (left.type.kind) {
    case "object": {
      const type = left.type.fields.get(name);
      if (type === undefined) {
        // The caret belongs under the field, which is the last thing of the node.
        const field = { start: node.end - name.length, end: node.end };
        return compiler.fault(
          field,
          `there is no field ${name} here`,
          suggestion(name, [...left.type.fields.keys()]),
        );
      }
      const empty = absent(type);
      const read: Run = (m) => (run(m) as Record<string, Value>)[name] ?? empty;
      const typed = { type, nullable: !types.isContainer(type), run: read, cost, ...place };
      if (left.path === undefined) return typed;
      const path = [...left.path, name];
      compiler.reads.push(path);
      return { ...typed, path };
    }
    case "map":
    case "dyn": {
      if (left.type.kind === "map" && left.type.known !== undefined)
        return compileKnown(node, left, left.type.known, name, compiler);
      const type = left.type.kind === "map" ? left.type.of : types.dyn;
      return { type, nullable: true, run: (m) => lookup(run(m), name, place), cost, ...place };
    }
    case "list":
      return compiler.fault(
        place,
        `a list has no field ${name}`,
        `ask its elements: .exists(x, x.${name} == ...)`,
      );
    default:
      return compiler.fault(
        place,
        `${types.article(left.type)} has no field ${name}`,
        "compare the value itself",
      );
  }
}

/**
 * A key that users declared for a map of their own. What stands there may be anything all the same, for it is judged
 * elsewhere: what is no map has no keys, and nothing is ever read that JavaScript's own objects have.
 */
function compileKnown(
  node: Place,
  left: Typed,
  known: ReadonlyMap<string, types.CelType>,
  name: string,
  compiler: Compiler,
): Typed {
  const type = known.get(name);
  if (type === undefined) {
    const field = { start: node.end - name.length, end: node.end };
    return compiler.fault(field, `there is no field ${name} here`, suggestion(name, [...known.keys()]));
  }
  const empty = absent(type);
  const { run } = left;
  const read: Run = (m) => {
    const of = run(m);
    return (isMap(of) && Object.hasOwn(of, name) ? of[name] : undefined) ?? empty;
  };
  return {
    type,
    nullable: !types.isContainer(type),
    run: read,
    cost: left.cost + 1,
    start: left.start,
    end: node.end,
  };
}

/** `left[index]`. */
export function compileIndex(node: Place, args: readonly [ASTNode, ASTNode], compiler: Compiler): Typed {
  const left = compiler.compile(args[0]);
  const index = compiler.compile(args[1]);
  const place = { start: node.start, end: node.end };
  const cost = left.cost + index.cost + 1;
  const { run } = left;
  const key = index.run;
  switch (left.type.kind) {
    case "object":
      if (typeof index.literal !== "string") {
        return compiler.fault(
          index,
          "an object's field is asked for by its name in quotes",
          'write facts["role"] or facts.role',
        );
      }
      return compileField({ start: node.start, end: index.end - 1 }, left, index.literal, compiler);
    case "list":
      if (index.type.kind !== "int" && index.type.kind !== "dyn") {
        return compiler.fault(
          index,
          `a list is asked with a whole number, not ${types.article(index.type)}`,
          "write list[0]",
        );
      }
      return {
        type: left.type.of,
        nullable: true,
        run: (m) => lookup(run(m), key(m), place),
        cost,
        ...place,
      };
    case "map":
      if (index.type.kind !== "string" && index.type.kind !== "dyn") {
        return compiler.fault(
          index,
          `a map is asked with a string, not ${types.article(index.type)}`,
          'write labels["team"]',
        );
      }
      if (left.type.known !== undefined && typeof index.literal === "string")
        return compileField({ start: node.start, end: index.end - 1 }, left, index.literal, compiler);
      return {
        type: left.type.of,
        nullable: true,
        run: (m) => lookup(run(m), key(m), place),
        cost,
        ...place,
      };
    case "dyn":
      return { type: types.dyn, nullable: true, run: (m) => lookup(run(m), key(m), place), cost, ...place };
    default:
      return compiler.fault(place, `${types.article(left.type)} has no elements`, "ask lists and maps only");
  }
}

function lookup(of: Value, key: Value, place: Place): Value {
  if (Array.isArray(of) && typeof key === "number") {
    if (Number.isInteger(key) && key >= 0 && key < of.length) return of[key] as Value;
    throw new Stop(`there is no element ${key} in a list of ${of.length}`, place);
  }
  if (isMap(of) && typeof key === "string") {
    const value = Object.hasOwn(of, key) ? of[key] : undefined;
    if (value !== undefined) return value;
    throw new Stop(`there is no key ${JSON.stringify(key)}`, place);
  }
  throw new Stop(`${typeOfValue(of)} has no ${typeof key === "string" ? key : "elements"}`, place);
}

/** What to say about a name that is not known: the nearest one, or all. */
export function suggestion(name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  if (near !== undefined) return `did you mean ${near}?`;
  if (known.length === 0) return "nothing is known here; entries of this kind do not have it";
  const shown = [...known].sort().slice(0, 12).join(", ");
  return `known are ${shown}${known.length > 12 ? ", ..." : ""}`;
}
