/**
 * Whether a set of allowed values became narrower or wider. It must never say which of the two is good.
 */
import { canonicalJson } from "../model/canonical.ts";
import type { Json } from "../model/json.ts";

/** How the values that a schema allows have moved. */
export type Relation = "narrower" | "wider" | "different" | "same";

/** How two sets relate; undefined = everything. */
export function relation(
  before: readonly string[] | undefined,
  after: readonly string[] | undefined,
): Relation {
  if (before === undefined) return after === undefined ? "same" : "narrower";
  if (after === undefined) return "wider";
  const [old, now] = [new Set(before), new Set(after)];
  const isWider = before.every((member) => now.has(member));
  const isNarrower = after.every((member) => old.has(member));
  return isWider ? (isNarrower ? "same" : "wider") : isNarrower ? "narrower" : "different";
}

/** How a bound moved; `narrowing` is 1 where a higher one refuses more, -1 where a lower one does. */
export function boundRelation(
  before: Json | undefined,
  after: Json | undefined,
  narrowing: 1 | -1,
): Relation {
  if (typeof before !== "number" || typeof after !== "number")
    return before === undefined ? "narrower" : "wider";
  return (after - before) * narrowing > 0 ? "narrower" : "wider";
}

/** The types that a schema names, `number` saying `integer` as well. */
export function typesOf(value: Json | undefined): readonly string[] | undefined {
  const types = value === undefined ? undefined : stringsOf(Array.isArray(value) ? value : [value]);
  return types?.includes("number") === true ? [...types, "integer"] : types;
}

/** A list of values, spelled canonically; undefined when it is no list. */
export function textsOf(values: Json | undefined): readonly string[] | undefined {
  return Array.isArray(values) ? (values as readonly Json[]).map((value) => canonicalJson(value)) : undefined;
}

/** The strings of a list. */
export function stringsOf(values: Json | undefined): readonly string[] {
  return Array.isArray(values)
    ? (values as readonly Json[]).filter((value) => typeof value === "string")
    : [];
}
