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
  readonly has: readonly number[];
  /** What any difference means, where values say nothing and all versions have one. */
  readonly always: Judged | null | undefined;
  /** What each means, for each value the other values in a row, as far as it was asked. */
  readonly judged: (Judged | null | undefined)[];
}

/** A difference with the place of its impact among the impacts. */
interface Judged {
  readonly change: CompatChange;
  readonly level: number;
}

const levels: Readonly<Record<Impact, number>> = { compatible: 0, unknown: 1, breaking: 2 };

/**
 * Compares versions of one kind, by their places in the list. The answer takes the place of the older one and of the one
 * that takes its place, and gives the first of what is worst; null where nothing that matters differs.
 */
export function compareLine(
  kind: KindName,
  versions: readonly object[],
): (from: number, to: number) => CompatChange | null {
  const slots: Slot[] = [];
  addSlots(fieldsOf(kind), [], versions as readonly Json[], slots);
  slots.sort((a, b) => comparePlaces(a.pointer, b.pointer));
  return (from, to) => {
    let worst: Judged | null = null;
    for (let at = 0; at < slots.length; at++) {
      const slot = slots[at]!;
      const own = slot.has[from]!;
      const other = slot.has[to]!;
      if (own === other) continue;
      let found = slot.always;
      if (found === undefined) {
        const place = own * slot.values.length + other;
        found = slot.judged[place];
        if (found === undefined)
          slot.judged[place] = found = judge(
            slot.compare,
            slot.pointer,
            slot.values[own],
            slot.values[other],
          );
      }
      if (found !== null && (worst === null || found.level > worst.level)) worst = found;
    }
    return worst === null ? null : worst.change;
  };
}

/** What it means that one value is followed by another. */
function judge(
  compare: Comparer,
  pointer: Pointer,
  before: Json | undefined,
  after: Json | undefined,
): Judged | null {
  const changes: CompatChange[] = [];
  compare(before, after, pointer, (change) => changes.push(change));
  changes.sort(
    (x, y) =>
      levels[y.impact] - levels[x.impact] ||
      comparePlaces(x.pointer, y.pointer) ||
      compareBytes(x.why, y.why),
  );
  const [change] = changes;
  return change === undefined ? null : { change, level: levels[change.impact] };
}

/** A field that can matter, or the fields below it. */
type Field = { readonly compare: Comparer } | { readonly below: ReadonlyMap<string, Field> };

/**
 * Adds those of these fields, or below them, in which versions differ; `objects` hold them, one for each version. Each
 * object is walked once, along its own keys: most fields are the same in all versions, and those cost a look.
 */
function addSlots(
  fields: ReadonlyMap<string, Field>,
  pointer: Pointer,
  objects: readonly (Json | undefined)[],
  slots: Slot[],
): void {
  const [first] = objects;
  const columns = isObject(first) ? columnsOf(first, fields) : [];
  for (let at = 1; at < objects.length; at++) {
    const object = objects[at];
    if (isObject(object) ? goesAlong(object, columns) : columns.length === 0) continue;
    // Another one has other keys, or the same in another order.
    addUnlike(fields, pointer, objects, slots);
    return;
  }
  for (const { key, field, differs, inner } of columns) {
    if (field === undefined) continue;
    if ("below" in field) addSlots(field.below, [...pointer, key], inner ?? [], slots);
    else if (differs) slots.push(slotOf([...pointer, key], field.compare, valuesOf(objects, key)));
  }
}

/** What all versions have at a key, as far as they have been looked at. */
interface Column {
  readonly key: string;
  /** Nothing where the key says nothing that matters. */
  readonly field: Field | undefined;
  readonly first: Json | undefined;
  differs: boolean;
  /** Where fields stand below it: in each version, what holds them. */
  readonly inner: (Json | undefined)[] | undefined;
}

function columnsOf(object: JsonMap, fields: ReadonlyMap<string, Field>): Column[] {
  const columns: Column[] = [];
  for (const key in object) {
    const first = object[key];
    const field = fields.get(key);
    const inner = field !== undefined && "below" in field ? [first] : undefined;
    columns.push({ key, field, first, differs: false, inner });
  }
  return columns;
}

/** Looks at another version; false where it has not exactly these keys in this order. */
function goesAlong(object: JsonMap, columns: readonly Column[]): boolean {
  let at = 0;
  for (const key in object) {
    const column = columns[at++];
    if (column === undefined || column.key !== key) return false;
    if (column.field === undefined || column.differs) continue;
    const value = object[key];
    if (column.inner !== undefined) column.inner.push(value);
    else if (!isEqual(value, column.first)) column.differs = true;
  }
  return at === columns.length;
}

/** The same for versions of which not all have the same keys: key by key. */
function addUnlike(
  fields: ReadonlyMap<string, Field>,
  pointer: Pointer,
  objects: readonly (Json | undefined)[],
  slots: Slot[],
): void {
  const keys = new Set(objects.flatMap((object) => (isObject(object) ? Object.keys(object) : [])));
  for (const key of keys) {
    const field = fields.get(key);
    if (field === undefined) continue;
    const values = valuesOf(objects, key);
    if ("below" in field) addSlots(field.below, [...pointer, key], values, slots);
    else if (values.some((value) => !isEqual(value, values[0])))
      slots.push(slotOf([...pointer, key], field.compare, values));
  }
}

function valuesOf(objects: readonly (Json | undefined)[], key: string): readonly (Json | undefined)[] {
  return objects.map((object) => valueOf(object, key));
}

function valueOf(object: Json | undefined, key: string): Json | undefined {
  return isObject(object) ? object[key] : undefined;
}

/** A field in all versions. */
function slotOf(pointer: Pointer, compare: Comparer, all: readonly (Json | undefined)[]): Slot {
  const values: (Json | undefined)[] = [];
  const has: number[] = [];
  for (let at = 0; at < all.length; at++) {
    const value = all[at];
    // Neighbours are mostly equal.
    if (at > 0 && isEqual(value, all[at - 1])) {
      has.push(has[at - 1]!);
      continue;
    }
    const known = values.findIndex((each) => isEqual(each, value));
    has.push(known < 0 ? values.push(value) - 1 : known);
  }
  const isConstant = "isConstant" in compare && !values.includes(undefined);
  const always = isConstant ? judge(compare, pointer, values[0], values[1]) : undefined;
  return { pointer, compare, values, has, always, judged: [] };
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
    for (let at = 0; at < a.length; at++) if (!isEqual(a[at] as Json, b[at] as Json)) return false;
    return true;
  }
  const [x, y] = [a as JsonMap, b as JsonMap];
  let more = 0;
  for (const key in x) {
    if (!Object.hasOwn(y, key) || !isEqual(x[key], y[key])) return false;
    more++;
  }
  for (const _ in y) more--;
  return more === 0;
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
