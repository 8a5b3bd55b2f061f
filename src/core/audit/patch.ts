/**
 * What changed between two values, as a JSON Patch (RFC 6902): applied to the first it gives the second.
 * Same values, same operations: object keys in byte order, lists compared from both ends.
 */
import { compareBytes, isObject, type Json, type JsonObject } from "../model/json.ts";

/** One operation; only the three that a difference needs. */
export type PatchOperation =
  | { readonly op: "add" | "replace"; readonly path: string; readonly value: Json }
  | { readonly op: "remove"; readonly path: string };

/** The operations that turn `before` into `after`; none when they are equal. */
export function patchOf(before: Json, after: Json): readonly PatchOperation[] {
  const operations: PatchOperation[] = [];
  compare(before, after, "", operations);
  return operations;
}

function compare(before: Json, after: Json, path: string, operations: PatchOperation[]): void {
  if (Array.isArray(before) && Array.isArray(after)) compareLists(before, after, path, operations);
  else if (isObject(before) && isObject(after)) compareObjects(before, after, path, operations);
  else if (before !== after) operations.push({ op: "replace", path, value: after });
}

function compareObjects(
  before: JsonObject,
  after: JsonObject,
  path: string,
  operations: PatchOperation[],
): void {
  const changed: string[] = [];
  for (const key in before) if (Object.hasOwn(before, key) && !isSame(before, after, key)) changed.push(key);
  for (const key in after) if (Object.hasOwn(after, key) && !Object.hasOwn(before, key)) changed.push(key);
  if (changed.length > 1) changed.sort(compareBytes);
  for (const key of changed) {
    const from = Object.hasOwn(before, key) ? before[key] : undefined;
    const to = Object.hasOwn(after, key) ? after[key] : undefined;
    const at = `${path}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
    if (from === undefined && to !== undefined) operations.push({ op: "add", path: at, value: to });
    else if (from !== undefined && to === undefined) operations.push({ op: "remove", path: at });
    else if (from !== undefined && to !== undefined) compare(from, to, at, operations);
  }
}

function isSame(before: JsonObject, after: JsonObject, key: string): boolean {
  const from = before[key];
  const to = after[key];
  if (from === to) return Object.hasOwn(after, key);
  return from !== undefined && to !== undefined && Object.hasOwn(after, key) && isEqual(from, to);
}

function compareLists(
  before: readonly Json[],
  after: readonly Json[],
  path: string,
  operations: PatchOperation[],
): void {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && isEqual(valueAt(before, start), valueAt(after, start))) start++;
  let end = 0;
  while (
    end < shorter - start &&
    isEqual(valueAt(before, before.length - 1 - end), valueAt(after, after.length - 1 - end))
  )
    end++;
  const both = shorter - start - end;
  for (let index = start; index < start + both; index++)
    compare(valueAt(before, index), valueAt(after, index), `${path}/${index}`, operations);
  // From the back, so that the indexes of what is left stay right.
  for (let index = before.length - end - 1; index >= start + both; index--)
    operations.push({ op: "remove", path: `${path}/${index}` });
  for (let index = start + both; index < after.length - end; index++) {
    operations.push({ op: "add", path: `${path}/${index}`, value: valueAt(after, index) });
  }
}

function valueAt(list: readonly Json[], index: number): Json {
  return list[index] ?? null;
}

/** Whether two values are the same; most of what is compared is, so nothing is made for it. */
function isEqual(a: Json, b: Json): boolean {
  if (a === b) return true;
  if (Array.isArray(a))
    return (
      Array.isArray(b) && a.length === b.length && a.every((each, index) => isEqual(each, valueAt(b, index)))
    );
  if (!isObject(a) || !isObject(b) || Array.isArray(b)) return false;
  let keys = 0;
  for (const key in a) {
    if (!Object.hasOwn(a, key)) continue;
    if (!isSame(a, b, key)) return false;
    keys++;
  }
  for (const key in b) if (Object.hasOwn(b, key)) keys--;
  return keys === 0;
}
