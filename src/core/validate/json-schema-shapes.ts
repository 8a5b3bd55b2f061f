/**
 * What each keyword of JSON Schema 2020-12 may hold. It says what the published meta-schema says, without the time
 * that compiling the meta-schema takes; a test holds the two against each other.
 */
import { isObject, type Json } from "../model/json.ts";
import { nearest } from "../model/nearest.ts";

/** How a keyword holds other schemas: one, a list, or a map of names. */
export type Holder = "one" | "many" | "named";

/** Why a keyword cannot hold a value, with a hint; undefined when it can. `steps` lead to the part that is wrong. */
export interface ShapeFault {
  readonly steps: readonly (string | number)[];
  readonly message: string;
  readonly hint: string;
}

type Shape = (value: Json) => ShapeFault | undefined;

const types = ["array", "boolean", "integer", "null", "number", "object", "string"];

const wrong = (message: string, hint: string, ...steps: (string | number)[]): ShapeFault => ({
  steps,
  message,
  hint,
});

const text: Shape = (value) =>
  typeof value === "string" ? undefined : wrong("a text belongs here", "write it in quotes");
const flag: Shape = (value) =>
  typeof value === "boolean" ? undefined : wrong("true or false belongs here", "write true or false");
const number: Shape = (value) =>
  typeof value === "number" ? undefined : wrong("a number belongs here", "write a number");
const count: Shape = (value) => {
  return typeof value === "number" && Number.isInteger(value) && value >= 0
    ? undefined
    : wrong("a whole number from 0 belongs here", "write 0, 1, 2, ...");
};
const positive: Shape = (value) =>
  typeof value === "number" && value > 0
    ? undefined
    : wrong("a number above 0 belongs here", "write a number above 0");
const list: Shape = (value) =>
  Array.isArray(value) ? undefined : wrong("a list belongs here", "write [a, b]");
// The meta-schema allows an empty one, which no value could ever fit.
const choices: Shape = (value) => {
  return Array.isArray(value) && value.length > 0
    ? undefined
    : wrong("a list of values belongs here", "write at least one value");
};
const anything: Shape = () => undefined;

const names: Shape = (value) => {
  if (!Array.isArray(value)) return list(value);
  const other = value.findIndex((name) => typeof name !== "string");
  if (other >= 0) return wrong("a text belongs here", "write it in quotes", other);
  const twice = value.findIndex((name, i) => value.indexOf(name) < i);
  return twice < 0
    ? undefined
    : wrong(`${String(value[twice])} stands here twice`, "remove one of them", twice);
};

const typeNames: Shape = (value) => {
  if (Array.isArray(value)) {
    const fault =
      value.length === 0
        ? wrong("at least one type belongs here", `write one of ${types.join(", ")}`)
        : names(value);
    if (fault !== undefined) return fault;
  }
  for (const [i, name] of [value].flat().entries()) {
    if (typeof name === "string" && types.includes(name)) continue;
    const near = typeof name === "string" ? nearest(name, types) : undefined;
    const hint = near === undefined ? `write one of ${types.join(", ")}` : `did you mean ${near}?`;
    return wrong(`${JSON.stringify(name)} is no type`, hint, ...(Array.isArray(value) ? [i] : []));
  }
  return undefined;
};

const namesByKey: Shape = (value) => {
  if (!isObject(value)) return wrong("a map belongs here", "write key: [other]");
  for (const [key, inner = null] of Object.entries(value)) {
    const fault = names(inner);
    if (fault !== undefined) return { ...fault, steps: [key, ...fault.steps] };
  }
  return undefined;
};

const schema: Shape = (value) => {
  return isObject(value) || typeof value === "boolean"
    ? undefined
    : wrong("a schema belongs here", "write a map of keywords, or true or false");
};
const schemas: Shape = (value) => {
  if (!Array.isArray(value) || value.length === 0)
    return wrong("a list of schemas belongs here", "write at least one schema");
  const other = value.findIndex((part) => schema(part) !== undefined);
  return other < 0
    ? undefined
    : { ...wrong("a schema belongs here", "write a map of keywords, or true or false"), steps: [other] };
};
const schemasByName: Shape = (value) => {
  if (!isObject(value)) return wrong("a map of schemas belongs here", "write name: {type: ...}");
  const other = Object.entries(value).find(([, part = null]) => schema(part) !== undefined);
  return other === undefined
    ? undefined
    : { ...wrong("a schema belongs here", "write a map of keywords, or true or false"), steps: [other[0]] };
};

const words: readonly (readonly [string, Shape])[] = [
  [
    "additionalProperties unevaluatedProperties propertyNames items contains unevaluatedItems not if then else contentSchema",
    schema,
  ],
  ["allOf anyOf oneOf prefixItems", schemas],
  ["properties patternProperties $defs dependentSchemas", schemasByName],
  [
    "title description pattern format contentMediaType contentEncoding $schema $id $ref $anchor $comment",
    text,
  ],
  ["deprecated readOnly writeOnly uniqueItems", flag],
  ["maximum exclusiveMaximum minimum exclusiveMinimum", number],
  ["maxLength minLength maxItems minItems maxContains minContains maxProperties minProperties", count],
  ["multipleOf", positive],
  ["enum", choices],
  ["examples", list],
  ["required", names],
  ["dependentRequired", namesByKey],
  ["type", typeNames],
  ["const default", anything],
];

/** Every keyword and its shape. */
export const shapes: ReadonlyMap<string, Shape> = new Map(
  words.flatMap(([keys, shape]) => keys.split(" ").map((key) => [key, shape] as const)),
);

/** The keywords that hold other schemas. */
export const holders: ReadonlyMap<string, Holder> = new Map(
  [...shapes].flatMap(([key, shape]): [string, Holder][] => {
    if (shape === schema) return [[key, "one"]];
    if (shape === schemas) return [[key, "many"]];
    return shape === schemasByName ? [[key, "named"]] : [];
  }),
);
