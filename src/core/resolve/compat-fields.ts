/**
 * The ways in which a field of an entry may differ, by what its meaning is. Each makes a Comparer for the table.
 * This module must never know a kind or a field's name.
 */
import { isObject, type Json, type JsonObject, type Pointer } from "../model/json.ts";
import { changeOf, isSame, type Comparer, type Impact } from "./compat-change.ts";

/** Any difference has one impact. */
export function always(impact: Impact, why: string): Comparer {
  return (before, after, pointer, report) => report({ pointer, change: changeOf(before, after), impact, why });
}

/** Says nothing about use: descriptions, where things came from. */
export const neutral = always("compatible", "It does not change what the entry does or needs.");

/** A list whose members are promises: losing one breaks, gaining one does not. */
export function promises(what: string): Comparer {
  return listOf((member, pointer, report, isAdded) =>
    report({ pointer, change: isAdded ? "added" : "removed", impact: isAdded ? "compatible" : "breaking", why: `${what} \`${member}\` is ${isAdded ? "new" : "gone"}.` }),
  );
}

/** A list whose members are demands on whoever uses the entry: gaining one breaks. */
export function demands(what: string): Comparer {
  return listOf((member, pointer, report, isAdded) =>
    report({ pointer, change: isAdded ? "added" : "removed", impact: isAdded ? "breaking" : "compatible", why: `${what} \`${member}\` is ${isAdded ? "needed now" : "no longer needed"}.` }),
  );
}

/** A map whose entries are demands: a new key or another value breaks. */
export function demandMap(what: string): Comparer {
  return (before, after, pointer, report) => {
    eachKey(objectOf(before), objectOf(after), (key, a, b) => {
      const change = changeOf(a, b);
      const verb = change === "added" ? "is needed now" : change === "removed" ? "is no longer needed" : `is needed as ${JSON.stringify(b)}, not ${JSON.stringify(a)}`;
      report({ pointer: [...pointer, key], change, impact: change === "removed" ? "compatible" : "breaking", why: `${what} \`${key}\` ${verb}.` });
    });
  };
}

/** A promise that is there or not: true -> false breaks; no longer saying so leaves it open. */
export function promise(what: string): Comparer {
  return (before, after, pointer, report) => {
    const impact: Impact = before !== true ? "compatible" : after === false ? "breaking" : "unknown";
    const why = before !== true ? `${what} was not promised before.` : after === false ? `${what} is gone.` : `${what} is no longer stated.`;
    report({ pointer, change: changeOf(before, after), impact, why });
  };
}

/** A number that promises room: less breaks. Anything that is no number is unknown. */
export function atLeast(what: string): Comparer {
  return (before, after, pointer, report) => {
    const isKnown = typeof before === "number" && typeof after === "number";
    const impact: Impact = typeof before !== "number" ? "compatible" : !isKnown ? "unknown" : after < before ? "breaking" : "compatible";
    const why = isKnown ? `${what} ${after < before ? "shrank" : "grew"} from ${before} to ${after}.` : `${what} ${after === undefined ? "is no longer stated" : "cannot be compared"}.`;
    report({ pointer, change: changeOf(before, after), impact, why });
  };
}

/** A value with an order, given lowest first: rising breaks. */
export function mustNotRise(what: string, order: readonly string[]): Comparer {
  return (before, after, pointer, report) => {
    const [a, b] = [order.indexOf(String(before)), order.indexOf(String(after))];
    const impact: Impact = a < 0 || b < 0 ? "unknown" : b > a ? "breaking" : "compatible";
    report({ pointer, change: changeOf(before, after), impact, why: `${what} went from ${before ?? "unstated"} to ${after ?? "unstated"}.` });
  };
}

/** An object whose fields each have their own meaning. */
export function fields(table: Readonly<Record<string, Comparer>>): Comparer & { readonly table: Readonly<Record<string, Comparer>> } {
  const comparer: Comparer = (before, after, pointer, report) => {
    eachKey(objectOf(before), objectOf(after), (key, a, b) => {
      const field = Object.hasOwn(table, key) ? table[key] : undefined;
      (field ?? always("unknown", "Nothing is known about what this field means for use."))(a, b, [...pointer, key], report);
    });
  };
  return Object.assign(comparer, { table });
}

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
      if (other === undefined) report({ pointer: [...pointer, index], change: "removed", impact: rules.removed, why: `${what} \`${name}\` is gone.` });
      else if (!isSame(value, other.value)) rules.changed(value, other.value, [...pointer, other.index], report);
    }
    for (const [name, { index }] of now) {
      if (!old.has(name)) report({ pointer: [...pointer, index], change: "added", impact: rules.added, why: `${what} \`${name}\` is new.` });
    }
  };
}

