/**
 * Many versions of one thing against each other: for any two of them what `compareEntries` says, without comparing what
 * is equal again for each pair. Fields that no two versions differ in are left out once, and each difference of a field is
 * judged once, however many versions have it. It must never come to another answer than compat.ts.
 */
import { compareBytes, isObject, type Json, type Pointer } from "../model/json.ts";
import type { KindName } from "../model/kind.ts";
import type { CompatChange, Comparer, Impact } from "./compat-change.ts";
import { neutral } from "./compat-fields.ts";
import { compatTables } from "./compat-table.ts";

/** One field that matters, in all versions. */
interface Slot {
  readonly pointer: Pointer;
  readonly compare: Comparer;
  /** The values that occur, and for each version which of them it has. */
  readonly values: readonly (Json | undefined)[];
  readonly has: Uint16Array;
  readonly judged: (CompatChange | null | undefined)[];
}

const levels: Readonly<Record<Impact, number>> = { compatible: 0, unknown: 1, breaking: 2 };

/**
 * Compares versions of one kind, by their places in the list. The answer takes the place of the older one and gives, for
 * each, the first of what is worst when that one takes its place; null where nothing that matters differs.
 */
export function compareLine(
  kind: KindName,
  versions: readonly object[],
): (from: number) => readonly (CompatChange | null)[] {
  const slots: Slot[] = [];
  addSlots(fieldsOf(kind), [], versions as readonly Json[], slots);
  slots.sort((a, b) => comparePlaces(a.pointer, b.pointer));
  const count = versions.length;
  return (from) => {
    const worst = versions.map((): CompatChange | null => null);
    for (const slot of slots) {
      const { has } = slot;
      const own = has[from];
      for (let to = 0; to < count; to++) {
        if (has[to] === own) continue;
        const change = judge(slot, from, to);
        if (change === null) continue;
        const known = worst[to];
        if (known == null || levels[change.impact] > levels[known.impact]) worst[to] = change;
      }
    }
    return worst;
  };
}

/** A place among the judged ones that no pair of values has: the first value beside itself. */
const CHANGED = 0;

function judge(
  { pointer, compare, values, has, judged }: Slot,
  from: number,
  to: number,
): CompatChange | null {
  const a = has[from]!;
  const b = has[to]!;
  const [before, after] = [values[a], values[b]];
  // Where the values say nothing, only whether there are any does.
  const key =
    !("isConstant" in compare) || before === undefined || after === undefined
      ? a * values.length + b
      : CHANGED;
  const known = judged[key];
  if (known !== undefined) return known;
  const changes: CompatChange[] = [];
  compare(before, after, pointer, (change) => changes.push(change));
  changes.sort(
    (x, y) =>
      levels[y.impact] - levels[x.impact] ||
      comparePlaces(x.pointer, y.pointer) ||
      compareBytes(x.why, y.why),
  );
  return (judged[key] = changes[0] ?? null);
}

/** A field that can matter, or the fields below it. */
type Field = { readonly compare: Comparer } | { readonly below: ReadonlyMap<string, Field> };

/** Adds those of these fields, or below them, in which versions differ; `objects` hold them, one for each version. */
function addSlots(
  fields: ReadonlyMap<string, Field>,
  pointer: Pointer,
  objects: readonly (Json | undefined)[],
  slots: Slot[],
): void {
  // Most fields are the same in all versions, and many are in none: those cost no more than being looked at.
  for (const key of keysIn(objects)) {
    const field = fields.get(key);
    if (field === undefined) continue;
    if ("compare" in field) {
      const first = valueOf(objects[0], key);
      let at = 1;
      while (at < objects.length && isEqual(valueOf(objects[at], key), first)) at++;
      if (at >= objects.length) continue;
      const values = objects.map((object) => valueOf(object, key));
      slots.push(slotOf([...pointer, key], field.compare, values));
    } else {
      const inner = objects.map((object) => valueOf(object, key));
      addSlots(field.below, [...pointer, key], inner, slots);
    }
  }
}

/** The keys that any of these has; mostly all have those of the first, in its order. */
function keysIn(objects: readonly (Json | undefined)[]): Iterable<string> {
  const first = Object.keys(isObject(objects[0]) ? objects[0] : {});
  let all: Set<string> | undefined;
  for (const object of objects) {
    if (!isObject(object) || hasKeys(object, first)) continue;
    all ??= new Set(first);
    for (const key of Object.keys(object)) all.add(key);
  }
  return all ?? first;
}

/** Whether an object has exactly these keys in this order; a list of them is not made for it. */
function hasKeys(object: JsonMap, keys: readonly string[]): boolean {
  let at = 0;
  for (const key in object) if (key !== keys[at++]) return false;
  return at === keys.length;
}

function valueOf(object: Json | undefined, key: string): Json | undefined {
  return isObject(object) ? object[key] : undefined;
}

/** A field in all versions. */
function slotOf(pointer: Pointer, compare: Comparer, all: readonly (Json | undefined)[]): Slot {
  const values: (Json | undefined)[] = [];
  const has = new Uint16Array(all.length);
  for (let at = 0; at < all.length; at++) {
    const value = all[at];
    // Neighbours are mostly equal.
    if (at > 0 && isEqual(value, all[at - 1])) {
      has[at] = has[at - 1]!;
      continue;
    }
    const known = values.findIndex((each) => isEqual(each, value));
    has[at] = known < 0 ? values.push(value) - 1 : known;
  }
  return { pointer, compare, values, has, judged: [] };
}

const known = new Map<KindName, ReadonlyMap<string, Field>>();

/** The fields of a kind that can matter. */
function fieldsOf(kind: KindName): ReadonlyMap<string, Field> {
  let found = known.get(kind);
  if (found === undefined) {
    const { spec, facts, serving } = compatTables[kind] ?? {};
    found = below({ ...(spec && { spec }), ...(facts && { facts }), ...(serving && { serving }) });
    known.set(kind, found);
  }
  return found;
}

function below(table: Readonly<Record<string, Comparer>>): ReadonlyMap<string, Field> {
  const fields = Object.entries(table).filter(([, compare]) => compare !== neutral);
  return new Map(
    fields.map(([key, compare]): [string, Field] => [
      key,
      "table" in compare
        ? { below: below(compare.table as Readonly<Record<string, Comparer>>) }
        : { compare },
    ]),
  );
}

function isEqual(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return (a as readonly Json[]).every((item, at) => isEqual(item, b[at] as Json));
  }
  const [x, y] = [a as JsonMap, b as JsonMap];
  const keys = Object.keys(x);
  return (
    keys.length === Object.keys(y).length &&
    keys.every((key) => Object.hasOwn(y, key) && isEqual(x[key], y[key]))
  );
}

type JsonMap = Readonly<Record<string, Json | undefined>>;

function comparePlaces(a: Pointer, b: Pointer): number {
  for (let at = 0; at < a.length && at < b.length; at++) {
    const [x, y] = [a[at]!, b[at]!];
    if (x === y) continue;
    return typeof x === "number" && typeof y === "number" ? x - y : compareBytes(String(x), String(y));
  }
  return a.length - b.length;
}
