/**
 * Writes src/generated/key-order.ts: for each kind a tree of the keys there are, in the order in which
 * `assent fmt` writes them. The order is that of `properties` in the schema. Definitions are shared, not repeated.
 */
import type { KindName } from "../../src/core/model/kind.ts";
import { homeOf, resolve, type Schema, type Schemas } from "./load.ts";

interface Node {
  keys?: string[];
  children?: Record<string, string>;
  items?: string;
  additional?: string;
}

/** The text of src/generated/key-order.ts. */
export function keyOrderModule(schemas: Schemas): string {
  const shared = new Map<string, string>();
  const trees = [...schemas.byKind].map(([kind, schema]) => `  ${kind}: ${treeOf(schema, kind)!},\n`);

  /** The tree of a value as source text; undefined for scalars, which have no keys below them. */
  function treeOf(written: Schema | boolean, kind: KindName | null): string | undefined {
    if (typeof written === "boolean") return undefined;
    const { schema, name } = resolve(schemas, kind, written);
    const text = textOf(nodeOf(schema, homeOf(kind, written)));
    if (text === undefined || name === null) return text;
    shared.set(name, text);
    return name;
  }

  function nodeOf(schema: Schema, kind: KindName | null): Node {
    const node: Node = {};
    const properties = propertiesOf(schema);
    if (properties.length > 0) {
      node.keys = properties.map(([key]) => key);
      for (const [key, property] of properties) {
        const child = treeOf(property, kind);
        if (child !== undefined) (node.children ??= {})[key] = child;
      }
    }
    const items = schema.items && treeOf(schema.items, kind);
    if (items !== undefined) node.items = items;
    for (const value of Object.values(schema.patternProperties ?? {})) {
      const additional = treeOf(value, kind);
      if (additional !== undefined) node.additional = additional;
    }
    return node;
  }

  const body = [...shared].map(([name, text]) => `const ${name}: KeyOrder = ${text};\n`).join("");
  return `/** Generated from schemas/ by scripts/generate; do not edit. The canonical order of keys, by kind. */
import type { KindName } from "../core/model/kind.ts";
import type { KeyOrder } from "../core/source/key-order.ts";

${body}
export const keyOrders: Readonly<Record<KindName, KeyOrder>> = {
${trees.join("")}};
`;
}

/** The properties of an object in order, those that only a condition adds at the end. */
function propertiesOf(schema: Schema): [string, Schema | boolean][] {
  const all = new Map<string, Schema | boolean>();
  const add = (part: Schema): void => {
    for (const [key, property] of Object.entries(part.properties ?? {})) {
      const before = all.get(key);
      if (before === undefined) all.set(key, property);
      else if (typeof before === "object" && typeof property === "object")
        all.set(key, join(before, property));
    }
    for (const branch of [part.then, part.else, ...(part.allOf ?? [])]) if (branch !== undefined) add(branch);
  };
  add(schema);
  return [...all];
}

/** A property with the properties that a condition adds to it. */
function join(base: Schema, more: Schema): Schema {
  if (more.properties === undefined || base.$ref !== undefined) return base;
  return { ...base, properties: { ...more.properties, ...base.properties } };
}

function textOf(node: Node): string | undefined {
  if (Object.keys(node).length === 0) return undefined;
  const children = Object.entries(node.children ?? {}).map(
    ([key, text]) => `${JSON.stringify(key)}: ${text}`,
  );
  const parts = [
    `keys: ${JSON.stringify(node.keys ?? [])}`,
    `children: {${children.join(", ")}}`,
    ...(node.items === undefined ? [] : [`items: ${node.items}`]),
    ...(node.additional === undefined ? [] : [`additional: ${node.additional}`]),
  ];
  return `{ ${parts.join(", ")} }`;
}
