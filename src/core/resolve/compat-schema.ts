/**
 * Whether values that fit one JSON Schema still fit another, read as a contract:
 * what goes in must not be accepted less, what comes out must not be promised less.
 *
 * | difference                                             | of an input | of an output |
 * |--------------------------------------------------------|-------------|--------------|
 * | property added, required                               | breaking    | compatible   |
 * | property added, optional                               | compatible  | compatible   |
 * | property removed, no others allowed                    | breaking    | breaking     |
 * | property removed, others allowed                       | unknown     | breaking     |
 * | `required` gains, loses a property                     | breaking, compatible | compatible, breaking |
 * | `type`, `enum`, `const`, bounds, `items` ... narrower  | breaking    | compatible   |
 * | the same wider                                         | compatible  | breaking     |
 * | neither narrower nor wider (another type, other values)| breaking    | breaking     |
 * | other properties allowed no more, allowed now          | breaking, compatible | compatible, unknown |
 * | `default`, patterns, combinators, conditions           | unknown     | unknown      |
 * | titles, descriptions, examples                         | compatible  | compatible   |
 *
 * Local `$ref`s are followed; others are compared as they are written. It must never load a schema.
 */
import { canonicalJson } from "../model/canonical.ts";
import { isObject, type Json, type JsonObject, type Pointer } from "../model/json.ts";
import { boundRelation, relation, stringsOf, textsOf, typesOf, type Relation } from "./compat-relation.ts";
import { changeOf, isSame, type Comparer, type Impact, type ReportChange } from "./compat-change.ts";

/** Which way values flow through the schema, seen from whoever uses the entry. */
export type Direction = "input" | "output";

const annotations = new Set([
  "title",
  "description",
  "examples",
  "deprecated",
  "readOnly",
  "writeOnly",
  "$comment",
  "$id",
  "$schema",
  "$defs",
  "definitions",
]);
const lowerBounds = new Set([
  "minimum",
  "exclusiveMinimum",
  "minLength",
  "minItems",
  "minProperties",
  "minContains",
]);
const upperBounds = new Set([
  "maximum",
  "exclusiveMaximum",
  "maxLength",
  "maxItems",
  "maxProperties",
  "maxContains",
]);
/** Keywords whose presence narrows and whose change says nothing that can be read off. */
const constraints = new Set(["pattern", "format", "multipleOf", "contentEncoding", "contentMediaType"]);
const DEEPEST = 64;

interface Walk {
  readonly direction: Direction;
  readonly report: ReportChange;
  readonly roots: { readonly before: JsonObject; readonly after: JsonObject };
  /** Pairs of `$ref`s already compared: schemas may refer to themselves. */
  readonly seen: Set<string>;
  readonly depth: number;
}

/** A comparer for a schema of what goes in or comes out. */
export function schemaOf(direction: Direction): Comparer {
  return (before, after, pointer, report) => {
    if (before === undefined || after === undefined) {
      // Without a schema nothing is refused at the door, and nothing is promised behind it.
      const isAdded = before === undefined;
      const impact: Impact =
        direction === "input" ? (isAdded ? "unknown" : "compatible") : isAdded ? "compatible" : "breaking";
      report({
        pointer,
        change: changeOf(before, after),
        impact,
        why: `The ${direction} ${isAdded ? "is described now" : "is no longer described"}.`,
      });
      return;
    }
    const roots = { before: schemaObject(before), after: schemaObject(after) };
    compareSchemas(before, after, pointer, { direction, report, roots, seen: new Set(), depth: 0 });
  };
}

function compareSchemas(
  before: Json | undefined,
  after: Json | undefined,
  pointer: Pointer,
  walk: Walk,
): void {
  if (walk.depth > DEEPEST)
    return tell(walk, pointer, "changed", "unknown", "The schema is nested too deeply to compare.");
  const pair = `${refOf(before)}\n${refOf(after)}`;
  if (pair !== "\n") {
    if (walk.seen.has(pair)) return;
    walk.seen.add(pair);
  }
  if (before === false || after === false) {
    if (before !== after)
      flow(walk, pointer, after === false ? "narrower" : "wider", "Whether any value is allowed here");
    return;
  }
  const old = resolveRef(schemaObject(before), walk.roots.before);
  const now = resolveRef(schemaObject(after), walk.roots.after);
  const next = { ...walk, depth: walk.depth + 1 };
  compareProperties(old, now, pointer, next);
  for (const keyword of new Set([...Object.keys(old), ...Object.keys(now)])) {
    if (keyword === "properties" || keyword === "required") continue;
    const [a, b] = [old[keyword], now[keyword]];
    // Below `items` equal text may still mean something else, where it refers to a definition that changed.
    if (keyword === "items" || keyword === "additionalProperties" || !isSame(a, b))
      compareKeyword(keyword, a, b, [...pointer, keyword], next);
  }
}

