/**
 * GitHub's published description as a judge: every request that reaches the stand-in and every answer that leaves it
 * must fit. An answer is written with the fields that mean something; the rest that GitHub always sends is filled in.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";

export type Fields = { [key: string]: unknown };

interface Operation {
  readonly operation: string;
  readonly parameters: readonly {
    readonly name: string;
    readonly in: string;
    readonly required: boolean;
    readonly schema: Fields;
  }[];
  readonly body?: Fields;
  readonly answers: Readonly<Record<string, Fields | null>>;
}

const extract = JSON.parse(readFileSync(join(import.meta.dirname, "openapi/extract.json"), "utf8")) as {
  readonly operations: readonly Operation[];
  readonly schemas: Readonly<Record<string, Fields>>;
};

const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: false });
ajv.addSchema({ $id: "extract", schemas: extract.schemas });
const compiled = new Map<unknown, ValidateFunction>();

function faultOf(schema: Fields, value: unknown): string | undefined {
  let validate = compiled.get(schema);
  if (validate === undefined) {
    const absolute = JSON.parse(
      JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"extract#/'),
    ) as Fields;
    compiled.set(schema, (validate = ajv.compile(absolute)));
  }
  return validate(value) ? undefined : ajv.errorsText(validate.errors);
}

export interface Matched {
  readonly operation: Operation;
  /** Decoded. */
  readonly path: Readonly<Record<string, string>>;
}

/** Operations with the pattern of their path; literal segments win over parameters. */
const table = extract.operations
  .map((operation) => {
    const [method = "", path = ""] = operation.operation.split(" ");
    // A ref may hold slashes.
    const pattern = path.replace(/\{(\w+)\}/g, (_, name: string) =>
      name === "ref" && path.endsWith("/git/ref/{ref}") ? `(?<${name}>.+)` : `(?<${name}>[^/]+)`,
    );
    return {
      operation,
      method,
      pattern: new RegExp(`^${pattern}$`),
      literal: path.replace(/\{\w+\}/g, "").length,
    };
  })
  .toSorted((a, b) => b.literal - a.literal);

/** Which operation a request means. */
export function matchOperation(method: string, path: string): Matched | undefined {
  for (const each of table) {
    const match = each.method === method ? each.pattern.exec(path) : null;
    if (match === null) continue;
    const groups = Object.entries(match.groups ?? {}).map(([name, value]) => [
      name,
      decodeURIComponent(value),
    ]);
    return { operation: each.operation, path: Object.fromEntries(groups) as Record<string, string> };
  }
  return undefined;
}

/** What is wrong with a request by the description; undefined when nothing is. */
export function requestFault(
  { operation, path }: Matched,
  query: URLSearchParams,
  body: unknown,
): string | undefined {
  const named = new Map(operation.parameters.map((each) => [`${each.in} ${each.name}`, each]));
  for (const name of query.keys())
    if (!named.has(`query ${name}`)) return `${operation.operation} knows no parameter ${name}`;
  for (const each of operation.parameters) {
    const text = each.in === "path" ? path[each.name] : (query.get(each.name) ?? undefined);
    if (text === undefined && each.required) return `${operation.operation} needs ${each.name}`;
    if (text === undefined || each.in === "header") continue;
    const value = typed(text, each.schema);
    const fault = faultOf(each.schema, value);
    if (fault !== undefined) return `${operation.operation}: ${each.name} ${fault}`;
  }
  if (body !== undefined && operation.body === undefined) return `${operation.operation} takes no body`;
  if (operation.body === undefined) return undefined;
  const fault = faultOf(operation.body, body ?? {});
  if (fault !== undefined) return `${operation.operation}: the body: ${fault}`;
  const known = keysOf(operation.body);
  const strange = known.size > 0 ? Object.keys(body ?? {}).find((key) => !known.has(key)) : undefined;
  return strange === undefined ? undefined : `${operation.operation}: the body may not hold ${strange}`;
}

/** Fills in what GitHub always sends, and makes sure that the answer fits. */
export function answerOf({ operation }: Matched, status: number, value: unknown): unknown {
  if (status >= 300) return value;
  const schema = operation.answers[String(status)];
  if (schema === undefined) throw new Error(`${operation.operation} never answers ${status}`);
  if (schema === null) return undefined;
  const whole = complete(schema, value);
  const fault = faultOf(schema, whole);
  if (fault !== undefined)
    throw new Error(`the stand-in's answer to ${operation.operation} is wrong: ${fault}`);
  return whole;
}

function typed(text: string, schema: Fields): unknown {
  const { type } = deref(schema);
  if (type === "integer" || type === "number") return Number(text);
  return type === "boolean" ? text === "true" : text;
}

function deref(schema: Fields): Fields {
  const reference = schema["$ref"];
  return typeof reference === "string"
    ? deref(extract.schemas[reference.slice("#/schemas/".length)] ?? {})
    : schema;
}

function keysOf(schema: Fields): ReadonlySet<string> {
  const found = deref(schema);
  const parts = ["allOf", "anyOf", "oneOf"].flatMap((key) =>
    Array.isArray(found[key]) ? (found[key] as Fields[]) : [],
  );
  return new Set([
    ...Object.keys((found["properties"] ?? {}) as Fields),
    ...parts.flatMap((part) => [...keysOf(part)]),
  ]);
}

/** The first branch that is no null; allOf as one. */
function shapeOf(schema: Fields): Fields {
  const found = deref(schema);
  const branches = (found["anyOf"] ?? found["oneOf"]) as Fields[] | undefined;
  if (branches !== undefined) return shapeOf(branches.find((each) => deref(each)["type"] !== "null") ?? {});
  if (!Array.isArray(found["allOf"])) return found;
  const parts = (found["allOf"] as Fields[]).map(shapeOf);
  return {
    ...Object.assign({}, ...parts),
    properties: Object.assign({}, ...parts.map((part) => part["properties"])),
    required: parts.flatMap((part) => (part["required"] ?? []) as string[]),
  } as Fields;
}

function complete(schema: Fields, value: unknown): unknown {
  const shape = shapeOf(schema);
  if (Array.isArray(value)) return value.map((each) => complete((shape["items"] ?? {}) as Fields, each));
  if (typeof value !== "object" || value === null) return value === undefined ? least(schema) : value;
  const properties = (shape["properties"] ?? {}) as Record<string, Fields>;
  const whole: Fields = {};
  for (const [key, each] of Object.entries(value)) whole[key] = complete(properties[key] ?? {}, each);
  for (const key of (shape["required"] ?? []) as string[])
    if (!(key in whole)) whole[key] = least(properties[key] ?? {});
  return whole;
}

/** The least that fits a schema. */
function least(schema: Fields): unknown {
  const found = deref(schema);
  const branches = (found["anyOf"] ?? found["oneOf"]) as Fields[] | undefined;
  if (branches?.some((each) => deref(each)["type"] === "null")) return null;
  const shape = shapeOf(found);
  const choices = shape["enum"];
  if (Array.isArray(choices)) return choices[0];
  const type = Array.isArray(shape["type"]) ? (shape["type"] as unknown[])[0] : shape["type"];
  if (type === "integer" || type === "number") return shape["minimum"] ?? 0;
  if (type === "boolean") return false;
  if (type === "array") return [];
  if (type === "object") return complete(shape, {});
  if (type === "null") return null;
  return shape["format"] === "date-time" ? "2026-01-01T00:00:00Z" : "";
}
