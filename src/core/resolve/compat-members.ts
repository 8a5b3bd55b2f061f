/**
 * Comparing what has members: lists of objects that have a name, and maps. Which member is which is decided here;
 * what a difference between two of them means is the caller's.
 */
import { isObject, type Json, type JsonObject } from "../model/json.ts";
import { isSame, type Comparer, type Impact } from "./compat-change.ts";

/** What happens to a member of a list of objects that have a name. */
export interface MemberRules {
  readonly added: Impact;
  readonly removed: Impact;
  /** For a member that stands in both. */
  readonly changed: Comparer;
}

/** A list of objects known by the value of some of their keys (an id, say); their order means nothing. */
export function members(what: string, by: readonly string[], rules: MemberRules): Comparer {
  return (before, after, pointer, report) => {
    const old = named(before, by);
    const now = named(after, by);
    for (const [name, { index, value }] of old) {
      const other = now.get(name);
      if (other === undefined)
        report({
          pointer: [...pointer, index],
          change: "removed",
          impact: rules.removed,
          why: `${what} \`${name}\` is gone.`,
        });
      else if (!isSame(value, other.value))
        rules.changed(value, other.value, [...pointer, other.index], report);
    }
    for (const [name, { index }] of now) {
      if (!old.has(name))
        report({
          pointer: [...pointer, index],
          change: "added",
          impact: rules.added,
          why: `${what} \`${name}\` is new.`,
        });
    }
  };
}

/** A map whose keys are names of members. */
export function memberMap(what: string, rules: MemberRules): Comparer {
  return (before, after, pointer, report) => {
    eachKey(objectOf(before), objectOf(after), (key, a, b) => {
      const place = [...pointer, key];
      if (a === undefined)
        report({ pointer: place, change: "added", impact: rules.added, why: `${what} \`${key}\` is new.` });
      else if (b === undefined)
        report({
          pointer: place,
          change: "removed",
          impact: rules.removed,
          why: `${what} \`${key}\` is gone.`,
        });
      else rules.changed(a, b, place, report);
    });
  };
}

/** Dependencies on other entries: a new one that is required is one more thing to bring along. */
export const dependencies = members("The dependency", ["ref"], {
  added: "unknown",
  removed: "compatible",
  changed: (before, after, pointer, report) => {
    const isNeeded = objectOf(after)["required"] !== false && objectOf(before)["required"] === false;
    const why = isNeeded
      ? "A dependency that was optional is required now."
      : "Another range of versions is allowed.";
    report({ pointer, change: "changed", impact: isNeeded ? "breaking" : "unknown", why });
  },
});

/** Members by name; the second of one name gets `#2`, so that each has its partner. */
function named(
  list: Json | undefined,
  by: readonly string[],
): Map<string, { readonly index: number; readonly value: Json }> {
  const result = new Map<string, { index: number; value: Json }>();
  (Array.isArray(list) ? (list as readonly Json[]) : []).forEach((value, index) => {
    const name = by.map((key) => String(objectOf(value)[key] ?? "")).join(" ");
    let free = name;
    for (let n = 2; result.has(free); n++) free = `${name} #${n}`;
    result.set(free, { index, value });
  });
  return result;
}

/** Visits the keys whose values differ. */
export function eachKey(
  before: JsonObject,
  after: JsonObject,
  visit: (key: string, a: Json | undefined, b: Json | undefined) => void,
): void {
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const a = Object.hasOwn(before, key) ? before[key] : undefined;
    const b = Object.hasOwn(after, key) ? after[key] : undefined;
    if (!isSame(a, b)) visit(key, a, b);
  }
}

/** The value as an object; anything else has no keys. */
export function objectOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}