function compareKeyword(
  keyword: string,
  a: Json | undefined,
  b: Json | undefined,
  pointer: Pointer,
  walk: Walk,
): void {
  const change = changeOf(a, b);
  if (annotations.has(keyword) || keyword.startsWith("x-"))
    tell(walk, pointer, change, "compatible", "A description changed.");
  else if (keyword === "items") compareSchemas(a ?? {}, b ?? {}, pointer, walk);
  else if (keyword === "additionalProperties") compareOthers(a, b, pointer, walk);
  else if (keyword === "type") flow(walk, pointer, relation(typesOf(a), typesOf(b)), "The type");
  else if (keyword === "enum")
    flow(walk, pointer, relation(textsOf(a), textsOf(b)), "The list of allowed values");
  else if (keyword === "const")
    flow(
      walk,
      pointer,
      relation(a === undefined ? a : [canonicalJson(a)], b === undefined ? b : [canonicalJson(b)]),
      "The only allowed value",
    );
  else if (lowerBounds.has(keyword)) flow(walk, pointer, boundRelation(a, b, 1), `\`${keyword}\``);
  else if (upperBounds.has(keyword)) flow(walk, pointer, boundRelation(a, b, -1), `\`${keyword}\``);
  else if (keyword === "uniqueItems")
    flow(walk, pointer, b === true ? "narrower" : "wider", "Whether items may repeat");
  else if (constraints.has(keyword) && change !== "changed")
    flow(walk, pointer, change === "added" ? "narrower" : "wider", `\`${keyword}\``);
  else
    tell(
      walk,
      pointer,
      change,
      "unknown",
      `\`${keyword}\` differs; whether the same values fit cannot be read off.`,
    );
}

function compareProperties(old: JsonObject, now: JsonObject, pointer: Pointer, walk: Walk): void {
  const before = schemaObject(old["properties"]);
  const after = schemaObject(now["properties"]);
  const wasRequired = new Set(stringsOf(old["required"]));
  const isRequired = new Set(stringsOf(now["required"]));
  const isInput = walk.direction === "input";
  for (const name of new Set([
    ...Object.keys(before),
    ...Object.keys(after),
    ...wasRequired,
    ...isRequired,
  ])) {
    const place = [...pointer, "properties", name];
    const [a, b] = [own(before, name), own(after, name)];
    const nowRequired = isRequired.has(name) && !wasRequired.has(name);
    const noLongerRequired = wasRequired.has(name) && !isRequired.has(name);
    if (a === undefined && b !== undefined) {
      const isBreaking = isInput && nowRequired;
      tell(
        walk,
        place,
        "added",
        isBreaking ? "breaking" : "compatible",
        `\`${name}\` was added${nowRequired ? " and is required" : ""}.`,
      );
      continue;
    }
    if (a !== undefined && b === undefined) {
      const impact =
        isInput && now["additionalProperties"] !== false && !nowRequired ? "unknown" : "breaking";
      tell(walk, place, "removed", impact, `\`${name}\` was removed.`);
      continue;
    }
    if (nowRequired)
      tell(
        walk,
        [...pointer, "required"],
        "changed",
        isInput ? "breaking" : "compatible",
        `\`${name}\` is required now.`,
      );
    if (noLongerRequired)
      tell(
        walk,
        [...pointer, "required"],
        "changed",
        isInput ? "compatible" : "breaking",
        `\`${name}\` may be missing now.`,
      );
    if (a !== undefined) compareSchemas(a, b, place, walk);
  }
}

/** `additionalProperties`: absent and true are the same. */
function compareOthers(a: Json | undefined, b: Json | undefined, pointer: Pointer, walk: Walk): void {
  const [wasClosed, isClosed] = [a === false, b === false];
  if (wasClosed && !isClosed && walk.direction === "output")
    tell(walk, pointer, changeOf(a, b), "unknown", "Other properties may come along now.");
  else compareSchemas(a ?? true, b ?? true, pointer, walk);
}

function flow(walk: Walk, pointer: Pointer, moved: Relation, what: string): void {
  if (moved === "same") return;
  const isGood = moved === (walk.direction === "input" ? "wider" : "narrower");
  const how = moved === "different" ? "is another" : `is ${moved}`;
  tell(walk, pointer, "changed", isGood ? "compatible" : "breaking", `${what} ${how} than before.`);
}

function tell(
  walk: Walk,
  pointer: Pointer,
  change: "added" | "removed" | "changed",
  impact: Impact,
  why: string,
): void {
  walk.report({ pointer, change, impact, why });
}

function schemaObject(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

function own(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function refOf(schema: Json | undefined): string {
  const ref = isObject(schema) ? schema["$ref"] : undefined;
  return typeof ref === "string" ? ref : "";
}

/** Follows local references; one that leads nowhere, or in a circle, stays as it is written. */
function resolveRef(schema: JsonObject, root: JsonObject): JsonObject {
  let current = schema;
  for (let steps = 0; steps < DEEPEST; steps++) {
    const { $ref: ref, ...beside } = current;
    if (typeof ref !== "string" || !ref.startsWith("#")) return current;
    let target: Json | undefined = root;
    for (const step of ref.slice(1).split("/").slice(1)) {
      target = isObject(target) ? own(target, step.replaceAll("~1", "/").replaceAll("~0", "~")) : undefined;
    }
    if (!isObject(target)) return current;
    current = { ...target, ...beside };
  }
  return schema;
}
