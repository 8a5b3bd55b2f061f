/**
 * The ways in which a field of an entry may differ, by what its meaning is. Each makes a Comparer for the table.
 * This module must never know a kind or a field's name.
 */
import { isObject, type Json, type Pointer } from "../model/json.ts";
import { changeOf, type Comparer, type Impact } from "./compat-change.ts";
import { eachKey, objectOf } from "./compat-members.ts";

/** Any difference has one impact, whatever the values are. */
export function always(impact: Impact, why: string): Comparer & { readonly isConstant: true } {
  const comparer: Comparer = (before, after, pointer, report) =>
    report({ pointer, change: changeOf(before, after), impact, why });
  return Object.assign(comparer, { isConstant: true as const });
}

/** Any difference breaks. */
export function breaks(why: string): Comparer {
  return always("breaking", why);
}

/** Contents that do something else in a way only measuring tells. */
export function measured(what: string): Comparer {
  return always("unknown", `${what}; only measuring tells what that does.`);
}

/** Says nothing about use: descriptions, where things came from. */
export const neutral = always("compatible", "It does not change what the entry does or needs.");

/** A list whose members are promises: losing one breaks, gaining one does not. */
export function promises(what: string): Comparer {
  return listOf((member, pointer, report, isAdded) =>
    report({
      pointer,
      change: isAdded ? "added" : "removed",
      impact: isAdded ? "compatible" : "breaking",
      why: `${what} \`${member}\` is ${isAdded ? "new" : "gone"}.`,
    }),
  );
}

/** A list whose members are demands on whoever uses the entry: gaining one breaks. */
export function demands(what: string): Comparer {
  return listOf((member, pointer, report, isAdded) =>
    report({
      pointer,
      change: isAdded ? "added" : "removed",
      impact: isAdded ? "breaking" : "compatible",
      why: `${what} \`${member}\` is ${isAdded ? "needed now" : "no longer needed"}.`,
    }),
  );
}

/** A map whose entries are demands: a new key or another value breaks. */
export function demandMap(what: string): Comparer {
  return (before, after, pointer, report) => {
    eachKey(objectOf(before), objectOf(after), (key, a, b) => {
      const change = changeOf(a, b);
      const verb =
        change === "added"
          ? "is needed now"
          : change === "removed"
            ? "is no longer needed"
            : `is needed as ${JSON.stringify(b)}, not ${JSON.stringify(a)}`;
      report({
        pointer: [...pointer, key],
        change,
        impact: change === "removed" ? "compatible" : "breaking",
        why: `${what} \`${key}\` ${verb}.`,
      });
    });
  };
}

/** A promise that is there or not: true -> false breaks; no longer saying so leaves it open. */
export function promise(what: string): Comparer {
  return (before, after, pointer, report) => {
    const impact: Impact = before !== true ? "compatible" : after === false ? "breaking" : "unknown";
    const why =
      before !== true
        ? `${what} was not promised before.`
        : after === false
          ? `${what} is gone.`
          : `${what} is no longer stated.`;
    report({ pointer, change: changeOf(before, after), impact, why });
  };
}

/** A number that promises room: less breaks. Anything that is no number is unknown. */
export function atLeast(what: string): Comparer {
  return (before, after, pointer, report) => {
    const isKnown = typeof before === "number" && typeof after === "number";
    const impact: Impact =
      typeof before !== "number"
        ? "compatible"
        : !isKnown
          ? "unknown"
          : after < before
            ? "breaking"
            : "compatible";
    const why = isKnown
      ? `${what} ${after < before ? "shrank" : "grew"} from ${before} to ${after}.`
      : `${what} ${after === undefined ? "is no longer stated" : "cannot be compared"}.`;
    report({ pointer, change: changeOf(before, after), impact, why });
  };
}

/** A value with an order, given lowest first: rising breaks. */
export function mustNotRise(what: string, order: readonly string[]): Comparer {
  return (before, after, pointer, report) => {
    const [a, b] = [order.indexOf(String(before)), order.indexOf(String(after))];
    const impact: Impact = a < 0 || b < 0 ? "unknown" : b > a ? "breaking" : "compatible";
    report({
      pointer,
      change: changeOf(before, after),
      impact,
      why: `${what} went from ${before ?? "unstated"} to ${after ?? "unstated"}.`,
    });
  };
}

/** An object whose fields each have their own meaning. */
export function fields(
  table: Readonly<Record<string, Comparer>>,
): Comparer & { readonly table: Readonly<Record<string, Comparer>> } {
  const comparer: Comparer = (before, after, pointer, report) => {
    eachKey(objectOf(before), objectOf(after), (key, a, b) => {
      const field = Object.hasOwn(table, key) ? table[key] : undefined;
      (field ?? always("unknown", "Nothing is known about what this field means for use."))(
        a,
        b,
        [...pointer, key],
        report,
      );
    });
  };
  return Object.assign(comparer, { table });
}

/** A free value that is read by its keys: a lost key or another type breaks, another value only measuring tells. */
export function valueByKeys(what: string): Comparer {
  const compare: Comparer = (before, after, pointer, report) => {
    if (isObject(before) && isObject(after)) {
      eachKey(before, after, (key, a, b) => {
        const place = [...pointer, key];
        if (a === undefined)
          report({
            pointer: place,
            change: "added",
            impact: "compatible",
            why: `${what} has \`${key}\` now.`,
          });
        else if (b === undefined)
          report({
            pointer: place,
            change: "removed",
            impact: "breaking",
            why: `${what} has no \`${key}\` any more.`,
          });
        else compare(a, b, place, report);
      });
      return;
    }
    const isOtherType = before !== undefined && after !== undefined && typeName(before) !== typeName(after);
    const why = isOtherType
      ? `It was ${typeName(before)} and is ${typeName(after)} now.`
      : `${what} has another value; only measuring tells what that does.`;
    report({ pointer, change: changeOf(before, after), impact: isOtherType ? "breaking" : "unknown", why });
  };
  return compare;
}

type MemberReport = (
  member: string,
  pointer: Pointer,
  report: Parameters<Comparer>[3],
  isAdded: boolean,
) => void;

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

function textsOf(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? (value as readonly Json[]).map(String) : [];
}

function typeName(value: Json): string {
  return value === null
    ? "null"
    : Array.isArray(value)
      ? "a list"
      : typeof value === "object"
        ? "an object"
        : `a ${typeof value}`;
}