/** A map whose keys are names of members. */
export function memberMap(what: string, rules: MemberRules): Comparer {
  return (before, after, pointer, report) => {
    eachKey(objectOf(before), objectOf(after), (key, a, b) => {
      const place = [...pointer, key];
      if (a === undefined) report({ pointer: place, change: "added", impact: rules.added, why: `${what} \`${key}\` is new.` });
      else if (b === undefined) report({ pointer: place, change: "removed", impact: rules.removed, why: `${what} \`${key}\` is gone.` });
      else rules.changed(a, b, place, report);
    });
  };
}

/** A free value that is read by its keys: a lost key or another type breaks, another value only measuring tells. */
export function valueByKeys(what: string): Comparer {
  const compare: Comparer = (before, after, pointer, report) => {
    if (isObject(before) && isObject(after)) {
      eachKey(before, after, (key, a, b) => {
        const place = [...pointer, key];
        if (a === undefined) report({ pointer: place, change: "added", impact: "compatible", why: `${what} has \`${key}\` now.` });
        else if (b === undefined) report({ pointer: place, change: "removed", impact: "breaking", why: `${what} has no \`${key}\` any more.` });
        else compare(a, b, place, report);
      });
      return;
    }
    const isOtherType = before !== undefined && after !== undefined && typeName(before) !== typeName(after);
    const why = isOtherType ? `It was ${typeName(before)} and is ${typeName(after)} now.` : `${what} has another value; only measuring tells what that does.`;
    report({ pointer, change: changeOf(before, after), impact: isOtherType ? "breaking" : "unknown", why });
  };
  return compare;
}

/** Dependencies on other entries: a new one that is required is one more thing to bring along. */
export const dependencies = members("The dependency", ["ref"], {
  added: "unknown",
  removed: "compatible",
  changed: (before, after, pointer, report) => {
    const isNeeded = objectOf(after)["required"] !== false && objectOf(before)["required"] === false;
    const why = isNeeded ? "A dependency that was optional is required now." : "Another range of versions is allowed.";
    report({ pointer, change: "changed", impact: isNeeded ? "breaking" : "unknown", why });
  },
});

type MemberReport = (member: string, pointer: Pointer, report: Parameters<Comparer>[3], isAdded: boolean) => void;

function listOf(tell: MemberReport): Comparer {
  return (before, after, pointer, report) => {
    const [old, now] = [textsOf(before), textsOf(after)];
    old.forEach((member, i) => {
      if (!now.includes(member)) tell(member, [...pointer, i], report, false);
    });
    now.forEach((member, i) => {
      if (!old.includes(member)) tell(member, [...pointer, i], report, true);
    });
  };
}

/** Members by name; the second of one name gets `#2`, so that each has its partner. */
function named(list: Json | undefined, by: readonly string[]): Map<string, { readonly index: number; readonly value: Json }> {
  const result = new Map<string, { index: number; value: Json }>();
  (Array.isArray(list) ? (list as readonly Json[]) : []).forEach((value, index) => {
    const name = by.map((key) => String(objectOf(value)[key] ?? "")).join(" ");
    let free = name;
    for (let n = 2; result.has(free); n++) free = `${name} #${n}`;
    result.set(free, { index, value });
  });
  return result;
}

function eachKey(before: JsonObject, after: JsonObject, visit: (key: string, a: Json | undefined, b: Json | undefined) => void): void {
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const a = Object.hasOwn(before, key) ? before[key] : undefined;
    const b = Object.hasOwn(after, key) ? after[key] : undefined;
    if (!isSame(a, b)) visit(key, a, b);
  }
}

function objectOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

function textsOf(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? (value as readonly Json[]).map(String) : [];
}

function typeName(value: Json): string {
  return value === null ? "null" : Array.isArray(value) ? "a list" : typeof value === "object" ? "an object" : `a ${typeof value}`;
}
